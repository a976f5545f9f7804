"""How much a text looks like a job title, an organisation, a school or a degree, by the words in it."""

import re
from functools import lru_cache

from intake.reading.vocabulary import (
    DEGREES,
    EMPLOYERS,
    INSTITUTIONS,
    count_phrases,
    fold,
    is_employer_word,
    is_title_word,
)

_LEGAL = frozenset(
    {
        "inc",
        "llc",
        "ltd",
        "gmbh",
        "ag",
        "corp",
        "corporation",
        "sa",
        "sas",
        "sarl",
        "sl",
        "srl",
        "spa",
        "bv",
        "nv",
        "lda",
        "ltda",
        "plc",
        "kg",
        "limited",
        "company",
        "se",
        "sp",
        "ohg",
        "ug",
        "pty",
        "pvt",
        "llp",
    }
)
_CUT = re.compile(
    r"\s+(?:of|for|in|de|du|des|der|den|van|von|fur|di|da|do|dla|w|and|und|et|y|e|en|i|para|per|voor|im|am)\s+"
)
_SMALL = frozenset(
    {
        "of",
        "the",
        "and",
        "for",
        "in",
        "de",
        "du",
        "des",
        "la",
        "le",
        "der",
        "die",
        "das",
        "van",
        "von",
        "di",
        "da",
        "do",
        "del",
        "e",
        "y",
        "et",
        "und",
        "en",
        "i",
    }
)


@lru_cache(maxsize=2048)
def title_score(text: str) -> float:
    """From -1.5 (an organisation's name) to 1.5 (a job title)."""
    plain = fold(text)
    words = plain.split()
    if not words:
        return 0.0
    title, org = _title_weight(plain, words), _org_weight(words)
    if title >= 1.2 and org < 1.3:
        org = min(org, 0.5) if is_employer_word(words[-1]) and not is_title_word(words[-1]) else min(org, 0.1)
    return title - org


def _title_weight(plain: str, words: list[str]) -> float:
    hits = [i for i, word in enumerate(words) if is_title_word(word)]
    head = _CUT.split(" " + plain + " ")[0].split()
    if not hits or (hits[0] >= len(head) and any(w in INSTITUTIONS or is_employer_word(w) for w in head)):
        return 0.0
    weight = 0.7
    if is_title_word(words[-1]) or is_title_word(words[0]) or (head and is_title_word(head[-1])):
        weight = 1.2
    return weight + 0.15 * min(2, len(hits) - 1) if len(words) <= 9 else weight - 0.3


def _org_weight(words: list[str]) -> float:
    if any(word in _LEGAL for word in words[1:]):
        return 1.3
    hits = count_phrases(" ".join(words), EMPLOYERS, 2) or any(map(is_employer_word, words))
    schools = [w for w in words if w in INSTITUTIONS]
    weight = 0.0
    if schools:
        weight = 1.0
    if hits:
        weight = max(weight, 0.8 if is_employer_word(words[-1]) or is_employer_word(words[0]) else 0.45)
    return weight


@lru_cache(maxsize=2048)
def school_score(text: str) -> float:
    """How much a text looks like the name of a school or university: up to 1.3."""
    plain = fold(text)
    words = plain.split()
    hits = [word for word in words if word in INSTITUTIONS]
    if not hits:
        stems = (
            "universit",
            "hochschul",
            "schule",
            "gymnasium",
            "akademi",
            "lyceum",
            "kolleg",
            "college",
            "institut",
            "politec",
            "polytech",
            "uniwersytet",
            "school",
        )
        return 0.9 if any(stem in word for word in words for stem in stems) else 0.0
    return min(1.3, 1.0 + 0.1 * len(hits))


@lru_cache(maxsize=2048)
def degree_score(text: str) -> float:
    """How much a text looks like a degree: up to 1.3."""
    plain = fold(text)
    found = count_phrases(plain, DEGREES, 5)
    if not found:
        return 0.0
    starts = plain.startswith(found[0])
    strong = any(len(phrase) > 3 or "." in text for phrase in found)
    return (0.8 if starts else 0.5) + (0.4 if strong else 0.2)


def degree_level(text: str) -> int | None:
    """The ISCED 2011 level of a degree, where its words tell it."""
    found = count_phrases(fold(text), DEGREES, 5)
    return max((DEGREES[phrase] for phrase in found), default=None) if found else None
