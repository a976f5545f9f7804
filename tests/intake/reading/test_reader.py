"""Reading as its callers see it: a verdict for everything, within its time, and never an exception."""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.reading.raster import png_size
from intake.reading.reader import PDF_READERS, QueueFullError, ResumeReader
from intake.reading.sandbox.layers import probe
from intake.reading.verdicts import SENTENCES, code_for, sentence_for
from storage.profile import Reading, Verdict

_MODE = "require" if probe().is_complete else "best-effort"
_RTF = b"{\\rtf1\\ansi\\b Jane Roe\\b0\\par jane@example.org\\par}"


@pytest.fixture(scope="module")
def reader() -> Iterator[ResumeReader]:
    """A reader with two workers."""
    opened = ResumeReader(_MODE, workers=2, waiting=1, cpu_seconds=2)
    opened.start()
    yield opened
    opened.close()


def _word(text: str) -> bytes:
    out = io.BytesIO()
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{name}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>',
        )
    return out.getvalue()


def test_documents_of_several_kinds_are_read(reader: ResumeReader) -> None:
    """Each kind gives its text, and says which kind it was."""
    documents = {
        "txt": b"Jane Roe\njane@example.org",
        "rtf": _RTF,
        "html": b"<html><h1>Jane Roe</h1><p>jane@example.org</p>",
        "docx": _word("Jane Roe jane@example.org"),
        "json": b'{"basics": {"name": "Jane Roe", "email": "jane@example.org"}}',
    }
    for kind, data in documents.items():
        reading = reader.read(data)

        assert (reading.verdict, reading.kind) == (Verdict.OK, kind)
        assert "jane@example.org" in reading.text
        assert sentence_for(reading) == ""


def test_what_cannot_be_read_comes_with_a_sentence(reader: ResumeReader) -> None:
    """A refusal is a verdict with a plain sentence, whether the gate or the sandbox found it."""
    for data in (b"", b"GIF89a", b'{"a": 1}', _word("Jane")[:-40], _word("&evil;"), b"<html><p> </p>"):
        reading = reader.read(data)

        assert reading.verdict is not Verdict.OK
        assert sentence_for(reading) == SENTENCES[code_for(reading)]
        assert reading.text == ""


def test_time_is_kept(reader: ResumeReader) -> None:
    """A document that would take longer is given up, and the next is read as ever."""
    slow = b"{\\rtf1 " + b"\\'e9\\b \\b0 " * 400_000

    assert reader.read(slow, timeout=0.05).verdict is Verdict.TIMEOUT
    assert reader.read(_RTF).verdict is Verdict.OK


def test_many_are_read_at_once(reader: ResumeReader) -> None:
    """Callers on many threads each get the reading of their own document."""
    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(reader.read, [f"Jane Roe number {n}".encode() for n in range(24)]))

    assert [reading.text.strip() for reading in readings] == [f"Jane Roe number {n}" for n in range(24)]


def test_the_queue_is_bounded(reader: ResumeReader) -> None:
    """Two workers and one waiting place: the fourth is turned away before its body is read."""
    with reader.reserve(), reader.reserve(), reader.reserve():
        assert not reader.try_reserve()
        with pytest.raises(QueueFullError) as full, reader.reserve():
            pass
        assert full.value.retry_after > 0
    assert reader.try_reserve()
    reader.release()


@pytest.mark.parametrize("data", [_RTF, b"Jane Roe\n" * 50, _word("Jane Roe")], ids=["rtf", "txt", "docx"])
def test_flowing_documents_are_drawn(reader: ResumeReader, data: bytes) -> None:
    """A picture of the width asked for, whose resolution tells its scale."""
    picture = reader.render(data, "", 1, 600)

    assert picture is not None
    size = png_size(picture)
    assert size is not None
    assert size[0] == 600
    assert b"pHYs" in picture
    assert reader.render(data, "", 2, 600) is None


def test_what_cannot_be_drawn_is_no_picture(reader: ResumeReader) -> None:
    """Refused documents, pages that are not there and absurd widths give nothing."""
    assert reader.render(b"", "", 1, 600) is None
    assert reader.render(b"%PDF-1.7 nothing", "", 1, 600) is None
    assert reader.render(_RTF, "", 1, 100_000) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    noise=st.binary(max_size=200),
    stem=st.sampled_from([b"", _RTF, _word("Jane Roe"), b"%PDF-1.7\n", b"<html><p>Jane", b'{"basics": {"name": "J"}}']),
    cut=st.integers(0, 400),
)
def test_reading_never_raises(reader: ResumeReader, noise: bytes, stem: bytes, cut: int) -> None:
    """Whatever the bytes, there is a Reading whose texts every store takes."""
    reading = reader.read(stem[:cut] + noise + stem[cut:])

    assert isinstance(reading, Reading)
    reading.text.encode()
    assert "\x00" not in reading.text


def test_nothing_is_written_while_reading(
    reader: ResumeReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file appears where temporary files would go, at any size."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))

    assert reader.read(_word("Jane Roe " * 400_000)).kind in ("docx", "zip")

    assert list(tmp_path.iterdir()) == []


def test_the_pdf_reader_is_a_choice() -> None:
    """The reader that was chosen is asked first, and its name is kept with the reading."""
    pdf = Path(__file__).with_name("linkedin.typ")
    document = typst.compile(pdf)
    for name in PDF_READERS:
        chosen = ResumeReader(_MODE, pdf_reader=name, kinds=("pdf",))
        chosen.start()
        try:
            reading = chosen.read(document)
        finally:
            chosen.close()
        assert reading.reader.startswith(f"{name};")
        assert reading.profile.name == "Jo van den Berg"
