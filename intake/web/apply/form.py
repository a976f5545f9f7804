"""Between the details form and a profile: what was read fills the form, what was typed becomes the profile.

Names of inputs come from the registry's field names. What does not fit is told by code and place, never repeated.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from email_validator import EmailNotValidError, validate_email
from starlette.datastructures import FormData

from intake.desk.drafts import Draft
from intake.desk.profile_values import Education, Profile, Reading, Verdict, Work
from intake.reading.verdicts import code_for
from intake.web.apply.views import DetailsView, Doubt, EducationRow, Read, WorkRow
from intake.web.sheets import ROWS, Sheet, Trace, field_of, group_of, is_sure, lay_sheets, number_groups, trace
from intake.web.views import FieldError

MOST_ROWS = 40
LONGEST = {"name": 200, "location": 200, "summary": 8000}
LONGEST_LINE = 500
_DATE = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?")
_BESIDE = ("location", "summary", "area")
_WORK = ("employer", "title", "start", "end", "location", "summary")
_EDUCATION = ("institution", "degree", "area", "start", "end")


def details_view(draft: Draft, action: str, errors: Sequence[FieldError] = (), extra: str = "") -> DetailsView:
    """The form filled with the profile as it stands. ``extra`` asks for another row of ``work`` or ``education``."""
    verdict = code_for(draft.reading) if draft.reading else "timeout"
    pages = action.rpartition("/")[0] + "/pages"
    shown = Shown(draft.reading, lambda number: f"{pages}/{number}.png") if draft.reading else None
    view = form_of_profile(draft.profile, action, "", errors=errors, extra=extra, shown=shown)
    return replace(view, file_name=draft.file_name, verdict=verdict)


@dataclass(frozen=True, slots=True)
class Shown:
    """A document to be shown beside the form: what was read from it, and where each page's picture is."""

    reading: Reading
    src: Callable[[int], str]


def form_of_profile(
    profile: Profile,
    action: str,
    csrf: str,
    *,
    errors: Sequence[FieldError] = (),
    extra: str = "",
    shown: Shown | None = None,
) -> DetailsView:
    """A form filled with a profile; where its document is at hand, with it, and with what reading was unsure of."""
    traced = trace(profile, shown.reading) if shown else {}
    told = _Told(traced)
    return DetailsView(
        action=action,
        file_name="",
        verdict="ok",
        csrf=csrf,
        name=told.read("name", profile.name),
        emails=_repeated(told, "emails", profile.emails),
        phones=_repeated(told, "phones", profile.phones),
        location=told.read("location", profile.location),
        links=told.lines("links", profile.links),
        summary=told.read("summary", profile.summary),
        work=tuple(_work_row(told, n, item) for n, item in enumerate(profile.work))
        + (WorkRow(),) * (1 if extra == "work" or not profile.work else 0),
        education=tuple(_education_row(told, n, item) for n, item in enumerate(profile.education))
        + (EducationRow(),) * (1 if extra == "education" or not profile.education else 0),
        skills=told.lines("skills", profile.skills),
        languages=told.lines("languages", profile.languages),
        sheets=_sheets(shown, traced),
        text=shown.reading.text if shown else "",
        doubts=_doubts(traced),
        errors=tuple(errors),
    )


def _sheets(shown: Shown | None, traced: Trace) -> tuple[Sheet, ...]:
    """The document's pages; none where it could not even be drawn."""
    is_drawn = shown is not None and shown.reading.verdict in (Verdict.OK, Verdict.NEEDS_OCR)
    return lay_sheets(shown.reading, traced, shown.src) if shown and is_drawn else ()


def _doubts(traced: Trace) -> tuple[Doubt, ...]:
    """What to ask about before all: one entry a position, a course, or a field of its own.

    Places and tasks of a position are asked about beside their inputs alone: reading is never quite sure of them.
    """
    asked = {path: e for path, e in traced.items() if path.rpartition("/")[2] not in _BESIDE or "/" not in path}
    doubtful = {group_of(path): path for path, e in reversed(list(asked.items())) if not is_sure(path, e.confidence)}
    found = []
    for group, path in reversed(list(doubtful.items())):
        name, _, rest = group.partition("/")
        found.append(Doubt(field_of(path), name, int(rest) + 1 if name in ROWS else 0))
    return tuple(found)


class _Told:
    """What reading said of each place, to mark what it was unsure of and to show where it stood."""

    def __init__(self, traced: Trace) -> None:
        self._traced = traced
        self._numbers = number_groups(traced)

    def read(self, path: str, value: str | None) -> Read:
        """One value of the form: not found, found, or found without being sure."""
        return self._tell(value, [path] if path in self._traced else [])

    def lines(self, name: str, values: Sequence[str]) -> Read:
        """A list as lines; unsure when any of its entries is."""
        return self._tell("\n".join(values), [path for path in self._traced if path.partition("/")[0] == name])

    def _tell(self, value: str | None, paths: Sequence[str]) -> Read:
        if not value:
            return Read(found=False)
        sure = all(is_sure(path, self._traced[path].confidence) for path in paths)
        placed = next((path for path in paths if self._traced[path].places), None)
        if placed is None:
            return Read(value, sure)
        number = self._numbers[group_of(placed)]
        return Read(value, sure, mark=number, page=self._traced[placed].places[0].page, at=f"at-{field_of(placed)}")


def _repeated(told: _Told, name: str, values: Sequence[str]) -> tuple[Read, ...]:
    return tuple(told.read(f"{name}/{n}", value) for n, value in enumerate(values)) or (Read(found=False),)


def _work_row(told: _Told, number: int, item: Work) -> WorkRow:
    return WorkRow(**{part: told.read(f"work/{number}/{part}", getattr(item, part)) for part in _WORK})


def _education_row(told: _Told, number: int, item: Education) -> EducationRow:
    return EducationRow(**{part: told.read(f"education/{number}/{part}", getattr(item, part)) for part in _EDUCATION})


def profile_from_form(form: FormData, before: Profile) -> tuple[Profile, tuple[FieldError, ...]]:
    """The profile that a form spells, and what is wrong with it."""
    faults: list[FieldError] = []
    work = tuple(
        Work(**row, current=bool(row["start"] and not row["end"])) for row in _rows(form, "work", _WORK, faults)
    )
    levels = {(e.institution, e.degree): e.level for e in before.education}
    education = tuple(
        Education(**row, level=levels.get((row["institution"], row["degree"])))
        for row in _rows(form, "education", _EDUCATION, faults)
    )
    profile = Profile(
        name=_text(form, "name", faults),
        emails=_emails(form, faults),
        phones=_texts(form, "phones"),
        location=_text(form, "location", faults),
        links=_lines(form, "links"),
        summary=_text(form, "summary", faults),
        work=work,
        education=education,
        skills=_lines(form, "skills"),
        languages=_lines(form, "languages"),
    )
    return profile, tuple(faults)


def needed_errors(profile: Profile) -> tuple[FieldError, ...]:
    """What must not be empty before the answers are checked."""
    wanted = {"name": "name_missing", "emails": "email_missing"}
    return tuple(FieldError(name, code) for name, code in wanted.items() if not getattr(profile, name))


def _get(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return " ".join(value.split("\0")).strip() if isinstance(value, str) else ""


def _text(form: FormData, name: str, faults: list[FieldError]) -> str | None:
    value = _get(form, name).replace("\r\n", "\n")
    if len(value) > LONGEST[name]:
        faults.append(FieldError(name, "too_long", {"limit": LONGEST[name]}))
    return value or None


def _texts(form: FormData, name: str) -> tuple[str, ...]:
    found = [v.strip()[:LONGEST_LINE] for v in form.getlist(name) if isinstance(v, str)]
    return tuple(dict.fromkeys(v for v in found if v))


def _emails(form: FormData, faults: list[FieldError]) -> tuple[str, ...]:
    found = _texts(form, "emails")
    for number, address in enumerate(found):
        try:
            validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            faults.append(FieldError("emails" if number == 0 else f"emails-{number}", "email_malformed"))
    return found


def _lines(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip()[:LONGEST_LINE] for line in _get(form, name).splitlines() if line.strip()))


def _rows(form: FormData, name: str, parts: Sequence[str], faults: list[FieldError]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(MOST_ROWS):
        row = {part: _get(form, f"{name}-{number}-{part}") or None for part in parts}
        if not any(row.values()):
            continue
        faults.extend(
            FieldError(f"{name}-{number}-{part}", "date_malformed")
            for part in ("start", "end")
            if row[part] and not _DATE.fullmatch(row[part] or "")
        )
        found.append(row)
    return found
