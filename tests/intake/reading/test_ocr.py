"""Scans and photographs are read where tesseract is installed, upright or not; where it is not, the person is told."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw, ImageFont

from intake.reading.ocr import find_languages
from intake.reading.reader import ResumeReader
from intake.reading.readers.ocr import sheets_from_tables
from intake.reading.sandbox.layers import probe
from intake.reading.verdicts import code_for
from storage.profile import Verdict

_MODE = "require" if probe().is_complete else "best-effort"
_TEXT = [
    "Jane Roe",
    "jane@example.org",
    "Work experience",
    "Engineer at Example Limited, 2015 to 2019",
    "Designed bridges and tunnels for railways",
    "Education",
    "Example University, Master of Science",
    "Languages: English, German and French",
]
needs_tesseract = pytest.mark.skipif(not find_languages(), reason="tesseract is not installed")


@pytest.fixture(scope="module")
def reader() -> Iterator[ResumeReader]:
    """A reader with recognition where it is installed."""
    opened = ResumeReader(_MODE, wall_seconds=120, kinds=("png",))
    opened.start()
    yield opened
    opened.close()


def _scan(turn: float = 0.0, form: str = "PNG") -> bytes:
    image = Image.new("L", (1240, 1000), 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(_TEXT):
        draw.text((120, 100 + number * 90), line, font=ImageFont.load_default(40), fill=0)
    out = io.BytesIO()
    image.rotate(turn, expand=True, fillcolor=255).save(out, form)
    return out.getvalue()


def _pdf_of(picture: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").save(out, "PDF", resolution=150)
    return out.getvalue()


@needs_tesseract
@pytest.mark.parametrize(
    "document", [_scan(), _scan(form="JPEG"), _pdf_of(_scan()), _scan(3.0)], ids=["png", "jpeg", "pdf", "askew"]
)
def test_scans_are_read(reader: ResumeReader, document: bytes) -> None:
    """A picture of a text, alone or in a PDF, level or not, gives its words."""
    reading = reader.read(document, timeout=100)

    assert reading.verdict is Verdict.OK
    assert "jane@example.org" in reading.text
    assert "Engineer at Example Limited, 2015 to 2019" in " ".join(reading.text.split())
    assert "read_by_ocr" in reading.warnings


@needs_tesseract
def test_a_page_lying_on_its_side_is_turned(reader: ResumeReader) -> None:
    """Where the words make no sense, the page is tried in its other orientations."""
    reading = reader.read(_scan(90), timeout=110)

    assert "Designed bridges and tunnels for railways" in " ".join(reading.text.split())


@needs_tesseract
def test_an_empty_page_is_told_so(reader: ResumeReader) -> None:
    """A picture without any text has none."""
    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PNG")

    assert reader.read(out.getvalue(), timeout=110).verdict is Verdict.EMPTY


def test_without_recognition_the_person_is_told() -> None:
    """The document is kept, and the sentence says that it cannot be read here."""
    reader = ResumeReader(_MODE, use_ocr=False, kinds=("png",))
    reader.start()
    try:
        reading = reader.read(_scan())
    finally:
        reader.close()

    assert reading.verdict is Verdict.NEEDS_OCR
    assert code_for(reading) == "needs_ocr"


def test_words_become_boxes_on_one_baseline() -> None:
    """Words of a line share baseline and size of type; icons and rules that were taken for words are dropped."""
    rows = [
        "5\t1\t1\t1\t1\t1\t100\t100\t80\t36\t95\tJane",
        "5\t1\t1\t1\t1\t2\t200\t110\t90\t38\t95\tgrey",
        "5\t1\t1\t1\t2\t1\t100\t200\t20\t30\t30\t+",
        "5\t1\t1\t1\t2\t2\t140\t200\t90\t36\t91\tBuilt",
        "5\t1\t1\t1\t3\t1\t100\t300\t90\t36\t12\tEE",
        "level\tbroken",
        "5\t1\tx",
    ]
    about = '{"width": 1000, "height": 2000, "scale": 0.5}'

    page = sheets_from_tables("png", [{"about": about, "table": "\n".join(rows)}]).pages[0]

    assert (page.width, page.height) == (500.0, 1000.0)
    assert [char.text for char in page.chars] == ["Jane", "grey", "\u2022", "Built"]
    assert page.chars[0].baseline == page.chars[1].baseline == 68.0
    assert page.chars[0].size == page.chars[1].size
