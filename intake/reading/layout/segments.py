"""From loose words to segments: words on one baseline that stand together.

A segment ends where a gap is too wide for a space. It must never join what two columns hold.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from intake.reading.page import Char, Link, Span
from intake.reading.readers.glyphs import BULLETS, ICON

_JOINED = 0.18
"""Below this gap, in ems, two runs of characters are one word."""
_JOINED_WRITTEN = 0.25
"""The same on a page that writes its spaces."""
_WRITTEN = -0.15
"""Above this gap, a space that the document wrote counts (slanted letters hang over it)."""
_CELL = 1.15
"""Above this gap, in ems, two words stand in different cells."""


@dataclass(slots=True)
class Segment:
    """Words that stand together on one baseline. ``heading`` says that they name a section and look like it,
    ``centred`` that they do so in the middle of the page, above all that follows.
    """

    spans: list[Span]
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    listed: bool = False
    heading: bool = False
    centred: bool = False
    text: str = ""

    def __post_init__(self) -> None:
        self.text = "".join([span.text for span in self.spans])

    def append(self, spans: list[Span]) -> None:
        """Let more words follow, a space between."""
        last, first = self.spans[-1], spans[0]
        if (last.bold, last.italic, last.size, last.url) == (first.bold, first.italic, first.size, first.url):
            joined = replace(last, text=f"{last.text} {first.text}")
            self.spans = [*self.spans[:-1], joined, *spans[1:]]
        else:
            self.spans = [*self.spans, Span(" ", self.right, self.right, self.size), *spans]
        self.text = "".join([span.text for span in self.spans])


def to_rows(chars: list[Char]) -> list[list[Char]]:
    """Words grouped by baseline, top to bottom, each row from left to right."""
    rows: list[list[Char]] = []
    base = tall = 0.0
    for char in sorted(chars, key=lambda c: (c.baseline, c.left)):
        if rows and char.baseline - base <= 0.28 * min(tall, char.size):
            rows[-1].append(char)
        else:
            rows.append([char])
            base, tall = char.baseline, char.size
    for row in rows:
        row.sort(key=lambda c: c.left)
    return _attach_raised(rows)


def _attach_raised(rows: list[list[Char]]) -> list[list[Char]]:
    """Join superscripts (a small word just above the line it touches) to their line."""
    kept: list[list[Char]] = []
    for row in rows:
        above = kept[-1] if kept else None
        if above and len(above) <= 3 and _is_raised(above, row):
            kept[-1] = sorted(above + row, key=lambda c: c.left)
        else:
            kept.append(row)
    return kept


def _is_raised(above: list[Char], row: list[Char]) -> bool:
    size = max(c.size for c in row)
    if any(c.size > 0.8 * size or len(c.text) > 3 for c in above) or row[0].baseline - above[0].baseline > 0.6 * size:
        return False
    return all(any(-0.45 * size < c.left - r.right < 0.3 * size for r in row) for c in above)


def _join_spaced_letters(row: list[Char]) -> list[Char]:
    """Put letter-spaced words (``M I L K Y``) together again: single letters at uniform gaps."""
    if sum(len(c.text) == 1 for c in row) < 4:
        return row
    joined: list[Char] = []
    run: list[Char] = []
    for char in row:
        if run and (len(char.text) > 2 or not 0 < char.left - run[-1].right < 1.5 * char.size):
            joined += _join_run(run)
            run = []
        (run if len(char.text) <= 2 else joined).append(char)
    joined += _join_run(run)
    return joined if len(joined) < len(row) else row


def _join_run(run: list[Char]) -> list[Char]:
    if len(run) < 4 or sum(len(c.text) == 1 and c.text.isalnum() for c in run) < 0.7 * len(run):
        return run
    gaps = [b.left - a.right for a, b in pairwise(run)]
    usual = median(gaps)
    joined = [_copy(run[0])]
    for gap, char in zip(gaps, run[1:], strict=True):
        last = joined[-1]
        if gap <= usual * 1.45 and char.size == last.size:
            last.text += char.text
            last.right = char.right
        else:
            joined.append(_copy(char))
    return joined


def _copy(char: Char) -> Char:
    return Char(
        char.text, char.left, char.top, char.right, char.bottom, char.baseline, char.size, char.font, char.bold,
        char.italic, char.upright, char.spaced,
    )  # fmt: skip


def _is_bullet(char: Char) -> bool:
    return char.text in BULLETS or (char.text == "o" and "symbol" in char.font.lower())


def writes_spaces(chars: list[Char]) -> bool:
    """Whether the page writes its spaces, so that mere gaps between letters are only spacing."""
    return sum(char.spaced for char in chars) > 0.3 * sum(len(c.text) > 1 for c in chars)


def find_edges(rows: list[list[Segment]]) -> frozenset[int]:
    """Where cells begin, in whole points: left edges of three or more segments, but for the leftmost of all."""
    counts = Counter(round(segment.left) for row in rows for segment in row)
    first = min(counts, default=0)
    return frozenset(edge for edge, count in counts.items() if count >= 3 and edge > first + 3)


def has_inner_edge(row: list[Char], edges: frozenset[int]) -> bool:
    """Whether a word of the row begins where cells begin, a gap before it that is too narrow to tell by itself."""
    if not edges:
        return False
    return any(
        _EDGE * after.size < after.left - before.right <= _CELL * after.size and round(after.left) in edges
        for before, after in pairwise(row)
    )


def to_segments(
    row: list[Char], links: list[Link], *, written: bool = False, edges: frozenset[int] = frozenset()
) -> list[Segment]:
    """Cut a row at wide gaps, and at narrower ones where cells begin; drop bullets and icons, which mark what follows.

    ``written`` says that the page writes its spaces; ``edges`` are where cells begin.
    """
    join = _JOINED_WRITTEN if written else _JOINED
    if links:
        top, bottom = min([c.top for c in row]) - 1, max([c.bottom for c in row]) + 1
        links = [link for link in links if link.top <= bottom and link.bottom >= top]
    segments: list[Segment] = []
    words: list[Char] = []
    listed = False
    chars = _join_spaced_letters(row)
    wide = 2.0 if chars is not row else 1.0
    for char in chars:
        if words and (char.text == ICON or _parts(words[-1], char, wide, edges)):
            segments.append(_make_segment(words, links, join, listed=listed))
            words, listed = [], False
        if char.text == ICON:
            continue
        if not words and _is_bullet(char):
            listed = True
            continue
        if words and char.left < words[-1].right - 0.5 * char.size and char.text == words[-1].text:
            continue
        words.append(char)
    if words:
        segments.append(_make_segment(words, links, join, listed=listed))
    return segments


def _parts(before: Char, after: Char, wide: float, edges: frozenset[int]) -> bool:
    """Whether two neighbours stand in different cells: far apart, apart and of different size, or at a cell's edge.

    ``wide`` is how much wider than usual the letters are set.
    """
    gap = after.left - before.right
    small, large = sorted((before.size, after.size))
    if edges and gap > _EDGE * large and round(after.left) in edges:
        return True
    return gap > wide * _CELL * large or (gap > 0.5 * small and large > 1.12 * small)


_EDGE = 0.5
"""Above this gap, in ems, two words stand in different cells where others begin at the second's edge."""
_DASH_START = re.compile(r"^[•◦▪■●‣·∙▸►➢]\s*(?=\S)")


def _make_segment(words: list[Char], links: list[Link], join: float, *, listed: bool) -> Segment:
    spans = _to_spans(words, links, join)
    bare = _DASH_START.sub("", spans[0].text)
    if bare != spans[0].text and bare:
        first = spans[0]
        spans[0] = Span(bare, first.left, first.right, first.size, first.bold, first.italic, first.url)
        listed = True
    size = spans[0].size if len(spans) == 1 else max((s.size * len(s.text), s.size) for s in spans)[1]
    return Segment(
        spans,
        words[0].left,
        min([c.top for c in words]),
        max([c.right for c in words]),
        max([c.bottom for c in words]),
        words[0].baseline,
        size,
        listed,
    )


def _link_at(char: Char, links: list[Link]) -> str:
    x, y = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    for link in links:
        if link.left - 1 <= x <= link.right + 1 and link.top - 1 <= y <= link.bottom + 1:
            return link.url
    return ""


def _has_space(char: Char, gap: float, join: float) -> bool:
    return gap > (_WRITTEN if char.spaced else join) * char.size


def _to_spans(words: list[Char], links: list[Link], join: float) -> list[Span]:
    spans: list[Span] = []
    parts: list[str] = []
    first = before = words[0]
    right, url, size = first.left, "", round(first.size, 1)
    for char in words:
        here = _link_at(char, links) if links else ""
        space = parts and _has_space(char, char.left - right, join)
        if parts and (
            char.bold != before.bold or char.italic != before.italic or here != url or char.size != before.size
        ):
            spans.append(Span("".join(parts), first.left, right, size, before.bold, before.italic, url))
            parts, first, size = [], char, round(char.size, 1)
        before, url = char, here
        if space:
            parts.append(" ")
        parts.append(char.text if "\u00ad" not in char.text else _soften(char.text, last=char is words[-1]))
        right = max(right, char.right)
    spans.append(Span("".join(parts), first.left, right, size, before.bold, before.italic, url))
    return spans


def _soften(text: str, *, last: bool) -> str:
    """A word with its soft hyphens written out; one at the end of a row's last word stays, for it joins lines."""
    if not last or text == "\u00ad":
        return text.replace("\u00ad", "-")
    return text[:-1].replace("\u00ad", "-") + text[-1]
