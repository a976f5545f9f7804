"""PDF pages through pdfminer.six: the second, independent reader, for what pdfium refuses or decodes wrongly.

Runs inside the sandbox only: pdfminer can be made to loop. It never renders.
"""

import io
from collections.abc import Iterator
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTContainer, LTImage
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from intake.reading.page import Char, Link, Page
from intake.reading.readers.fonts import is_bold_font, is_italic_font
from intake.reading.readers.glyphs import REPAIRED


class PdfminerRefusedError(Exception):
    """pdfminer could not open the document; ``encrypted`` says whether for want of a password."""

    def __init__(self, *, encrypted: bool) -> None:
        super().__init__("pdfminer could not open the document")
        self.encrypted = encrypted


def read_pages(data: bytes, max_pages: int, max_chars: int) -> tuple[list[Page], int]:
    """Characters and links of the first pages, and how many pages were seen. Raises `PdfminerRefusedError`."""
    try:
        return _read(data, max_pages, max_chars)
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise PdfminerRefusedError(encrypted=True) from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - pdfminer raises anything on broken input
        raise PdfminerRefusedError(encrypted=False) from None


def _read(data: bytes, max_pages: int, max_chars: int) -> tuple[list[Page], int]:
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    manager = PDFResourceManager()
    device = PDFPageAggregator(manager, laparams=None)
    interpreter = PDFPageInterpreter(manager, device)
    pages: list[Page] = []
    count = chars_left = 0
    chars_left = max_chars
    for source in PDFPage.create_pages(document):
        count += 1
        if count > max_pages or chars_left <= 0:
            break
        interpreter.process_page(source)
        layout = device.get_result()
        page = Page(count, layout.width, layout.height)
        page.chars = _read_chars(layout)[:chars_left]
        page.links = list(_read_links(source.annots, layout.height))
        page.has_images = not page.chars and any(isinstance(item, LTImage) for item in _walk(layout))
        chars_left -= len(page.chars)
        pages.append(page)
    if not pages:
        raise PdfminerRefusedError(encrypted=False)
    return pages, count


def _walk(container: LTContainer[Any], depth: int = 0) -> Iterator[Any]:
    for item in container:
        if isinstance(item, LTContainer) and depth < 20:
            yield from _walk(item, depth + 1)
        else:
            yield item


def _read_chars(layout: LTContainer[Any]) -> list[Char]:
    chars: list[Char] = []
    spaced = False
    for item in _walk(layout):
        if not isinstance(item, LTChar):
            continue
        if item.get_text().isspace():
            spaced = True
            continue
        for char in _to_chars(item, layout.height):
            char.spaced, spaced = spaced, False
            chars.append(char)
    return chars


def _to_chars(item: LTChar, height: float) -> Iterator[Char]:
    text = "".join(
        REPAIRED[ord(c)] for c in item.get_text() if not c.isspace() and not item.get_text().startswith("(cid:")
    )
    if not text:
        return
    name = item.fontname
    a, b, _, _, _, baseline = item.matrix
    yield Char(
        text,
        item.x0,
        height - item.y1,
        item.x1,
        height - item.y0,
        height - baseline,
        max(1.0, item.size / 1.15 if abs(a) >= abs(b) else item.width),
        name,
        is_bold_font(name),
        is_italic_font(name),
        abs(a) >= abs(b),
    )


def _read_links(annotations: Any, height: float) -> Iterator[Link]:
    listed = resolve1(annotations) or []
    for reference in listed[:500] if isinstance(listed, list) else []:
        annotation = resolve1(reference)
        action = resolve1(annotation.get("A")) if isinstance(annotation, dict) else None
        url = resolve1(action.get("URI")) if isinstance(action, dict) else None
        box = resolve1(annotation.get("Rect")) if url else None
        if isinstance(url, bytes) and isinstance(box, list) and len(box) == 4:
            left, bottom, right, top = (float(resolve1(v)) for v in box)
            text = url.decode("utf-8", "replace")
            yield Link(text, min(left, right), height - max(top, bottom), max(left, right), height - min(top, bottom))
