"""Courses of study: institution, degree, area and dates from a section's entries.

It never takes a grade, a thesis or a course for a degree.
"""

import re

from intake.reading.fields.entries import Entry
from intake.reading.fields.found import Found, FoundEntry
from intake.reading.fields.pieces import Piece, cut_head, open_brackets, place_of, upper_lines
from intake.reading.fields.places import place_strength
from intake.reading.fields.scores import degree_level, degree_score, school_score
from intake.reading.vocabulary import DEGREES, INSTITUTIONS, count_phrases, fold

_GRADE = re.compile(
    r"^\W*(?:c?gpa|grade|note|abschlussnote|gesamtnote|cum\.? gpa|major gpa|voto|media|nota|mention|cijfer|ocena|"
    r"final|score|result|average|thesis|dissertation|bachelorarbeit|masterarbeit|m[ée]moire|tesi|tesis|scriptie|"
    r"courses?|coursework|relevant|minor|honou?rs|magna|summa|cum laude|schwerpunkte?|focus|specialization|dean|"
    r"activities|issued|grad)\b",
    re.IGNORECASE,
)


def read_education(entries: list[Entry]) -> list[FoundEntry]:
    """The courses of study of an education section."""
    short = _fit_one_line(entries)
    cuts = [(entry, (short and _fits(_cut(entry, short=True))) or _cut(entry, short=False)) for entry in entries]
    cuts = [(entry, pieces) for entry, pieces in cuts if pieces]
    vote = sum(_margin(pieces) for _, pieces in cuts)
    found: list[FoundEntry] = []
    for entry, pieces in cuts:
        read = _read_entry(entry, pieces, vote)
        if read.values.keys() & {"institution", "degree"} and (entry.span or _is_schooling(pieces)):
            found.append(read)
    return found


def _cut(entry: Entry, *, short: bool) -> list[Piece]:
    """The pieces of a head; only up to the dated line where ``short``."""
    head = upper_lines(entry) if short else entry.head
    pieces, _ = cut_head(head)
    cut: list[Piece] = []
    for piece in pieces:
        if not _GRADE.match(piece.text):
            cut += _cut_comma(piece)
    if len(cut) == 1:
        cut = [part for part in open_brackets(cut[0]) if not _GRADE.match(part.text)]
        if len(cut) == 2 and abs(_kind(cut[0].text) - _kind(cut[1].text)) < 0.4:
            cut = [piece for piece in pieces if not _GRADE.match(piece.text)]
    return cut


def _is_schooling(pieces: list[Piece]) -> bool:
    """Whether the words alone say school or degree, where no dates do."""
    return any(abs(_kind(piece.text)) > 0.5 for piece in pieces)


def _fits(pieces: list[Piece]) -> list[Piece]:
    return pieces if len(pieces) >= 2 else []


def _fit_one_line(entries: list[Entry]) -> bool:
    dated = [entry for entry in entries if entry.span]
    return bool(dated) and sum(len(_cut(entry, short=True)) >= 2 for entry in dated) > 0.5 * len(dated)


def _cut_comma(piece: Piece) -> list[Piece]:
    """Cut at the comma that parts a school from a degree or from what is studied there."""
    parts = [p.strip() for p in re.split(r",|\s+[–—-]\s+|:\s+(?=[A-ZÀ-Þ])", piece.text)]
    best: tuple[float, int] | None = None
    for at in range(1, len(parts)):
        before, after = ", ".join(parts[:at]), ", ".join(parts[at:])
        a, b = _kind(before), _kind(after)
        if max(a, b) <= 0.3 or min(a, b) > 0.2 or place_strength(after) >= 0.7:
            continue
        contrast = abs(a - b) - 0.02 * len((before if a > b else after).split())
        if contrast >= 0.8 and (best is None or contrast > best[0]):
            best = (contrast, at)
    if best is None:
        return [piece]
    halves = (", ".join(parts[: best[1]]), ", ".join(parts[best[1] :]))
    return [Piece(half, piece.row, piece.place, piece.bold, piece.italic, piece.size) for half in halves if half]


def _kind(text: str) -> float:
    """Above 0 for a school, below for a degree."""
    return school_score(text) - (0.3 if _is_named_school(fold(text)) else degree_score(text))


def _is_named_school(plain: str) -> bool:
    """Whether a kind of school that is a degree's name too opens a longer name: ``Gymnasium Musterstadt``."""
    found = count_phrases(plain, DEGREES, 5)
    if len(found) != 1 or plain == found[0] or not plain.startswith(found[0]):
        return False
    return any(word in INSTITUTIONS for word in found[0].split()) and "diplom" not in plain


def _margin(pieces: list[Piece]) -> float:
    if len(pieces) < 2:
        return 0.0
    return _kind(pieces[0].text) - _kind(pieces[1].text)


def _choose(pieces: list[Piece], vote: float) -> tuple[Piece | None, Piece | None]:
    if len(pieces) == 1:
        kind = _kind(pieces[0].text)
        return (pieces[0], None) if kind > 0 or (kind == 0 and vote > 0.5) else (None, pieces[0])
    school = max(pieces[:4], key=lambda p: _kind(p.text))
    degree = min(pieces[:4], key=lambda p: _kind(p.text))
    top, low = _kind(school.text), _kind(degree.text)
    if top > 0.3 and low < -0.3:
        return school, degree
    rest = [p for p in pieces[:4] if p is not school]
    if top > 0.3:
        return school, rest[0]
    rest = [p for p in pieces[:4] if p is not degree]
    if low < -0.3:
        return rest[0], degree
    first, second = pieces[0], pieces[1]
    return (first, second) if vote >= 0 else (second, first)


def _read_entry(entry: Entry, pieces: list[Piece], vote: float) -> FoundEntry:
    school, degree = _choose(pieces, vote)
    if degree is None or _kind(degree.text) >= 0:
        degree = _find_below(entry) or degree
    values: dict[str, Found] = {}
    if school:
        values["institution"] = Found(
            _without_town(school.text), 0.6 + 0.35 * min(1.0, max(0.0, _kind(school.text))), (school.place,)
        )
    if degree:
        text = _whole_degree(degree, school, pieces)
        values["degree"] = Found(text, 0.55 + 0.4 * min(1.0, degree_score(text)), (degree.place,))
    level = degree_level(degree.text) if degree else None
    _add_dates(entry, values)
    return FoundEntry(values, current=bool(entry.span and entry.span.current), level=level)


def _find_below(entry: Entry) -> Piece | None:
    """The degree that stands in the text below a head without one, as in a list."""
    pieces, _ = cut_head(entry.body[:2])
    short = [piece for piece in pieces if piece.text.count(" ") < 9 and not _GRADE.match(piece.text)]
    return next((piece for piece in short if degree_score(piece.text) > 0.5), None)


def _without_town(text: str) -> str:
    """``Example University (Sometown)`` without the town; a short form in capitals stays."""
    match = re.match(r"^(.{6,}?)\s*\(([^()]+)\)$", text)
    if match and not match.group(2).isupper() and len(match.group(2).split()) <= 2:
        return match.group(1)
    return text


def _whole_degree(degree: Piece, school: Piece | None, pieces: list[Piece]) -> str:
    """A bare degree (``PhD``) with the field of study that stands beside it."""
    if len(degree.text.split()) > 2 or degree_score(degree.text) <= 0:
        return degree.text
    longer = next(
        (p.text for p in pieces if p is not degree and p.text.startswith(degree.text) and degree_score(p.text)), None
    )
    if longer:
        return longer
    others = [p for p in pieces if p is not degree and p is not school and school_score(p.text) == 0]
    if not others or len(others[0].text.split()) > 7:
        return degree.text
    return f"{degree.text} in {others[0].text}" if degree_score(others[0].text) == 0 else degree.text


def _add_dates(entry: Entry, values: dict[str, Found]) -> None:
    span = entry.span
    if not span or not entry.date_line:
        return
    place = (place_of(entry.date_line),)
    if span.start and not span.single:
        values["start"] = Found(span.start, 0.95, place)
    if span.end:
        values["end"] = Found(span.end, 0.9, place)
