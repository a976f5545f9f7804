"""What changes between two policies, key by key, and what each change means for people on record.

Compares what is said; whom it would end is for ``simulate``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from retention.calendar import Length
from retention.policy.policy import Policy, PurposeTerms, Text
from storage.vocabulary import Basis


class Meaning(StrEnum):
    """What a change means for people on record."""

    NEW_USE = "new use"
    """Data already held would be used as people were not told (promise N5)."""
    SHORTER = "kept shorter"
    LONGER = "kept longer"
    LESS_NOTICE = "less notice"
    """Changes would be announced for a shorter time (promise N2)."""
    FEWER_PROMISES = "fewer promises"
    WORDS = "words"
    """Nothing changes but what is said."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Change:
    """One key that differs. ``before`` or ``after`` is empty where the key is new or gone."""

    key: str
    before: str
    after: str
    meaning: Meaning


def diff_policies(before: Policy, after: Policy) -> tuple[Change, ...]:
    """Every difference, by key; entries of lists are told apart by their ids, not their places."""
    old, new = dict(_flatten(before, "")), dict(_flatten(after, ""))
    uses = find_new_uses(before, after)
    changes = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        if was != now:
            meaning = Meaning.NEW_USE if _is_of(key, uses) else _meaning(key, was, now)
            changes.append(Change(key, _say(was), _say(now), meaning))
    return tuple(changes)


def find_new_uses(before: Policy, after: Policy) -> tuple[str, ...]:
    """The ids of purposes for which held data would newly be used without the person's choice.

    A purpose that asks for consent is no new use of its own accord: it begins with the person's word.
    """
    return tuple(
        terms.id
        for terms in after.purposes
        if terms.basis is not Basis.CONSENT and _is_new_use(before.find_purpose(terms.id), terms)
    )


def _is_new_use(was: PurposeTerms | None, now: PurposeTerms) -> bool:
    if was is None or was.basis != now.basis:
        return True
    goes_further = set(now.recipients) - set(was.recipients) or set(now.categories) - set(was.categories)
    return bool(goes_further) or (now.searchable and not was.searchable)


def _is_of(key: str, purposes: tuple[str, ...]) -> bool:
    parts = key.split(".")
    return (
        parts[0] == "purposes"
        and parts[1] in purposes
        and parts[2] in {"basis", "recipients", "categories", "searchable"}
    )


def _flatten(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value) and not isinstance(value, Length | Text):
        for field in fields(value):
            yield from _flatten(getattr(value, field.name), f"{path}.{field.name}" if path else field.name)
    elif isinstance(value, tuple) and value and is_dataclass(value[0]):
        for name, item in _name_items(value):
            yield from _flatten(item, f"{path}.{name}")
    elif value != ():
        yield path, value


def _name_items(items: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Each entry with its id, or its place where it has none; a second of one name shows its place too."""
    seen: set[str] = set()
    for place, item in enumerate(items, start=1):
        names = (getattr(item, key, None) for key in ("id", "name", "kept", "country"))
        name = next((str(name) for name in names if isinstance(name, str)), str(place))
        yield (f"{name}#{place}" if name in seen else name), item
        seen.add(name)


def _meaning(key: str, was: Any, now: Any) -> Meaning:
    if isinstance(was, Text) or isinstance(now, Text):
        return Meaning.WORDS
    if key == "promises":
        return Meaning.FEWER_PROMISES if set(was) - set(now) else Meaning.OTHER
    if not (isinstance(was, Length) and isinstance(now, Length)):
        return Meaning.OTHER
    is_shorter = was.shortest_days > now.shortest_days
    if key == "change_notice.length":
        return Meaning.LESS_NOTICE if is_shorter else Meaning.OTHER
    if key.startswith(("periods.", "floors.", "ceilings.", "kept_apart.")):
        return Meaning.SHORTER if is_shorter else Meaning.LONGER
    return Meaning.OTHER


def _say(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Text):
        return " / ".join(words for _, words in value.by_language)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
