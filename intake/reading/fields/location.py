"""Where the person lives: an address or a place in the head or contact parts. Never a place of work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.reading.fields.addresses import EMAIL, PHONE, URL, contact_rows
from intake.reading.fields.dates import find_dates
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.fields.places import has_postcode, has_street, is_plain_name, place_strength
from intake.reading.page import Line
from intake.reading.sections import Section
from intake.reading.vocabulary import CONTACT_WORDS, fold

_LABELS = (
    r"(?:(?:home |current |postal |mail(?:ing)? |private )?address|location|adresse|anschrift|wohnort|ort|stra[ßs]+e|"
    r"domicile|lieu(?: de r[ée]sidence)?|ville|direcci[óo]n|domicilio|ubicaci[óo]n|lugar de residencia|residencia|"
    r"ciudad|indirizzo|residenza|citt[àa]|luogo(?: di residenza)?|adres|woonplaats|plaats|morada|endere[çc]o|"
    r"localidade|localiza[çc][ãa]o|cidade|adres zamieszkania|miejsce zamieszkania|miejscowo[śs][ćc]|miasto|"
    r"lokalizacja|(?:currently |now )?(?:based|living|located|residing) in|lives? in|"
    r"resident of|city|town|region|state|postal code & city|"
    r"postal code|country|wohnhaft in|plz|land|pa[íi]s|pays|kraj|resides in|residente (?:en|em|a)|mieszkam w)"
)
_LABEL = re.compile(rf"^\W*{_LABELS}(?:\s*(?::|\(s\):?|\s(?=\S))\s*|\W*$)", re.IGNORECASE)
_CUT = re.compile(r"\s*[|•·●▪◦∙♦⋄]\s*|\s{3,}|\s+[–—]\s+")
_PAIR = re.compile(r"^[A-ZÀ-Þ][\w'’ -]{2,24}, [A-ZÀ-Þ][\w'’ -]{2,24}$")
_NUMBERED = re.compile(r"^\d{1,5}[a-z]?,? (?:[A-ZÀ-Þ][\w'’.-]+ ?){2,5}, ?[A-ZÀ-Þ]")
_NAME = re.compile(r"^[A-ZÀ-Þ][\w'’-]+(?:[ -][\w'’-]+){0,4}$")
_MOST_LINES = 25


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line without contacts. ``row`` numbers all lines; ``penalty`` grows down each part."""

    text: str
    line: Line
    row: int
    labelled: bool
    beside: bool
    """Whether an e-mail address or a phone number shares its line."""
    penalty: float = 0.0


def read_location(sections: list[Section], name: str = "") -> Found | None:
    """The best place in the head and contact parts; ``name`` is the person's own, which is none."""
    best: tuple[float, str, Line] | None = None
    own = set(fold(name).split())
    pieces: list[_Piece] = []
    for number, section in enumerate(sections):
        start = pieces[-1].row + 1 if pieces else 0
        pieces += [p for p in _pieces_of(section, number, start) if not own >= set(fold(p.text).split())]
    for at, piece in enumerate(pieces):
        score = _score(piece) - piece.penalty
        if score > 0.5 and (best is None or score > best[0] + 0.02):
            best = (score, _whole(pieces, at), piece.line)
    if best is None:
        return None
    return Found(best[1], min(0.97, 0.35 + 0.6 * best[0]), (place_of(best[2]),))


def _pieces_of(section: Section, number: int, start: int) -> list[_Piece]:
    lines = ([section.heading] if section.heading and number == 0 else []) + section.lines[:_MOST_LINES]
    if section.kind not in ("head", "contact") and number:
        lines = _around_contacts(section) if section.kind != "references" else []
    contacts = [bool(EMAIL.search(line.text) or PHONE.search(line.text)) for line in lines]
    loose = 0.15 if number > 0 and not section.title and not any(contacts) else 0.0
    pieces: list[_Piece] = []
    carried = False
    for row, line in enumerate(lines):
        dated = not contacts[row] and len(line.cells) > 1 and bool(find_dates(line.text))
        penalty = loose + 0.004 * min(row, 20) + (0.3 if dated else 0.0)
        parts, carried = _without_labels(list(_texts_of(line)), carried=carried)
        pieces += [_Piece(text, line, start + row, labelled, contacts[row], penalty) for text, labelled in parts]
    return pieces


def _without_labels(texts: list[str], *, carried: bool) -> tuple[list[tuple[str, bool]], bool]:
    """Texts of a line with whether a label says that they are an address; and whether its label waits for a line."""
    labelled = carried and len(texts) == 1
    found: list[tuple[str, bool]] = []
    for number, text in enumerate(texts):
        label = _LABEL.match(text)
        shown = text[label.end() :].strip(" ,;:-–") if label else text
        if not shown and labelled and number:
            shown = text
        labelled = labelled or label is not None
        found += [(shown, labelled)] if shown else []
    return found, labelled and not found


def _texts_of(line: Line) -> Iterator[str]:
    for cell in line.cells or (line.text,):
        for part in _CUT.split(cell):
            bare = PHONE.sub(_mask_phone, URL.sub(" \x00 ", EMAIL.sub(" \x00 ", part)))
            for bit in bare.split("\x00"):
                text = bit.strip(" ,;:|-–()" if bit.count("(") != bit.count(")") else " ,;:|-–")
                if text:
                    yield text


def _mask_phone(match: re.Match[str]) -> str:
    """A phone number taken out, but not a house number and postcode before a town."""
    text, after = match.group(), match.string[match.end() :]
    digits = sum(char.isdigit() for char in text)
    if digits < 7 or (re.match(r"\s[A-ZÀ-Þ]", after) and has_postcode(text.split()[-1]) and "+" not in text):
        return text
    return "  \x00 "


def _around_contacts(section: Section) -> list[Line]:
    """Lines of another section that stand on or beside an e-mail address."""
    near = contact_rows(section.lines)
    return [line for index, line in enumerate(section.lines) if index in near and len(line.text.split()) < 14]


def _score(piece: _Piece) -> float:
    """How surely a piece is the person's place."""
    text = piece.text
    strength = place_strength(text) or place_strength(re.sub(r"\s*\([^()]*\)$", "", text))
    if not strength and (_NUMBERED.match(text) or (piece.beside and _PAIR.match(text))):
        strength = 0.56
    if piece.labelled and strength < 0.8 and 1 <= len(text.split()) <= 12:
        strength = max(strength + 0.3, 0.75 if ":" not in text else 0.0)
    if not strength and piece.beside and is_plain_name(text) and fold(text) not in CONTACT_WORDS and text.istitle():
        strength = 0.53
    if strength and not piece.labelled and len(text) < 4:
        strength -= 0.3
    return strength


def _whole(pieces: list[_Piece], at: int) -> str:
    """An address set in several parts: street, then postcode and town, then region or country."""
    first = pieces[at]
    texts = [first.text]
    if at and _is_street(pieces[at - 1].text) and first.row - pieces[at - 1].row <= 1 and not has_street(first.text):
        texts.insert(0, pieces[at - 1].text)
    for last, piece in zip(pieces[at:], pieces[at + 1 : at + 4], strict=False):
        if piece.row - last.row > 1 + last.labelled or not _follows(last, piece, opening=last is first):
            break
        texts.append(piece.text)
    return ", ".join(texts)


def _is_street(text: str) -> bool:
    return has_street(text) and any(char.isdigit() for char in text) and not has_postcode(text)


def _follows(last: _Piece, piece: _Piece, *, opening: bool) -> bool:
    """Whether a piece goes on with the address of the one before."""
    if piece.labelled and last.labelled:
        return True
    if _is_street(last.text) or (has_street(last.text) and not has_postcode(last.text)):
        town = has_postcode(piece.text) or has_postcode(piece.text.split(",")[0])
        if town and place_strength(piece.text) >= 0.5:
            return True
        return place_strength(piece.text) >= 0.9 or (opening and last.row == 0 and bool(_NAME.match(piece.text)))
    ends = place_strength(piece.text) == 1.0 and "," not in piece.text and not has_postcode(piece.text)
    return ends and place_strength(f"{last.text}, {piece.text}") >= 0.9 and not has_postcode(piece.text)
