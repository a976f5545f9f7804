"""Which segments of a page name a section: by vocabulary, and by the look that most such names share.

A word of the vocabulary in running text or in a list is no heading. It never changes a segment but for its mark.
"""

from dataclasses import dataclass
from statistics import median

from intake.reading.layout.segments import Segment
from intake.reading.vocabulary import HEADINGS, fold


@dataclass(frozen=True, slots=True)
class _Look:
    size: float
    bold: bool
    capitals: bool


def mark_headings(segments: list[Segment]) -> None:
    """Mark the segments that are headings by vocabulary and no lesser in look than the page's other headings."""
    named = [(s, _look_of(s)) for s in segments if len(s.text) < 50 and fold(s.text) in HEADINGS]
    if not named:
        return
    kinds: dict[_Look, set[str]] = {}
    for segment, look in named:
        kinds.setdefault(look, set()).add(HEADINGS[fold(segment.text)])
    main = max(kinds, key=lambda look: (len(kinds[look]), look.size, look.bold))
    body = median(s.size for s in segments for _ in range(0, len(s.text), 20))
    for segment, look in named:
        segment.heading = look == main or (not _is_lesser(look, main) and _stands_out(look, body))
    _mark_centred([segment for segment, _ in named if segment.heading], segments)


def _mark_centred(headings: list[Segment], segments: list[Segment]) -> None:
    """Mark the headings that stand in the middle of the page, where most do."""
    middle = (min(s.left for s in segments) + max(s.right for s in segments)) / 2
    centred = [h for h in headings if abs((h.left + h.right) / 2 - middle) < 8]
    lefts = [heading.left for heading in centred]
    if len(centred) >= 2 and len(centred) > 0.6 * len(headings) and max(lefts) - min(lefts) > 6:
        for heading in centred:
            heading.centred = True


def _look_of(segment: Segment) -> _Look:
    text = segment.text
    return _Look(round(segment.size * 2) / 2, segment.spans[0].bold, text.isupper() and len(text) > 4)


def _is_lesser(look: _Look, main: _Look) -> bool:
    return (look.size < 0.93 * main.size or look.bold < main.bold) and look.capitals <= main.capitals


def _stands_out(look: _Look, body: float) -> bool:
    return look.bold or look.capitals or look.size > 1.05 * body
