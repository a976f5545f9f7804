"""OpenDocument texts, walked by our own capped archive and XML reader.

Reads the text, headers and footers of the page styles, tables as rows of cells, text boxes, lists, headings and links.
Counters in the file (repeated spaces, columns, rows) are never used as sizes beyond a small cap.
"""

from dataclasses import dataclass, field, replace

from intake.reading.archive import Archive, open_archive
from intake.reading.page import Sheets
from intake.reading.readers.flow import FlowWriter, Run, split_cells
from intake.reading.readers.xml import Element, find_attribute, name_of, parse_xml
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

READER = "odt 1"
_XML_LIMIT = 25 * 1024 * 1024
_MAX_DEPTH = 60
_MAX_SPACES = 40
_MAX_INHERIT = 12
_LINKS = ("http://", "https://", "mailto:", "tel:")
_INLINE = frozenset({"span", "a", "meta", "meta-field", "ruby", "ruby-base", "bookmark-ref", "reference-ref"})
_GROUPS = frozenset(
    {"section", "list", "list-item", "list-header", "index-body", "text-box", "frame", "g", "note-body"}
)
_SKIPPED = frozenset({"tracked-changes", "annotation", "sequence-decls", "forms", "ruby-text", "note-citation"})


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False
    caps: bool = False
    size: float = 10.0
    heading: int = 0


@dataclass(slots=True)
class _Document:
    writer: FlowWriter
    styles: dict[str, _Look]
    runs: list[Run] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)

    def end_line(self, *, heading: int = 0, listed: bool = False) -> None:
        self.writer.add_line(self.runs, heading=heading, listed=listed)
        self.runs = []


def read_odt(data: bytes) -> Sheets:
    """Read an OpenDocument text. Raises RefusedError."""
    archive = open_archive(data)
    _refuse_encrypted(archive)
    content = parse_xml(archive.read("content.xml", _XML_LIMIT))
    page_styles = parse_xml(archive.read("styles.xml", _XML_LIMIT)) if "styles.xml" in archive else None
    document = _Document(FlowWriter("odt", READER), _read_styles([page_styles, content]))
    _read_margins(document, page_styles, "header")
    for body in content:
        if name_of(body) == "body":
            for text in body:
                _walk(document, text, 0)
    _read_margins(document, page_styles, "footer")
    return document.writer.sheets


def _refuse_encrypted(archive: Archive) -> None:
    """Encrypted parts are named in the manifest, which is searched and not parsed."""
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml", _XML_LIMIT):
        raise RefusedError(Verdict.ENCRYPTED, "encrypted")


def _read_margins(document: _Document, page_styles: Element | None, kind: str) -> None:
    seen: set[str] = set()
    for element in page_styles.iter() if page_styles is not None else ():
        if name_of(element) in (kind, kind + "-left", kind + "-first"):
            text = "".join(str(part) for part in element.itertext()).strip()
            if text and text not in seen:
                seen.add(text)
                _walk(document, element, 0)


def _read_styles(roots: list[Element | None]) -> dict[str, _Look]:
    elements: dict[str, Element] = {}
    for root in roots:
        for item in root.iter() if root is not None else ():
            if name_of(item) in ("style", "default-style"):
                elements[find_attribute(item, "name") or "default " + find_attribute(item, "family")] = item
    return {key: _resolve(key, elements, 0) for key in elements}


def _resolve(key: str, elements: dict[str, Element], depth: int) -> _Look:
    item = elements.get(key)
    if item is None or depth > _MAX_INHERIT:
        return _Look()
    parent = find_attribute(item, "parent-style-name")
    look = _resolve(parent, elements, depth + 1) if parent else _Look()
    for child in item:
        if name_of(child) == "text-properties":
            look = _with_properties(look, child)
    level = find_attribute(item, "default-outline-level")
    heading = int(level) if level in ("1", "2", "3", "4", "5", "6") else look.heading
    return replace(look, heading=1 if key == "Title" else heading)


def _with_properties(look: _Look, properties: Element) -> _Look:
    weight = find_attribute(properties, "font-weight")
    style = find_attribute(properties, "font-style")
    size = find_attribute(properties, "font-size")
    transform = find_attribute(properties, "text-transform")
    return replace(
        look,
        bold=weight in ("bold", "600", "700", "800", "900") if weight else look.bold,
        italic=style in ("italic", "oblique") if style else look.italic,
        caps=transform == "uppercase" if transform else look.caps,
        size=_points(size) or look.size,
    )


def _points(text: str) -> float:
    number = text.removesuffix("pt")
    if number == text or len(number) > 6 or not number.replace(".", "", 1).isdigit():
        return 0.0
    return min(max(float(number), 1.0), 200.0)


def _walk(document: _Document, parent: Element, depth: int, *, listed: bool = False) -> None:
    if depth > _MAX_DEPTH:
        return
    for child in parent:
        name = name_of(child)
        if name in ("p", "h"):
            _write_paragraph(document, child, listed=listed)
            listed = False if name_of(parent) == "list-item" else listed
        elif name == "table":
            _walk_table(document, child, depth + 1)
        elif name in _GROUPS:
            _walk(document, child, depth + 1, listed=name == "list-item" or (listed and name == "list"))
        elif name not in _SKIPPED and name not in ("table-column", "table-columns"):
            _walk(document, child, depth + 1)


def _write_paragraph(document: _Document, element: Element, *, listed: bool) -> None:
    look = document.styles.get(find_attribute(element, "style-name"), _Look())
    level = find_attribute(element, "outline-level")
    heading = look.heading or (
        min(int(level), 6) if level.isdigit() and len(level) < 3 and name_of(element) == "h" else 0
    )
    _collect(document, element, look, "", 0)
    document.end_line(heading=heading, listed=listed)
    while document.boxes:
        box = document.boxes.pop(0)
        later, document.boxes = document.boxes, []
        _walk(document, box, 1)
        document.boxes += later


def _collect(document: _Document, element: Element, look: _Look, url: str, depth: int) -> None:
    """Gather the runs of a paragraph; frames wait until it has ended."""
    _add_text(document, element.text, look, url)
    for child in element:
        _add_child(document, child, look, url, depth)
        _add_text(document, child.tail, look, url)


def _add_child(document: _Document, child: Element, look: _Look, url: str, depth: int) -> None:
    name = name_of(child)
    if name == "tab":
        document.runs.append(("\t", False, False, look.size, ""))
    elif name == "s":
        count = find_attribute(child, "c")
        spaces = min(int(count), _MAX_SPACES) if count.isdigit() and len(count) < 10 else _MAX_SPACES if count else 1
        document.runs.append((" " * spaces, False, False, look.size, ""))
    elif name == "line-break":
        document.end_line(heading=look.heading)
    elif name in ("frame", "custom-shape", "g", "note"):
        document.boxes.append(child)
    elif name in _INLINE and depth < _MAX_DEPTH:
        style = find_attribute(child, "style-name")
        href = find_attribute(child, "href") if name == "a" else ""
        inner = _merge(look, document.styles.get(style)) if name == "span" else look
        _collect(document, child, inner, href if href.lower().startswith(_LINKS) else url, depth + 1)


def _merge(outer: _Look, inner: _Look | None) -> _Look:
    if inner is None:
        return outer
    size = inner.size if inner.size != _Look().size else outer.size
    return replace(
        outer,
        bold=inner.bold or outer.bold,
        italic=inner.italic or outer.italic,
        caps=inner.caps or outer.caps,
        size=size,
    )


def _add_text(document: _Document, text: str | None, look: _Look, url: str) -> None:
    if text:
        text = " ".join(text.replace("\xad", "").split(" ")).replace("\n", " ")
        document.runs.append((text.upper() if look.caps else text, look.bold, look.italic, look.size, url))


def _walk_table(document: _Document, table: Element, depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    for child in table:
        name = name_of(child)
        if name in ("table-header-rows", "table-rows", "table-row-group"):
            _walk_table(document, child, depth + 1)
        elif name == "table-row":
            cells = [cell for cell in child if name_of(cell) == "table-cell"]
            if any(_is_layout(cell) for cell in cells):
                for cell in cells:
                    _walk(document, cell, depth + 1)
            else:
                _write_row(document, cells)


def _is_layout(cell: Element) -> bool:
    filled = [child for child in cell if "".join(str(part) for part in child.itertext()).strip()]
    plain = all(name_of(child) in ("p", "h") for child in filled)
    return len(filled) > 1 or not plain or any(name_of(item) in ("line-break", "frame") for item in cell.iter())


def _write_row(document: _Document, cells: list[Element]) -> None:
    runs: list[Run] = []
    texts: list[str] = []
    heading = 0
    for cell in cells:
        document.runs = []
        for block in cell:
            look = document.styles.get(find_attribute(block, "style-name"), _Look())
            heading = heading or look.heading
            _collect(document, block, look, "", 0)
        text = "".join(run[0] for run in document.runs)
        if text.strip():
            runs += [*([("\t", False, False, 10.0, "")] if runs else []), *document.runs]
            texts += split_cells(text)
    document.runs = []
    document.writer.add_line(runs, heading=heading, cells=texts)
