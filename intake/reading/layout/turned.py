"""Text that runs up or down the page, such as a section's title beside its block.

It becomes one segment at the height where it begins. It never mixes with upright rows.
"""

from itertools import pairwise

from intake.reading.layout.segments import Segment
from intake.reading.page import Char, Span


def turned_segments(chars: list[Char], upright: list[Segment]) -> list[Segment]:
    """Turned words put together by column and moved to the top of the block they stand beside."""
    segments: list[Segment] = []
    for column in _columns(chars):
        text = _read(column, {id(c): i for i, c in enumerate(chars)})
        top = min(c.top for c in column)
        left, size = min(c.left for c in column), column[0].size
        start = _block_top(top, upright)
        spans = [Span(text, left, left + 1, size, column[0].bold)]
        edge = min((s.left for s in upright), default=left)
        segments.append(Segment(spans, edge, start - size, edge + 0.5 * size * len(text), start, start - 0.1, size))
    return segments


def _columns(chars: list[Char]) -> list[list[Char]]:
    columns: list[list[Char]] = []
    for char in sorted(chars, key=lambda c: (round((c.left + c.right) / 2 / max(c.size, 6)), c.top)):
        last = columns[-1][-1] if columns else None
        if (
            last
            and abs((last.left + last.right) - (char.left + char.right)) < max(char.size, last.size)
            and -2 < char.top - last.bottom < 1.5 * char.size
        ):
            columns[-1].append(char)
        else:
            columns.append([char])
    return columns


def _read(column: list[Char], order: dict[int, int]) -> str:
    """Words that run upwards are read from the bottom; which way is told by the order the maker wrote them in."""
    rising = sum(1 if order[id(a)] > order[id(b)] else -1 for a, b in pairwise(column))
    return "".join(c.text for c in (reversed(column) if rising > 0 else column))


def _block_top(top: float, upright: list[Segment]) -> float:
    """The top of the run of lines, without a wide gap, that reaches above the turned text."""
    start = top
    for segment in sorted((s for s in upright if s.top < top), key=lambda s: -s.bottom):
        if start - segment.bottom > 2.2 * segment.size:
            break
        start = min(start, segment.top)
    return start
