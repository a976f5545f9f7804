"""DOCX, ODT, RTF, HTML and text become lines with cells, headings, list marks and links."""

import io
import zipfile
from collections.abc import Callable
from itertools import pairwise

import pytest

from intake.reading.page import Line, Sheets
from intake.reading.readers.docx import read_docx
from intake.reading.readers.html import read_html
from intake.reading.readers.odt import read_odt
from intake.reading.readers.rtf import read_rtf
from intake.reading.readers.text import read_text
from intake.reading.verdicts import RefusedError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
)


def _pack(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _word(body: str, **parts: str) -> Sheets:
    links = (
        f'<Relationships xmlns="x"><Relationship Id="rId1" Type="{_REL}/hyperlink" Target="https://example.org/jane" '
        f'TargetMode="External"/><Relationship Id="rId2" Type="{_REL}/header" Target="header1.xml"/></Relationships>'
    )
    document = f"<w:document {_W}{_R}><w:body>{body}</w:body></w:document>"
    known = {"word/document.xml": document, "word/_rels/document.xml.rels": links, "[Content_Types].xml": "<x/>"}
    return read_docx(_pack(known | {f"word/{name}.xml": text for name, text in parts.items()}))


def _p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def _open(body: str, styles: str = "") -> Sheets:
    content = (
        f"<office:document-content {_OPEN}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:text>{body}</office:text></office:body></office:document-content>"
    )
    return read_odt(_pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}))


def _cells(sheets: Sheets) -> list[tuple[str, ...]]:
    return [line.cells for line in sheets.lines]


def _line(sheets: Sheets, text: str) -> Line:
    return next(line for line in sheets.lines if line.text == text)


def test_word_headings_come_from_styles_and_outline_levels() -> None:
    """A heading is one by its style's name, in several languages, or by its own outline level."""
    styles = (
        f'<w:styles {_W}><w:style w:styleId="b1"><w:name w:val="berschrift"/></w:style>'
        '<w:style w:styleId="h2"><w:name w:val="heading 2"/><w:rPr><w:b/>'
        '<w:sz w:val="28"/></w:rPr></w:style></w:styles>'
    )
    body = _p("Experience", '<w:pStyle w:val="h2"/>') + _p("Education", '<w:outlineLvl w:val="0"/>') + _p("plain")

    sheets = _word(body, styles=styles)

    assert [line.heading for line in sheets.lines] == [2, 1, 0]
    assert (sheets.lines[0].spans[0].bold, sheets.lines[0].spans[0].size) == (True, 14.0)


def test_word_lists_tabs_links_and_headers_are_kept() -> None:
    """List items, cells at tabs, links by relationship or field, and the header's text."""
    body = (
        _p("first", '<w:numPr><w:numId w:val="1"/></w:numPr>')
        + "<w:p><w:r><w:t>Engineer</w:t><w:tab/><w:t>2019</w:t></w:r></w:p>"
        + '<w:p><w:hyperlink r:id="rId1"><w:r><w:t>site</w:t></w:r></w:hyperlink></w:p>'
        + '<w:p><w:r><w:instrText>HYPERLINK "mailto:jane@example.org"</w:instrText></w:r>'
        "<w:r><w:t>mail</w:t></w:r></w:p>"
    )

    sheets = _word(body, header1=f"<w:hdr {_W}>{_p('Jane Roe')}</w:hdr>")

    assert _cells(sheets) == [("Jane Roe",), ("first",), ("Engineer", "2019"), ("site",), ("mail",)]
    assert _line(sheets, "first").listed
    assert sheets.links == ["https://example.org/jane", "mailto:jane@example.org"]


def test_word_table_rows_are_lines_and_layout_tables_are_not() -> None:
    """Short cells stand in one line; a cell of several paragraphs is a column of the page."""
    cell = "<w:tc>{}</w:tc>".format
    row = f"<w:tbl><w:tr>{cell(_p('2019'))}{cell(_p('Example Ltd'))}</w:tr></w:tbl>"
    layout = f"<w:tbl><w:tr>{cell(_p('left 1') + _p('left 2'))}{cell(_p('right'))}</w:tr></w:tbl>"

    assert _cells(_word(row)) == [("2019", "Example Ltd")]
    assert _cells(_word(layout)) == [("left 1",), ("left 2",), ("right",)]


def test_word_text_boxes_come_once_although_they_are_stored_twice() -> None:
    """Of alternate content only the first branch is read."""
    box = f"<w:txbxContent>{_p('boxed')}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = f'<w:p xmlns:mc="urn:mc"><w:r><w:t>anchor</w:t>{both}</w:r></w:p>'

    assert _cells(_word(body)) == [("anchor",), ("boxed",)]


def test_word_counters_are_never_sizes() -> None:
    """Spans and levels of billions cost nothing."""
    cell = '<w:tc><w:tcPr><w:gridSpan w:val="2147483648"/></w:tcPr>' + _p("a") + "</w:tc>"
    level = '<w:numPr><w:ilvl w:val="1000000000"/><w:numId w:val="1"/></w:numPr>'

    assert _cells(_word(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>" + _p("b", level))) == [("a",), ("b",)]


def test_open_document_structure_is_kept() -> None:
    """Headings, lists, tabs, spaces, links, tables, frames and styles."""
    styles = (
        '<style:style style:name="B"><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>'
    )
    body = (
        '<text:h text:outline-level="2">Experience</text:h>'
        '<text:p><text:span text:style-name="B">Engineer</text:span><text:tab/>2019</text:p>'
        "<text:list><text:list-item><text:p>built</text:p></text:list-item></text:list>"
        '<text:p><text:a xlink:href="https://example.org/jane">site</text:a><text:s text:c="2147483648"/>x</text:p>'
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>anchor<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame></text:p>"
    )

    sheets = _open(body, styles)

    assert _cells(sheets) == [
        ("Experience",), ("Engineer", "2019"), ("built",), ("site", "x"), ("a", "b"), ("anchor",), ("boxed",),
    ]  # fmt: skip
    assert sheets.lines[0].heading == 2
    assert (sheets.lines[1].spans[0].bold, sheets.lines[1].spans[0].size) == (True, 14.0)
    assert sheets.lines[2].listed
    assert sheets.links == ["https://example.org/jane"]


def test_rtf_structure_is_kept() -> None:
    """Headings by style, bold, tabs, lists, fields, tables, unicode and code pages."""
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset238 B;}}{\stylesheet{\s1 heading 1;}}"
        rb"{\*\generator hidden}{\info{\author hidden}}\pard\s1 Experience\par"
        rb"\pard{\b Engineer}\tab 2019\par{\listtext\bullet\tab}built\par"
        rb'{\field{\*\fldinst HYPERLINK "https://example.org/jane"}{\fldrslt site}}\par'
        rb"\trowd\intbl a\cell b\cell\row\pard Zo\'eb \u321?\'f3d\u378 ?\par{\f1 \'b3\'f3d\'9f}\par}"
    )

    sheets = read_rtf(rtf)

    assert _cells(sheets) == [
        ("Experience",), ("Engineer", "2019"), ("built",), ("site",), ("a", "b"), ("Zoë Łódź",), ("łódź",),
    ]  # fmt: skip
    assert sheets.lines[0].heading == 1
    assert sheets.lines[1].spans[0].bold
    assert sheets.lines[2].listed
    assert sheets.links == ["https://example.org/jane"]


def test_html_is_read_as_it_looks() -> None:
    """Blocks are lines; scripts, styles and hidden parts are not there; tables, lists and links are."""
    page = (
        "<html><head><title>no</title><style>no</style></head><body><h1>Jane <em>Roe</em></h1><script>no</script>"
        "<p hidden>no</p><p style='display:none'>no</p><ul><li>built<br>more</li></ul>"
        "<table><tr><td>2019</td><td>Example Ltd</td></tr></table>"
        "<p><a href='https://example.org/jane'>site</a> <a href='javascript:x'>bad</a></p><pre>a\n  b   c</pre></body>"
    )

    sheets = read_html(page.encode())

    assert _cells(sheets) == [
        ("Jane Roe",), ("built",), ("more",), ("2019", "Example Ltd"), ("site bad",), ("a",), ("b", "c"),
    ]  # fmt: skip
    assert sheets.lines[0].heading == 1
    assert sheets.lines[1].listed
    assert sheets.links == ["https://example.org/jane"]


def test_plain_text_keeps_columns_headings_and_lists() -> None:
    """Runs of spaces part cells, underlined lines are headings, marks are list items."""
    text = "Jane Roe\n========\n\n* built\nEngineer      2019\n- - - - -\n1. first\n"

    sheets = read_text(text.encode())

    assert _cells(sheets) == [("Jane Roe",), ("built",), ("Engineer", "2019"), ("first",)]
    assert [line.heading for line in sheets.lines] == [1, 0, 0, 0]
    assert [line.listed for line in sheets.lines] == [False, True, False, True]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Zoë Müller, Straße, café naïve", "cp1252"),
        ("Łódź, żółty święty źdźbło", "cp1250"),
        ("Иван Петров, Москва, инженер", "cp1251"),
        ("Иван Петров, Москва, инженер", "koi8-r"),
        ("Иван Петров", "utf-16"),
        ("山田太郎、東京", "utf-8"),
    ],
)
def test_encodings_are_told(text: str, encoding: str) -> None:
    """Text without a declaration is read in the encoding in which it makes sense."""
    assert read_text(text.encode(encoding)).lines[0].text == text


@pytest.mark.asvs("1.5.1")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(encoding: str) -> None:
    """Whatever the encoding, a part that declares a document type is not read."""
    evil = "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    head = f"<?xml version='1.0' encoding='{encoding}'?>{evil}"
    word = f"{head}<w:document {_W}><w:body>{_p('&x;')}</w:body></w:document>".encode(encoding)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", word)

    with pytest.raises(RefusedError):
        read_docx(out.getvalue())


@pytest.mark.parametrize("read", [read_text, read_rtf, read_html])
def test_lines_stand_below_each_other_on_one_page(read: Callable[[bytes], Sheets]) -> None:
    """Boxes grow downwards without overlap, so that a place can be shown."""
    bodies = {read_text: b"a\nb\n\nc", read_rtf: rb"{\rtf1 a\par b\par\par c}", read_html: b"<p>a<p>b<p>c"}

    lines = read(bodies[read]).lines

    assert [line.text for line in lines] == ["a", "b", "c"]
    assert all(line.page == 1 for line in lines)
    assert all(above.bottom <= below.top for above, below in pairwise(lines))
