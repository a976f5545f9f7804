"""Word documents, walked by our own capped archive and XML reader.

Reads the main part, its headers, footers, foot- and endnotes, tables as rows of cells, text boxes, lists, headings by
style or outline level, and links by their relationships. Counters in the file (spans, levels, repeats) are never
used as sizes. Nothing outside the archive is ever opened, and macros are bytes like any other.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from intake.reading.archive import Archive, open_archive
from intake.reading.page import Sheets
from intake.reading.readers.docx_styles import Style, read_styles
from intake.reading.readers.flow import FlowWriter, Run, split_cells
from intake.reading.readers.xml import Element, find_attribute, name_of, parse_xml
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

READER = "docx 1"
_XML_LIMIT = 25 * 1024 * 1024
_MAX_DEPTH = 60
_FIELD_LINK = re.compile(r'HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]{1,2000})"')
_PARTS_BEFORE, _PARTS_AFTER = ("header",), ("footer", "footnotes", "endnotes")


@dataclass(slots=True)
class _Document:
    writer: FlowWriter
    styles: dict[str, Style]
    links: dict[str, str] = field(default_factory=dict)
    boxes: list[Element] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Paragraph:
    document: _Document
    runs: list[Run] = field(default_factory=list)
    lines: list[list[Run]] = field(default_factory=list)
    field_url: str = ""

    def break_line(self) -> None:
        self.lines.append(self.runs)
        self.runs = []


def read_docx(data: bytes) -> Sheets:
    """Read a Word document. Raises RefusedError."""
    archive = open_archive(data)
    main = _main_part(archive)
    writer = FlowWriter("docx", READER)
    document = _Document(writer, read_styles(_optional(archive, posixpath.join(posixpath.dirname(main), "styles.xml"))))
    root = parse_xml(archive.read(main, _XML_LIMIT))
    if name_of(root) != "document":
        raise RefusedError(Verdict.MALFORMED, "malformed")
    around = _related(archive, main)
    for kind in _PARTS_BEFORE:
        _read_parts(document, archive, around, kind)
    document.links = _links(archive, main)
    _walk_blocks(document, root, 0)
    _flush_boxes(document)
    for kind in _PARTS_AFTER:
        _read_parts(document, archive, around, kind)
    return writer.sheets


def _optional(archive: Archive, name: str) -> Element | None:
    return parse_xml(archive.read(name, _XML_LIMIT)) if name in archive else None


def _relationships(archive: Archive, part: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yield id, kind, target and whether it lies outside, of a part's relationships."""
    folder, name = posixpath.split(part)
    root = _optional(archive, posixpath.join(folder, "_rels", name + ".rels"))
    for item in root if root is not None else ():
        kind = find_attribute(item, "Type").rpartition("/")[2]
        is_outside = find_attribute(item, "TargetMode") == "External"
        yield find_attribute(item, "Id"), kind, find_attribute(item, "Target"), is_outside


def _main_part(archive: Archive) -> str:
    """Return the main part's name, from the package relationships or, where they are broken, by convention."""
    for _id, kind, target, is_outside in _relationships(archive, ""):
        name = target.lstrip("/")
        if kind == "officeDocument" and not is_outside and name in archive:
            return name
    if "word/document.xml" in archive:
        return "word/document.xml"
    raise RefusedError(Verdict.MALFORMED, "malformed")


def _related(archive: Archive, part: str) -> list[tuple[str, str]]:
    """Return kind and name of the parts beside the main one that are there."""
    folder = posixpath.dirname(part)
    found: list[tuple[str, str]] = []
    for _id, kind, target, is_outside in _relationships(archive, part):
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        if not is_outside and name in archive and (kind, name) not in found:
            found.append((kind, name))
    return found


def _links(archive: Archive, part: str) -> dict[str, str]:
    allowed = ("http://", "https://", "mailto:", "tel:")
    return {
        key: target[:2000]
        for key, kind, target, is_outside in _relationships(archive, part)
        if kind == "hyperlink" and is_outside and target.lower().startswith(allowed)
    }


def _read_parts(document: _Document, archive: Archive, related: list[tuple[str, str]], wanted: str) -> None:
    """Read headers or the like; texts that repeat on every kind of page are taken once."""
    for kind, name in related:
        if kind != wanted:
            continue
        root = parse_xml(archive.read(name, _XML_LIMIT))
        text = "".join(str(part) for part in root.itertext()).strip()
        if text and text not in document.seen:
            document.seen.add(text)
            document.links = _links(archive, name)
            _walk_blocks(document, root, 0)
            _flush_boxes(document)


def _walk_blocks(document: _Document, parent: Element, depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    for child in parent:
        name = name_of(child)
        if name == "p":
            _write_paragraph(document, child)
        elif name == "tbl":
            _flush_boxes(document)
            _walk_table(document, child, depth + 1)
        elif name in ("body", "sdt", "sdtContent", "ins", "customXml", "footnote", "endnote", "smartTag"):
            _walk_blocks(document, child, depth + 1)


def _write_paragraph(document: _Document, element: Element) -> None:
    style = _style_of(document, element)
    paragraph = _Paragraph(document)
    _collect(paragraph, element, style, "", 0)
    paragraph.break_line()
    for runs in paragraph.lines:
        document.writer.add_line(runs, heading=style.heading, listed=style.listed)
    _flush_boxes(document)


def _flush_boxes(document: _Document) -> None:
    """Text boxes follow the paragraph to which they are anchored."""
    while document.boxes:
        box = document.boxes.pop(0)
        later, document.boxes = document.boxes, []
        _walk_blocks(document, box, 1)
        document.boxes += later


def _style_of(document: _Document, paragraph: Element) -> Style:
    """Return the look of a paragraph: its style, and what it says itself."""
    style = document.styles.get("", Style())
    for properties in paragraph:
        if name_of(properties) != "pPr":
            continue
        for item in properties:
            if name_of(item) == "pStyle":
                style = document.styles.get(find_attribute(item, "val"), style)
        return style.with_properties(properties)
    return style


def _collect(paragraph: _Paragraph, parent: Element, style: Style, url: str, depth: int) -> None:
    """Gather the runs of a paragraph, into links, insertions, fields and the one branch of alternate content."""
    if depth > _MAX_DEPTH:
        return
    for child in parent:
        name = name_of(child)
        if name == "r":
            _add_run(paragraph, child, style, url)
        elif name == "hyperlink":
            target = paragraph.document.links.get(find_attribute(child, "id"), "")
            _collect(paragraph, child, style, target or url, depth + 1)
        elif name == "fldSimple":
            found = _FIELD_LINK.search(find_attribute(child, "instr"))
            _collect(paragraph, child, style, found[1] if found else url, depth + 1)
        elif name in ("ins", "smartTag", "sdt", "sdtContent", "dir", "bdo", "oMath", "customXml", "moveTo"):
            _collect(paragraph, child, style, url, depth + 1)


def _add_run(paragraph: _Paragraph, run: Element, style: Style, url: str) -> None:
    look = style
    for child in run:
        name = name_of(child)
        if name == "rPr":
            look = style.with_properties(child)
        elif name in ("t", "tab", "ptab", "br", "cr", "noBreakHyphen", "sym"):
            _add_piece(paragraph, child, name, look, url or paragraph.field_url)
        elif name == "fldChar" and find_attribute(child, "fldCharType") == "end":
            paragraph.field_url = ""
        elif name == "instrText":
            found = _FIELD_LINK.search(child.text or "")
            paragraph.field_url = found[1] if found else paragraph.field_url
        elif name in ("drawing", "pict", "AlternateContent", "object"):
            paragraph.document.boxes += _text_boxes(child)


def _add_piece(paragraph: _Paragraph, piece: Element, name: str, look: Style, url: str) -> None:
    if look.hidden:
        return
    if name in ("br", "cr"):
        paragraph.break_line()
        return
    text = {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-", "sym": " "}.get(name, piece.text or "")
    text = text.replace("\xad", "").replace("\n", " ")
    paragraph.runs.append((text.upper() if look.caps else text, look.bold, look.italic, look.size, url))


def _text_boxes(drawing: Element) -> list[Element]:
    """Return the outermost text boxes; of alternate content only the first choice, or every box would come twice."""
    found: list[Element] = []
    queue: list[Element] = [drawing]
    while queue:
        element = queue.pop(0)
        name = name_of(element)
        if name == "txbxContent":
            found.append(element)
        elif name == "AlternateContent":
            queue = [*list(element)[:1], *queue]
        else:
            queue = [*element, *queue]
    return found


def _walk_table(document: _Document, table: Element, depth: int) -> None:
    """Write a row of short cells as one line with cells; a row that lays out a page is written cell by cell."""
    for row in _rows(table):
        cells = [cell for cell in _unwrap(row) if name_of(cell) == "tc"]
        if _is_layout(cells):
            for cell in cells:
                _walk_blocks(document, cell, depth + 1)
        else:
            _write_row(document, cells)


def _rows(table: Element) -> Iterator[Element]:
    return (row for row in _unwrap(table) if name_of(row) == "tr")


def _unwrap(parent: Element) -> Iterator[Element]:
    """Yield children, looking through content controls."""
    for child in parent:
        if name_of(child) in ("sdt", "sdtContent", "ins"):
            for inner in child:
                yield from inner if name_of(inner) == "sdtContent" else (inner,)
        else:
            yield child


def _is_layout(cells: list[Element]) -> bool:
    for cell in cells:
        filled = sum(1 for child in cell if name_of(child) == "p" and _has_text(child))
        if filled > 1 or any(name_of(child) in ("tbl", "sdt") for child in cell) or _has_break(cell):
            return True
    return False


def _has_text(element: Element) -> bool:
    return any(name_of(item) == "t" and (item.text or "").strip() for item in element.iter())


def _has_break(cell: Element) -> bool:
    return any(name_of(item) in ("br", "cr", "txbxContent") for item in cell.iter())


def _write_row(document: _Document, cells: list[Element]) -> None:
    runs: list[Run] = []
    texts: list[str] = []
    heading = 0
    for cell in cells:
        paragraph = _Paragraph(document)
        for block in cell:
            if name_of(block) == "p":
                style = _style_of(document, block)
                heading = heading or style.heading
                _collect(paragraph, block, style, "", 0)
        text = "".join(run[0] for run in paragraph.runs)
        if text.strip():
            runs += [*([("\t", False, False, 10.0, "")] if runs else []), *paragraph.runs]
            texts += split_cells(text)
    document.writer.add_line(runs, heading=heading, cells=texts)
