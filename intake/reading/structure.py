"""From what a reader found to a Reading: lines, sections, fields, and the evidence for each.

It never raises for what a document says or lacks: what is not found stays absent.
"""

from collections.abc import Iterable
from typing import Any

from intake.reading.clean import clean_text
from intake.reading.fields.addresses import own_lines, urls_behind
from intake.reading.fields.calibration import calibrate
from intake.reading.fields.contact import read_emails, read_phones
from intake.reading.fields.education import read_education
from intake.reading.fields.entries import Entry, group_entries
from intake.reading.fields.found import Found, FoundEntry
from intake.reading.fields.inference import language_lines, loose_entries, voluntary_entries
from intake.reading.fields.known_skills import read_known_skills
from intake.reading.fields.languages import read_languages
from intake.reading.fields.linkedin import is_linkedin_export, read_linkedin_education, read_linkedin_work
from intake.reading.fields.links import read_links
from intake.reading.fields.location import read_location
from intake.reading.fields.name import read_name
from intake.reading.fields.resume import profile_from_resume
from intake.reading.fields.skills import read_skills
from intake.reading.fields.summary import read_summary
from intake.reading.fields.work import read_work
from intake.reading.fields.wrapped import join_wrapped_addresses
from intake.reading.layout import lay_out
from intake.reading.page import Line, Sheets
from intake.reading.sections import Section, split_sections
from intake.reading.structured import find_europass, find_json_resume
from intake.reading.version import VERSION
from storage.profile import Education, Evidence, Profile, Reading, Verdict, Work

_MAX_ENTRIES = 60
_MAX_ITEMS = 120


def read_sheets(sheets: Sheets) -> Reading:
    """A profile with evidence, and the document's text in reading order."""
    lines = sheets.lines or lay_out(sheets.pages)
    resume = sheets.structured or _attached(sheets)
    profile, evidence = profile_from_resume(resume) if resume else read_lines(lines, sheets)
    return Reading(
        Verdict.OK,
        sheets.kind,
        f"{sheets.reader}; structure {VERSION}",
        profile,
        evidence,
        clean_text("\n".join(line.text for line in lines)),
        sheets.page_count or len(sheets.pages),
        tuple(sheets.warnings),
    )


def _attached(sheets: Sheets) -> dict[str, object] | None:
    for name, data in sheets.attachments:
        found = find_json_resume(data) if name.lower().endswith(".json") else find_europass(data)
        if found:
            return found
    return None


class _Collector:
    """Gathers values and their evidence under the paths of the registry."""

    def __init__(self) -> None:
        self.evidence: dict[str, Evidence] = {}

    def one(self, path: str, found: Found | None) -> str | None:
        if found is None or not found.value.strip():
            return None
        field = "/".join(part for part in path.split("/") if not part.isdigit())
        self.evidence[path] = Evidence(calibrate(field, found.confidence), found.places)
        return clean_text(found.value.strip(), 20_000)

    def many(self, path: str, items: Iterable[Found]) -> tuple[str, ...]:
        listed = list(items)[:_MAX_ITEMS]
        return tuple(v for i, item in enumerate(listed) if (v := self.one(f"{path}/{i}", item)))

    def entry(self, path: str, found: FoundEntry) -> dict[str, Any]:
        return {key: self.one(f"{path}/{key}", value) for key, value in found.values.items()}


def _gather(sections: list[Section], kind: str) -> list[Line]:
    return [line for section in sections if section.kind == kind for line in section.lines]


def _entries_of(sections: list[Section], kind: str) -> list[Entry]:
    return [entry for section in sections if section.kind == kind for entry in group_entries(section.lines)]


def _read_careers(sections: list[Section]) -> tuple[list[FoundEntry], list[FoundEntry]]:
    """Work and education: from their sections, else from what looks like them."""
    if is_linkedin_export(sections):
        roles = read_linkedin_work(_gather(sections, "work"))
        return roles[:_MAX_ENTRIES], read_linkedin_education(_gather(sections, "education"))[:_MAX_ENTRIES]
    jobs, courses = _entries_of(sections, "work"), _entries_of(sections, "education")
    if not jobs or not courses:
        loose_jobs, loose_courses = loose_entries(sections, work=not jobs, education=not courses)
        jobs, courses = jobs or loose_jobs, courses or loose_courses
    if not jobs:
        jobs = voluntary_entries(sections)
    return read_work(jobs)[:_MAX_ENTRIES], read_education(courses)[:_MAX_ENTRIES]


def _read_languages(sections: list[Section]) -> list[Found]:
    named = read_languages(_gather(sections, "languages"))
    return named or read_languages(language_lines(sections), 0.8)


def _read_skills(sections: list[Section]) -> list[Found]:
    listed = read_skills(_gather(sections, "skills"))
    return listed + read_known_skills(sections, listed)


def read_lines(lines: list[Line], sheets: Sheets) -> tuple[Profile, dict[str, Evidence]]:
    """Profile and evidence from lines in reading order."""
    sections = split_sections(join_wrapped_addresses(lines, urls_behind(sheets)))
    collect = _Collector()
    own = own_lines(sections)
    emails = read_emails(own, sheets)
    work, education = _read_careers(sections)
    name = collect.one("name", read_name(sections, emails))
    profile = Profile(
        name=name,
        emails=collect.many("emails", emails),
        phones=collect.many("phones", read_phones(own, sheets)),
        location=collect.one("location", read_location(sections, name or "")),
        links=collect.many("links", read_links(sections, sheets, emails, name or "")),
        summary=collect.one("summary", read_summary(sections)),
        work=tuple(Work(**collect.entry(f"work/{i}", e), current=e.current) for i, e in enumerate(work)),
        education=tuple(
            Education(**collect.entry(f"education/{i}", e), level=e.level) for i, e in enumerate(education)
        ),
        skills=collect.many("skills", _read_skills(sections)),
        languages=collect.many("languages", _read_languages(sections)),
    )
    return profile, collect.evidence
