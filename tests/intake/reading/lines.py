"""Lines as a reader would hand them on, for tests of what is made of them."""

from collections.abc import Iterable

from intake.reading.page import Char, Line, Page, Span


def make_line(text: str, top: float = 0.0, *, size: float = 10.0, bold: bool = False, listed: bool = False) -> Line:
    """One line; tabs part its cells."""
    cells = tuple(text.split("\t"))
    span = Span("   ".join(cells), 50.0, 300.0, size, bold)
    return Line((span,), 1, 68.0 if listed else 50.0, top, 300.0, top + size, cells, listed=listed)


def make_lines(*texts: str) -> list[Line]:
    """Lines one below the other: ``#`` opens a heading, ``**`` a bold line, ``-`` a list item."""
    lines = []
    for index, text in enumerate(texts):
        mark, _, rest = text.partition(" ")
        if mark not in ("#", "**", "-"):
            mark, rest = "", text
        size = 14.0 if mark == "#" else 10.0
        lines.append(make_line(rest, 40 + 13.0 * index, size=size, bold=mark in ("#", "**"), listed=mark == "-"))
    return lines


def make_page(words: Iterable[tuple[str, float, float]], number: int = 1, *, size: float = 10.0) -> Page:
    """A page of texts at (left, baseline); each word of a text becomes one run of characters."""
    page = Page(number, 600.0, 800.0)
    for text, left, baseline in words:
        at = left
        for word in text.split(" "):
            right = at + 0.5 * size * len(word)
            page.chars.append(
                Char(word, at, baseline - 0.8 * size, right, baseline + 2, baseline, size, spaced=at > left)
            )
            at = right + 0.3 * size
    return page
