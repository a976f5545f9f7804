"""Where the person lives: an address or a place in the head or contact parts. Never a place of work."""

import re

from intake.reading.fields.contact import _EMAIL, _PHONE, _URL, contact_rows
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.fields.places import has_postcode, has_street, place_strength
from intake.reading.page import Line
from intake.reading.sections import Section

_LABEL = re.compile(
    r"^\W*(?:(?:home |current |postal |mail(?:ing)? )?address|location|adresse|anschrift|wohnort|ort|domicile|lieu|"
    r"ville|direcci[óo]n|domicilio|ubicaci[óo]n|lugar de residencia|residencia|ciudad|indirizzo|residenza|citt[àa]|"
    r"luogo|adres|woonplaats|plaats|morada|endere[çc]o|localidade|localiza[çc][ãa]o|cidade|adres zamieszkania|"
    r"miejsce zamieszkania|miasto|lokalizacja|based in|lives? in|city|region|postal code & city|postal code|"
    r"country|wohnhaft in)\s*(?::|\(s\):?|\s(?=\S))\s*",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*[|•·●▪◦∙♦⋄]\s*|\s{3,}|\s+[–—]\s+")


def _pieces(line: Line) -> list[tuple[str, bool]]:
    """Parts of a line without contacts, with whether a label says that it is an address."""
    found: list[tuple[str, bool]] = []
    labelled = False
    for cell in line.cells or (line.text,):
        for part in _CUT.split(cell):
            bare = _PHONE.sub("  \x00 ", _URL.sub(" \x00 ", _EMAIL.sub(" \x00 ", part)))
            for bit in bare.split("\x00"):
                text = bit.strip(" ,;:|-–()")
                match = _LABEL.match(text + " ")
                if match:
                    labelled, text = True, text[match.end() :].strip(" ,;:-–")
                if text:
                    found.append((text, labelled))
    return found


def _score(text: str, *, labelled: bool, beside: bool) -> float:
    """How surely a piece is the person's place; ``beside`` says that a phone number or address shares its line."""
    strength = place_strength(text)
    if not strength and (_NUMBERED.match(text) or (beside and _PAIR.match(text))):
        strength = 0.56
    if labelled and strength < 0.8 and 1 <= len(text.split()) <= 12:
        strength = max(strength + 0.3, 0.75 if ":" not in text else 0.0)
    if strength and not labelled and len(text) < 4:
        strength -= 0.3
    return strength


def read_location(sections: list[Section]) -> Found | None:
    """The best place in the head and contact parts."""
    best: tuple[float, str, Line] | None = None
    for number, section in enumerate(sections):
        lines = ([section.heading] if section.heading and number == 0 else []) + section.lines[:25]
        if section.kind not in ("head", "contact") and number:
            lines = _around_contacts(section) if section.kind != "references" else []
        for index, line in enumerate(lines):
            beside = bool(_EMAIL.search(line.text) or _PHONE.search(line.text))
            for text, labelled in _pieces(line):
                score = _score(text, labelled=labelled, beside=beside) - 0.004 * min(index, 20)
                if score > 0.5 and (best is None or score > best[0] + 0.02):
                    best = (score, _with_neighbours(text, lines, index, labelled=labelled), line)
    if best is None:
        return None
    return Found(best[1], min(0.97, 0.35 + 0.6 * best[0]), (place_of(best[2]),))


def _around_contacts(section: Section) -> list[Line]:
    """Lines of another section that stand on or beside an e-mail address."""
    near = contact_rows(section.lines)
    return [line for index, line in enumerate(section.lines) if index in near and len(line.text.split()) < 14]


_PAIR = re.compile(r"^[A-ZÀ-Þ][\w'’ -]{2,24}, [A-ZÀ-Þ][\w'’ -]{2,24}$")
_NUMBERED = re.compile(r"^\d{1,5}[a-z]?,? (?:[A-ZÀ-Þ][\w'’.-]+ ?){2,5}, ?[A-ZÀ-Þ]")


def _with_neighbours(text: str, lines: list[Line], index: int, *, labelled: bool) -> str:
    """An address set on several lines: street, then postcode and town, then region or country."""
    if labelled:
        more = [other for line in lines[index + 1 : index + 4] for other, marked in _pieces(line) if marked]
        return ", ".join([text, *more[:3]])
    if has_street(text) and not has_postcode(text):
        for follower in lines[index + 1 : index + 3]:
            for other, _ in _pieces(follower):
                if (has_postcode(other) or has_postcode(other.split(",")[0])) and place_strength(other) >= 0.5:
                    return f"{text}, {other}"
        follower_line = lines[index + 1] if index + 1 < len(lines) else None
        first = next(iter(_pieces(follower_line)), None) if follower_line else None
        if first and _NAME.match(first[0]) and index == 0:
            return f"{text}, {first[0]}"
    return text


_NAME = re.compile(r"^[A-ZÀ-Þ][\w'’-]+(?:[ -][\w'’-]+){0,4}$")
