"""Languages spoken, by the names of languages in a section or on a labelled line. Never a programming language."""

import re

from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.page import Line
from intake.reading.vocabulary import LANGUAGES, fold

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_AMBIGUOUS = frozenset(
    {
        "or",
        "is",
        "man",
        "am",
        "so",
        "to",
        "of",
        "no",
        "as",
        "polish",
        "lao",
        "gan",
        "ha",
        "ti",
        "ga",
        "na",
        "te",
        "basic",
    }
)


def languages_in(text: str) -> list[str]:
    """The names of languages in a text as written, in order."""
    found: list[str] = []
    words = list(_WORD.finditer(text))
    at = 0
    while at < len(words):
        for size in (3, 2, 1):
            if at + size > len(words):
                continue
            part = text[words[at].start() : words[at + size - 1].end()]
            plain = fold(part)
            if plain in LANGUAGES and (plain not in _AMBIGUOUS or part[0].isupper()):
                found.append(part)
                at += size - 1
                break
        at += 1
    return found


def read_languages(lines: list[Line], confidence: float = 0.95) -> list[Found]:
    """The languages that a section names, each once."""
    found: dict[str, Found] = {}
    for line in lines:
        named = languages_in(line.text)
        if len(line.text.split()) > 14 and len(named) < 2:
            continue
        for name in named:
            shown = name if name[0].isupper() else name.capitalize()
            found.setdefault(LANGUAGES[fold(name)], Found(shown, confidence, (place_of(line),)))
    return list(found.values())


_LEVEL_WORDS = frozenset(
    [
        "native",
        "speaker",
        "mother",
        "tongue",
        "fluent",
        "fluency",
        "fluently",
        "proficient",
        "proficiency",
        "advanced",
        "intermediate",
        "upper",
        "lower",
        "basic",
        "basics",
        "beginner",
        "elementary",
        "conversational",
        "working",
        "professional",
        "limited",
        "full",
        "bilingual",
        "good",
        "very",
        "excellent",
        "knowledge",
        "level",
        "business",
        "c1",
        "c2",
        "b1",
        "b2",
        "a1",
        "a2",
        "language",
        "languages",
        "spoken",
        "written",
        "reading",
        "speaking",
        "human",
        "and",
        "in",
        "muttersprache",
        "muttersprachler",
        "verhandlungssicher",
        "fliessend",
        "gut",
        "sehr",
        "grundkenntnisse",
        "kenntnisse",
        "in",
        "wort",
        "und",
        "schrift",
        "langue",
        "maternelle",
        "courant",
        "bilingue",
        "lu",
        "ecrit",
        "parle",
        "niveau",
        "scolaire",
        "intermediaire",
        "avance",
        "notions",
        "debutant",
        "nativo",
        "nativa",
        "fluido",
        "alto",
        "medio",
        "bajo",
        "basico",
        "avanzado",
        "intermedio",
        "lengua",
        "materna",
        "madrelingua",
        "fluente",
        "ottimo",
        "buono",
        "scolastico",
        "livello",
        "moedertaal",
        "vloeiend",
        "goed",
        "redelijk",
        "basis",
        "uitstekend",
        "nativo",
        "fluente",
        "avancado",
        "intermediario",
        "basico",
        "lingua",
        "ojczysty",
        "biegly",
        "biegle",
        "zaawansowany",
        "komunikatywny",
        "podstawowy",
        "poziom",
        "sredniozaawansowany",
        "toefl",
        "ielts",
        "toeic",
        "delf",
        "dalf",
        "dele",
        "goethe",
        "first",
        "certificate",
        "cefr",
        "o",
        "e",
        "y",
        "et",
        "i",
        "a",
        "of",
        "the",
        "en",
        "de",
    ]
)


def is_language_line(text: str) -> bool:
    """Whether a text names languages with their levels and nothing else."""
    plain = fold(text)
    words = [w for w in plain.split() if not w.isdigit()]
    if (
        not words
        or len(words) > 16
        or sum(word in _LEVEL_WORDS or word in LANGUAGES for word in words) < 0.5 * len(words)
    ):
        return False
    named = {part for name in languages_in(text) for part in fold(name).split()}
    return bool(named) and all(word in named or word in _LEVEL_WORDS for word in words)
