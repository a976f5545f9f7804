"""Charts drawn on the server: the geometry that templates turn into SVG.

Every chart also carries its numbers as a table.

Coordinates are in per cent or plain units of the picture, written as attributes, so that no style is set inline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_COLUMN_STEP = 10.0
_COLUMN_WIDTH = 7.0
_HEIGHT = 100.0
_LEAST = 2.0
"""A count above nothing is never drawn as nothing."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A count under a label; ``share`` of the longest bar in per cent.

    ``label`` may be a code, see :class:`BarChart`.
    """

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars, longest first.

    ``words`` names the vocabulary of the labels (``words.WORDS``), empty: shown as they are.
    """

    bars: tuple[Bar, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A day and its count, with the rectangle that stands for it."""

    on: date
    count: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """Columns by day, in the order given. ``highest`` is the largest count, ``total`` their sum."""

    columns: tuple[Column, ...]
    width: float
    highest: int
    total: int
    column_width: float = _COLUMN_WIDTH


def draw_bars(counts: Sequence[tuple[str, int]], words: str = "") -> BarChart:
    """Bars for labelled counts, longest first; equal ones by label."""
    longest = max((count for _, count in counts), default=0)
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return BarChart(tuple(Bar(label, count, _scale(count, longest)) for label, count in ordered), words)


def draw_columns(counts: Sequence[tuple[date, int]]) -> ColumnChart:
    """Columns for counts by day."""
    highest = max((count for _, count in counts), default=0)
    columns = []
    for index, (on, count) in enumerate(counts):
        height = _scale(count, highest)
        columns.append(Column(on, count, index * _COLUMN_STEP, round(_HEIGHT - height, 2), height))
    return ColumnChart(tuple(columns), len(columns) * _COLUMN_STEP, highest, sum(count for _, count in counts))


def _scale(count: int, longest: int) -> float:
    return round(max(_LEAST, _HEIGHT * count / longest), 2) if count else 0.0
