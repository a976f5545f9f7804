"""Plain text set in columns of spaces, laid out as a page: each character on a grid of equal cells.

Only for text that shows such columns; it never changes a word.
"""

import re

from intake.reading.layout import lay_out
from intake.reading.page import Char, Line, Page

_CELL_WIDTH, _ROW_HEIGHT, _SIZE = 5.0, 12.0, 10.0
_MARGIN = 40.0
_WORD = re.compile(r"\S+")
_INNER_GAP = re.compile(r"\S {3,}\S")
_MIN_ROWS = 4


def is_columnar(rows: list[str]) -> bool:
    """Whether several rows hold parts that stand far apart."""
    return sum(bool(_INNER_GAP.search(row)) for row in rows) >= _MIN_ROWS


def _to_page(rows: list[str], number: int) -> Page:
    page = Page(number, max(612.0, 2 * _MARGIN + _CELL_WIDTH * max(map(len, rows), default=0)), 0.0)
    for index, row in enumerate(rows):
        top = _MARGIN + index * _ROW_HEIGHT
        for match in _WORD.finditer(row):
            left, right = (_MARGIN + _CELL_WIDTH * at for at in match.span())
            page.chars.append(Char(match.group(), left, top, right, top + _SIZE, top + 0.8 * _SIZE, _SIZE, spaced=True))
    page.height = 2 * _MARGIN + len(rows) * _ROW_HEIGHT
    return page


def lay_out_text(text: str) -> list[Line]:
    """The lines of a text in columns, in reading order; form feeds part its pages."""
    pages = [page.split("\n") for page in text.split("\f") if page.strip()]
    return lay_out([_to_page(rows, number) for number, rows in enumerate(pages, start=1)])
