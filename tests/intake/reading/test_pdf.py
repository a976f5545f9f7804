"""Two PDF readers that must agree, on documents written here byte by byte."""

import pytest

from intake.reading.layout import lay_out
from intake.reading.readers.pdf import read_pdf
from intake.reading.structure import read_sheets
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict


def make_pdf(content: str, *, annotation: str = "", rotate: int = 0) -> bytes:
    """A one-page PDF with Helvetica as F1, Helvetica-Bold as F2 and these drawing operators."""
    stream = content.encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate %d /Contents 4 0 R /Annots [%s] /Resources "
        b"<< /Font << /F1 5 0 R /F2 6 0 R >> >> >>" % (rotate, annotation.encode()),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        body
        + head
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    )


def show(text: str, left: float, up: float, *, font: str = "F1", size: float = 11) -> str:
    return f"BT /{font} {size} Tf 1 0 0 1 {left} {up} Tm ({text}) Tj ET\n"


RESUME = (
    show("Zoé Example", 50, 740, font="F2", size=20)
    + show("zoe@example.org", 50, 715)
    + show("Experience", 50, 680, font="F2", size=14)
    + show("Analyst, Example Ltd", 50, 660, font="F2")
    + show("2019 - 2021", 480, 660)
    + show("Education", 50, 620, font="F2", size=14)
    + show("BSc Physics, Example University", 50, 600)
    + show("2016 - 2019", 480, 600)
)
LINK = "<< /Type /Annot /Subtype /Link /Rect [50 710 140 726] /A << /S /URI /URI (https://zoe.example.org) >> >>"


@pytest.mark.parametrize("prefer", ["pdfium", "pdfminer"])
def test_both_readers_give_the_same_profile(prefer: str) -> None:
    """Words, looks and links of either reader lead to the same fields."""
    sheets = read_pdf(make_pdf(RESUME, annotation=LINK), prefer)
    profile = read_sheets(sheets).profile
    assert sheets.reader == prefer
    assert (profile.name, profile.emails, profile.links) == (
        "Zoé Example",
        ("zoe@example.org",),
        ("https://zoe.example.org",),
    )
    assert [(w.employer, w.title, w.start, w.end) for w in profile.work] == [("Example Ltd", "Analyst", "2019", "2021")]
    assert [(e.institution, e.degree, e.end) for e in profile.education] == [
        ("Example University", "BSc Physics", "2019")
    ]


def test_readers_agree_where_words_stand() -> None:
    """The two readers' baselines and left edges differ by less than two points."""
    pages = [read_pdf(make_pdf(RESUME), prefer).pages[0] for prefer in ("pdfium", "pdfminer")]
    first, second = (
        {(round(c.baseline), round(c.left)) for c in page.chars if c.text.startswith("A")} for page in pages
    )
    assert all(any(abs(a - x) < 2 and abs(b - y) < 2 for x, y in second) for a, b in first)


def test_a_turned_page_reads_as_it_is_shown() -> None:
    """Rotation of the page is undone."""
    turned = "BT /F1 11 Tf 0 1 -1 0 60 50 Tm (Turned line) Tj ET\n"
    lines = lay_out(read_pdf(make_pdf(turned, rotate=90)).pages)
    assert [line.text for line in lines] == ["Turned line"]


def test_damaged_bytes_are_refused() -> None:
    """What neither reader can open has a verdict, not a traceback."""
    with pytest.raises(RefusedError) as refusal:
        read_pdf(b"%PDF-1.7\nnothing here")
    assert refusal.value.verdict is Verdict.MALFORMED


def test_text_under_icons_and_ligature_codes_is_repaired() -> None:
    """Codes of old fonts for ff, fi and fl become letters."""
    sheets = read_pdf(make_pdf(show("o\\033er o\\034ce", 50, 700)))
    assert "offer" in "".join(line.text for line in lay_out(sheets.pages))
