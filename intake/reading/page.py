"""What a reader hands on: characters with boxes, or lines that the format itself already knows.

All coordinates are points from the page's top left corner, growing right and down. Formats without pages (HTML,
text, RTF) put everything on page 1 and number lines downwards, one line height each.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Char:
    """One or more characters drawn together without a gap: a letter, a ligature expanded, or a whole word.

    Layout joins neighbours by their distance, so that a reader may cut as finely as its format makes it. ``text``
    never holds a space; ``spaced`` says that one was written before it. ``upright`` is false for text that runs up or
    down the page. Not frozen: a page holds thousands, and a frozen one costs three times as much to make.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    baseline: float
    size: float
    font: str = ""
    bold: bool = False
    italic: bool = False
    upright: bool = True
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link annotation over a box of the page."""

    url: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Page:
    """One page of a paged format."""

    number: int
    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    has_images: bool = False
    is_turned: bool = False
    """Whether it was turned to be read, so that its boxes do not fit its picture."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of one look inside a line."""

    text: str
    left: float
    right: float
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line in reading order.

    ``cells`` splits a line whose parts stand far apart (right-hand dates, table cells, tab stops) into texts in
    order; a plain line has one. ``column`` numbers the column inside the page band. ``heading`` is the heading level
    where the format says so (1-6), 0 where it does not. ``listed`` is true for list items, whose bullet is dropped.
    """

    spans: tuple[Span, ...]
    page: int
    left: float
    top: float
    right: float
    bottom: float
    cells: tuple[str, ...] = ()
    column: int = 0
    heading: int = 0
    listed: bool = False

    @property
    def text(self) -> str:
        """The line's text, runs joined as they stand."""
        spans = self.spans
        return spans[0].text if len(spans) == 1 else "".join([span.text for span in spans])


@dataclass(slots=True)
class Sheets:
    """What a reader found in one document.

    A paged reader fills ``pages`` and the layout step derives the lines; a flowing format fills ``lines`` itself.
    ``structured`` holds a JSON Resume object where the document carries one (JSON Resume, Europass, an attachment):
    it is taken as truth. ``links`` are addresses that stand only behind text.
    """

    kind: str
    reader: str
    pages: list[Page] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    structured: dict[str, object] | None = None
    attachments: list[tuple[str, bytes]] = field(default_factory=list)
    """Embedded files that may hold the resume as data (``resume.json``, Europass ``attachment.xml``)."""
    page_count: int = 0
    warnings: list[str] = field(default_factory=list)
