"""What blind review leaves out of a document's text line by line: years of study, and lines that tell age, sex, origin.

Works on the words that stand there, in the languages that documents are read in; what no line names openly it cannot
know. Must never add anything to a text.
"""

import re
from collections.abc import Sequence

from intake.reading.sections import kind_of_heading
from storage.profile import Education

REDACTED = "▒▒▒"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[-./]\d{1,2})?(?!\d)")
_LABELS = (
    "date of birth", "birth date", "birthdate", "birthday", "born", "d\\.?o\\.?b\\.?", "place of birth", "birthplace",
    "age", "gender", "sex", "pronouns", "nationality", "citizenship", "marital status", "civil status", "religion",
    "ethnicity", "race",
    "geburtsdatum", "geboren(?: am| in)?", "geburtsort", "alter", "geschlecht", "nationalität", "staatsangehörigkeit",
    "staatsbürgerschaft", "familienstand", "konfession",
    "date de naissance", "née? le", "lieu de naissance", "âge", "sexe", "nationalité",
    "situation (?:familiale|de famille)", "état civil",
    "fecha de nacimiento", "lugar de nacimiento", "edad", "sexo", "género", "nacionalidad", "estado civil",
    "data di nascita", "luogo di nascita", "età", "sesso", "nazionalità", "cittadinanza", "stato civile",
    "data de nascimento", "idade", "gênero", "nacionalidade",
    "geboortedatum", "geboorteplaats", "leeftijd", "geslacht", "nationaliteit", "burgerlijke staat",
    "data urodzenia", "miejsce urodzenia", "wiek", "płeć", "narodowość", "obywatelstwo", "stan cywilny",
    "تاريخ الميلاد", "مكان الميلاد", "العمر", "الجنس", "الجنسية", "الحالة الاجتماعية",
)  # fmt: skip
_LABELLED = re.compile(rf"(?<!\w)((?:{'|'.join(_LABELS)})(?:\s*[:：]|\s{{2,}}|\t)\s*)[^|;•\n]+", re.IGNORECASE)
_MAY_LABEL = re.compile(r"[:：\t]|\s\s")
_MAY_SAY = re.compile(r"[\d/]|born|geboren", re.IGNORECASE)
"""What a line must hold to be worth a closer look: most hold neither."""

_SAID = re.compile(
    r"\b(?:aged\s+\d{2}|\d{2}[\s-]years?[\s-]old|born\s+(?:on|in)\s+[^|;•\n,]{4,30}|geboren\s+am\s+[^|;•\n,]{4,20})\b"
    r"|(?<!\w)(?:she\s*/\s*hers?|he\s*/\s*him|they\s*/\s*them)(?!\w)",
    re.IGNORECASE,
)


def hide_lines(text: str, schools: Sequence[Education]) -> str:
    """The text without years of study, and without what is said of age, sex and origin."""
    names = tuple(
        word.casefold() for one in schools for word in (one.institution, one.degree, one.area) if word and len(word) > 2
    )
    lines, kind = text.split("\n"), ""
    for at, line in enumerate(lines):
        kind = _kind_after(line.strip(), kind)
        shown = _LABELLED.sub(rf"\1{REDACTED}", line) if _MAY_LABEL.search(line) else line
        shown = _SAID.sub(REDACTED, shown) if _MAY_SAY.search(shown) else shown
        if _YEAR.search(shown) and (kind == "education" or any(name in line.casefold() for name in names)):
            shown = _YEAR.sub(REDACTED, shown)
        lines[at] = shown
    return "\n".join(lines)


def _kind_after(line: str, kind: str) -> str:
    """In which part of a document the lines after this one stand: a short line of few words may be a heading."""
    if not line or len(line) > 40 or line.count(" ") > 4:
        return kind
    return kind_of_heading(line) or kind
