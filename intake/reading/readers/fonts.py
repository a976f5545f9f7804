"""Weight and slant of a font, told by its name."""

import re

_BOLD = re.compile(
    r"bold|black|heavy|semib|demi|extrab|[-_](?:bd|sb)\b|cmbx|sfbx|[-_]b$|medi?$|medium|bx\d", re.IGNORECASE
)
_ITALIC = re.compile(r"ital|obli|slant|cmti|sfti|-it$|cmsl", re.IGNORECASE)


def is_bold_font(name: str) -> bool:
    """Whether the name says bold, or a weight that stands out from the regular one."""
    return bool(_BOLD.search(name))


_ICONS = re.compile(r"awesome|icon|material|dingbat|typicon|entypo|foundation-|glyphs|pictos|simplel", re.IGNORECASE)


def is_icon_font(name: str) -> bool:
    """Whether the font draws pictures, whatever letters it maps them to."""
    return bool(_ICONS.search(name))


def is_italic_font(name: str) -> bool:
    """Whether the name says italic or oblique."""
    return bool(_ITALIC.search(name))
