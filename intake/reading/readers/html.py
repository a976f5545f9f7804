"""HTML: what a person would see, as lines. Scripts, styles and hidden parts are dropped; nothing is ever fetched."""

import re
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from intake.reading.page import Sheets
from intake.reading.readers.flow import FlowWriter, Run
from intake.reading.readers.text import decode_text
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

READER = "selectolax 1"
_MAX_DEPTH = 200
_MAX_OPEN = 6000
_TAG = re.compile(r"<(/?)(?!br\b|img\b|meta\b|link\b|hr\b|input\b|col\b|wbr\b)[a-zA-Z]")
_DROPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "head", "title", "object", "embed", "iframe", "button", "input")
)
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption",
))
# fmt: on
_PARTS = frozenset({"span", "time", "small", "label", "strong", "b", "em", "i", "a", "code", "kbd", "mark"})
_CHIPS = frozenset({"span", "code", "kbd", "mark", "small", "label"})
_BOLD, _ITALIC = frozenset({"b", "strong", "th"}), frozenset({"i", "em", "cite"})
_SPACE = re.compile(r"[ \t\r\n\f]+")
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\ufeff")
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([a-zA-Z0-9_-]{2,20})", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BASE_SIZE = 10.0
_SIZES = {1: 20.0, 2: 16.0, 3: 13.0, 4: 11.0, 5: 10.0, 6: 10.0}


@dataclass(frozen=True, slots=True)
class _Look:
    heading: int = 0
    listed: bool = False
    bold: bool = False
    italic: bool = False
    url: str = ""
    verbatim: bool = False


@dataclass(slots=True)
class _Walk:
    writer: FlowWriter
    runs: list[Run] = field(default_factory=list)
    cells: list[list[Run]] = field(default_factory=list)
    in_row: bool = False
    bullet: bool = False

    def flush(self, look: _Look) -> None:
        """End the line; inside a table row its text waits for the row's end."""
        if self.in_row:
            if self.runs:
                self.runs.append((" ", False, False, _BASE_SIZE, ""))
            return
        if any(run[0].strip() for run in self.runs):
            self.writer.add_line(self.runs, heading=look.heading, listed=self.bullet)
            self.bullet = False
        self.runs = []


def _decode(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_text(data)


def _refuse_towers(text: str) -> None:
    """Refuse markup that only ever opens: the parser's time grows with the square of the depth."""
    depth = 0
    for tag in _TAG.finditer(text):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > _MAX_OPEN:
            raise RefusedError(Verdict.TOO_LARGE, "too_large")


def read_html(data: bytes) -> Sheets:
    """Read an HTML document. Raises RefusedError for towers of tags."""
    writer = FlowWriter("html", READER)
    text = _decode(data)
    _refuse_towers(text)
    body = LexborHTMLParser(text).body
    if body is not None:
        walk = _Walk(writer)
        _visit(walk, body, _Look(), 0)
        walk.flush(_Look())
    return writer.sheets


def _visit(walk: _Walk, node: LexborNode, look: _Look, depth: int) -> None:
    child = node.child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            _add_text(walk, (child.text_content or "").translate(_INVISIBLE), look)
        elif depth < _MAX_DEPTH and tag not in _DROPPED and tag != "-comment" and not _is_unseen(child):
            _visit_element(walk, child, str(tag), look, depth + 1)
        child = child.next


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _is_unseen(node: LexborNode) -> bool:
    """Whether an element is hidden, or only leads to other parts of the page."""
    if _is_hidden(node):
        return True
    if node.tag != "nav":
        return False
    anchors = node.css("a")
    return bool(anchors) and all((a.attributes.get("href") or "").startswith("#") for a in anchors)


def _add_text(walk: _Walk, text: str, look: _Look) -> None:
    if look.verbatim:
        for number, row in enumerate(text.split("\n")):
            if number:
                walk.flush(look)
            walk.runs.append(_run(re.sub(r" {3,}", "\t", row), look))
        return
    text = _SPACE.sub(" ", text)
    if text != " " or (walk.runs and not walk.runs[-1][0].endswith(" ")):
        walk.runs.append(_run(text.lstrip() if not walk.runs else text, look))


def _run(text: str, look: _Look) -> Run:
    return (text, look.bold, look.italic, _SIZES.get(look.heading, _BASE_SIZE), look.url)


def _visit_element(walk: _Walk, node: LexborNode, tag: str, look: _Look, depth: int) -> None:
    inner = _look_of(node, tag, look)
    if tag == "br":
        return walk.flush(inner)
    if tag == "tr" and not walk.in_row:
        return _visit_row(walk, node, inner, depth)
    if tag in _PARTS:
        _part(walk, node, inner)
    if tag in _BLOCKS:
        walk.flush(look)
        walk.bullet = walk.bullet or tag == "li"
    if tag == "hr":
        walk.writer.skip()
    if tag == "a" and inner.url.startswith("http") and not (node.text() or "").strip():
        _show_address(walk, inner)
    _visit(walk, node, inner, depth)
    if tag in _BLOCKS:
        walk.flush(inner)
        walk.bullet = False if tag == "li" else walk.bullet
    return None


def _show_address(walk: _Walk, look: _Look) -> None:
    """A link that shows nothing but a picture or an icon: its address stands for it."""
    walk.runs.append(_run(f"\t{look.url}\t" if walk.runs else f"{look.url}\t", look))


def _is_chip(node: LexborNode) -> bool:
    """Whether an element is one of three or more of its kind that only spaces part: a row of tags."""
    first = _beside(node, "prev")
    if first is None:
        return False
    return _beside(first, "prev") is not None or _beside(node, "next") is not None


def _beside(node: LexborNode, side: str) -> LexborNode | None:
    """The next element of its kind on one side, with nothing but a space between."""
    space = getattr(node, side)
    if space is None or space.tag != "-text" or (space.text_content or "").strip():
        return None
    other: LexborNode | None = getattr(space, side)
    return other if other is not None and other.tag == node.tag else None


def _part(walk: _Walk, node: LexborNode, look: _Look) -> None:
    """Part two elements that touch without a space: a style sheet, which nobody reads here, sets them apart."""
    before = node.prev
    if node.tag in _CHIPS and _is_chip(node):
        walk.runs.append(_run("\t", look))
        return
    if (
        before is None
        or not walk.runs
        or (before.tag not in _PARTS and not (before.tag == "-text" and node.tag == "span"))
    ):
        return
    last = walk.runs[-1][0]
    if len(last.strip()) > 2 and not last[-1:].isspace():
        walk.runs.append(_run("\t", look))


def _look_of(node: LexborNode, tag: str, look: _Look) -> _Look:
    if tag in _BOLD:
        return replace(look, bold=True)
    if tag in _ITALIC:
        return replace(look, italic=True)
    if tag == "a":
        href = (node.attributes.get("href") or "").strip()
        return replace(look, url=href if href.startswith(("http://", "https://", "mailto:", "tel:")) else "")
    if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
        return replace(look, heading=int(tag[1]), bold=True)
    return replace(look, verbatim=True) if tag == "pre" else look


def _visit_row(walk: _Walk, row: LexborNode, look: _Look, depth: int) -> None:
    """A row whose cells are single lines becomes one line with cells; one that lays out a page is read cell by cell."""
    walk.flush(look)
    cells = [cell for cell in row.iter(include_text=False) if cell.tag in ("td", "th")]
    if any(_is_layout(cell) for cell in cells):
        for cell in cells:
            _visit(walk, cell, look, depth)
            walk.flush(look)
        return
    walk.in_row = True
    texts: list[str] = []
    runs: list[Run] = []
    for cell in cells:
        walk.runs = []
        _visit(walk, cell, replace(look, bold=look.bold or cell.tag == "th"), depth)
        texts.append("".join(run[0] for run in walk.runs).strip())
        runs += [*([("\t", False, False, _BASE_SIZE, "")] if runs and walk.runs else []), *walk.runs]
    walk.in_row = False
    walk.runs = []
    if runs:
        walk.writer.add_line(runs, heading=look.heading, cells=texts)


def _is_layout(cell: LexborNode) -> bool:
    return cell.css_first("p + p, li, h1, h2, h3, h4, table, div + div, br") is not None
