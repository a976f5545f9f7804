"""PDF: two independent readers behind one function.

pdfium comes first; pdfminer.six where it refuses, or where its text looks wrong. Runs inside the sandbox only: either
may loop or abort on a hostile file. It never writes, renders or follows a link.
"""

from intake.reading.page import Page, Sheets
from intake.reading.readers import pdf_pdfium as _pdfium
from intake.reading.readers.glyphs import is_suspicious
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

MAX_PAGES = 50
MAX_CHARS = 300_000
_ATTACHED = ("resume.json", "attachment.xml")


_SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 62>>stream\nBT /F 9 Tf 9 50 Td (Jo Example, 2019 - 2021, jo@example.org) Tj ET\n"
    b"endstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>"
)


def warm_up() -> Sheets:
    """Read a sample before the sandbox closes, so that whatever forks afterwards finds fonts and tables loaded."""
    return _read_by_pdfium(_SAMPLE)


def read_pdf(data: bytes, prefer: str = "pdfium") -> Sheets:
    """Read a PDF's words, links and attachments.

    ``prefer`` is ``pdfium`` or ``pdfminer``; the other one stands in where the preferred one fails. At most
    `MAX_PAGES` pages and `MAX_CHARS` characters are read. Raises `RefusedError`, encrypted or malformed.
    """
    readers = (_read_by_pdfium, _read_by_pdfminer)
    refusal: RefusedError | None = None
    best: Sheets | None = None
    for reader in readers if prefer == "pdfium" else readers[::-1]:
        try:
            sheets = reader(data)
        except RefusedError as error:
            if refusal is None or error.verdict is Verdict.ENCRYPTED:
                refusal = error
            continue
        if not _looks_wrong(sheets.pages):
            return sheets
        best = best or sheets
    if best is not None:
        return best
    raise refusal or _refused(encrypted=False)


def _refused(*, encrypted: bool) -> RefusedError:
    return RefusedError(Verdict.ENCRYPTED, "encrypted") if encrypted else RefusedError(Verdict.MALFORMED, "malformed")


def _looks_wrong(pages: list[Page]) -> bool:
    """Whether another reader should be asked: no text although nothing is a picture, or wrongly decoded text."""
    text = "".join(char.text for page in pages for char in page.chars)
    if not text:
        return bool(pages) and not any(page.has_images for page in pages)
    return is_suspicious(text)


def _read_by_pdfium(data: bytes) -> Sheets:
    try:
        document = _pdfium.open_document(data)
    except _pdfium.PdfiumRefusedError as error:
        raise _refused(encrypted=error.encrypted) from None
    try:
        count = len(document)
        sheets = Sheets("pdf", "pdfium", page_count=count)
        sheets.pages = _pdfium.read_pages(document, MAX_PAGES, MAX_CHARS)
        sheets.attachments = [(n, d) for n, d in _pdfium.read_attachments(document) if n.lower().endswith(_ATTACHED)]
    finally:
        document.close()
    _note_caps(sheets)
    return sheets


def _read_by_pdfminer(data: bytes) -> Sheets:
    from intake.reading.readers import pdf_pdfminer

    try:
        pages, count = pdf_pdfminer.read_pages(data, MAX_PAGES, MAX_CHARS)
    except pdf_pdfminer.PdfminerRefusedError as error:
        raise _refused(encrypted=error.encrypted) from None
    sheets = Sheets("pdf", "pdfminer", page_count=count, pages=pages)
    _note_caps(sheets)
    return sheets


def _note_caps(sheets: Sheets) -> None:
    sheets.links = list(dict.fromkeys(link.url for page in sheets.pages for link in page.links))
    if sheets.page_count > len(sheets.pages):
        sheets.warnings.append("only the first pages were read")
