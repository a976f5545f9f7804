"""How well predictions match labels: the field rules by which the reading of resumes is measured.

A prediction is right when it pairs one to one with a label that is alike: names without accents, order or titles;
phones by their digits; entries by text (similarity of at least 0.85) and dates. ``null`` in a label is never held
against a prediction.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from rapidfuzz import fuzz

ALIKE = 0.85
MACRO = (
    "name",
    "emails",
    "phones",
    "location",
    "links",
    "work",
    "work_dates",
    "institution",
    "degree",
    "edu_dates",
    "skills",
    "languages",
)
FIELDS = (
    "name",
    "emails",
    "phones",
    "location",
    "links",
    "employer",
    "title",
    "work",
    "work_dates",
    "work_full",
    "institution",
    "degree",
    "edu_dates",
    "skills",
    "languages",
)
_HONORIFICS = {"dr", "prof", "professor", "mr", "mrs", "ms", "mx", "captain"}

Entry = dict[str, Any]
Counts = tuple[int, int, int]
Score = Callable[[Any, Any], float]


def fold(text: object) -> str:
    """Lower case, no accents, words parted by one space."""
    plain = unicodedata.normalize("NFKD", str(text or "").replace("\u00ad", ""))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^\w+#]+", " ", plain).replace("_", " ").split())


def _name_key(text: object) -> str:
    return " ".join(sorted(word for word in fold(text).split() if word not in _HONORIFICS))


def link_key(text: object) -> str:
    """An address without scheme, ``www.``, query and final slash."""
    plain = re.sub(r"^[a-z]+://", "", str(text or "").strip().casefold())
    return re.sub(r"^www\.", "", plain).split("?")[0].split("#")[0].rstrip("/.,;")


def similarity(one: object, other: object, *, subset: bool = False) -> float:
    """From 0 to 1; ``subset`` lets one text be part of the other."""
    a, b = fold(one), fold(other)
    if not a or not b:
        return 0.0
    best = max(fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b))
    if subset and min(len(a.split()), len(b.split())) >= 2:
        best = max(best, fuzz.token_set_ratio(a, b))
    return best / 100


def _year_month(text: object) -> tuple[int, int | None] | None:
    match = re.match(r"\s*(\d{4})(?:-(\d{1,2}))?", str(text or ""))
    return (int(match[1]), int(match[2]) if match[2] else None) if match else None


def _same_date(gold: object, found: object) -> bool:
    g, p = _year_month(gold), _year_month(found)
    if g is None:
        return True
    if p is None or g[0] != p[0]:
        return False
    return g[1] is None or p[1] is None or g[1] == p[1]


def same_dates(gold: Entry, found: Entry) -> bool:
    """Whether start, end and "still held" agree as far as the label states them."""
    if not _same_date(gold.get("start"), found.get("start")):
        return False
    if gold.get("current"):
        return bool(found.get("current")) or ("current" not in found and not found.get("end"))
    if gold.get("end"):
        return not found.get("current") and _same_date(gold["end"], found.get("end"))
    return True


def _has_dates(entry: Entry) -> bool:
    return bool(entry.get("start") or entry.get("end") or entry.get("current"))


def pair_up(gold: list[Any], found: list[Any], score: Score) -> dict[int, int]:
    """One-to-one pairs, best first: label's index → prediction's index."""
    ranked = sorted(((score(g, p), -i, -j) for i, g in enumerate(gold) for j, p in enumerate(found)), reverse=True)
    pairs: dict[int, int] = {}
    for value, i, j in ranked:
        if value > 0 and -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return pairs


def _count(gold: list[Any], found: list[Any], score: Score, optional: list[Any] | None = None) -> Counts:
    pairs = pair_up(gold, found, score)
    left = [p for j, p in enumerate(found) if j not in set(pairs.values())]
    spared = len(pair_up(optional, left, score)) if optional else 0
    return len(pairs), len(found) - spared, len(gold)


def _by_key(key: str, other: str, *, subset: bool = False) -> Score:
    def score(gold: Entry, found: Entry) -> float:
        alike = similarity(gold.get(key), found.get(key), subset=subset)
        if alike < ALIKE:
            return 0.0
        return 1 + alike + similarity(gold.get(other), found.get(other)) + (0.5 if same_dates(gold, found) else 0.0)

    return score


def _by_both(gold: Entry, found: Entry) -> float:
    total = 0.0
    for key in ("employer", "title"):
        if gold.get(key):
            alike = similarity(gold[key], found.get(key))
            if alike < ALIKE:
                return 0.0
            total += alike
    return total + (0.5 if same_dates(gold, found) else 0.0)


def _by_either(one: str, other: str, *, subset: bool = False) -> Score:
    def score(gold: Entry, found: Entry) -> float:
        a, b = similarity(gold.get(one), found.get(one)), similarity(gold.get(other), found.get(other), subset=subset)
        return a + b + (0.5 if same_dates(gold, found) else 0.0) if max(a, b) >= ALIKE else 0.0

    return score


def _digits(text: object) -> str:
    return re.sub(r"\D", "", str(text or ""))


def same_phone(gold: object, found: object) -> float:
    """1.0 for equal digits, or where one number ends with the other (at least seven digits)."""
    g, p = _digits(gold), _digits(found)
    if g and g == p:
        return 1.0
    short, long = sorted((g.lstrip("0"), p.lstrip("0")), key=len)
    return 1.0 if len(short) >= 7 and long.endswith(short) else 0.0


def _listed(document: Entry, key: str) -> list[Any]:
    return [item for item in (document.get(key) or []) if item]


def _one(document: Entry, key: str) -> list[Any]:
    return [document[key]] if document.get(key) else []


def _score_contacts(gold: Entry, found: Entry) -> dict[str, Counts]:
    counts = {
        "name": _count(_one(gold, "name"), _one(found, "name"), lambda g, p: _name_key(g) == _name_key(p)),
        "emails": _count(_listed(gold, "emails"), _listed(found, "emails"), lambda g, p: g.casefold() == p.casefold()),
        "phones": _count(
            _listed(gold, "phones"),
            [p for p in _listed(found, "phones") if len(_digits(p)) >= 7],
            same_phone,
            _listed(gold, "phones_optional"),
        ),
    }
    if gold.get("location"):
        counts["location"] = _count(
            [gold["location"]], _one(found, "location"), lambda g, p: fuzz.token_set_ratio(fold(g), fold(p)) >= 80
        )
    links = {link_key(x) for x in _listed(gold, "links")}
    if links:
        read = {link_key(x) for x in _listed(found, "links")} - {""}
        counts["links"] = (len(links & read), len(read), len(links))
    return counts


def _spare_unlabelled(counts: Counts, missing: int) -> Counts:
    """A label without this key says nothing against as many extra predictions."""
    right, read, labelled = counts
    return right, max(right, read - missing), labelled


def _score_entries(gold: Entry, found: Entry) -> dict[str, Counts]:
    counts: dict[str, Counts] = {}
    for kind, keys, subset in (("work", ("employer", "title"), False), ("education", ("institution", "degree"), True)):
        labels, read, optional = _listed(gold, kind), _listed(found, kind), _listed(gold, f"{kind}_optional")
        for key, other in (keys, keys[::-1]):
            score = _by_key(key, other, subset=subset and key == "degree")
            some = read if kind == "education" else [e for e in read if e.get(key)]
            raw = _count([e for e in labels if e.get(key)], some, score, optional)
            counts[key] = _spare_unlabelled(raw, sum(not e.get(key) for e in labels))
        dated = [[e for e in entries if _has_dates(e)] for entries in (labels, read, optional)]
        if dated[0]:
            score = _by_either(*keys, subset=subset)
            pairs = pair_up(dated[0], dated[1], score)
            right = sum(same_dates(dated[0][i], dated[1][j]) for i, j in pairs.items())
            left = [p for j, p in enumerate(dated[1]) if j not in set(pairs.values())]
            spared = len(pair_up(dated[2], left, score))
            counts["work_dates" if kind == "work" else "edu_dates"] = (right, len(dated[1]) - spared, len(dated[0]))
    work, read, optional = _listed(gold, "work"), _listed(found, "work"), _listed(gold, "work_optional")
    counts["work"] = _count(work, read, _by_both, optional)
    counts["work_full"] = _count(work, read, lambda g, p: _by_both(g, p) if same_dates(g, p) else 0.0, optional)
    return counts


def score_document(gold: Entry, found: Entry) -> dict[str, Counts]:
    """For each field: how many are right, were read, are labelled."""
    counts = _score_contacts(gold, found) | _score_entries(gold, found)
    for key in ("skills", "languages"):
        if key == "languages" or gold.get(key) is not None:
            labels, read = {fold(x) for x in _listed(gold, key)}, {fold(x) for x in _listed(found, key)}
            counts[key] = (len(labels & read), len(read), len(labels))
    return counts


def f1(right: int, read: int, labelled: int) -> float:
    """Harmonic mean of precision and recall; nothing read where nothing is labelled is perfect."""
    if not read and not labelled:
        return 1.0
    return 2 * right / (read + labelled)


def balance(scores: dict[str, dict[str, Counts]], families: dict[str, str]) -> dict[str, float]:
    """For each field, the mean over families of the mean F1 of their documents; ``macro`` over `MACRO`."""
    result: dict[str, float] = {}
    for field in FIELDS:
        by_family: dict[str, list[float]] = defaultdict(list)
        for document, counts in scores.items():
            if field in counts and (counts[field][1] or counts[field][2]):
                by_family[families.get(document, document)].append(f1(*counts[field]))
        result[field] = mean(mean(values) for values in by_family.values())
    result["macro"] = mean(result[field] for field in MACRO)
    return result


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
