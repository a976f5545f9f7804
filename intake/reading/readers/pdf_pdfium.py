"""PDF pages through pdfium: words with loose boxes, looks, link annotations and attachments.

Calls the C interface directly and as little as possible for each character. It must run inside the sandbox only: pdfium
may abort its process. It never opens a file and never renders.
"""

import ctypes
import math
from collections.abc import Sequence

import pypdfium2 as pdfium
from pypdfium2 import raw

from intake.reading.page import Char, Link, Page
from intake.reading.readers.fonts import is_bold_font, is_icon_font, is_italic_font
from intake.reading.readers.glyphs import ICON, REPAIRED

WORD_GAP = 0.18
"""A gap of this many ems parts two words (measured on many makers of PDF)."""
_FLAG_ITALIC, _FLAG_FORCE_BOLD = 1 << 6, 1 << 18
_PASSWORD_ERROR, _SECURITY_ERROR = 4, 5


class PdfiumRefusedError(Exception):
    """pdfium could not open the document; ``encrypted`` says whether for want of a password."""

    def __init__(self, *, encrypted: bool) -> None:
        super().__init__("pdfium could not open the document")
        self.encrypted = encrypted


class _Frame:
    """Turns pdfium's coordinates (from the lower left, before rotation) into the page's as shown."""

    __slots__ = ("height", "origin_x", "origin_y", "rotation", "width")

    def __init__(self, page: pdfium.PdfPage) -> None:
        left, bottom, right, top = page.get_cropbox()
        self.origin_x, self.origin_y = left, bottom
        self.rotation = page.get_rotation()
        wide, high = right - left, top - bottom
        self.width, self.height = (high, wide) if self.rotation in (90, 270) else (wide, high)

    def point(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.origin_x, y - self.origin_y
        if self.rotation == 90:
            return y, x
        if self.rotation == 180:
            return self.width - x, y
        if self.rotation == 270:
            return self.width - y, self.height - x
        return x, self.height - y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        ax, ay = self.point(left, bottom)
        bx, by = self.point(right, top)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


class _Looks:
    """Font, size and direction of the character at an index; asked once for each word."""

    def __init__(self, textpage: ctypes.c_void_p, rotation: int) -> None:
        self._textpage = textpage
        self._matrix = raw.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._fonts: dict[bytes, tuple[str, bool, bool]] = {}
        self._rotation = rotation
        self.icons: set[str] = set()

    def size_and_turn(self, index: int) -> tuple[float, bool]:
        size = raw.FPDFText_GetFontSize(self._textpage, index)
        m = self._matrix
        if not raw.FPDFText_GetMatrix(self._textpage, index, m):
            return size or 10.0, True
        sideways = abs(m.b) > abs(m.a)
        if self._rotation in (90, 270):
            sideways = not sideways
        return max(1.0, size * math.hypot(m.c, m.d)), not sideways

    def font(self, index: int) -> tuple[str, bool, bool]:
        raw.FPDFText_GetFontInfo(self._textpage, index, self._name, 128, self._flags)
        key = self._name.value
        found = self._fonts.get(key)
        if found is None:
            name = key.decode("utf-8", "replace")
            flags = self._flags.value
            if is_icon_font(name):
                self.icons.add(name)
            bold = is_bold_font(name) or bool(flags & _FLAG_FORCE_BOLD)
            found = self._fonts[key] = (name, bold, is_italic_font(name) or bool(flags & _FLAG_ITALIC))
        return found


def _read_codes(textpage: ctypes.c_void_p, count: int) -> Sequence[int]:
    """The code of each character; in one call where every character is one UTF-16 unit."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if raw.FPDFText_GetText(textpage, 0, count, buffer) == count + 1:
        codes = buffer[:count]
        if 0 not in codes and not any(0xD800 <= code < 0xE000 for code in codes):
            return codes
    get = raw.FPDFText_GetUnicode
    return [get(textpage, i) for i in range(count)]


def _shown(word: Char, letters: list[str], looks: _Looks) -> str:
    """The word's text; a letter or two of an icon font are a picture, more of them is the text it stands for."""
    if word.font in looks.icons and len(letters) <= 2:
        return ICON
    return "".join(letters)


def _read_words(textpage: ctypes.c_void_p, count: int, frame: _Frame) -> list[Char]:  # noqa: C901, PLR0912 - the one hot loop: a call for each step would double its cost
    looks = _Looks(textpage, frame.rotation)
    words: list[Char] = []
    rect = raw.FS_RECTF()
    ref = ctypes.byref(rect)
    get_box, get_origin, is_generated = (
        raw.FPDFText_GetLooseCharBox,
        raw.FPDFText_GetCharOrigin,
        raw.FPDFText_IsGenerated,
    )
    x, y = ctypes.c_double(), ctypes.c_double()
    plain, ox, high = frame.rotation == 0, frame.origin_x, frame.origin_y + frame.height
    word: Char | None = None
    pending: list[str] = []
    spaced = False
    generated = False
    limit = low = edge = spacing = 0.0
    for index, code in enumerate(_read_codes(textpage, count)):
        if code in (0x20, 0xA0, 0x0D, 0x0A, 0x09, 0x3000) or 0x2000 <= code <= 0x200A:
            spaced = True
            generated = bool(is_generated(textpage, index))
            continue
        text = REPAIRED[code]
        if not text:
            continue
        get_box(textpage, index, ref)
        left, bottom, right, top = rect.left, rect.bottom, rect.right, rect.top
        if word is not None and ICON not in (text, word.text) and plain:
            gap = left - edge
            tracked = gap < 1.6 * spacing + 0.3 * limit and spacing > 0.45 * limit
            together = tracked if spaced and generated else not spaced
            if together and word.font in looks.icons and looks.font(index)[0] != word.font:
                together = False
            if together and -limit < gap < max(limit, 1.6 * spacing) and abs(bottom - low) < limit:
                pending.append(text)
                spacing, spaced = gap, False
                if right > edge:
                    word.right += right - edge
                    edge = right
                continue
        if word is not None:
            word.text = _shown(word, pending, looks)
        size, upright = looks.size_and_turn(index)
        name, bold, italic = looks.font(index)
        get_origin(textpage, index, x, y)
        if plain:
            box, base = (left - ox, high - top, right - ox, high - bottom), high - y.value
        else:
            box, base = frame.box(left, bottom, right, top), frame.point(x.value, y.value)[1]
        word = Char(text, box[0], box[1], box[2], box[3], base, size, name, bold, italic, upright, spaced)
        words.append(word)
        pending = [text]
        low, edge, limit, spaced, spacing = bottom, right, size * WORD_GAP, False, 0.0
    if word is not None:
        word.text = _shown(word, pending, looks)
    return words


def _settle_kerned(words: list[Char]) -> list[Char]:
    """Put a small raised letter that is kerned into its neighbours on their line: the logo of LaTeX is drawn so."""
    for before, raised, after in zip(words, words[1:], words[2:], strict=False):
        if raised.size > 0.8 * before.size or len(raised.text) > 2:
            continue
        kerned = raised.left < before.right and after.left < raised.right
        if kerned and before.baseline == after.baseline and abs(raised.baseline - before.baseline) < 0.4 * before.size:
            raised.baseline, raised.size = before.baseline, before.size
            raised.top, raised.bottom = before.top, before.bottom
    return words


def _read_links(document: pdfium.PdfDocument, page: pdfium.PdfPage, frame: _Frame) -> list[Link]:
    links: list[Link] = []
    position, link = ctypes.c_int(0), raw.FPDF_LINK()
    rect = raw.FS_RECTF()
    buffer = ctypes.create_string_buffer(2048)
    while len(links) < 500 and raw.FPDFLink_Enumerate(page.raw, position, link):
        action = raw.FPDFLink_GetAction(link)
        if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
            continue
        length = raw.FPDFAction_GetURIPath(document.raw, action, buffer, 2048)
        if 0 < length <= 2048 and raw.FPDFLink_GetAnnotRect(link, rect):
            url = buffer.raw[: length - 1].decode("utf-8", "replace")
            links.append(Link(url, *frame.box(rect.left, rect.bottom, rect.right, rect.top)))
    return links


def _has_images(page: pdfium.PdfPage) -> bool:
    count = min(raw.FPDFPage_CountObjects(page.raw), 200)
    get, kind = raw.FPDFPage_GetObject, raw.FPDFPageObj_GetType
    return any(kind(get(page.raw, i)) in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM) for i in range(count))


def _read_page(document: pdfium.PdfDocument, number: int, chars_left: int) -> Page:
    page = document.get_page(number)
    frame = _Frame(page)
    shown = Page(number + 1, frame.width, frame.height)
    textpage = raw.FPDFText_LoadPage(page.raw)
    if textpage:
        count = min(max(raw.FPDFText_CountChars(textpage), 0), chars_left)
        shown.chars = _settle_kerned(_read_words(textpage, count, frame))
        raw.FPDFText_ClosePage(textpage)
    shown.links = _read_links(document, page, frame)
    if not shown.chars:
        shown.has_images = _has_images(page)
    page.close()
    return shown


def open_document(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF. Raises `PdfiumRefusedError`."""
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        encrypted = error.err_code in (_PASSWORD_ERROR, _SECURITY_ERROR)
        raise PdfiumRefusedError(encrypted=encrypted) from None


def read_pages(document: pdfium.PdfDocument, max_pages: int, max_chars: int) -> list[Page]:
    """Words and links of the first pages; stops after ``max_chars`` characters."""
    pages: list[Page] = []
    chars_left = max_chars
    for number in range(min(len(document), max_pages)):
        if chars_left <= 0:
            break
        page = _read_page(document, number, chars_left)
        chars_left -= sum(len(char.text) for char in page.chars)
        pages.append(page)
    return pages


def read_attachments(document: pdfium.PdfDocument, max_bytes: int = 2_000_000) -> list[tuple[str, bytes]]:
    """Names and contents of embedded files up to ``max_bytes`` each; at most ten."""
    found: list[tuple[str, bytes]] = []
    for index in range(min(max(document.count_attachments(), 0), 10)):
        attachment = document.get_attachment(index)
        length = ctypes.c_ulong()
        if not raw.FPDFAttachment_GetFile(attachment.raw, None, 0, length) or not 0 < length.value <= max_bytes:
            continue
        found.append((attachment.get_name(), bytes(attachment.get_data())))
    return found
