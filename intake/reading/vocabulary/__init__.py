"""Words of eight languages (en de fr es it nl pt pl) by which a resume's parts are told.

Everything is loaded when this package is imported, before the sandbox closes: no file is ever opened later. All words
are folded by `fold`. The lists are public knowledge and hold no one's data.
"""

import re
import unicodedata
from functools import lru_cache
from importlib import resources

_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "đ": "d", "ı": "i"})
_NOT_WORD = re.compile(r"[^\w+#]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case without accents or punctuation, words parted by one space (``+`` and ``#`` stay: C++, C#)."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
        plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return _NOT_WORD.sub(" ", plain).replace("_", " ").strip()


def _read_table(name: str) -> list[tuple[str, str]]:
    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    rows: list[tuple[str, str]] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, found, rest = line.partition(":")
            rows.append((key.strip(), rest.strip()) if found and ";" not in key else ("", line))
    return rows


def _phrases(rest: str) -> list[str]:
    return [p.strip() for p in rest.split(";") if p.strip()]


def _read_headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind, rest in _read_table("headings.txt"):
        for phrase in _phrases(rest):
            found.setdefault(phrase, kind)
    return found


def _read_keyed(name: str) -> dict[str, str]:
    return {phrase: key for key, rest in _read_table(name) for phrase in _phrases(rest)}


def _read_words(name: str) -> frozenset[str]:
    return frozenset(phrase for _, rest in _read_table(name) for phrase in _phrases(rest))


def _read_months() -> dict[str, str]:
    found: dict[str, str] = {}
    for key, rest in _read_table("months.txt"):
        for word in rest.split(";") if ";" in rest else rest.split():
            found[word.strip() if key in ("since", "until", "present") else fold(word)] = key
    return found


HEADINGS = _read_headings()
"""Folded heading → kind of section."""
CALENDAR = _read_months()
"""Folded month, season, "present" word → ``1``…``12``, ``season``, ``present``, ``since``, ``until``."""
DEGREES = {phrase: int(level) for level, rest in _read_table("degrees.txt") for phrase in _phrases(rest)}
"""Folded degree phrase → ISCED 2011 level."""
LANGUAGES = _read_keyed("languages.txt")
"""Folded language name → ISO 639 code."""
CONTACT_WORDS = _read_words("contact_words.txt")
"""Folded words that stand beside contacts and are no place: labels and names of networks."""
PLACES = _read_keyed("places.txt")
"""Folded place → ``country``, ``region``, ``regioncode`` or ``city``."""
SKILL_LEVELS = _read_words("skill_levels.txt")
"""Folded words that only tell how well a skill is known."""
WEAK_HEADINGS = _read_words("weak_headings.txt")
INSTITUTIONS = _read_words("institutions.txt")
_EMPLOYERS = _read_words("employers.txt")
EMPLOYERS = frozenset(word for word in _EMPLOYERS if "*" not in word)
_EMPLOYER_ENDS = tuple(word[1:] for word in _EMPLOYERS if word.startswith("*"))
_TITLES = _read_words("titles.txt")
TITLES = frozenset(word for word in _TITLES if "*" not in word)
TITLE_STEMS = frozenset(word[:-1] for word in _TITLES if word.endswith("*"))
_TITLE_ENDS = tuple(word[1:] for word in _TITLES if word.startswith("*"))


_FIELD_ENDS = ("ology", "ologie", "ologia", "ologii", "istry", "istrie", "omics", "onomy", "onomie", "onomia")
"""Endings of fields of study, whose stems titles share (biologist, biology)."""


def count_phrases(text: str, words: frozenset[str] | dict[str, str] | dict[str, int], longest: int = 4) -> list[str]:
    """The phrases of ``words`` in a folded text, longest first at each place, without overlap."""
    parts = text.split()
    found: list[str] = []
    at = 0
    while at < len(parts):
        for size in range(min(longest, len(parts) - at), 0, -1):
            phrase = " ".join(parts[at : at + size])
            if phrase in words:
                found.append(phrase)
                at += size - 1
                break
        at += 1
    return found


@lru_cache(maxsize=4096)
def is_title_word(word: str) -> bool:
    """Whether a folded word marks a job title in one of the languages."""
    if word in TITLES or word in TITLE_STEMS:
        return True
    if word.endswith(_FIELD_ENDS) or (len(word) > 8 and word.endswith(_EMPLOYER_ENDS)):
        return False
    if len(word) > 8 and word.endswith(_TITLE_ENDS):
        return True
    return any(word[:size] in TITLE_STEMS for size in range(len(word) - 1, 4, -1))


@lru_cache(maxsize=4096)
def is_employer_word(word: str) -> bool:
    """Whether a folded word marks an organisation, alone or as the end of a compound."""
    return word in EMPLOYERS or (len(word) > 6 and word.endswith(_EMPLOYER_ENDS))
