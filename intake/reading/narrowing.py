"""Draws evidence closer: from the line in which a value stood to the words that say it.

Runs inside the sandbox, on formats with boxes for their characters. What is not found again in its line keeps the
line's place. Must never move a place off its line.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from intake.reading.page import Char, Page, Sheets
from storage.profile import Evidence, Place, Reading

MOST_CHARS = 400
"""Characters of one line that are looked through; a longer one is no line."""
MOST_NEAR = 4000
"""Characters of one height that are looked through for one value: a hostile page writes all of its own in one line."""
_SLACK = 1.0
_BOTH_ENDS = 2
_SCHEME = re.compile(r"^https?://(?:www\.)?")
_YEAR = re.compile(r"\d{4}(?:-\d\d)?")
_SPACE = 0.2
"""A gap of this part of the type's size parts words."""
_SAME_ROW, _ONE_LINE = 0.5, 1.8
"""Parts of the type's size: how far baselines of one row differ, and how high one line is."""
_BEFORE = re.compile(r"\d{0,2}[./]?|[^\W\d_]{1,10}\.?")
_MONTH = re.compile(r"[^\W\d_]{3,10}\.?|\d{1,2}[./]?")


def narrow_places(reading: Reading, sheets: Sheets) -> Reading:
    """The reading with each place as close as its words are found."""
    if not sheets.pages or sheets.lines:
        return reading
    pages = {page.number: _Rows(page) for page in sheets.pages}
    evidence = {path: _narrow(path, one, reading, pages) for path, one in reading.evidence.items()}
    return replace(reading, evidence=evidence)


def _narrow(path: str, evidence: Evidence, reading: Reading, pages: Mapping[int, "_Rows"]) -> Evidence:
    if len(evidence.places) != 1 or evidence.places[0].page not in pages:
        return evidence
    place = evidence.places[0]
    closer = pages[place.page].find(place, _value_at(reading, path), is_last=path.endswith("/end"))
    return Evidence(evidence.confidence, (closer,)) if closer else evidence


def _value_at(reading: Reading, path: str) -> str:
    """The value that a path names, as text."""
    value: object = reading.profile
    for part in path.split("/"):
        if isinstance(value, tuple):
            number = int(part)
            value = value[number] if number < len(value) else ""
        else:
            value = getattr(value, part, "")
    return value if isinstance(value, str) else ""


class _Rows:
    """The characters of a page by height, sorted once it is asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._chars: list[Char] | None = None
        self._tops: list[float] = []

    def _row(self, place: Place) -> list[Char]:
        if self._chars is None:
            self._chars = sorted(self._page.chars, key=attrgetter("top"))
            self._tops = [char.top for char in self._chars]
        first = bisect_left(self._tops, place.top - _SLACK)
        last = bisect_left(self._tops, place.bottom + _SLACK)
        if last - first > MOST_NEAR:
            return []
        left, right, bottom = place.left - _SLACK, place.right + _SLACK, place.bottom + _SLACK
        inside = [c for c in self._chars[first:last] if c.left >= left and c.right <= right and c.bottom <= bottom]
        return _in_rows(inside) if len(inside) <= MOST_CHARS else []

    def find(self, place: Place, value: str, *, is_last: bool = False) -> Place | None:
        """The part of a line that says the value; None where that cannot be told.

        A year that stands twice is a start and an end; ``is_last`` asks for the latter.
        """
        row = self._row(place)
        text, owners = _spell(row)
        is_date = _YEAR.fullmatch(value) is not None
        wanted = value[:4] if is_date else _SCHEME.sub("", value).lower()
        starts = [at for at in _find_all(text, "".join(wanted.split())) if _stands_alone(row, owners, at, text)]
        if not starts or (is_date and len(starts) > _BOTH_ENDS):
            return None
        first, last = starts[-1 if is_date and is_last else 0]
        first = _month_before(row, owners[first]) if is_date else owners[first]
        return _box(row[first : owners[last] + 1], place)


def _in_rows(chars: list[Char]) -> list[Char]:
    """Characters row by row: a place may hold a value that was broken over two lines."""
    chars.sort(key=attrgetter("baseline"))
    rows: list[list[Char]] = []
    for char in chars:
        if not rows or char.baseline - rows[-1][0].baseline > _SAME_ROW * char.size:
            rows.append([])
        rows[-1].append(char)
    return [char for row in rows for char in sorted(row, key=attrgetter("left"))]


def _box(chars: list[Char], place: Place) -> Place:
    """The box of some characters, as high as the place where that is one line."""
    left, right = min(char.left for char in chars), max(char.right for char in chars)
    if place.bottom - place.top <= _ONE_LINE * chars[0].size:
        return Place(place.page, left, place.top, right, place.bottom)
    return Place(place.page, left, min(char.top for char in chars), right, max(char.bottom for char in chars))


def _spell(row: list[Char]) -> tuple[str, list[int]]:
    """A row's letters without spaces, and which character each belongs to."""
    pieces = [char.text.lower() for char in row]
    return "".join(pieces), [number for number, piece in enumerate(pieces) for _ in piece]


def _find_all(text: str, wanted: str) -> Iterator[tuple[int, int]]:
    """First and last letter of each occurrence."""
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at, at + len(wanted) - 1
        at = text.find(wanted, at + 1)


def _stands_alone(row: list[Char], owners: list[int], found: tuple[int, int], text: str) -> bool:
    """Whether an occurrence is no part of a longer word."""
    first, last = found
    return not (first and _joins(row, owners, text, first - 1)) and not (
        last + 1 < len(text) and _joins(row, owners, text, last)
    )


def _joins(row: list[Char], owners: list[int], text: str, at: int) -> bool:
    """Whether the letter at ``at`` and the next one belong to one word."""
    if not (text[at].isalnum() and text[at + 1].isalnum()):
        return False
    one, other = row[owners[at]], row[owners[at + 1]]
    is_row = abs(other.baseline - one.baseline) <= _SAME_ROW * one.size
    return one is other or (is_row and other.left - one.right <= _SPACE * one.size)


def _month_before(row: list[Char], first: int) -> int:
    """Where the month before a year begins, if one stands there; else where the year does."""
    word, begin = "", first
    for number in range(first - 1, max(-1, first - 14), -1):
        gap = row[number + 1].left - row[number].right
        longer = row[number].text + word
        if (word and gap > _SPACE * row[number].size) or not _BEFORE.fullmatch(longer):
            break
        word, begin = longer, number
    return begin if _MONTH.fullmatch(word) else first
