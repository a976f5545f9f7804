"""Hostile PDFs, made deterministically: loops, bombs, broken structure, odd fonts, active and misleading content."""

import zlib
from collections.abc import Iterator

_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_TEXT = b"BT /F1 12 Tf 72 720 Td (Jane Roe jane@example.org) Tj ET"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """Return a stream object's body."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def pdf_of(objects: dict[int, bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Assemble a PDF with a sound cross-reference table."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, size))
    return bytes(out + b"trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


def plain_pdf(text: bytes = _TEXT, **changed: bytes) -> bytes:
    """Return a one-page PDF; ``o7=...`` sets object 7."""
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 3: _PAGE}
    objects |= {4: stream(text), 5: _FONT}
    return pdf_of(objects | {int(key[1:]): body for key, body in changed.items()})


def _loops() -> Iterator[tuple[str, bytes]]:
    yield "pdf_indirect_loop.pdf", plain_pdf(o4=b"6 0 R", o6=b"4 0 R")
    yield "pdf_pages_loop.pdf", plain_pdf(o2=b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    yield "pdf_length_loop.pdf", plain_pdf(o4=b"<</Length 4 0 R>>\nstream\n" + _TEXT + b"\nendstream")
    form = stream(b"/X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    page = _PAGE.replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    yield "pdf_form_loop.pdf", plain_pdf(b"/X Do", o3=page, o6=form)
    forms = {
        f"o{number}": stream(
            b"/X Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1),
        )
        for number in range(6, 14)
    }
    yield "pdf_form_exponential.pdf", plain_pdf(b"/X Do", o3=page, **forms)
    previous = plain_pdf()
    yield "pdf_xref_loop.pdf", previous.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % previous.rfind(b"xref\n0"))
    yield "pdf_encrypt_loop.pdf", plain_pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 6 0 R/ID[<00><00>]")


def _bombs() -> Iterator[tuple[str, bytes]]:
    once = zlib.compress(bytes(60_000_000), 9)
    twice = zlib.compress(zlib.compress(bytes(200_000_000), 9), 9)
    yield "pdf_flate.pdf", plain_pdf(o4=stream(once, b"/Filter/FlateDecode"))
    yield "pdf_flate_twice.pdf", plain_pdf(o4=stream(twice, b"/Filter[/FlateDecode/FlateDecode]"))
    yield "pdf_filters.pdf", plain_pdf(o4=stream(b"x", b"/Filter[" + b"/ASCIIHexDecode" * 20_000 + b"]"))
    yield "pdf_saves.pdf", plain_pdf(o4=stream(zlib.compress(b"q " * 10_000_000, 9), b"/Filter/FlateDecode"))
    operators = zlib.compress(b"0 0 m 1 1 l S\n" * 2_000_000, 9)
    yield "pdf_operators.pdf", plain_pdf(o4=stream(operators, b"/Filter/FlateDecode"))
    boxes = b"".join(b"BT /F1 1 Tf %d %d Td (x) Tj ET\n" % (n * 37 % 600, n * 53 % 780) for n in range(20_000))
    yield "pdf_boxes.pdf", plain_pdf(boxes)
    kids = b" ".join(b"3 0 R" for _ in range(50_000))
    yield "pdf_pages.pdf", plain_pdf(o2=b"<</Type/Pages/Kids[" + kids + b"]/Count 50000>>")
    image = b"/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
    page = _PAGE.replace(b"/Font", b"/XObject<</X 6 0 R>>/Font")
    yield "pdf_pixels.pdf", plain_pdf(b"600 0 0 600 0 0 cm /X Do", o3=page, o6=stream(once[:90_000], image))
    mapped = b"1 begincidrange <0000> <ffffffff> 0 endcidrange 1 beginbfrange <0000> <ffffffff> <0041> endbfrange"
    wide = b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>"
    inner = b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/W[0 2000000000 500]>>"
    yield "pdf_cmap_range.pdf", plain_pdf(o5=wide, o6=stream(mapped), o7=inner)
    yield "pdf_long_string.pdf", plain_pdf(b"BT /F1 9 Tf 9 9 Td (" + b"a" * 500_000 + b") Tj ET")
    yield "pdf_media_box.pdf", plain_pdf(o3=_PAGE.replace(b"612 792", b"1e9 1e9"))


def _broken() -> Iterator[tuple[str, bytes]]:
    sound = plain_pdf()
    yield "pdf_sound.pdf", sound
    yield "pdf_half.pdf", sound[: len(sound) // 2]
    yield "pdf_header.pdf", b"%PDF-1.7"
    yield "pdf_nuls.pdf", b"%PDF-1.7\n" + bytes(4096)
    yield "pdf_late_header.pdf", b"\n" * 900 + sound
    yield "pdf_arrays.pdf", plain_pdf(o6=b"[" * 50_000 + b"]" * 50_000)
    yield "pdf_parentheses.pdf", plain_pdf(b"BT /F1 9 Tf " + b"(" * 50_000 + b")" * 50_000 + b" Tj ET")
    yield "pdf_bad_length.pdf", sound.replace(b"/Length %d" % len(_TEXT), b"/Length -9")
    yield "pdf_bad_root.pdf", sound.replace(b"/Root 1 0 R", b"/Root (x)")
    yield "pdf_bad_kids.pdf", plain_pdf(o2=b"<</Type/Pages/Kids 0/Count 1>>")
    yield "pdf_bad_operands.pdf", plain_pdf(b"BT (x) Tf [1 [2] (3)] TJ /F1 /F1 Td (a) (b) Tj ET")
    yield (
        "pdf_predictor.pdf",
        plain_pdf(
            o4=stream(zlib.compress(_TEXT), b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2000000000>>")
        ),
    )
    yield (
        "pdf_type3.pdf",
        plain_pdf(
            o5=b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/CharProcs<</a 4 0 R>>"
            b"/Encoding<</Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[9]/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
    )
    encrypted = b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (
        b"11" * 32,
        b"22" * 32,
    )
    yield "pdf_encrypted.pdf", plain_pdf().replace(b"/Root 1 0 R", encrypted)
    yield "pdf_encrypted_oddly.pdf", plain_pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Odd/V 99>>")
    yield (
        "pdf_cmap_path.pdf",
        plain_pdf(
            o5=b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/..#2F..#2Ftmp#2Fevil/DescendantFonts[7 0 R]>>", o7=_FONT
        ),
    )


def _contents() -> Iterator[tuple[str, bytes]]:
    yield "pdf_script.pdf", plain_pdf(o1=b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>")
    yield "pdf_launch.pdf", plain_pdf(o1=b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(calc.exe)>>>>")
    yield (
        "pdf_web.pdf",
        plain_pdf(o1=b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(http://127.0.0.1:47009/)>>>>"),
    )
    yield (
        "pdf_html_text.pdf",
        plain_pdf(b"BT /F1 9 Tf 72 700 Td (<img src=x onerror=alert\\(1\\)> '; DROP TABLE x;--) Tj ET"),
    )
    yield "pdf_formula.pdf", plain_pdf(b'BT /F1 9 Tf 72 700 Td (=HYPERLINK\\("http://127.0.0.1:47009"\\)) Tj ET')
    yield "pdf_ansi.pdf", plain_pdf(b"BT /F1 9 Tf 72 700 Td (\x1b[2J\x1b]0;owned\x07) Tj ET")
    yield "pdf_backtracking.pdf", plain_pdf(b"BT /F1 9 Tf 72 700 Td (" + b"a@" * 30_000 + b"!) Tj ET")
    yield (
        "pdf_digits.pdf",
        plain_pdf(b"BT /F1 9 Tf 72 700 Td (" + b"0 (1)-" * 10_000 + b") Tj ET".replace(b"(1)", b"1")),
    )
    yield "pdf_and_zip.pdf", plain_pdf() + b"PK\x05\x06" + bytes(18)
    yield "pdf_and_html.pdf", b"<html><script>1</script>" + plain_pdf()
    sound = bytearray(plain_pdf())
    for seed in range(8):
        mutated = bytearray(sound)
        for step in range(12):
            mutated[(seed * 7919 + step * 104_729) % len(mutated)] = (seed * 31 + step * 17) % 256
        yield f"pdf_mutated_{seed}.pdf", bytes(mutated)


def make_pdfs() -> Iterator[tuple[str, bytes]]:
    """Yield every hostile PDF by name."""
    yield from _loops()
    yield from _bombs()
    yield from _broken()
    yield from _contents()
