"""The person's name: one of the first lines, by look, by form, and by the e-mail address.

It is never a heading or a job title.
"""

import re

from intake.reading.fields.dates import find_dates
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.fields.places import is_place
from intake.reading.fields.scores import title_score
from intake.reading.page import Line
from intake.reading.sections import Section
from intake.reading.vocabulary import HEADINGS, LANGUAGES, PLACES, fold

_DOCUMENT = re.compile(
    r"\b(?:curriculum vitae|curriculum|lebenslauf|resume|résumé|resumé|c\.?v\.?|życiorys|levensloop|currículo|"
    r"hoja de vida|europass|portfolio|bewerbung)\b\W*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\s*(?:(?:full |first |last )?name|vor- und nachname|name, vorname|nom(?: et pr[ée]nom)?|pr[ée]nom|"
    r"nombre(?: y apellidos)?|nome(?: e cognome| completo)?|cognome|naam|imi[ęe] i nazwisko|nazwisko|"
    r"surname\(?s?\)? / first name\(?s?\)?)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|mx|dr|prof|herr|frau|m|mme|sr|sra|dott|dott\.ssa|ing|dipl|drs|ir|mgr|"
    r"inż|mag|univ|rer|nat|med|phil|iur|jur|pol|oec|dent|vet|habil|theol|h\.?\s?c|eng|arch|avv|rag|geom|lic|"
    r"hab|doc|drs|engr|rev|sir|dame|mlle|srta|dña|don|doña|sig|sig\.ra|dhr|mevr|mw|pan|pani)\.?[\s-]+(?:ing\.\s+)?)+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(
    r"\s*,\s*(?:ph\.?\s?d\.?|m\.?d\.?|mba|msc|bsc|m\.?sc\.?|b\.?sc\.?|esq\.?|pmp|cpa|rn|jr\.?|sr\.?|dr\.?|ma|ba|"
    r"meng|mph|cfa|b\.?eng|m\.?a\.?|b\.?a\.?)(?=\W|$)\.?",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    {
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
        "zu",
        "zum",
        "zur",
        "du",
        "af",
        "av",
        "los",
        "las",
        "dalla",
        "degli",
        "t",
        "bint",
        "st",
    }
)
_TITLES_OF_DOCUMENTS = frozenset(
    {
        "curriculum vitae",
        "curriculo",
        "curriculum",
        "lebenslauf",
        "resume",
        "zyciorys",
        "levensloop",
        "hoja de vida",
        "cv",
        "europass",
        "portfolio",
    }
)
_MAX_LINES = 14
_ENTRIES = ("work", "education", "projects", "publications", "references", "volunteer")


def _candidates(sections: list[Section]) -> tuple[list[Line], set[int]]:
    """The first lines of the document, and of what stands at the top of other columns.

    The numbers of those that stand among entries, where a name hardly ever is, come with them.
    """
    lines: list[Line] = []
    unlikely: set[int] = set()
    for section in sections[:8]:
        rows = ([section.heading] if section.heading is not None else []) + section.lines[:_MAX_LINES]
        rows = [line for line in rows if line.page == 1]
        unlikely |= {len(lines) + at for at in range(len(rows))} if section.kind in _ENTRIES else set()
        lines += rows
        if len(lines) > 70:
            break
    return lines, unlikely


def _form(text: str) -> float:
    """How much a text has the form of a name: 0 to 1."""
    words = text.split()
    if (
        not 1 <= len(words) <= 6
        or len(text) > 50
        or any(c.isdigit() for c in text)
        or re.search(r"[@:/|_+=<>;!?&•]", text)
    ):
        return 0.0
    proper = [re.sub(r"^[dl][’']", "", w) for w in words if fold(w) not in _PARTICLES]
    if not proper or not all(w and (w[0].isupper() or not w[0].isascii()) for w in proper):
        return 0.0
    plain = fold(text)
    if plain in _TITLES_OF_DOCUMENTS or (words[-1].islower() and fold(words[-1]) in _PARTICLES):
        return 0.0
    if plain in HEADINGS or plain in LANGUAGES or plain in PLACES or is_place(text):
        return 0.0
    score = 0.9 if 2 <= len(words) <= 4 else 0.3
    if title_score(text) > 0.5:
        score -= 0.5
    elif title_score(text) < -0.4:
        score -= 0.35
    return max(0.0, score)


def strip_name(text: str) -> str:
    """The name without labels, honorifics before and degrees after it."""
    text = _LABEL.sub("", text.replace("\u00ad", ""))
    text = _SUFFIX.sub("", text)
    return re.sub(r"\s+", " ", _DOCUMENT.sub(" ", text)).strip(" ,;:|–—-•·+*")


def _mail_match(text: str, emails: list[Found]) -> float:
    words = [w for w in fold(text).split() if len(w) > 1]
    best = 0.0
    for email in emails:
        local = fold(email.value.split("@")[0]).replace(" ", "")
        whole = fold(email.value).replace(" ", "")
        hits = sum(1 for w in words if w in local)
        initials = "".join(w[0] for w in words)
        if hits:
            best = max(best, min(1.0, hits / max(1, len(words)) + 0.3))
        elif len(initials) > 1 and initials in local:
            best = max(best, 0.3)
        elif any(len(w) > 3 and w in whole for w in words):
            best = max(best, 0.5)
    return best


def _score(text: str, line: Line, rank: int, largest: float, emails: list[Found]) -> float:
    form = _form(text)
    if form <= 0:
        return 0.0
    size = max(s.size for s in line.spans)
    score = 0.45 * form + 0.3 * min(1.0, size / largest) ** 3 + 0.3 * _mail_match(text, emails)
    score += 0.12 if line.heading == 1 else 0.0
    return score - 0.015 * min(rank, 20)


def read_name(sections: list[Section], emails: list[Found]) -> Found | None:
    """The best candidate for the person's name."""
    lines, unlikely = _candidates(sections)
    if not lines:
        return None
    largest = max(s.size for line in lines for s in line.spans)
    best: tuple[float, str, Line] | None = None
    for rank, line in enumerate(lines):
        if find_dates(line.text):
            continue
        labelled = bool(_LABEL.match(line.text))
        for raw in _variants(line):
            text = strip_name(raw)
            score = _score(_HONORIFIC.sub("", text), line, rank, largest, emails) + (0.3 if labelled else 0.0)
            score -= 0.15 if rank in unlikely else 0.0
            if score > 0 and (best is None or score > best[0]):
                best = (score, text, line)
    if best is None:
        return None
    score, text, line = best
    text = _join_parts(text, line, lines)
    return Found(_cased(text), min(0.99, 0.35 + 0.65 * score), (place_of(line),))


def _variants(line: Line) -> list[str]:
    cells = list(line.cells or (line.text,))
    if len(cells) > 1 and len(cells) <= 3 and max(s.size for s in line.spans) > 14:
        cells.append(" ".join(cells))
    found = []
    for cell in cells:
        found.append(cell)
        found += [cell.partition(mark)[0] for mark in (",", "|", " - ", " – ", " — ", "•", "·", "(") if mark in cell]
        lead = re.match(r"^([^\d,;|(@:]{5,40}?)\s+\d", cell)
        if lead:
            found.append(lead.group(1))
    return found


def _join_parts(text: str, line: Line, lines: list[Line]) -> str:
    """First and last name set on two lines of one large look."""
    if len(text.split()) > 2:
        return text
    at = next((i for i, other in enumerate(lines) if other is line), 0)
    size = max(s.size for s in line.spans)
    for step, order in ((1, 1), (-1, -1)):
        if not 0 <= at + step < len(lines):
            continue
        other = lines[at + step]
        near = abs(other.top - line.top) < 2.2 * size and abs(other.left - line.left) < 8 * size
        if (
            near
            and size > 14
            and abs(max(s.size for s in other.spans) - size) < 0.6
            and len(other.text.split()) <= 2
            and _form(strip_name(other.text)) > 0
        ):
            extra = strip_name(other.text)
            return f"{text} {extra}" if order > 0 else f"{extra} {text}"
    return text


def _cased(text: str) -> str:
    """A name in capitals in its usual case."""
    if not text.isupper() or len(text) < 4:
        return text
    return " ".join(
        w if len(w) <= 2 and w.endswith(".") else "-".join(p.capitalize() for p in w.split("-")) for w in text.split()
    )
