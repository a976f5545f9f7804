"""Addresses that a narrow column broke over two lines, put together again.

Addresses known from behind the text decide where the break swallowed or added a hyphen. Prose is never joined.
"""

import re
from dataclasses import replace

from intake.reading.fields.addresses import EMAIL, URL, link_key
from intake.reading.page import Line, Span

_OPEN = re.compile(r"^\S*(?:[-/._@=\u00ad]|https?:)$")
_BEGUN = re.compile(r"^(?:https?:|www\.|[\w.-]+\.[a-z]{2,}/|[\w.+-]+@)", re.IGNORECASE)
_FARTHEST = 8.0
_ENDS, _STARTS = "-/._@=:\u00ad", "./@"


def join_wrapped_addresses(lines: list[Line], known: list[str]) -> list[Line]:
    """The lines, broken addresses whole on the first of two. ``known`` are the addresses behind the text."""
    keys = {link_key(re.sub("^mailto:", "", url, flags=re.IGNORECASE)) for url in known}
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        whole = _whole(last, line, keys) if last is not None else ""
        if last is None or not whole:
            joined.append(line)
            continue
        joined[-1] = _end_with(last, line, whole)
        rest = line.text.strip().partition(" ")[2].strip()
        if rest:
            joined.append(_with_text(line, rest))
    return joined


def _whole(above: Line, below: Line, keys: set[str]) -> str:
    """The address that the last word above and the first word below make; empty where they make none."""
    upper, lower = above.text.strip(), below.text.strip()
    if not upper or not lower or above.column != below.column or below.top - above.bottom > _FARTHEST:
        return ""
    first, second = upper.split()[-1], lower.split()[0]
    if first[-1] not in _ENDS and second[0] not in _STARTS and not any(mark in first for mark in "./@"):
        return ""
    for whole in (first + second, _put_together(first, second), first.rstrip("-\u00ad") + second):
        if link_key(whole) in keys and link_key(first) not in keys:
            return whole
    alone = " " not in upper and " " not in lower
    if len(first) < 4 or not (alone or (_BEGUN.match(first) and len(lower.split()) <= 3)):
        return ""
    if not _OPEN.match(first) and not (alone and second.startswith((".", "@", "/"))):
        return ""
    whole = _put_together(first, second)
    return whole if EMAIL.fullmatch(whole) or URL.fullmatch(whole) else ""


def _put_together(first: str, second: str) -> str:
    """A hyphen at a line's end is part of an address; some languages repeat it on the next line."""
    if first.endswith(("\u00ad", "-")):
        return first[:-1] + "-" + second.lstrip("-")
    return first + second


def _end_with(line: Line, below: Line, whole: str) -> Line:
    """The line with the address whole at its end, as deep as the line below."""
    text = line.text.rstrip()
    shown = text[: len(text) - len(text.split()[-1])] + whole
    cells = (*line.cells[:-1], _cell_with(line.cells[-1], whole)) if line.cells else ()
    joined = _with_text(line, shown, url=line.spans[-1].url)
    return replace(joined, cells=cells or joined.cells, bottom=below.bottom)


def _cell_with(cell: str, whole: str) -> str:
    return cell[: len(cell) - len(cell.rsplit(maxsplit=1)[-1])] + whole if cell.split() else whole


def _with_text(line: Line, text: str, url: str = "") -> Line:
    first = line.spans[0]
    span = Span(text, line.left, line.right, first.size, first.bold, first.italic, url)
    return replace(line, spans=(span,), cells=(text,))
