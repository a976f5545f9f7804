"""What an office document is made of, before any format: runs, paragraphs, tables, page headers and footers.

Text may hold tabs. Must never hold more than the writers can write in every format.
"""

from dataclasses import dataclass, field
from typing import Literal

Style = Literal["normal", "title", "heading", "bullet"]


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one look; ``size`` in points, 0 for the style's own."""

    text: str
    bold: bool = False
    italic: bool = False
    size: int = 0
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph. ``tab`` is where its tab stop stands, in twips from the left; ``right`` aligns text to it."""

    runs: tuple[Run, ...]
    style: Style = "normal"
    align: Literal["left", "center", "right"] = "left"
    tab: int = 0
    right: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of paragraphs; ``widths`` in twips."""

    rows: tuple[tuple[tuple[Para, ...], ...], ...]
    widths: tuple[int, ...]
    ruled: bool = False


Block = Para | Table


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. ``floating`` is the text of a text box at the page's edge, where the format has such.

    ``modern_box``: the box as Word writes it since 2010, a drawing with the same text again for older versions.
    """

    body: tuple[Block, ...]
    header: tuple[Para, ...] = ()
    footer: tuple[Para, ...] = ()
    floating: tuple[Para, ...] = field(default=())
    font: str = "Calibri"
    modern_box: bool = False


def para(*texts: str | Run, style: Style = "normal", align: Literal["left", "center", "right"] = "left") -> Para:
    """A paragraph of plain text and runs."""
    return Para(tuple(text if isinstance(text, Run) else Run(text) for text in texts), style, align)


def tabbed(*texts: str | Run, at: int, right: bool = True) -> Para:
    """A paragraph with one tab stop."""
    return Para(tuple(text if isinstance(text, Run) else Run(text) for text in texts), tab=at, right=right)


def bold(text: str) -> Run:
    """Bold text."""
    return Run(text, bold=True)


def italic(text: str) -> Run:
    """Slanted text."""
    return Run(text, italic=True)
