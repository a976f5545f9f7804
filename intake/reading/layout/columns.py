"""Which segments of a page stand in columns, and in what order they are read.

A gutter is a column's edge only where both sides carry prose or headings: right-hand dates and left labels stay with
their row. It never changes a segment.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from intake.reading.fields.dates import find_dates, is_only_dates
from intake.reading.layout.segments import Segment
from intake.reading.vocabulary import CALENDAR, fold

_MIN_LINES = 3
_DEPTH = 4
_MAX_SEGMENTS = 1500
"""A page with more is no resume, and looking for its columns would take too long."""


@dataclass(slots=True)
class Block:
    """Segments to be read together, row by row. ``gutter`` is the x of the column's edge, 0 in a whole block."""

    segments: list[Segment]
    gutter: float = 0.0
    column: int = 0


def _is_prose(segment: Segment) -> bool:
    words = segment.text.count(" ") + 1
    return words >= 5 and not (words <= 7 and find_dates(segment.text))


_CONTACT = re.compile(r"@|(?:\d[\s().-]*){8}|www\.|https?:")
DATE_WORDS = frozenset({"to", "bis", "au", "al", "tot", "do", "until", "till"})


@dataclass(slots=True)
class _Side:
    """What one side of a gutter holds."""

    count: int
    headings: int
    prose: int
    dates: int
    flush: bool


def _measure(segments: list[Segment]) -> _Side:
    headings = sum(s.heading for s in segments)
    prose = sum(map(_is_prose, segments))
    dates = sum(1 for s in segments if _is_dated(s.text))
    return _Side(len(segments), headings, prose, dates, _is_flush_right(segments))


@lru_cache(maxsize=2048)
def _is_dated(text: str) -> bool:
    """Whether nothing but a date, or a part of one that wraps, stands in the text."""
    if is_only_dates(text):
        return True
    words = fold(text).split() if len(text) <= 30 else []
    return bool(words) and all(w in DATE_WORDS or w in CALENDAR or (w.isdigit() and len(w) in (2, 4)) for w in words)


def is_wrapped_date(text: str, more: str) -> bool:
    """Whether a text and the one below it are one date on two lines."""
    if len(text) > 40 or len(more) > 30:
        return False
    joined = find_dates(f"{text} {more}")
    if len(joined) != 1 or joined[0].single or not is_only_dates(f"{text} {more}"):
        return False
    alone = find_dates(text)
    if not alone or alone[0].single:
        return True
    return alone[0].current and (not joined[0].current or text.rstrip()[-1] in "-–—")


def _is_flush_right(segments: list[Segment]) -> bool:
    """Whether short texts of different width all end at one edge, as labels set before their rows do."""
    edge = median(s.right for s in segments)
    lefts = {round(s.left / 4) for s in segments}
    ends = sum(abs(s.right - edge) < 2.5 for s in segments)
    return ends >= 0.8 * len(segments) and len(lefts) > 0.4 * len(segments) and len(segments) >= 4


def _share_aligned(some: list[Segment], others: list[Segment]) -> float:
    """The share of segments that stand on the baseline of one on the other side."""
    bases = sorted(s.baseline for s in others)
    plain = [s for s in some if not s.heading] or some
    hits = 0
    for segment in plain:
        at = bisect_left(bases, segment.baseline - 0.2 * segment.size)
        hits += at < len(bases) and bases[at] <= segment.baseline + 0.2 * segment.size
    return hits / len(plain)


def _set_by_dates(side: list[Segment], other: list[Segment]) -> bool | None:
    """What the dates of one side stand beside.

    True for dates, as in entries side by side; False for other text where the side has hardly any prose, as in dates
    set before or after their rows; None where there are too few to tell.
    """
    above = [None, *side]
    dates = [s for s, a in zip(side, above, strict=False) if _is_dated(s.text) and not (a and _wraps(a, s))]
    if len(dates) < 2:
        return None
    beside = [[s for s in other if abs(s.baseline - date.baseline) < 0.3 * date.size] for date in dates]
    if sum(any(_is_dated(s.text) for s in row) for row in beside) >= 0.8 * len(dates):
        return True
    if sum(map(_is_prose, side)) > 0.1 * len(side):
        return None
    plain = sum(1 for row in beside if row and not any(_is_dated(s.text) for s in row))
    return False if plain >= 0.8 * len(dates) else None


def _wraps(above: Segment, below: Segment) -> bool:
    return is_wrapped_date(above.text, below.text)


def _carries(side: _Side) -> bool:
    return side.headings > 0 or side.prose >= 2 or side.prose >= 0.3 * side.count


def are_columns(left: list[Segment], right: list[Segment]) -> bool:
    """Whether a gutter between these parts two columns rather than the cells of rows."""
    if min(len(left), len(right)) < _MIN_LINES:
        return False
    a, b = _measure(left), _measure(right)
    if _set_by_dates(left, right) is False and not a.prose:
        return False
    dated = None if b.headings else _set_by_dates(right, left)
    if dated is not None and a.dates < 0.5 * a.count:
        return dated
    aligned_left, aligned_right = _share_aligned(left, right), _share_aligned(right, left)
    if _are_labels(a, aligned_left) or _are_details(b, aligned_right):
        return False
    if _carries(a) and _carries(b):
        return not (aligned_left > 0.9 and aligned_right > 0.9 and min(a.headings, b.headings) == 0)
    return max(aligned_left, aligned_right) < 0.5 and min(a.count, b.count) >= 4 and a.headings + b.headings > 0


def _are_labels(side: _Side, aligned: float) -> bool:
    """Dates or labels before their rows: hardly any prose, nearly all on a row's baseline."""
    plain = side.count - side.headings - side.dates
    if side.prose == 0 and (plain <= 0.15 * side.count or aligned >= 0.85 or side.flush):
        return True
    if side.prose <= 0.1 * side.count and aligned > 0.75 and plain <= 0.5 * side.count:
        return True
    return aligned > 0.55 and side.prose <= 0.1 * side.count and plain <= 0.25 * side.count


def _are_details(side: _Side, aligned: float) -> bool:
    """Dates, places or names of sections after their rows."""
    if side.headings:
        return side.prose == 0 and side.headings >= 0.6 * side.count and aligned >= 0.6
    if side.prose == 0 and side.dates >= 0.5 * side.count:
        return True
    return aligned > 0.7 and side.prose <= 0.15 * side.count and (side.dates >= 0.2 * side.count or side.prose == 0)


@dataclass(slots=True)
class _Cut:
    x: float
    begin: int
    end: int
    score: float


def _edges(segments: list[Segment]) -> list[float]:
    """Left edges at which several segments begin."""
    edges: list[tuple[float, int]] = []
    for left in sorted(s.left for s in segments):
        if edges and left - edges[-1][0] < 4:
            edges[-1] = (edges[-1][0], edges[-1][1] + 1)
        else:
            edges.append((left, 1))
    return [x for x, count in edges if count >= _MIN_LINES]


def _bands(segments: list[Segment], x: float) -> Iterable[tuple[int, int]]:
    """Runs of segments, from top to bottom, that do not cross x; as index ranges."""
    begin = 0
    for index, segment in enumerate(segments):
        if segment.centred or (segment.left < x - 2 and segment.right > x - 3):
            if index > begin:
                yield begin, index
            begin = index + 1
    if len(segments) > begin:
        yield begin, len(segments)


def _find_cut(segments: list[Segment]) -> _Cut | None:
    best: _Cut | None = None
    for x in _edges(segments):
        for begin, end in _bands(segments, x):
            cut = _judge(segments, *_trim_details(segments, begin, end, x), x)
            if cut and (best is None or cut.score > best.score):
                best = cut
    return best


def _trim_details(segments: list[Segment], begin: int, end: int, x: float) -> tuple[int, int]:
    """A band without the rows at its head and foot whose right part is a date that belongs to the row."""
    bases = [s.baseline for s in segments[begin:end] if s.left < x - 2 and not _is_dated(s.text)]

    def is_detail(segment: Segment) -> bool:
        if segment.heading or not (is_only_dates(segment.text) or _CONTACT.search(segment.text)):
            return False
        if segment.left < x + 6 and not _CONTACT.search(segment.text):
            return False
        return any(abs(segment.baseline - base) < 0.5 * segment.size for base in bases)

    right = [i for i in range(begin, end) if segments[i].left >= x - 2]
    while right and is_detail(segments[right[-1]]):
        last = segments[right.pop()]
        end = next((i for i in range(begin, end) if segments[i].baseline > last.baseline - last.size), end)
    while right and is_detail(segments[right[0]]):
        first = segments[right.pop(0)]
        begin = next((i for i in range(begin, end) if segments[i].baseline > first.baseline + 0.6 * first.size), end)
    return begin, end


def _judge(segments: list[Segment], begin: int, end: int, x: float) -> _Cut | None:
    band = segments[begin:end]
    left = [s for s in band if s.left < x - 2]
    right = [s for s in band if s.left >= x - 2]
    if min(len(left), len(right)) < _MIN_LINES:
        return None
    gap = x - max(s.right for s in left)
    top = max(left[0].top, right[0].top)
    bottom = min(max(s.bottom for s in left), max(s.bottom for s in right))
    if bottom <= top or gap < 0.5 * min(s.size for s in band):
        return None
    beside = [[s for s in side if s.bottom > top and s.top < bottom] for side in (left, right)]
    if not are_columns(*beside):
        return None
    height = bottom - top
    return _Cut(x, begin, end, height * min(len(left), len(right)) ** 0.5 * min(1.0, 0.5 + gap / 40))


def _cut_below_headings(segments: list[Segment]) -> _Cut | None:
    """Two headings on one baseline open two columns, however short."""
    for index, segment in enumerate(segments):
        if not segment.heading:
            continue
        for other in range(max(0, index - 6), min(len(segments), index + 7)):
            beside = segments[other]
            level = abs(beside.baseline - segment.baseline) < 0.4 * segment.size
            if (
                level
                and beside.left > segment.right + segment.size
                and abs(beside.size - segment.size) < 0.5
                and beside.heading
            ):
                begin = min(index, other)
                return _Cut(beside.left, begin, _end_of_columns(segments, begin, beside.left), 0.0)
    return None


def _end_of_columns(segments: list[Segment], begin: int, x: float) -> int:
    for index in range(begin + 1, len(segments)):
        if segments[index].left < x - 2 and segments[index].right > x - 3:
            return index
    return len(segments)


def to_blocks(segments: list[Segment], depth: int = 0) -> list[Block]:
    """Blocks in reading order; the segments come sorted from top to bottom."""
    if len(segments) > _MAX_SEGMENTS:
        return [Block(segments)]
    cut = _cut_below_headings(segments) if depth < _DEPTH else None
    if cut is None and depth < _DEPTH and len(segments) >= 2 * _MIN_LINES:
        cut = _find_cut(segments)
    if cut is None:
        return [Block(segments)] if segments else []
    blocks = to_blocks(segments[: cut.begin], depth + 1)
    for band in _part_grid(segments[cut.begin : cut.end], cut.x):
        sides = _sides(band, cut.x)
        for number, side in enumerate(sides, start=1):
            part = to_blocks(side, depth + 1)
            for block in part if all(sides) else ():
                block.gutter, block.column = cut.x, number
            blocks += part
    return blocks + to_blocks(segments[cut.end :], depth + 1)


def _sides(band: list[Segment], x: float) -> tuple[list[Segment], list[Segment]]:
    return [s for s in band if s.left < x - 2], [s for s in band if s.left >= x - 2]


def _part_grid(band: list[Segment], x: float) -> list[list[Segment]]:
    """A band parted at its headings where each stands above both columns; else the band whole.

    So it is where only the first column names sections, and what follows each name begins level in both columns.
    """
    left, right = _sides(band, x)
    heads = [s for s in left if s.heading]
    if not heads or any(s.heading for s in right):
        return [band]
    bases = [head.baseline for head in heads] + [float("inf")]
    if right[0].baseline < bases[0]:
        return [band]
    parts = [[s for s in band if s.baseline < bases[0]]]
    for head, until in zip(heads, bases[1:], strict=True):
        below = [s for s in band if s is not head and head.baseline <= s.baseline < until]
        if not _is_level(*_sides(below, x)):
            return [band]
        parts += [[head], below]
    return [part for part in parts if part]


def _is_level(left: list[Segment], right: list[Segment]) -> bool:
    """Whether two columns begin on one baseline; a second one may be empty."""
    return not right or (bool(left) and abs(left[0].baseline - right[0].baseline) < 0.3 * left[0].size)
