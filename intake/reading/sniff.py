"""The type of a document, told by its content and never by its name.

The first signature decides and only one reader is ever asked, so that a file which is valid as two types has one
verdict. Runs in the web process: it compares bytes and reads zip directories, and never parses a document.
"""

import re
from dataclasses import dataclass

from intake.reading.archive import Archive, open_archive
from intake.reading.raster import is_too_large, jpeg_size, png_size
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

KINDS = ("pdf", "docx", "odt", "rtf", "html", "txt", "json", "europass", "png", "jpeg")
"""Types that a reader exists for."""

_PDF_WITHIN = 1024
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body|meta|title|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_ODT_TYPES = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"BM", "picture"),
    (b"\x00\x00\x00\x0cjP  ", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "unsupported"),
    (b"\x7fELF", "unsupported"),
    (b"%!PS", "unsupported"),
    (b"{\\pwi", "unsupported"),
)
_OLE_STREAMS = {"WordDocument": "legacy_word", "Workbook": "spreadsheet", "PowerPoint Document": "presentation"}


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a document is. ``verdict`` is OK when a reader may be asked, else ``code`` says why not."""

    kind: str
    verdict: Verdict = Verdict.OK
    code: str = ""


def sniff(data: bytes) -> Sniffed:
    """Tell a document's type. Never raises, whatever the bytes."""
    if not data:
        return Sniffed("", Verdict.EMPTY, "empty_file")
    try:
        return _by_signature(data) or _by_text(data)
    except RefusedError as refusal:
        return Sniffed(_family(data), refusal.verdict, refusal.code)


def _family(data: bytes) -> str:
    """Name a refused container by its first bytes."""
    signs = {b"PK\x03": "zip", b"PK\x05": "zip", b"\x89PN": "png", b"\xff\xd8\xff": "jpeg", b"\xd0\xcf\x11": "ole"}
    return signs.get(data[:3], "")


def _by_signature(data: bytes) -> Sniffed | None:
    head = data[:_PDF_WITHIN]
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x0c\x00")
    if start.startswith(b"%PDF-"):
        return Sniffed("pdf")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_kind(data)
    if start.startswith(b"{\\rtf"):
        return Sniffed("rtf")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole_kind(data)
    return _picture_kind(data) or _foreign_kind(head) or _late_pdf(data, head)


def _late_pdf(data: bytes, head: bytes) -> Sniffed | None:
    """A PDF may have a little in front of its header, as long as that is not another type of its own."""
    if b"%PDF-" not in head or _HTML.match(head):
        return None
    return Sniffed("pdf") if b"obj" in data else None


def _foreign_kind(head: bytes) -> Sniffed | None:
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return Sniffed("", Verdict.UNSUPPORTED, "picture")
    for sign, code in _FOREIGN:
        if head.startswith(sign) and not (sign in (b"BM", b"MZ") and b"\x00" not in head):
            return Sniffed("", Verdict.UNSUPPORTED, code)
    return None


def _picture_kind(data: bytes) -> Sniffed | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        kind, size = "png", png_size(data)
    elif data.startswith(b"\xff\xd8\xff"):
        kind, size = "jpeg", jpeg_size(data)
    else:
        return None
    if size is None:
        return Sniffed(kind, Verdict.MALFORMED, "malformed")
    if is_too_large(size):
        return Sniffed(kind, Verdict.TOO_LARGE, "too_many_pixels")
    return Sniffed(kind)


def _ole_kind(data: bytes) -> Sniffed:
    """Old Office files and encrypted new ones share a container; its directory names are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Sniffed("ole", Verdict.ENCRYPTED, "encrypted")
    for name, code in (
        ("WordDocument", "legacy_word"),
        ("Workbook", "spreadsheet"),
        ("PowerPoint Doc", "presentation"),
    ):
        if name.encode("utf-16-le") in data:
            return Sniffed("doc" if code == "legacy_word" else "ole", Verdict.UNSUPPORTED, code)
    return Sniffed("ole", Verdict.UNSUPPORTED, "legacy_word")


def _zip_kind(data: bytes) -> Sniffed:
    archive = open_archive(data)
    names = archive.members.keys()
    office = "[Content_Types].xml" in archive and any(name.startswith(("word/", "xl/", "ppt/")) for name in names)
    open_document = "content.xml" in archive and ("mimetype" in archive or "META-INF/manifest.xml" in archive)
    if office and open_document:
        return Sniffed("zip", Verdict.MALFORMED, "ambiguous")
    if open_document:
        return _open_document_kind(archive)
    return _office_kind(archive) if office else Sniffed("zip", Verdict.UNSUPPORTED, "archive")


def _open_document_kind(archive: Archive) -> Sniffed:
    if "mimetype" not in archive or archive.read("mimetype", 200).strip() in _ODT_TYPES:
        return Sniffed("odt")
    declared = archive.read("mimetype", 200)
    code = "spreadsheet" if b"spreadsheet" in declared else "presentation" if b"presentation" in declared else ""
    return Sniffed("zip", Verdict.UNSUPPORTED, code or "unsupported")


def _office_kind(archive: Archive) -> Sniffed:
    tops = {name.split("/", 1)[0] for name in archive.members}
    if "word" in tops:
        return Sniffed("docx")
    return Sniffed("zip", Verdict.UNSUPPORTED, "spreadsheet" if "xl" in tops else "presentation")


def _is_texty(head: bytes) -> bool:
    """Text in some encoding: nearly no control bytes, or UTF-16 by its mark or its alternating NULs."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head:
        fewer, more = sorted((head[0::2].count(0), head[1::2].count(0)))
        return len(head) >= 8 and more * 10 >= len(head) * 4 and fewer * 20 <= len(head)
    control = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in head)
    return control * 50 <= len(head)


def _by_text(data: bytes) -> Sniffed:
    head = data[:4096]
    if not _is_texty(head):
        return Sniffed("", Verdict.UNSUPPORTED, "unsupported")
    start = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0c")
    if not start:
        return Sniffed("txt", Verdict.EMPTY, "no_text")
    if start.startswith(b"{"):
        return Sniffed("json")
    if _HTML.match(start):
        return Sniffed("html")
    return _xml_kind(start) if start.startswith((b"<?xml", b"<!DOCTYPE", b"<svg", b"<!ENTITY")) else Sniffed("txt")


def _xml_kind(start: bytes) -> Sniffed:
    lowered = start.lower()
    if any(sign in lowered for sign in (b"europass", b"<candidate", b"skillspassport", b"<learnerinfo")):
        return Sniffed("europass")
    if b"<html" in lowered:
        return Sniffed("html")
    return Sniffed("xml", Verdict.UNSUPPORTED, "unsupported")
