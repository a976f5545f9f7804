"""What confidence is worth, and what goes wrong most: values read against labels, one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from rapidfuzz import fuzz

from benchmarks.reading_score import ALIKE, Entry, fold, link_key, same_dates, same_phone, similarity

BINS = ((0.95, 1.01), (0.9, 0.95), (0.8, 0.9), (0.6, 0.8), (0.0, 0.6))
_SINGLE = ("name", "location")


def judge_values(gold: Entry, found: Entry, confidence: dict[str, float]) -> Iterator[tuple[str, float, bool]]:
    """(field, confidence, right) of each value that the label can speak about."""
    for path, sure in confidence.items():
        parts = path.split("/")
        right = _judge(parts, gold, found)
        if right is not None:
            yield "/".join(p for p in parts if not p.isdigit()), sure, right


def _judge(parts: list[str], gold: Entry, found: Entry) -> bool | None:
    field = parts[0]
    if field in _SINGLE:
        return _judge_single(field, gold, found)
    if field in ("work", "education") and len(parts) == 3:
        return _judge_entry(field, found[field][int(parts[1])], parts[2], gold)
    if len(parts) != 2 or gold.get(field) is None or (field == "links" and not gold.get("links")):
        return None
    return _judge_item(field, found[field][int(parts[1])], gold)


def _judge_single(field: str, gold: Entry, found: Entry) -> bool | None:
    if not gold.get(field):
        return None
    if field == "name":
        return (
            set(fold(gold[field]).split()) == set(fold(found[field]).split())
            or similarity(gold[field], found[field]) > 0.97
        )
    return bool(fuzz.token_set_ratio(fold(gold[field]), fold(found[field])) >= 80)


def _judge_item(field: str, value: str, gold: Entry) -> bool:
    labels = [*(gold.get(field) or []), *(gold.get(f"{field}_optional") or [])]
    if field == "phones":
        return any(same_phone(label, value) for label in labels)
    key = link_key if field == "links" else fold
    return key(value) in {key(label) for label in labels}


def _judge_entry(field: str, entry: Entry, key: str, gold: Entry) -> bool | None:
    labels = [*(gold.get(field) or []), *(gold.get(f"{field}_optional") or [])]
    keys = ("employer", "title") if field == "work" else ("institution", "degree")
    if key in keys:
        if any(not label.get(key) for label in labels):
            return None
        return any(similarity(label[key], entry[key], subset=key == "degree") >= ALIKE for label in labels)
    if key not in ("start", "end"):
        return None
    alike = [label for label in labels if any(similarity(label.get(k), entry.get(k)) >= ALIKE for k in keys)]
    if not alike:
        return None
    only = (
        {"start": entry.get("start")} if key == "start" else {"end": entry.get("end"), "current": entry.get("current")}
    )
    return any(same_dates({k: label.get(k) for k in only}, only) for label in alike)


def reliability(judged: Iterable[tuple[str, float, bool]]) -> list[tuple[str, int, float, float]]:
    """(range of confidence, values, mean confidence, share right), and last all at 0.9 or above."""
    values = list(judged)
    rows = []
    for low, high in (*BINS, (0.9, 1.01)):
        inside = [(sure, right) for _, sure, right in values if low <= sure < high]
        if inside:
            mean = sum(sure for sure, _ in inside) / len(inside)
            rows.append((f"{low:.2f}-{min(high, 1.0):.2f}", len(inside), mean, sum(r for _, r in inside) / len(inside)))
    return rows


def name_errors(gold: Entry, found: Entry) -> Counter[str]:
    """The kinds of error in one document, each with how often it occurs."""
    errors: Counter[str] = Counter()
    for field in _SINGLE:
        if gold.get(field):
            if not found.get(field):
                errors[f"{field}: not found"] += 1
            elif not _judge_single(field, gold, found):
                errors[f"{field}: another text taken for it"] += 1
    for field in ("emails", "phones", "links", "skills", "languages"):
        if gold.get(field):
            _name_item_errors(field, gold, found, errors)
    for field, first, second in (("work", "employer", "title"), ("education", "institution", "degree")):
        _name_entry_errors(gold.get(field) or [], found.get(field) or [], (field, first, second), errors)
    return errors


def _name_item_errors(field: str, gold: Entry, found: Entry, errors: Counter[str]) -> None:
    extra = sum(not _judge_item(field, value, gold) for value in found.get(field) or [])
    missed = sum(not _judge_item(field, label, {field: found.get(field) or []}) for label in gold[field])
    errors[f"{field}: missed"] += missed
    errors[f"{field}: something else taken for one"] += extra


def _name_entry_errors(
    labels: list[Entry], read: list[Entry], names: tuple[str, str, str], errors: Counter[str]
) -> None:
    kind, first, second = names
    for label in labels:
        entry, score = max(
            (
                (e, similarity(label.get(first), e.get(first)) + similarity(label.get(second), e.get(second)))
                for e in read
            ),
            key=lambda pair: pair[1],
            default=(None, 0.0),
        )
        if entry is None or score < ALIKE:
            crossed = any(similarity(label.get(first), e.get(second)) >= ALIKE for e in read)
            errors[f"{kind}: {first} and {second} crossed" if crossed else f"{kind}: entry missed"] += 1
            continue
        for key in (first, second):
            if label.get(key) and similarity(label[key], entry.get(key), subset=key == "degree") < ALIKE:
                errors[f"{kind}: {key} {'differs' if entry.get(key) else 'not found'}"] += 1
        if not same_dates(label, entry):
            errors[f"{kind}: dates differ"] += 1
    errors[f"{kind}: something else taken for an entry"] += max(0, len(read) - len(labels))


def by_field(judged: Iterable[tuple[str, float, bool]]) -> dict[str, list[tuple[float, bool]]]:
    """Judged values by field, for calibrating."""
    found: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for field, sure, right in judged:
        found[field].append((sure, right))
    return dict(found)


def total(counters: Iterable[Counter[str]]) -> Counter[str]:
    """All counts added up."""
    summed: Counter[str] = Counter()
    for counter in counters:
        summed.update(counter)
    return summed


Judged = list[tuple[str, float, bool]]
Document = dict[str, Any]
