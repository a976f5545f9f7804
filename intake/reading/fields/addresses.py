"""What e-mail addresses, phone numbers and links look like, and which lines of a document are about the person.

What stands in the parts about work, projects or referees is not the person's own contact.
"""

import re

from intake.reading.page import Line, Sheets
from intake.reading.sections import Section

EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[^\W_](?:[^\W_]|-){0,62}\.){1,4}[A-Za-z]{2,24}(?![\w-])"
)
PHONE = re.compile(
    r"(?<![\w/.@-])(?:\(?\+\s?\d{1,3}\)?|\(?00\d{1,3}\)?)?(?:[\s./()–-]*(?:\d|"
    r"(?<=[\d\s])[X*x]{1,3}(?![a-zA-Z]))){6,15}(?![\w@-])"
)
_TLDS = (
    r"com|org|net|io|dev|me|co|ai|app|eu|de|fr|es|it|nl|pt|pl|uk|us|ca|at|ch|be|in|br|jp|cn|kr|edu|gov|info|name|"
    r"tech|xyz|site|online|page|blog|design|example|test|gg|tv|ly|link|"
    r"se|no|dk|fi|ie|cz|gr|tr|ru|ua|il|au|nz|mx|ar|cl|pro|works|space|website|cloud|studio|digital|art|codes|"
    r"engineer|science|academy|email|cat|re|so|sh|id|vc|fyi|cv|is|to|world|live|social|ninja|rocks|today|zone|guru|"
    r"expert|agency|store|shop"
)
URL = re.compile(
    rf"(?<![\w@.])(?:https?://[^\s<>\"|,;()]+|www\.[^\s<>\"|,;()]+|"
    rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TLDS})(?![\w-])(?:/[^\s<>\"|,;()]*)?)(?![\w@])",
    re.IGNORECASE,
)
_OWN = ("head", "contact")
_SPACED_AT = re.compile(
    r"\s*[(\[{<]\s*(?:at|@|ät|arroba)\s*[)\]}>]\s*|(?<=[\w.])\s+@\s*(?=\w)|(?<=\w)@\s+(?=[\w-]+\.)|"
    r"(?<=\w)\s+at\s+(?=[\w-]+\s+dot\s+\w)|(?<=\w)\s+(?-i:AT)\s+(?=[\w-]+\.\w)|(?<=\w)[©®](?=[\w-]+\.\w)",
    re.IGNORECASE,
)
_SPACED_DOT = re.compile(
    r"(?<=[\w])\s*[(\[{]\s*(?:dot|punkt|punto|point|ponto|punt|kropka)\s*[)\]}]\s*(?=\w)|(?<=@)([\w-]+)\s+dot\s+(?=\w)",
    re.IGNORECASE,
)
_BROKEN_DOT = re.compile(
    r"(?<=@)([\w-]+)\s?\.\s(?=(?:com|org|net|edu|de|fr)\b)|\b([\w-]{2,})\.\s(?=(?:com|org|net|io)/\w)"
)
_VEILED = re.compile(r"[@©®]|[(\[{<]\s*(?:at|ät|arroba)\b|\bAT\b|\b[Aa]t\s+[\w-]+\s+dot\b", re.IGNORECASE)
_CROWD = 6


def mend_addresses(text: str) -> str:
    """A text with its addresses written plainly: ``jo (at) example.org``, and what recognition broke at a dot."""
    if _VEILED.search(text):
        text = _SPACED_DOT.sub(lambda m: f"{m[1] or ''}.", _SPACED_AT.sub("@", text))
    return _BROKEN_DOT.sub(lambda m: f"{m[1] or m[2]}.", text)


def own_lines(sections: list[Section]) -> list[tuple[Line, bool]]:
    """All lines with whether they stand in a part about the person; referees' lines are left out.

    Short lines beside an e-mail address count as such a part wherever they stand: contacts may close a document.
    """
    found: list[tuple[Line, bool]] = []
    for number, section in enumerate(sections):
        if section.kind == "references":
            continue
        rows = rows_of_section(section)
        near = contact_rows(rows)
        own = is_own(section, number)
        found += [(line, own or (index in near and is_short(line))) for index, line in enumerate(rows)]
    return found


def is_own(section: Section, number: int) -> bool:
    """Whether a section is about the person."""
    return section.kind in _OWN or number == 0


def rows_of_section(section: Section) -> list[Line]:
    """A section's lines, its heading first."""
    return ([section.heading] if section.heading else []) + section.lines


def contact_rows(lines: list[Line]) -> set[int]:
    """Which lines stand within two of an e-mail address among hardly any other words."""
    marked = [index for index, line in enumerate(lines) if EMAIL.search(line.text) and _is_contact(line)]
    return {index + step for index in marked for step in range(-2, 3)}


def _is_contact(line: Line) -> bool:
    bare = PHONE.sub(" ", URL.sub(" ", EMAIL.sub(" ", line.text)))
    return len(re.findall(r"[^\W\d_]{3,}", bare)) <= _CROWD


def is_short(line: Line) -> bool:
    """Whether a line is no running text, whose links lead elsewhere."""
    return (
        len(line.text.split()) <= 7 or bool(EMAIL.search(line.text) or PHONE.search(line.text)) or len(line.cells) > 1
    )


def urls_behind(sheets: Sheets) -> list[str]:
    """Every address behind text or a box, each once."""
    behind = [link.url for page in sheets.pages for link in page.links]
    return list(dict.fromkeys([*behind, *sheets.links, *(s.url for line in sheets.lines for s in line.spans if s.url)]))


def link_key(url: str) -> str:
    """What makes two links the same: no scheme, ``www.``, query or final slash."""
    url = re.sub(r"^[a-z]+://", "", url.strip().casefold())
    return re.sub(r"^www\.", "", url).split("?")[0].split("#")[0].rstrip("/.,;")
