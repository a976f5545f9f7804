"""Repairs of single characters as PDF fonts encode them.

It maps what fonts get wrong (ligature codes, icon glyphs, odd spaces) to plain text. It must never invent letters:
what it does not know passes through or becomes an icon mark.
"""

import re
import unicodedata

ICON = "\ue000"
"""Stands for a glyph of an icon font: it parts what stands beside it and is never shown."""

BULLETS = frozenset("•◦▪▫■□●○‣⁃∙·➢➤»►▶▸✓✔❖◆◇★☆–—-*›⚫⬤⚬∗◾◽➔→✦❯")
"""Characters that open a list item when they stand alone before it."""

_REPAIRED = {
    0x0B: "ff", 0x0C: "fi", 0x0E: "ffi", 0x0F: "ffl",
    0x10: "“",
    0x11: "”",
    0x12: "„",
    0x13: "«",
    0x14: "»",
    0x15: "–",
    0x16: "—",
    0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl",
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
    0x02: "\u00ad", 0xFFFE: "\u00ad",
    0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF076: "❖", 0xF06E: "■", 0xF0A8: "◻", 0xF071: "❑",
    0x2010: "-", 0x2011: "-", 0x2212: "-", 0x02D9: "·", 0x0130: "İ",
}  # fmt: skip
_DROPPED = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFD, 0x200E, 0x200F, 0x00})


def _repair_code(code: int) -> str:
    known = _REPAIRED.get(code)
    if known is not None:
        return known
    if code in _DROPPED or code < 0x20 or 0x7F <= code < 0xA0:
        return ""
    if 0xE000 <= code <= 0xF8FF or 0xF0000 <= code <= 0x10FFFF:
        return ICON
    text = chr(code)
    if 0xFF01 <= code <= 0xFF5E or 0x1D400 <= code <= 0x1D7FF:
        return unicodedata.normalize("NFKC", text)
    return text


class _Repairs(dict[int, str]):
    """Code point → text, worked out once for each code point met."""

    def __missing__(self, code: int) -> str:
        text = _repair_code(code)
        if len(self) < 20_000:
            self[code] = text
        return text


REPAIRED: dict[int, str] = _Repairs()
"""Text of a code point as drawn; empty for what draws nothing."""


_WRONG = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd\ufffe]")


def is_suspicious(text: str) -> bool:
    """Whether text looks wrongly decoded: many control, private-use or unmapped characters."""
    return len(_WRONG.findall(text)) > 0.15 * len(text)
