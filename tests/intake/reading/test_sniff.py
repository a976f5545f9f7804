"""The type of a document is told by its content alone."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.reading.sniff import KINDS, Sniffed, sniff
from intake.reading.verdicts import SENTENCES
from storage.profile import Verdict


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def _word(**more: bytes) -> bytes:
    return _zip(**{"[Content_Types]_dot_xml": b"<x/>", "word__document_dot_xml": b"<x/>", **more})


def _open_document(declared: bytes) -> bytes:
    return _zip(mimetype=declared, content_dot_xml=b"<x/>")


KNOWN = {
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "docx": _word(),
    "odt": _open_document(b"application/vnd.oasis.opendocument.text"),
    "rtf": b"{\\rtf1 Jane}",
    "html": b"<!DOCTYPE html><html><body>Jane</body></html>",
    "txt": b"Jane Roe\njane@example.org",
    "json": json.dumps({"basics": {"name": "Jane"}}).encode(),
    "europass": b"<?xml version='1.0'?><SkillsPassport xmlns='http://europass.cedefop.europa.eu/Europass'/>",
}


@pytest.mark.parametrize("kind", KNOWN)
def test_each_type_is_told_by_its_content(kind: str) -> None:
    """A sound document of each kind is recognised without any name."""
    assert sniff(KNOWN[kind]) == Sniffed(kind)
    assert kind in KINDS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_text_is_told_in_any_encoding(encoding: str) -> None:
    """Text with a mark, with alternating NULs or with high bytes is still text."""
    assert sniff("Zoë Müller, Straße 5\nzoe@example.org\n".encode(encoding)).kind == "txt"


@pytest.mark.parametrize(
    ("data", "verdict", "code"),
    [
        (b"", Verdict.EMPTY, "empty_file"),
        (b" \n\t ", Verdict.EMPTY, "no_text"),
        (b"GIF89a....", Verdict.UNSUPPORTED, "picture"),
        (b"\x00\x00\x00\x18ftypheic", Verdict.UNSUPPORTED, "picture"),
        (b"Rar!\x1a\x07", Verdict.UNSUPPORTED, "archive"),
        (b"MZ\x90\x00\x03\x00", Verdict.UNSUPPORTED, "unsupported"),
        (_zip(a=b"b"), Verdict.UNSUPPORTED, "archive"),
        (_zip(**{"[Content_Types]_dot_xml": b"", "xl__w_dot_xml": b""}), Verdict.UNSUPPORTED, "spreadsheet"),
        (_zip(**{"[Content_Types]_dot_xml": b"", "ppt__p_dot_xml": b""}), Verdict.UNSUPPORTED, "presentation"),
        (_open_document(b"application/vnd.oasis.opendocument.spreadsheet"), Verdict.UNSUPPORTED, "spreadsheet"),
        (_word(content_dot_xml=b"", mimetype=b""), Verdict.MALFORMED, "ambiguous"),
        (_word() + b"<script>", Verdict.MALFORMED, "ambiguous"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Verdict.UNSUPPORTED, "unsupported"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, Verdict.MALFORMED, "malformed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(data: bytes, verdict: Verdict, code: str) -> None:
    """Each refusal has a stable code, and each code a sentence for the person."""
    found = sniff(data)

    assert (found.verdict, found.code) == (verdict, code)
    assert SENTENCES[code]


@pytest.mark.parametrize(
    ("stream", "verdict", "code"),
    [
        ("WordDocument", Verdict.UNSUPPORTED, "legacy_word"),
        ("EncryptedPackage", Verdict.ENCRYPTED, "encrypted"),
        ("Workbook", Verdict.UNSUPPORTED, "spreadsheet"),
    ],
)
def test_old_and_encrypted_office_files_are_told_apart(stream: str, verdict: Verdict, code: str) -> None:
    """Both live in the same container; what to do about them differs."""
    found = sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le") + bytes(60))

    assert (found.verdict, found.code) == (verdict, code)


@pytest.mark.asvs("1.5.3")
def test_a_file_valid_as_two_types_has_one_verdict() -> None:
    """The first signature decides, so that no two readers ever see the same file."""
    assert sniff(b"%PDF-1.4\n" + _word()).kind == "pdf"
    assert sniff(b"<html><script>1</script>" + KNOWN["pdf"]).kind == "html"


@pytest.mark.asvs("5.2.6")
def test_a_pixel_flood_is_refused_from_its_header() -> None:
    """No decoder is asked about a picture that says it is huge."""
    header = (50_000).to_bytes(4, "big") * 2 + b"\x01\x00\x00\x00\x00"
    png = b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + b"IHDR" + header + bytes(4)

    assert sniff(png).code == "too_many_pixels"
    assert sniff(b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(9)).code == "too_many_pixels"


@given(st.binary(max_size=600), st.sampled_from([b"", *KNOWN.values()]), st.integers(0, 600))
def test_sniffing_never_raises(noise: bytes, stem: bytes, cut: int) -> None:
    """Whatever the bytes, there is a verdict."""
    found = sniff(stem[:cut] + noise + stem[cut:])

    assert found.verdict is Verdict.OK or found.code in SENTENCES
