"""An entry's head cut into pieces: what may be an employer, a title, a school, a degree or a place.

Cuts at wide gaps, at separators and where the look changes. Commas cut only where the caller says so. Dates and
durations are taken out first.
"""

import re
from dataclasses import dataclass

from intake.reading.fields.dates import find_dates, without_dates
from intake.reading.fields.entries import Entry
from intake.reading.fields.places import is_place, split_place
from intake.reading.page import Line
from intake.reading.vocabulary import CALENDAR, fold
from storage.profile import Place


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a head. ``row`` is the line's number in the head, ``emphasis`` whether it is bold or larger."""

    text: str
    row: int
    place: Place
    bold: bool = False
    italic: bool = False
    size: float = 10.0


_SEPARATORS = re.compile(
    r"\s+[|•·∙◦▪●♦★→~]\s+|\s*[|•·∙]\s*|\s+[–—-]{1,2}\s+|\s+@\s+|\s{3,}|\s*;\s+|(?<=\S)\s*[–—]\s+(?=[A-Z])|\s+(?:at|"
    r"bei|chez|presso|bij)\s+(?=[A-ZÀ-Ý\d\"“„])"
)
DATE_WORDS = frozenset(
    {"to", "bis", "au", "a", "al", "tot", "do", "until", "till", "from", "von", "du", "de", "since", "seit"}
)
_SOFT = "\u00ad"
_BRACKETED = re.compile(r"^(.{3,}?)\s*\(([^()]{3,80})\)\s*\.?$")
_NOISE = re.compile(
    r"^\W*(?:full[- ]?time|part[- ]?time|contract|permanent|temporary|vollzeit|teilzeit|temps plein|temps partiel|"
    r"cdi|cdd|tiempo completo|jornada completa|media jornada|"
    r"tempo pieno|tempo parziale|voltijds|deeltijd|fulltime|parttime|pelny etat|employer|title|position|role|"
    r"company|dates?|location|ort|arbeitgeber|unternehmen|position|funktion|poste|entreprise|lieu|empresa|puesto|"
    r"cargo|azienda|ruolo|werkgever|functie|firma|stanowisko|"
    r"expected|anticipated|present|graduated?|graduation|https?://\S+|www\.\S+|\d+%|\d{1,3}\s*(?:h|hrs?|ects)\W*)\W*$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\s*(?:employer|company|organi[sz]ation|title|position|role|job title|location|arbeitgeber|unternehmen|firma|"
    r"position|funktion|poste|entreprise|employeur|intitul[ée]|empresa|puesto|cargo|empleador|azienda|"
    r"datore di lavoro|ruolo|mansione|qualifica|werkgever|functie|bedrijf|empregador|fun[çc][ãa]o|pracodawca|"
    r"stanowisko|school|university|institution|degree|major|field of study|schule|hochschule|abschluss|studiengang|"
    r"[ée]tablissement|dipl[ôo]me|centro|titulaci[óo]n|t[íi]tulo|instituci[óo]n|istituto|titolo|opleiding|"
    r"instelling|institui[çc][ãa]o|uczelnia|kierunek)\s*:\s*",
    re.IGNORECASE,
)


def place_of(line: Line) -> Place:
    """Where a line stands."""
    return Place(line.page, round(line.left, 1), round(line.top, 1), round(line.right, 1), round(line.bottom, 1))


def _cells_with_look(line: Line) -> list[tuple[str, bool, bool, float]]:
    """The line's cells, cut further where bold turns to plain."""
    found: list[tuple[str, bool, bool, float]] = []
    spans = list(line.spans)
    for cell in line.cells or (line.text,):
        rest = cell
        while spans and not spans[0].text.strip():
            spans.pop(0)
        while spans and rest:
            text = spans[0].text.strip()
            at = rest.find(text) if text else 0
            if at < 0 or at > 3:
                break
            span = spans.pop(0)
            found.append((span.text, span.bold, span.italic, span.size))
            rest = rest[at + len(text) :]
        if rest.strip():
            look = (found[-1][1:] if found else (False, False, 10.0)) if rest != cell else _first_look(line)
            found.append((rest, *look))
        found.append(("", False, False, 0.0))
    return found


def _first_look(line: Line) -> tuple[bool, bool, float]:
    first = line.spans[0]
    return first.bold, first.italic, first.size


def _merge_looks(parts: list[tuple[str, bool, bool, float]]) -> list[tuple[str, bool, bool, float]]:
    """Join neighbours of one weight in a cell; an empty part ends a cell."""
    merged: list[tuple[str, bool, bool, float]] = []
    fresh = True
    for text, bold, italic, size in parts:
        if not text:
            fresh = True
            continue
        last = merged[-1] if merged and not fresh else None
        if last and (
            (last[1] == bold and last[2] == italic) or not text.strip(" ,.;:|–-()") or not last[0].strip(" ,.;:|–-()")
        ):
            merged[-1] = (last[0] + text, last[1] or bold, last[2] and italic, last[3])
        elif last and (
            text.lstrip()[:1] in "(&'’"
            or (text[:1].isalnum() and last[0][-1:].isalnum())
            or text.lstrip()[:1].islower()
        ):
            merged[-1] = (last[0] + text, last[1], last[2], last[3])
        else:
            merged.append((text, bold, italic, size))
        fresh = False
    return merged


def _clean(text: str) -> str:
    text = _LABEL.sub("", text.replace(_SOFT, ""))
    text = re.sub(r"\s{2,}", " ", text).strip(" \t,;:|–—-•·/~*_")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip()
    if text.count("(") > text.count(")"):
        text = text.rstrip("(").strip() if text.endswith("(") else text + ")"
    elif text.count(")") > text.count("("):
        text = text.strip(")").strip() if text.endswith(")") or text.startswith(")") else text
    return text


def cut_head(head: list[Line]) -> tuple[list[Piece], list[str]]:
    """The pieces of a head in reading order, without dates; and the places it names."""
    pieces: list[Piece] = []
    places: list[str] = []
    for row, line in enumerate(head):
        for text, bold, italic, size in _merge_looks(_cells_with_look(line)):
            rest = without_dates(text) if find_dates(text) else text
            for part in _SEPARATORS.split(rest):
                if not _continue(part, row, pieces):
                    _take(part, Piece("", row, place_of(line), bold, italic, size), pieces, places)
    return [_closed(piece) for piece in pieces], places


_OPEN_ENDS = (
    _SOFT,
    "&",
    ",",
    " and",
    " und",
    " et",
    " y",
    " of",
    " de",
    " du",
    " des",
    " del",
    " della",
    " der",
    " den",
    " für",
    " for",
    " in",
    " i",
    " en",
    " van",
    " di",
    " do",
    " da",
    " dos",
    " das",
    " the",
    " w",
    " am",
    " an",
    " im",
    " la",
    " le",
    " les",
    " dei",
    " delle",
    " los",
)
_SMALL_START = (
    "and ",
    "und ",
    "et ",
    "y ",
    "of ",
    "de ",
    "du ",
    "des ",
    "for ",
    "für ",
    "van ",
    "di ",
    "e ",
    "en ",
    "& ",
    "da ",
    "do ",
    "del ",
)


def _continue(text: str, row: int, pieces: list[Piece]) -> bool:
    """Join a line that goes on from the one above: a cut word, an open end, or a small letter."""
    last = pieces[-1] if pieces else None
    if last is None or last.row != row - 1 or not text.strip():
        return False
    if not last.text.endswith(_OPEN_ENDS) and not text.strip().startswith(_SMALL_START):
        return False
    joined = last.text[:-1] + text.strip() if last.text.endswith(_SOFT) else f"{last.text} {text.strip()}"
    pieces[-1] = Piece(joined, row, last.place, last.bold, last.italic, last.size)
    return True


def upper_lines(entry: Entry) -> list[Line]:
    """The head up to its dated line, and what that line runs on into."""
    stop = entry.above + 1
    while 0 < stop < len(entry.head) and entry.head[stop - 1].text.rstrip().endswith(_OPEN_ENDS):
        stop += 1
    return entry.head[:stop]


def _closed(piece: Piece) -> Piece:
    return Piece(_clean(piece.text), piece.row, piece.place, piece.bold, piece.italic, piece.size)


def open_brackets(piece: Piece) -> list[Piece]:
    """``Engineer (Example Ltd)`` as two pieces."""
    match = _BRACKETED.match(piece.text.strip())
    if not match:
        return [piece]
    return [
        Piece(part, piece.row, piece.place, piece.bold, piece.italic, piece.size)
        for part in (match.group(1), match.group(2))
    ]


def _take(text: str, like: Piece, pieces: list[Piece], places: list[str]) -> None:
    cleaned = _clean(text)
    open_end = next((mark for mark in (_SOFT, "&", ",") if text.rstrip().endswith(mark)), "")
    plain = fold(cleaned)
    if not any(c.isalpha() for c in cleaned) or _NOISE.match(plain) or _NOISE.match(cleaned):
        return
    if CALENDAR.get(plain) or plain in DATE_WORDS:
        return
    if is_place(cleaned):
        places.append(cleaned)
        return
    rest, place = split_place(cleaned)
    if place and rest:
        places.append(place)
        cleaned = _clean(rest)
    cleaned += "" if cleaned.endswith(("&", ",")) else open_end
    pieces.append(Piece(cleaned, like.row, like.place, like.bold, like.italic, like.size))
