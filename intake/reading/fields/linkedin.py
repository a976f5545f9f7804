"""LinkedIn's own PDF of a profile, told by its published look and read by it.

Its parts are always set alike: an employer, then its roles, each with a line of dates that ends in a length of time
in brackets, then a place. It must never be tried on a document that does not carry the marks of that export.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.reading.fields.dates import Span, find_dates
from intake.reading.fields.found import Found, FoundEntry
from intake.reading.fields.pieces import place_of
from intake.reading.fields.places import place_strength
from intake.reading.fields.scores import degree_level
from intake.reading.fields.summary import join_lines
from intake.reading.page import Line
from intake.reading.sections import Section

_MARK = re.compile(r"\(LinkedIn\)")
_DATED = re.compile(r"^(?P<dates>[^()]*\d{4}[^()]*?)\s*\((?P<length>[^()]*\d[^()]*)\)$")
_LENGTH = re.compile(r"^(?:less than a year|\d{1,2} [^\W\d]+\.?(?: (?:e |et |y |und |en |i )?\d{1,2} [^\W\d]+\.?)?)$")
_STUDY = re.compile(r"^(?P<degree>.*?)\s*(?:·\s*)?\((?P<dates>[^()]*\d{4}[^()]*)\)$")
_SURE = 0.95
_LARGER = 0.3


def is_linkedin_export(sections: list[Section]) -> bool:
    """Whether the document names its own LinkedIn address as the export does, and dates roles as it does."""
    named = any(_MARK.search(line.text) for s in sections if s.kind in ("contact", "head") for line in s.lines)
    return named and any(_DATED.match(line.text) for s in sections if s.kind == "work" for line in s.lines)


def read_linkedin_work(lines: list[Line]) -> list[FoundEntry]:
    """The roles in order; those of one employer share it."""
    roles = list(_roles_of(lines))
    return [_finish(role) for role in roles]


@dataclass(slots=True)
class _Role:
    employer: Line | None
    title: list[Line]
    dated: Line
    span: Span
    place: Line | None = None
    told: list[Line] = field(default_factory=list)


def _roles_of(lines: list[Line]) -> Iterator[_Role]:
    dated = [(at, span) for at, line in enumerate(lines) if (span := _span_of(line)) is not None]
    heads = [_head_of(lines, at, floor) for (at, _), floor in zip(dated, [-1, *(at for at, _ in dated)], strict=False)]
    employer: Line | None = None
    for number, (at, span) in enumerate(dated):
        _, title, named = heads[number]
        employer = named or employer
        end = heads[number + 1][0] if number + 1 < len(dated) else len(lines)
        told = lines[at + 1 : max(at + 1, end)]
        placed = bool(told) and place_strength(told[0].text) >= 0.6
        yield _Role(employer, title, lines[at], span, told[0] if placed else None, told[placed:])


def _span_of(line: Line) -> Span | None:
    match = _DATED.match(line.text.strip())
    spans = find_dates(match["dates"]) if match else ()
    return spans[0] if spans else None


def _head_of(lines: list[Line], dated: int, floor: int) -> tuple[int, list[Line], Line | None]:
    """Where a role begins, its title, and its employer where one stands above it; nothing at or before ``floor``."""
    at = dated - 1
    title: list[Line] = []
    while at > floor and lines[at].column == lines[dated].column and (not title or _alike(lines[at], title[0])):
        title.insert(0, lines[at])
        at -= 1
        if title and len(title) == 2:
            break
    if at > floor and _LENGTH.match(lines[at].text.strip()):
        return at - 1, title, lines[at - 1] if at - 1 > floor else None
    if at > floor and title and _size(lines[at]) > _size(title[0]) + _LARGER:
        return at, title, lines[at]
    return at + 1, title, None


def _size(line: Line) -> float:
    return max(span.size for span in line.spans)


def _alike(line: Line, other: Line) -> bool:
    """Whether a line is the first half of a title that runs over two lines."""
    near = other.top - line.bottom < 0.5 * _size(line)
    return near and abs(_size(line) - _size(other)) < _LARGER / 2


def _found(line: Line, text: str = "") -> Found:
    return Found(text or line.text.strip(), _SURE, (place_of(line),))


def _finish(role: _Role) -> FoundEntry:
    values: dict[str, Found] = {}
    if role.employer is not None:
        values["employer"] = _found(role.employer)
    if role.title:
        values["title"] = _found(role.title[0], " ".join(line.text.strip() for line in role.title))
    _add_span(values, role.dated, role.span)
    if role.place is not None:
        values["location"] = _found(role.place)
    summary = join_lines(role.told)
    if summary:
        values["summary"] = Found(summary, 0.8, (place_of(role.told[0]),))
    return FoundEntry(values, current=role.span.current)


def _add_span(values: dict[str, Found], line: Line, span: Span) -> None:
    for key, date in (("start", span.start), ("end", span.end)):
        if date:
            values[key] = _found(line, date)


def read_linkedin_education(lines: list[Line]) -> list[FoundEntry]:
    """The courses in order: a school, and below it degree, field and years."""
    found: list[FoundEntry] = []
    school: list[Line] = []
    told: list[Line] = []
    for line in lines:
        if told and _size(line) > _size(told[0]) + _LARGER:
            found.append(_course(school, told))
            school, told = [], []
        if not school or (not told and _size(line) > _size(school[0]) - _LARGER):
            school.append(line)
        else:
            told.append(line)
    return found + ([_course(school, told)] if school else [])


def _course(school: list[Line], told: list[Line]) -> FoundEntry:
    values = {"institution": _found(school[0], " ".join(line.text.strip() for line in school))}
    text = " ".join(line.text.strip() for line in told)
    match = _STUDY.match(text)
    degree = (match["degree"] if match else text).strip(" ·,")
    spans = find_dates(match["dates"]) if match else ()
    if degree:
        values["degree"] = _found(told[0], degree)
        _, _, area = degree.partition(", ")
        if area:
            values["area"] = _found(told[0], area)
    if spans:
        _add_span(values, told[-1], spans[0])
    return FoundEntry(values, current=bool(spans and spans[0].current), level=degree_level(degree) if degree else None)
