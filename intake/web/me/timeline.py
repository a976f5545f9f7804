"""The end of each purpose as bars over one line of time, drawn on the server; every bar stands beside its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from intake.desk.timeline import Span

WIDTH = 1000.0
_LEAST = 8.0
"""A span is never drawn as nothing."""
_OPEN_END = timedelta(days=90)
"""How far beyond the last known day a bar without an end is drawn."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One span with its rectangle, in thousandths of the picture's width."""

    span: Span
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Bars from ``first`` to ``last``; ``today`` is where this day stands, in thousandths of the width."""

    bars: tuple[Bar, ...]
    first: date
    last: date
    now: date
    today: float
    width: float = WIDTH


def draw_timeline(spans: Sequence[Span], today: date) -> Timeline:
    """Bars for spans, in their order, over one common line of time that holds today too."""
    first = min((span.since for span in spans), default=today)
    known = max((span.on for span in spans if span.on), default=today)
    is_open = any(span.on is None for span in spans)
    last = max(known, today) + (_OPEN_END if is_open else timedelta(0))
    days = max((last - first).days, 1)

    def place(day: date) -> float:
        return round(WIDTH * min(max((day - first).days / days, 0.0), 1.0), 1)

    bars = []
    for span in spans:
        x, end = place(span.since), place(span.on or last)
        width = max(end - x, _LEAST)
        bars.append(Bar(span, min(x, WIDTH - width), width))
    return Timeline(tuple(bars), first, last, today, place(today))
