"""The text of a generated document, by means that share nothing with the product's readers.

Must never be used on files that are not our own: it trusts them.
"""

import html
import io
import re
import unicodedata
import zipfile
from ctypes import byref, create_string_buffer, sizeof

import pypdfium2
import pypdfium2.raw as pdfium


def find_text(content: bytes, kind: str) -> str:
    """All text of a document, in any order, with the addresses that links lead to."""
    if kind == "pdf":
        return _find_in_pdf(content)
    if kind in ("docx", "odt"):
        return _find_in_zip(content)
    if kind == "rtf":
        return _find_in_rtf(content.decode("ascii"))
    text = content.decode()
    return _strip_tags(text) if kind == "html" else text


def squeeze(text: str) -> str:
    """Letters and digits alone, in one case, so that line breaks, hyphens and letter-spacing do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def _find_in_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    found = []
    for page in document:
        text = page.get_textpage()
        found += [text.get_text_range(), *_find_addresses(document, page)]
        text.close()
        page.close()
    document.close()
    return "\n".join(found)


def _find_addresses(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[str]:
    place, link, found = pdfium.c_int(0), pdfium.FPDF_LINK(), []
    while pdfium.FPDFLink_Enumerate(page, byref(place), byref(link)):
        action = pdfium.FPDFLink_GetAction(link)
        buffer = create_string_buffer(2048)
        pdfium.FPDFAction_GetURIPath(document, action, buffer, sizeof(buffer))
        found.append(buffer.value.decode("utf-8", "replace"))
    return found


def _find_in_zip(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    return "\n".join(_strip_tags(part) for part in parts)


def _strip_tags(text: str) -> str:
    addresses = re.findall(r'(?:href|Target)="([^"]*)"', text)
    return html.unescape(re.sub(r"<[^>]*>", " ", text) + "\n".join(addresses))


def _find_in_rtf(text: str) -> str:
    told = re.sub(r"\\u(-?\d+)\?", lambda found: chr(int(found[1]) % 65536), text)
    return re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", told)
