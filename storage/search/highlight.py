"""Shows where a query's words stand in a text that has just been opened. Nothing of it is stored.

Gives pieces, never markup: whoever shows them escapes each one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from storage.search.analysis import Span, exact_spans, exact_words, normalise, stemmed_spans, stemmed_words
from storage.search.syntax import Node, Phrase, Word, wanted_leaves

GAP = " … "
_WIDER = 20
"""Characters by which a snippet may grow, so that it ends between words."""
_Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of text that one leaf of the query is found by."""

    start: int
    end: int
    leaf: int


def highlight(text: str, node: Node | None, *, field: str = "", snippets: int = 3, around: int = 80) -> list[_Piece]:
    """Return the best ``snippets`` of ``text`` as pieces, each with whether it is a hit.

    ``GAP`` stands for what is left out. Words asked for in another search field than ``field`` are not marked.
    ``around`` is in characters. A text without a hit gives its beginning.
    """
    plain = normalise(text)
    marks = sorted(_marks(plain, node, field), key=lambda mark: (mark.start, -mark.end)) if node else []
    best = sorted(_windows(plain, marks, around), key=lambda window: -window.leaves)[:snippets]
    pieces: list[_Piece] = []
    at = 0
    for window in sorted(best, key=lambda window: window.start):
        start = max(window.start, at)
        pieces += [(GAP, False)] if start > at else []
        pieces += _pieces(plain, start, window.end, marks)
        at = max(window.end, at)
    return [*pieces, (GAP, False)] if 0 < at < len(plain) else pieces


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch of text to be shown, and how many leaves of the query it shows."""

    start: int
    end: int
    leaves: int = 0


def _windows(text: str, marks: list[_Mark], around: int) -> list[_Window]:
    if not marks:
        return [_widened(text, 0, 2 * around, 0)]
    groups: list[list[_Mark]] = []
    for mark in marks:
        if groups and mark.start - groups[-1][-1].end <= around and mark.end - groups[-1][0].start <= 3 * around:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    half = around // 2
    return [
        _widened(text, group[0].start - half, max(mark.end for mark in group) + half, len({m.leaf for m in group}))
        for group in groups
    ]


def _widened(text: str, start: int, end: int, leaves: int) -> _Window:
    """Return the window with its ends moved out to the nearest spaces, a little way at most."""
    left = text.rfind(" ", max(0, start - _WIDER), max(0, start) + 1) + 1
    right = text.find(" ", end, end + _WIDER)
    return _Window(left or max(0, start), min(len(text), end) if right < 0 else right, leaves)


def _pieces(text: str, start: int, end: int, marks: list[_Mark]) -> Iterator[_Piece]:
    at = start
    for mark in marks:
        begin, stop = max(mark.start, at), min(mark.end, end)
        if begin >= stop:
            continue
        if begin > at:
            yield text[at:begin], False
        yield text[begin:stop], True
        at = stop
    if at < end:
        yield text[at:end], False


def _marks(text: str, node: Node, field: str) -> Iterator[_Mark]:
    exact, stemmed = exact_spans(text), stemmed_spans(text)
    for number, leaf in enumerate(wanted_leaves(node)):
        if leaf.field in {"", field}:
            spans = stemmed if _is_stemmed(leaf) else exact
            yield from (_Mark(spans[a].start, spans[b].end, number) for a, b in _runs(leaf, spans))


def _is_stemmed(leaf: Word | Phrase) -> bool:
    return isinstance(leaf, Word) and not leaf.prefix and len(exact_words(normalise(leaf.text))) == 1


def _runs(leaf: Word | Phrase, spans: list[Span]) -> Iterator[tuple[int, int]]:
    """Yield the first and last word of every place where a leaf is found."""
    words = [span.word for span in spans]
    if isinstance(leaf, Phrase):
        wanted = [word for part in leaf.words for word in exact_words(part)]
        return _near(words, wanted, leaf.near) if leaf.near else _in_order(words, wanted)
    if _is_stemmed(leaf):
        return _in_order(words, stemmed_words(normalise(leaf.text)))
    return _in_order(words, exact_words(normalise(leaf.text)), prefix=leaf.prefix)


def _in_order(words: list[str], wanted: list[str], *, prefix: bool = False) -> Iterator[tuple[int, int]]:
    size = len(wanted)
    for at in range(len(words) - size + 1):
        last = words[at + size - 1]
        if words[at : at + size - 1] == wanted[:-1] and (last.startswith(wanted[-1]) if prefix else last == wanted[-1]):
            yield at, at + size - 1


def _near(words: list[str], wanted: list[str], most: int) -> Iterator[tuple[int, int]]:
    """Yield each word of every stretch that holds all of ``wanted`` with at most ``most`` others between."""
    reach = len(wanted) + most
    for at, word in enumerate(words):
        if word in wanted and set(wanted) <= set(words[at : at + reach]):
            yield from ((place, place) for place in range(at, min(at + reach, len(words))) if words[place] in wanted)
