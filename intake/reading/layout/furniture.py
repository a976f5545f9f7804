"""Headers, footers and page numbers that repeat from page to page.

The first copy of a repeated line stays (it may hold the only contact details); bare page numbers go everywhere.
"""

import re

from intake.reading.layout.segments import Segment
from intake.reading.page import Page
from intake.reading.vocabulary import fold

_NUMBER = re.compile(
    r"^\W*(?:(?:page|seite|pagina|pag|p|strona|str|blz|s)\.?\s*)?\d{1,2}\W*(?:(?:/|of|von|de|di|sur|van|z)\s*\d{1,2})?\W*$",
    re.IGNORECASE,
)
_LAST_NUMBER = re.compile(r"\d+\s*(?:/|of|von|de|di|sur|van|z)?\s*\d*\s*$")


def drop_furniture(pages: list[tuple[Page, list[Segment]]]) -> list[tuple[Page, list[Segment]]]:
    """The pages without page numbers and without later copies of lines at the head or foot."""
    seen: set[str] = set()
    cleaned: list[tuple[Page, list[Segment]]] = []
    for page, segments in pages:
        kept = [s for s in segments if not _is_furniture(s, page, seen)]
        seen |= {_signature(s) for s in kept if _is_marginal(s, page)}
        cleaned.append((page, kept))
    return cleaned


def _is_marginal(segment: Segment, page: Page) -> bool:
    return segment.bottom < 0.09 * page.height or segment.top > 0.91 * page.height


def _signature(segment: Segment) -> str:
    text = fold(segment.text)
    return re.sub(r"\d+", "#", text)


def _is_furniture(segment: Segment, page: Page, seen: set[str]) -> bool:
    if not _is_marginal(segment, page):
        return False
    if segment.top > 0.91 * page.height and _NUMBER.match(segment.text):
        return True
    return _signature(segment) in seen and page.number > 1
