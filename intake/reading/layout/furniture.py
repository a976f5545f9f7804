"""Headers, footers and page numbers that repeat from page to page.

The first copy of a repeated line stays (it may hold the only contact details); bare page numbers go everywhere.
"""

import re
from collections import Counter

from intake.reading.layout.segments import Segment
from intake.reading.page import Page
from intake.reading.vocabulary import fold

_NUMBER = re.compile(
    r"^\W*(?:(?:page|seite|pagina|pag|p|strona|str|blz|s)\.?\s*)?\d{1,2}\W*(?:(?:/|of|von|de|di|sur|van|"
    r"z)\s*\d{1,2})?\W*$",
    re.IGNORECASE,
)

_Key = tuple[str, int]


def drop_furniture(pages: list[tuple[Page, list[Segment]]]) -> tuple[list[tuple[Page, list[Segment]]], list[Segment]]:
    """The pages without what repeats at their head or foot, and one copy of that."""
    counts: Counter[_Key] = Counter()
    for page, segments in pages:
        counts.update({_key(s) for s in segments if _is_marginal(s, page)})
    repeated: dict[_Key, Segment] = {}
    cleaned: list[tuple[Page, list[Segment]]] = []
    for page, segments in pages:
        bodies = [s.baseline for s in segments if not (_is_marginal(s, page) and _is_repeated(s, counts))]
        kept: list[Segment] = []
        for segment in segments:
            if (
                not _is_marginal(segment, page)
                or not _is_repeated(segment, counts)
                or any(abs(segment.baseline - base) < 1 for base in bodies)
            ):
                kept.append(segment)
            elif not _NUMBER.match(segment.text):
                repeated.setdefault(_key(segment), segment)
        cleaned.append((page, kept))
    return cleaned, list(repeated.values())


def _is_repeated(segment: Segment, counts: Counter[_Key]) -> bool:
    return counts[_key(segment)] > 1 or bool(_NUMBER.match(segment.text))


def _is_marginal(segment: Segment, page: Page) -> bool:
    return segment.bottom < 0.09 * page.height or segment.top > 0.91 * page.height


def _key(segment: Segment) -> _Key:
    """What a repeated line has in common from page to page: its words without numbers, and its height."""
    return re.sub(r"\d+", "#", fold(segment.text)), round(segment.top / 6)
