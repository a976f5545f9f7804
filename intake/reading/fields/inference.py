"""Sections told by what they hold, where a document has no headings that say so.

Only what stands under no heading, or under one that is not understood, is looked at. It never overrules a heading.
"""

from intake.reading.fields.entries import Entry, group_entries
from intake.reading.fields.languages import is_language_line
from intake.reading.fields.pieces import cut_head
from intake.reading.fields.scores import degree_score, school_score, title_score
from intake.reading.page import Line
from intake.reading.sections import Section

_OPEN = ("head", "other", "summary")
_VOLUNTARY = ("volunteer", "publications", "other", "projects")


def language_lines(sections: list[Section]) -> list[Line]:
    """Lines outside work and education that name languages with their levels and nothing else."""
    closed = ("work", "education", "languages", "projects", "publications", "references")
    lines = [line for s in sections if s.kind not in closed for line in s.lines]
    return [line for line in lines if is_language_line(line.text) or any(map(is_language_line, line.cells))]


def _is_course(entry: Entry) -> float:
    pieces, _ = cut_head(entry.head)
    school = max((school_score(p.text) for p in pieces), default=0.0)
    degree = max((degree_score(p.text) for p in pieces), default=0.0)
    title = max((title_score(p.text) for p in pieces), default=0.0)
    return max(school, degree) - (title if title > 0.5 else 0.0) - (0.4 if school and title > 0.5 else 0.0)


def _has_title(entry: Entry) -> bool:
    pieces, _ = cut_head(entry.head)
    return any(title_score(p.text) > 0.5 for p in pieces)


def loose_entries(sections: list[Section], *, education: bool, work: bool) -> tuple[list[Entry], list[Entry]]:
    """Dated entries under no known heading, as (work, education); only of the kinds asked for."""
    entries = [
        entry
        for s in sections
        if s.kind in _OPEN
        for entry in group_entries(s.lines)
        if entry.span and len(entry.head) <= 6
    ]
    jobs: list[Entry] = []
    courses: list[Entry] = []
    for entry in entries:
        if education and _is_course(entry) > 0.4:
            courses.append(entry)
        elif work and _has_title(entry):
            jobs.append(entry)
    return (jobs if len(jobs) >= 1 else []), courses


def voluntary_entries(sections: list[Section]) -> list[Entry]:
    """Roles with dates under headings such as leadership or volunteering."""
    found: list[Entry] = []
    for section in sections:
        if section.kind in _VOLUNTARY and section.heading is not None:
            entries = [entry for entry in group_entries(section.lines) if entry.span]
            titled = [entry for entry in entries if _has_title(entry)]
            if titled and len(titled) >= 0.6 * len(entries):
                found += titled
    return found
