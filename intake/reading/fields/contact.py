"""E-mail addresses, phone numbers and links: from text by pattern, and from the addresses behind it.

What stands in the parts about work, projects or referees is not the person's own contact and is left out.
"""

import re

from intake.reading.fields.dates import find_dates
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line, Link, Sheets, Span
from intake.reading.sections import Section
from storage.profile import Place

_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,4}[A-Za-z]{2,24}(?![\w-])"
)
_SPACED_AT = re.compile(
    r"\s*(?:\(at\)|\[at\]|\{at\})\s*|(?<=[\w.])\s+@\s*(?=\w)|(?<=\w)@\s+(?=[\w-]+\.)", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![\w/.@-])(?:\(?\+\s?\d{1,3}\)?|\(?00\d{1,3}\)?)?(?:[\s./()–-]*(?:\d|"
    r"(?<=[\d\s])[X*x]{1,3}(?![a-zA-Z]))){6,15}(?![\w@-])"
)
_PHONE_LABEL = re.compile(
    r"(?:(?<![^\W\d_])(?:phone|tel|tél|telefon|telephone|téléphone|teléfono|telefono|telefoon|mobile?|móvil|movil|"
    r"cell|handy|portable|gsm|mobiel|komórka|kom|office|work|home|private|privat|b[üu]ro|dienstlich|fixe|fixo|fijo|"
    r"fisso|casa|trabajo|cellulare|cel|telem[óo]vel|m[óo]vil|mob|telemóvel|celular|whatsapp|t|m|p)|☎|📞|✆|📱)\W*$",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(r"\b(?:fax|isbn|issn|doi|iban|vat|nip|pesel|siret|orcid|id|nr|no|n[°º])\W*$", re.IGNORECASE)
_TLDS = (
    r"com|org|net|io|dev|me|co|ai|app|eu|de|fr|es|it|nl|pt|pl|uk|us|ca|at|ch|be|in|br|jp|cn|kr|edu|gov|info|name|"
    r"tech|xyz|site|online|page|blog|design|example|test|gg|tv|ly|link|"
    r"se|no|dk|fi|ie|cz|gr|tr|ru|ua|il|au|nz|mx|ar|cl|pro|works|space|website|cloud|studio|digital|art|codes|"
    r"engineer|science|academy|email|cat|re|so|sh|id|vc|fyi|cv|is|to|world|live|social|ninja|rocks|today|zone|guru|"
    r"expert|agency|store|shop"
)
_URL = re.compile(
    rf"(?<![\w@.])(?:https?://[^\s<>\"|,;()]+|www\.[^\s<>\"|,;()]+|"
    rf"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:{_TLDS})(?![\w-])(?:/[^\s<>\"|,;()]*)?)(?![\w@])",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"^(?:https?://)?(?:[a-z]{2,3}\.)?(?:www\.)?(?:linkedin\.com/(?:in|pub)|github\.com|gitlab\.com|twitter\.com|"
    r"x\.com|xing\.com|behance\.net|dribbble\.com|stackoverflow\.com/users|medium\.com|orcid\.org|scholar\.google|"
    r"youtube\.com|instagram\.com|soundcloud\.com|facebook\.com|mastodon)",
    re.IGNORECASE,
)
_OWN = ("head", "contact")
_FOREIGN = ("work", "education", "projects", "publications", "references", "awards", "certificates", "volunteer")


def _key(url: str) -> str:
    url = re.sub(r"^[a-z]+://", "", url.strip().casefold())
    return re.sub(r"^www\.", "", url).split("?")[0].split("#")[0].rstrip("/.,;")


_OPEN_ADDRESS = re.compile(r"^\S*(?:[-/._@=\u00ad]|https?:)$")


def join_wrapped_addresses(lines: list[Line]) -> list[Line]:
    """Lines with an address that a narrow column broke in two put together again."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and _goes_on(last, line):
            text = _put_together(last.text, line.text)
            span = Span(text, last.left, last.right, last.spans[0].size, url=last.spans[-1].url)
            joined[-1] = Line((span,), last.page, last.left, last.top, last.right, line.bottom, (text,), last.column)
        else:
            joined.append(line)
    return joined


def _put_together(first: str, second: str) -> str:
    """A hyphen at a line's end is part of an address; some languages repeat it on the next line."""
    first, second = first.strip(), second.strip()
    if first.endswith(("\u00ad", "-")):
        return first[:-1] + "-" + second.lstrip("-")
    return first + second


def _goes_on(line: Line, below: Line) -> bool:
    first, second = line.text.strip(), below.text.strip()
    if " " in first or " " in second or line.column != below.column or below.top - line.bottom > 8 or len(first) < 4:
        return False
    if not _OPEN_ADDRESS.match(first) and not second.startswith((".", "@", "/")):
        return False
    whole = _put_together(first, second)
    return bool(_EMAIL.fullmatch(whole) or _URL.fullmatch(whole))


def own_lines(sections: list[Section]) -> list[tuple[Line, bool]]:
    """All lines with whether they stand in a part about the person; referees' lines are left out.

    Short lines beside an e-mail address count as such a part wherever they stand: contacts may close a document.
    """
    found: list[tuple[Line, bool]] = []
    for number, section in enumerate(sections):
        if section.kind == "references":
            continue
        rows = _rows(section)
        near = contact_rows(rows)
        own = section.kind in _OWN or number == 0
        found += [(line, own or (index in near and _is_short(line))) for index, line in enumerate(rows)]
    return found


def contact_rows(lines: list[Line]) -> set[int]:
    """Which lines stand within two of an e-mail address."""
    marked = [index for index, line in enumerate(lines) if _EMAIL.search(line.text)]
    return {index + step for index in marked for step in range(-2, 3)}


def read_emails(lines: list[tuple[Line, bool]], sheets: Sheets) -> list[Found]:
    """Addresses in the text and behind it, the person's own parts first."""
    found: dict[str, Found] = {}
    for line, own in sorted(lines, key=lambda item: not item[1]):
        for match in _EMAIL.finditer(_SPACED_AT.sub("@", line.text)):
            address = match.group().rstrip(".")
            if own or not found:
                found.setdefault(address.casefold(), Found(address, 0.99 if own else 0.85, (place_of(line),)))
    for url in _urls_behind(sheets):
        if url.lower().startswith("mailto:"):
            address = url[7:].split("?")[0].strip()
            if _EMAIL.fullmatch(address) and not found:
                found.setdefault(address.casefold(), Found(address, 0.9))
    return list(found.values())


def _urls_behind(sheets: Sheets) -> list[str]:
    behind = [link.url for page in sheets.pages for link in page.links]
    return list(dict.fromkeys([*behind, *sheets.links, *(s.url for line in sheets.lines for s in line.spans if s.url)]))


def _normal_phone(text: str) -> str | None:
    """E.164 where the country is written (not beside a trunk zero in brackets), else as written; None where it "
    "cannot be a phone number."""
    text = text.strip(" .,;/-–")
    digits = re.sub(r"\D", "", text)
    masked = bool(re.search(r"[X*x]", text))
    if not (7 <= len(digits) <= 15) and not (masked and len(digits) >= 5):
        return None
    international = re.match(r"^\(?(?:\+|00)\s?([1-9]\d{0,2})\)?", text)
    if not international or masked or "(0)" in text:
        return re.sub(r"\s{2,}", " ", text)
    return "+" + (digits[2:] if text.lstrip("(").startswith("00") else digits)


def _is_phone(text: str, line: str, begin: int, end: int, *, own: bool) -> bool:
    before = line[:begin]
    if _OTHER_NUMBER.search(before):
        return False
    if re.fullmatch(r"\s*\d{4}-\d{3}\s*", text):
        return False
    labelled = bool(_PHONE_LABEL.search(before[-14:]))
    if labelled:
        return True
    if find_dates(text) and not text.lstrip("( ").startswith("+"):
        return False
    plus = text.lstrip("( ").startswith("+") or text.lstrip().startswith("00")
    alone = len(line[:begin].strip() + line[end:].strip()) <= 3
    grouped = bool(re.search(r"\d[\s./()–-]+\d", text))
    if own:
        return plus or grouped or alone
    return plus and (alone or len(line) < 60)


def read_phones(lines: list[tuple[Line, bool]], sheets: Sheets) -> list[Found]:
    """Phone numbers, E.164 where the country code is written; from links to call where none is printed."""
    found: dict[str, Found] = {}
    for line, own in lines:
        for cell in line.cells or (line.text,):
            masked = _EMAIL.sub(lambda m: "@" * len(m.group()), cell)
            masked = _URL.sub(lambda m: "@" * len(m.group()), masked)
            for match in _PHONE.finditer(masked):
                text = match.group()
                context = line.text if len(line.cells) > 1 and cell.strip() == text.strip() else masked
                begin = context.find(text)
                if not _is_phone(text, context, begin, begin + len(text), own=own):
                    continue
                number = _normal_phone(text)
                if number:
                    key = re.sub(r"\D", "", number)[-9:]
                    found.setdefault(key, Found(number, 0.97 if own else 0.75, (place_of(line),)))
    for url in _urls_behind(sheets) if not found else ():
        number = _normal_phone(url[4:].split(";")[0]) if url.lower().startswith("tel:") else None
        if number:
            found.setdefault(number, Found(number, 0.9))
    return list(found.values())


def _is_own_url(url: str, *, own: bool, kind: str) -> bool:
    if own:
        return True
    if kind in _FOREIGN:
        return False
    return bool(_SOCIAL.match(url))


def read_links(sections: list[Section], sheets: Sheets, emails: list[Found]) -> list[Found]:
    """Links in the person's own parts: as written, and behind text or icons."""
    domains = {found.value.split("@")[-1].casefold() for found in emails}
    found: dict[str, Found] = {}
    for number, section in enumerate(sections):
        own = section.kind in _OWN or number == 0
        for line in _rows(section):
            last = number == len(sections) - 1 and line in section.lines[-1:]
            for match in _URL.finditer(_EMAIL.sub(" ", line.text)):
                url = match.group().rstrip(".,;:")
                stray = _is_bare(line) and (section.kind not in _FOREIGN or last)
                if _is_own_url(url, own=own or stray, kind=section.kind) and _is_link(url, domains):
                    found.setdefault(_key(url), Found(url, 0.95 if own else 0.7, (place_of(line),)))
    if sheets.pages:
        _add_annotations(sections, sheets, found)
    else:
        _add_behind(sections, found)
    return [link for key, link in found.items() if not _is_fragment(key, found)]


def _is_fragment(key: str, found: dict[str, Found]) -> bool:
    """Whether an address is only a broken part of another one that was found."""
    whole = [other for other in found if other != key and len(other) > len(key)]
    if key.endswith("\u00ad") or any(other.startswith(key) and other[len(key)] not in "/?" for other in whole):
        return True
    if key.endswith(("/in", "/")) or ("/" not in key and key.split(".", maxsplit=1)[0] in ("linkedin", "github")):
        return any(other.startswith(key) for other in whole) or key in ("linkedin.com/in", "linkedin.com", "github.com")
    return any(other.endswith(key) and other[-len(key) - 1] not in "./" for other in whole)


def _rows(section: Section) -> list[Line]:
    return ([section.heading] if section.heading else []) + section.lines


def _is_bare(line: Line) -> bool:
    """Whether a line holds hardly more than addresses."""
    return len(re.sub(r"\W", "", _URL.sub("", line.text))) < 22


def _is_link(url: str, domains: set[str]) -> bool:
    return _key(url) not in domains or "://" in url or url.lower().startswith("www.")


def _is_own(section: Section, sections: list[Section]) -> bool:
    return section.kind in _OWN or section is sections[0]


def _add_annotations(sections: list[Section], sheets: Sheets, found: dict[str, Found]) -> None:
    """Addresses behind the person's own lines, and those of known sites behind bare icons."""
    own = [place_of(line) for s in sections if _is_own(s, sections) for line in _rows(s) if _is_short(line)]
    others = [place_of(line) for s in sections if not _is_own(s, sections) for line in _rows(s)]
    for page in sheets.pages:
        for link in page.links:
            if not link.url.lower().startswith(("http://", "https://")):
                continue
            if _touches(link, page.number, own) or (_is_profile(link.url) and not _touches(link, page.number, others)):
                place = Place(page.number, link.left, link.top, link.right, link.bottom)
                found.setdefault(_key(link.url), Found(link.url, 0.8, (place,)))


def _is_short(line: Line) -> bool:
    """Whether a line is no running text, whose links lead elsewhere."""
    return (
        len(line.text.split()) <= 7 or bool(_EMAIL.search(line.text) or _PHONE.search(line.text)) or len(line.cells) > 1
    )


def _add_behind(sections: list[Section], found: dict[str, Found]) -> None:
    """The same for formats without pages, whose runs carry the address."""
    for section in sections:
        for line in _rows(section) if _is_own(section, sections) else []:
            for span in line.spans:
                if span.url.lower().startswith(("http://", "https://")):
                    found.setdefault(_key(span.url), Found(span.url, 0.8, (place_of(line),)))


def _is_profile(url: str) -> bool:
    """Whether an address is a person's page at one of the known sites."""
    return bool(_SOCIAL.match(url)) and _key(url).count("/") <= 2


def _touches(link: Link, page: int, places: list[Place]) -> bool:
    middle = (link.top + link.bottom) / 2
    return any(
        p.page == page and p.top - 3 <= middle <= p.bottom + 3 and p.left - 30 <= link.left <= p.right + 10
        for p in places
    )
