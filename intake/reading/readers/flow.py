"""Lines of formats that have no pages of their own: everything on one page, numbered downwards.

Every flowing reader hands its paragraphs to a FlowWriter, which caps how much one document may yield.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from intake.reading.page import Line, Sheets, Span
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

PAGE_WIDTH: Final = 612.0
"""Width of the one page, in points."""
MARGIN: Final = 54.0
LEADING: Final = 13.0
"""Height of one row of text, in points."""
MAX_LINES: Final = 20_000
MAX_CHARS: Final = 1_000_000
MAX_CELLS: Final = 64
_EM: Final = 0.5
_APART: Final = re.compile(r"\t+|[ \u00a0]{3,}")
_BULLET: Final = re.compile(r"[•·‣▪●○◦■□–—»►▸✓➢\-*]\s+(?=\S)")
_RULES: Final = " \t\u00a0-_=*~.|\u2013\u2014\u2022\u00b7\u2500\u2501\u2550"
_SYMBOLS: Final = re.compile("[\ue000-\uf8ff]+")
_TEXT_WIDTH: Final = PAGE_WIDTH - 2 * MARGIN

Run = tuple[str, bool, bool, float, str]
"""Text, bold, italic, size in points, address behind it."""


def split_cells(text: str) -> list[str]:
    """Cut a line's text where its parts stand far apart: at tabs and at runs of spaces."""
    return _APART.split(text)


def plain_run(text: str) -> Run:
    """Return a run without any look."""
    return (text, False, False, 10.0, "")


class FlowWriter:
    """Collects lines into Sheets."""

    def __init__(self, kind: str, reader: str) -> None:
        self.sheets = Sheets(kind=kind, reader=reader, page_count=1)
        self._top = MARGIN
        self._chars = 0

    def skip(self) -> None:
        """Leave a blank row, as between paragraphs that stand apart."""
        self._top += LEADING

    def add_link(self, url: str) -> None:
        """Note an address that may stand only behind text."""
        if url and url not in self.sheets.links and len(self.sheets.links) < MAX_LINES:
            self.sheets.links.append(url[:2000])

    def add_line(
        self,
        runs: Sequence[Run],
        *,
        heading: int = 0,
        listed: bool = False,
        cells: Sequence[str] = (),
    ) -> None:
        """Add one line of runs; ``cells`` where the format knows them. Blank lines only leave space."""
        runs, marked = _drop_bullet(_tidy(runs))
        if not any(run[0].strip(_RULES) for run in runs):
            return self.skip()
        listed = listed or marked
        self._count(sum(len(run[0]) for run in runs))
        self._top += LEADING if heading and self.sheets.lines else 0.0
        spans, right = _place(runs, MARGIN + (18.0 if listed else 0.0))
        bottom = self._top + LEADING * (1 + int((right - MARGIN) // _TEXT_WIDTH))
        text = "".join(run[0] for run in runs)
        shown = tuple(cell.strip() for cell in cells or split_cells(text) if cell.strip())[:MAX_CELLS]
        line = Line(
            spans=spans,
            page=1,
            left=spans[0].left,
            top=self._top,
            right=min(right, PAGE_WIDTH - MARGIN),
            bottom=bottom,
            cells=shown or (text,),
            heading=heading,
            listed=listed,
        )
        self.sheets.lines.append(line)
        for run in runs:
            self.add_link(run[4])
        self._top = bottom
        return None

    def add_text(self, text: str, *, heading: int = 0, listed: bool = False) -> None:
        """Add one line without any look."""
        self.add_line([plain_run(text)], heading=heading, listed=listed)

    def _count(self, chars: int) -> None:
        self._chars += chars
        if self._chars > MAX_CHARS or len(self.sheets.lines) >= MAX_LINES:
            raise RefusedError(Verdict.TOO_LARGE, "too_large")


def _tidy(runs: Sequence[Run]) -> list[Run]:
    """Join neighbours of one look and drop the space around the line."""
    joined: list[Run] = []
    for look, same in groupby(runs, key=lambda run: run[1:]):
        text = _SYMBOLS.sub("\u2022", "".join(run[0] for run in same))
        if text:
            joined.append((text, *look))
    while joined and not joined[0][0].strip():
        joined.pop(0)
    while joined and not joined[-1][0].strip():
        joined.pop()
    if joined:
        joined[0] = (joined[0][0].lstrip(), *joined[0][1:])
        joined[-1] = (joined[-1][0].rstrip(), *joined[-1][1:])
    return joined


def _drop_bullet(runs: list[Run]) -> tuple[list[Run], bool]:
    """Take a bullet that stands as plain text off the line's start."""
    text = "".join(run[0] for run in runs[:3])
    found = _BULLET.match(text)
    if not found:
        return runs, False
    left = found.end()
    while runs and left >= len(runs[0][0]):
        left -= len(runs[0][0])
        runs = runs[1:]
    return ([(runs[0][0][left:], *runs[0][1:]), *runs[1:]] if runs else []), True


def _place(runs: Sequence[Run], left: float) -> tuple[tuple[Span, ...], float]:
    spans: list[Span] = []
    for text, bold, italic, size, url in runs:
        right = left + len(text) * size * _EM
        spans.append(Span(text=text, left=left, right=right, size=size, bold=bold, italic=italic, url=url))
        left = right
    return tuple(spans), left
