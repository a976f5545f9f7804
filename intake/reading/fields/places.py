"""Places of residence and work: telling whether a text is a place, and cutting one off the end of a text."""

import re

from intake.reading.vocabulary import INSTITUTIONS, PLACES, fold, is_employer_word, is_title_word

_POSTCODE = re.compile(
    r"(?<![\w/.-])(?:[A-Z]{1,2}-?\s?)?(?:\d{2}-\d{3}|\d{5}(?:-\d{4})?|\d{4}\s?[A-Z]{2}|\d{4}(?:-\d{3})?|"
    r"\d{3}\s\d{2}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)(?![\w/-])"
)
_STREET = re.compile(
    r"\b(?:street|st\.|avenue|ave\.?|road|rd\.?|lane|drive|blvd|boulevard|square|court|way|terrace|rue|place|"
    r"chemin|all[ée]e|quai|impasse|calle|c/|avda\.?|avenida|plaza|paseo|via|viale|piazza|corso|largo|rua|travessa|"
    r"praça|ul\.|ulica|al\.|aleja|os\.)(?!\w)|str\.(?!\w)|(?:stra(?:ß|ss)e|weg|platz|gasse|allee|ufer|damm|straat|laan|"
    r"plein|gracht|kade|dreef|hof)\b",
    re.IGNORECASE,
)
_REMOTE = frozenset(
    {
        "remote",
        "remoto",
        "a distance",
        "telecommute",
        "hybrid",
        "home office",
        "zdalnie",
        "teletravail",
        "thuiswerk",
        "da remoto",
        "homeoffice",
        "praca zdalna",
        "remota",
        "teletrabajo",
    }
)
_KNOWN = ("country", "region", "city")
_ENDS = ("country", "regioncode", "region", "city")


_AROUND = re.compile(
    r"^(?:greater|metro(?:politan)?|near|n[äa]he|raum|umgebung|region|r[ée]gion|provincia (?:de|di)|provincie|prov\.|"
    r"comunidad de|land|landkreis|kreis|stadt|city of|county|woj\.|wojew[óo]dztwo|okolice|cerca de|pr[èe]s de|omgeving|"
    r"distrito de|regi[ãa]o de|area di)\s+|\s+(?:bay area|metropolitan area|metro area|area|region|city area|"
    r"und umgebung|et (?:ses )?environs|y alrededores|e dintorni|en omgeving|e arredores|i okolice|county|province)$",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*\((?:[A-Z]{2,3}|\d{2,3}|\d[AB])\)")
_DISTRICT = re.compile(r"\s+(?:\d{1,2}(?:e|er|[èe]me)?|[IVX]{1,5})$")
_CODES = ("regioncode", "weakcode")


def _named_kind(part: str) -> str | None:
    """The kind of a known place by its whole name; a code counts only in capitals."""
    kind = PLACES.get(fold(part)) or PLACES.get(fold(_DISTRICT.sub("", part)))
    if kind in _CODES:
        return kind if part.strip().strip(".").isupper() and len(part.strip()) <= 4 else None
    return kind


def _component_kind(part: str) -> str | None:
    """The kind of place that one part between commas is: a known place, a code, or a place with a postcode."""
    plain = fold(part)
    if not plain or len(plain) > 40:
        return None
    if plain in _REMOTE:
        return "remote"
    kind = _named_kind(part) or _named_kind(_AROUND.sub("", part))
    if kind:
        return kind
    without = _POSTCODE.sub(" ", part).strip() or " ".join(word for word in part.split() if word.isalpha())
    if without and fold(without) != plain:
        return _named_kind(without) or _last_word_kind(without) or ("postcode" if len(without.split()) <= 3 else None)
    return _last_word_kind(part)


def _last_word_kind(part: str) -> str | None:
    """``Leeds UK``, ``Sydney NSW``: a known place and a country or code without a comma."""
    first, _, last = part.rpartition(" ")
    kind = _named_kind(last)
    if not first or not _is_name_like(part):
        return None
    if kind in _CODES:
        return _named_kind(first)
    return "country" if kind == "country" else None


def _is_name_like(part: str) -> bool:
    words = [w for w in re.split(r"[\s/]+", part.strip()) if w]
    small = {
        "am",
        "an",
        "der",
        "de",
        "la",
        "le",
        "sur",
        "of",
        "the",
        "del",
        "di",
        "den",
        "im",
        "bei",
        "do",
        "da",
        "dos",
        "las",
        "los",
        "in",
        "en",
        "aan",
    }
    return (
        0 < len(words) <= 4
        and all(w[0].isupper() or w.lower() in small for w in words)
        and not any(c.isdigit() for c in part)
    )


def _parts_of(text: str) -> list[str]:
    bare = _BRACKET.sub("", text).strip(" ()[].;")
    return [p.strip() for p in re.split(r"\s*[,/|·•–]\s*|\s+-\s+", bare) if p.strip()]


def is_plain_name(part: str) -> bool:
    """A short name without any word that marks an organisation, a school or a title."""
    words = fold(part).split()
    return (
        _is_name_like(part)
        and len(words) <= 3
        and not (part.isupper() and len(part) <= 3)
        and not any(is_employer_word(w) or w in INSTITUTIONS or is_title_word(w) for w in words)
    )


def place_strength(text: str) -> float:
    """How surely a whole text is a place: 1 certain (``Austin, TX``), 0 not at all."""
    if not text.strip() or len(text) > 120:
        return 0.0
    parts = _parts_of(text)
    kinds = [_component_kind(p) for p in parts]
    if parts and all(kinds):
        return 1.0 if len(kinds) > 1 or kinds[0] in _KNOWN or kinds[0] == "remote" else 0.7
    if (
        len(parts) >= 2
        and (kinds[-1] in _ENDS or kinds[0] == "city")
        and all(k or is_plain_name(p) for k, p in zip(kinds, parts, strict=True))
    ):
        return 0.9
    if any(kinds) and (_STREET.search(text) or _POSTCODE.search(text)):
        return 0.9
    if _STREET.search(text) and any(c.isdigit() for c in text):
        return 0.7
    if len(parts) == 1 and _POSTCODE.search(text) and re.search(r"[A-Za-zÀ-ÿ]{3}", text):
        return 0.6
    return 0.0


def is_place(text: str) -> bool:
    """Whether a whole text is a place and can hardly be an organisation in a place."""
    parts = _parts_of(text)
    kinds = [_component_kind(p) for p in parts]
    if not parts or len(text) > 80:
        return False
    if all(kinds):
        return len(kinds) > 1 or (kinds[0] in (*_KNOWN, "remote") and not _is_branch(parts[0]))
    if "weakcode" in kinds[1:] and kinds[0] != "city":
        return False
    if len(parts) == 2:
        return (kinds[1] in ("country", "regioncode", "region") or kinds[0] == "city") and all(
            k or is_plain_name(p) for k, p in zip(kinds, parts, strict=True)
        )
    return False


def _is_branch(text: str) -> bool:
    """Whether a name that is no known place stands before a country's, as a company's does."""
    first, _, last = text.strip().rpartition(" ")
    known = _named_kind(text) or _named_kind(_AROUND.sub("", text)) or _named_kind(first)
    return bool(first) and _named_kind(last) == "country" and not known


def split_place(text: str) -> tuple[str, str]:
    """The text without a place at its end, and the place; the place is empty where there is none."""
    parts = re.split(r"(\s*,\s*|\s*[–—|•·]\s*|\s+[-/]\s+|\s+\()", text)
    texts, marks = parts[::2], parts[1::2]
    for take in (3, 2, 1):
        if len(texts) <= take:
            continue
        tail = _join(texts[-take:], marks[len(marks) - take + 1 :])
        if is_place(tail) and not _is_org_tail(texts, take):
            return _join(texts[:-take], marks[: len(texts) - take - 1]), tail.strip(" ()")
    return text, ""


def _is_org_tail(texts: list[str], take: int) -> bool:
    """``University of California, Berkeley``: the town is part of a school's name."""
    words = fold(texts[-2]).split() if take == 1 else []
    return words[:2] == ["university", "of"] and PLACES.get(" ".join(words[2:])) == "region"


def strip_places(text: str) -> tuple[str, str]:
    """The text without a place at its end or before its first comma, and the place."""
    rest, place = split_place(text)
    if place and rest:
        return rest.rstrip(" ,("), place
    first, mark, after = re.match(r"([^,:]*)([,:]\s)?(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    return (after, first) if mark and after and is_place(first) else (text, "")


def _join(texts: list[str], marks: list[str]) -> str:
    joined = texts[0]
    for mark, text in zip(marks, texts[1:], strict=False):
        joined += mark + text
    return joined.strip()


def has_postcode(text: str) -> bool:
    """Whether a text holds something that looks like a postcode."""
    return bool(_POSTCODE.search(text))


def has_street(text: str) -> bool:
    """Whether a text names a street."""
    return bool(_STREET.search(text))
