"""Rich Text Format, by a tokenizer of our own that runs in linear time and never recurses.

Keeps paragraphs, tabs, table cells, bold, italic, size, headings, list items, links and every character set that RTF
names. Pictures, objects and unknown destinations are skipped; `\\bin` never trusts its length.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from intake.reading.page import Sheets
from intake.reading.readers.flow import FlowWriter, Run
from intake.reading.readers.rtf_tables import CHARSETS, CODE_PAGES, DESTINATIONS_SKIPPED, SYMBOLS, heading_of

READER = "rtf 1"
_TOKEN = re.compile(
    rb"\\([a-zA-Z]+)(-?[0-9]+)?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\", re.DOTALL
)
_LINK = re.compile(r'HYPERLINK\s+(?:\\\\?[a-z]\s+)*"?((?:https?://|mailto:|tel:)[^"\s]{1,2000})')
_MAX_STACK = 100_000
_MAX_WORD = 32


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits. ``target`` says where text goes: the document, a table of fonts or styles, or nowhere."""

    target: str = "text"
    bold: bool = False
    italic: bool = False
    hidden: bool = False
    caps: bool = False
    size: float = 12.0
    font: int = -1
    skip: int = 1
    url: str = ""


@dataclass(slots=True)
class _Rtf:
    writer: FlowWriter
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    encoding: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    headings: dict[int, int] = field(default_factory=dict)
    pending: bytearray = field(default_factory=bytearray)
    units: list[int] = field(default_factory=list)
    to_skip: int = 0
    starred: bool = False
    runs: list[Run] = field(default_factory=list)
    heading: int = 0
    listed: bool = False
    in_table: bool = False
    cell: list[list[Run]] = field(default_factory=list)
    cells: list[list[list[Run]]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    style_number: int = 0
    url: str = ""


def read_rtf(data: bytes) -> Sheets:
    """Read an RTF document. Raises RefusedError when it yields too much."""
    rtf = _Rtf(FlowWriter("rtf", READER))
    at, end = 0, len(data)
    while at < end:
        found = _TOKEN.match(data, at)
        if found is None:
            break
        at = found.end()
        if found[1] is not None:
            at = _word(rtf, found[1], found[2], at)
        elif found[3] is not None:
            _bytes(rtf, bytes((int(found[3], 16),)))
        elif found[6] is not None:
            _bytes(rtf, found[6])
        else:
            _symbol_or_group(rtf, found[4], found[5])
    _end_row(rtf)
    _paragraph(rtf)
    return rtf.writer.sheets


def _symbol_or_group(rtf: _Rtf, symbol: bytes | None, brace: bytes | None) -> None:
    if brace == b"{":
        _flush(rtf)
        if len(rtf.stack) < _MAX_STACK:
            rtf.stack.append(rtf.state)
        rtf.to_skip = 0
    elif brace == b"}":
        _close(rtf)
    elif symbol == b"*":
        rtf.starred = True
    elif symbol is not None:
        plain = {b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}.get(symbol, "")
        if symbol in (b"\n", b"\r"):
            _paragraph(rtf)
        elif plain:
            _text(rtf, plain)


def _close(rtf: _Rtf) -> None:
    _flush(rtf)
    ended = rtf.state
    rtf.state = rtf.stack.pop() if rtf.stack else _State()
    rtf.starred = False
    rtf.to_skip = 0
    if ended.target == "link" and rtf.state.target != "link":
        found = _LINK.search("".join(rtf.aside))
        rtf.url = found[1] if found else ""
        rtf.aside.clear()
    elif ended.target == "style":
        rtf.headings[rtf.style_number] = heading_of("".join(rtf.aside))
        rtf.aside.clear()
    elif ended.target == "margin" and rtf.state.target != "margin":
        _paragraph(rtf)


def _word(rtf: _Rtf, raw: bytes, raw_number: bytes | None, at: int) -> int:
    """Act on one control word; return where to go on (only `\\bin` moves on)."""
    if len(raw) > _MAX_WORD:
        return at
    word = raw.decode("ascii")
    number = int(raw_number) if raw_number is not None and len(raw_number) <= 10 else None
    starred, rtf.starred = rtf.starred, False
    if word == "bin":
        return at + max(0, number or 0)
    if word == "u" and number is not None:
        _unicode(rtf, number)
        return at
    _flush(rtf)
    if word in SYMBOLS:
        _text(rtf, SYMBOLS[word])
    elif word in _ACTIONS:
        _ACTIONS[word](rtf, number)
    elif word in DESTINATIONS_SKIPPED or (starred and word not in _KEPT):
        rtf.state = replace(rtf.state, target="skip")
    return at


def _bytes(rtf: _Rtf, data: bytes) -> None:
    rtf.starred = False
    if rtf.to_skip:
        dropped = min(rtf.to_skip, len(data))
        rtf.to_skip -= dropped
        data = data[dropped:]
    if data:
        _flush_units(rtf)
        rtf.pending += data


def _unicode(rtf: _Rtf, number: int) -> None:
    _flush_pending(rtf)
    rtf.units.append(number & 0xFFFF)
    rtf.to_skip = rtf.state.skip


def _flush(rtf: _Rtf) -> None:
    _flush_units(rtf)
    _flush_pending(rtf)


def _flush_units(rtf: _Rtf) -> None:
    if rtf.units:
        packed = b"".join(unit.to_bytes(2, "little") for unit in rtf.units)
        rtf.units.clear()
        _emit(rtf, packed.decode("utf-16-le", "replace"))


def _flush_pending(rtf: _Rtf) -> None:
    if rtf.pending:
        encoding = rtf.fonts.get(rtf.state.font, rtf.encoding)
        text = bytes(rtf.pending).decode(encoding, "replace")
        rtf.pending.clear()
        _emit(rtf, text)


def _text(rtf: _Rtf, text: str) -> None:
    _flush(rtf)
    if rtf.to_skip:
        rtf.to_skip -= 1
        return
    _emit(rtf, text)


def _emit(rtf: _Rtf, text: str) -> None:
    state = rtf.state
    if state.target in ("text", "margin"):
        if not state.hidden:
            shown = text.upper() if state.caps else text
            rtf.runs.append((shown.replace("\xad", ""), state.bold, state.italic, state.size, state.url))
    elif state.target in ("link", "style") and len(rtf.aside) < 1000:
        rtf.aside.append(text[:2000])


def _paragraph(rtf: _Rtf, _number: int | None = None) -> None:
    _flush(rtf)
    if rtf.in_table:
        rtf.cell.append(rtf.runs)
    else:
        rtf.writer.add_line(rtf.runs, heading=rtf.heading, listed=rtf.listed)
    rtf.runs = []
    rtf.listed = False


def _end_cell(rtf: _Rtf, _number: int | None = None) -> None:
    rtf.cell.append(rtf.runs)
    rtf.cells.append([runs for runs in rtf.cell if any(run[0].strip() for run in runs)])
    rtf.runs, rtf.cell = [], []


def _end_row(rtf: _Rtf, _number: int | None = None) -> None:
    """Write short cells as one line; a row that lays out a page, paragraph by paragraph."""
    if (rtf.runs and rtf.in_table) or rtf.cell:
        _end_cell(rtf)
    cells, rtf.cells, rtf.in_table = rtf.cells, [], False
    if any(len(cell) > 1 for cell in cells):
        for cell in cells:
            for runs in cell:
                rtf.writer.add_line(runs)
        return
    runs = []
    for cell in cells:
        for part in cell:
            runs += [*([("\t", False, False, 10.0, "")] if runs else []), *part]
    if runs:
        rtf.writer.add_line(runs, heading=rtf.heading)


def _reset_paragraph(rtf: _Rtf, _number: int | None) -> None:
    rtf.heading, rtf.listed, rtf.in_table = 0, False, False


def _set_look(name: str) -> "_Action":
    def act(rtf: _Rtf, number: int | None) -> None:
        changed: dict[str, Any] = {name: number != 0}
        rtf.state = replace(rtf.state, **changed)

    return act


def _plain(rtf: _Rtf, _number: int | None) -> None:
    rtf.state = replace(rtf.state, bold=False, italic=False, hidden=False, caps=False, size=12.0)


def _size(rtf: _Rtf, number: int | None) -> None:
    if number is not None and 2 <= number <= 400:
        rtf.state = replace(rtf.state, size=number / 2)


def _font(rtf: _Rtf, number: int | None) -> None:
    rtf.state = replace(rtf.state, font=number if number is not None else -1)


def _charset(rtf: _Rtf, number: int | None) -> None:
    if rtf.state.target == "fonts" and number in CHARSETS and len(rtf.fonts) < 1000:
        rtf.fonts[rtf.state.font] = CHARSETS[number]


def _code_page(rtf: _Rtf, number: int | None) -> None:
    rtf.encoding = CODE_PAGES.get(number or 0, rtf.encoding)


def _unicode_skip(rtf: _Rtf, number: int | None) -> None:
    rtf.state = replace(rtf.state, skip=min(max(number or 0, 0), 8))


def _style(rtf: _Rtf, number: int | None) -> None:
    if rtf.state.target in ("styles", "style"):
        rtf.style_number = number or 0
        rtf.state = replace(rtf.state, target="style")
    else:
        rtf.heading = rtf.headings.get(number or 0, 0)


def _outline(rtf: _Rtf, number: int | None) -> None:
    if rtf.state.target == "text" and number is not None and 0 <= number <= 5:
        rtf.heading = number + 1


def _list_item(rtf: _Rtf, _number: int | None) -> None:
    rtf.listed = True
    rtf.state = replace(rtf.state, target="skip")


def _in_table(rtf: _Rtf, _number: int | None) -> None:
    rtf.in_table = rtf.in_table or rtf.state.target in ("text", "margin")


def _field(rtf: _Rtf, _number: int | None) -> None:
    rtf.url = ""


def _field_result(rtf: _Rtf, _number: int | None) -> None:
    rtf.state = replace(rtf.state, url=rtf.url)


def _send_to(target: str) -> "_Action":
    def act(rtf: _Rtf, _number: int | None) -> None:
        rtf.state = replace(rtf.state, target=target)

    return act


_Action = Callable[[_Rtf, int | None], None]
_ACTIONS: dict[str, _Action] = {
    "par": _paragraph, "line": _paragraph, "sect": _paragraph, "page": _paragraph, "column": _paragraph,
    "cell": _end_cell, "nestcell": _end_cell, "row": _end_row, "nestrow": _end_row, "intbl": _in_table,
    "pard": _reset_paragraph, "plain": _plain, "b": _set_look("bold"), "i": _set_look("italic"),
    "v": _set_look("hidden"), "caps": _set_look("caps"), "fs": _size, "f": _font, "fcharset": _charset,
    "ansicpg": _code_page, "uc": _unicode_skip, "s": _style, "outlinelevel": _outline, "listtext": _list_item,
    "pntext": _list_item, "field": _field, "fldinst": _send_to("link"), "fldrslt": _field_result,
    "fonttbl": _send_to("fonts"), "stylesheet": _send_to("styles"), "sbasedon": lambda _rtf, _number: None,
    "header": _send_to("margin"), "headerl": _send_to("margin"), "headerr": _send_to("margin"),
    "headerf": _send_to("margin"), "footer": _send_to("margin"), "footerl": _send_to("margin"),
    "footerr": _send_to("margin"), "footerf": _send_to("margin"), "footnote": _send_to("margin"),
}  # fmt: skip
_KEPT = frozenset(_ACTIONS) | {"shptxt", "shpinst", "shp", "hyperlinkbase"}
