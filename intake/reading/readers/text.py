"""Plain text and Markdown: encodings told, columns of spaces kept as cells, list marks and headings understood."""

import re
import unicodedata

from intake.reading.page import Sheets
from intake.reading.readers.flow import FlowWriter, Run, plain_run
from intake.reading.readers.text_grid import is_columnar, lay_out_text

READER = "text 1"
_LIST_MARK = re.compile(r"(?:[-*+•·‣▪●○◦–—»►▸]|\(?\d{1,2}[.)])\s+(?=\S)")
_QUOTE_MARK = re.compile(r"[:>]\s+(?=\S)")
_HASHES = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"\s*([=\-_*~#])\1{2,}\s*$")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\(([^)\s]{1,1000})\)")
_SOFT_HYPHEN = re.compile(r"\xad")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_])(?=\S)([^*\n]{1,300}?)\1(?!\w)")
_BARE_LINK = re.compile(r"<((?:https?://|mailto:)[^>\s]{1,1000})>")
MAX_GRID = 100_000
"""Longest text laid out on a grid, in characters."""


def decode_text(data: bytes) -> str:
    """Return text in whatever encoding it is: by mark, by alternating NULs, UTF-8 where valid, else Windows-1252."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    head = data[:4096]
    if head[1::2].count(0) * 10 >= len(head) * 4:
        return data.decode("utf-16-le", "replace")
    if head[0::2].count(0) * 10 >= len(head) * 4:
        return data.decode("utf-16-be", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _decode_legacy(data: bytes) -> str:
    """Choose among the single-byte encodings of our languages by how much reads as letters of one script."""
    candidates = ("cp1252", "cp1250", "cp1251", "koi8-r")
    scored = [(_letter_score(data[:20_000].decode(name, "replace"), name), name) for name in candidates]
    best = max(scored, key=lambda pair: pair[0])
    return data.decode(best[1] if best[0] > scored[0][0] + 0.15 else "cp1252", "replace")


def _letter_score(text: str, name: str) -> float:
    """Share of non-ASCII characters that are plausible in this encoding; wrong decodings yield symbols and mixes."""
    odd = [char for char in text if char > "\x7f"]
    if not odd:
        return 0.0
    good = sum(unicodedata.category(char) in ("Ll", "Lo") for char in odd)
    bad = sum(char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cn", "Co", "So") for char in odd)
    swapped = len(re.findall(r"[a-zа-яё][A-ZА-ЯЁÀ-ÞŁŚŻŹĆ]", text))
    is_cyrillic = name in ("cp1251", "koi8-r")
    odd_runs = r"[a-zA-Z][а-яёА-ЯЁ]|[а-яёА-ЯЁ][a-zA-Z]" if is_cyrillic else r"[^\x00-\x7f]{4}"
    return (good - 2 * bad - 2 * swapped - 3 * len(re.findall(odd_runs, text))) / len(odd)


def read_text(data: bytes) -> Sheets:
    """Read plain text or Markdown."""
    writer = FlowWriter("txt", READER)
    text = _SOFT_HYPHEN.sub("-", decode_text(data)).replace("\r\n", "\n").replace("\r", "\n").expandtabs(8)
    rows = text.split("\n")
    hashes = sum(row.startswith("#") for row in rows) > 1
    if not hashes and len(text) <= MAX_GRID and is_columnar(rows):
        writer.sheets.lines = lay_out_text(text)
        return writer.sheets
    for number, row in enumerate(rows):
        following = rows[number + 1] if number + 1 < len(rows) else ""
        _write_row(writer, row, following, is_markdown=hashes)
    return writer.sheets


def _write_row(writer: FlowWriter, row: str, following: str, *, is_markdown: bool) -> None:
    text = _QUOTE_MARK.sub("", row.strip(), count=1) if _QUOTE_MARK.match(row.strip()) else row.strip()
    if not text or _RULE.match(row):
        return writer.skip()
    heading = _HASHES.match(text) if is_markdown else None
    if heading:
        return writer.add_line(_runs(heading[2]), heading=len(heading[1]))
    underlined = _RULE.match(following) and following.strip()[0] in "=-~" and len(text) <= 60
    mark = _LIST_MARK.match(text)
    if mark and not underlined:
        text = text[mark.end() :]
    level = (1 if following.strip()[0] == "=" else 2) if underlined else 0
    return writer.add_line(_runs(text), heading=level, listed=bool(mark))


def _runs(text: str) -> list[Run]:
    """Cut Markdown's links and bold out of a row; plain rows pass as they are."""
    runs: list[Run] = []
    at = 0
    for found in _MARKDOWN_LINK.finditer(text) if "](" in text else ():
        runs += [
            plain_run(_strip_marks(text[at : found.start()])),
            (_strip_marks(found[1]), False, False, 10.0, found[2]),
        ]
        at = found.end()
    rest = text[at:]
    bold = _EMPHASIS.fullmatch(rest) if not runs else None
    if bold:
        return [(bold[2], True, False, 10.0, "")]
    return [*runs, plain_run(_strip_marks(rest))]


def _strip_marks(text: str) -> str:
    if "](" in text:
        text = _MARKDOWN_LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(r"\2", text)
    return _BARE_LINK.sub(r"\1", text) if "<" in text else text
