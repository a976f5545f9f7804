"""What of a person is searchable, derived from the registry of personal data, and its form in the word index.

Holds no list of fields of its own: a field is searchable because :mod:`storage.profile` says so. Nothing but the
person's row id is ever stored in the index; all else is only indexed.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, is_dataclass
from datetime import date
from importlib.metadata import version
from types import MappingProxyType

from tantivy import Document, Schema, SchemaBuilder

from storage.profile import PROFILE_FIELDS, REGISTRY, Profile
from storage.search.analysis import ANALYSIS_VERSION, EXACT, STEMMED, normalise

WEIGHTS: MappingProxyType[str, float] = MappingProxyType({p.search: p.weight for p in REGISTRY.values() if p.search})
"""Search field → rank weight. A weight of zero: found only when the field is named."""
DEFAULT_FIELDS: tuple[str, ...] = tuple(name for name, weight in WEIGHTS.items() if weight > 0)
"""The fields in which a word without a field is looked for."""
FACTS: tuple[str, ...] = ("opening", "stage", "country", "years")
"""What may be asked for beside words."""
FACETS: tuple[str, ...] = ("opening", "stage", "country")
"""The facts that are counted over all hits."""
POOL = "pool"
"""The opening of an application that is to none."""
NEVER = date.max.toordinal()
"""The expiry of a person who is kept without end while a hold lasts."""

_EXACT_SUFFIX = "_exact"
_RESERVED = frozenset({*FACTS, "person", "region", "expires"})
if _RESERVED & WEIGHTS.keys():  # pragma: no cover - a mistake in the registry, found at the first import
    raise TypeError("a search field of the registry bears the name of a fact")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside words. ``countries``: ISO 3166 codes (``DE``, ``US-CA``); ``years``: whole years of work."""

    openings: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    years: int | None = None


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One person as the word index sees them.

    ``person`` is the 16-byte row id, ``texts`` the words by search field, ``expires_on`` the ordinal
    (``date.toordinal``) of the last day on which the person may be found.
    """

    person: bytes
    shard: int
    texts: dict[str, str] = field(repr=False)
    facts: Facts = Facts()
    expires_on: int = NEVER


def entry_from(
    profile: Profile, text: str, facts: Facts, *, person: bytes, shard: int, ends_on: date | None
) -> IndexEntry:
    """Return what of a profile and a document's text is searchable.

    ``ends_on`` is the last local day on which the record is kept, ``None`` while it is held without end.
    """
    texts = {mark.search: _words_of(getattr(profile, name)) for name, mark in PROFILE_FIELDS.items() if mark.search}
    texts[REGISTRY["document_text"].search] = text
    expires_on = NEVER if ends_on is None else ends_on.toordinal()
    return IndexEntry(person, shard, {name: words for name, words in texts.items() if words}, facts, expires_on)


def _words_of(value: object) -> str:
    return "\n".join(_strings_in(value))


def _strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield ". ".join(part for part in asdict(value).values() if isinstance(part, str))


def exact(name: str) -> str:
    """Return the name under which a search field's exact reading is indexed."""
    return name + _EXACT_SUFFIX


def index_schema() -> Schema:
    """Return the index's schema: two readings of each search field, the facts, and the row id."""
    builder = SchemaBuilder()
    builder.add_bytes_field("person", stored=True, indexed=True)
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name=STEMMED, index_option="freq")
        builder.add_text_field(exact(name), tokenizer_name=EXACT, index_option="position")
    for name in ("opening", "stage", "country", "region"):
        builder.add_text_field(name, fast=name in FACETS, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("years", indexed=True, fast=True)
    builder.add_integer_field("expires", indexed=True, fast=True)
    return builder.build()


def index_fingerprint() -> str:
    """Return what a sealed index must have been made with to be opened; anything else is rebuilt."""
    parts = (ANALYSIS_VERSION, sorted(WEIGHTS), FACTS, version("tantivy"))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def to_document(entry: IndexEntry) -> Document:
    """Return the entry in the index's form. Texts of unknown fields are refused with ``KeyError``."""
    document = Document()
    document.add_bytes("person", entry.person)
    for name, text in entry.texts.items():
        if name not in WEIGHTS:
            raise KeyError(name)
        plain = normalise(text)
        document.add_text(name, plain)
        document.add_text(exact(name), plain)
    _add_facts(document, entry.facts)
    document.add_integer("expires", entry.expires_on)
    return document


def _add_facts(document: Document, facts: Facts) -> None:
    for name, values in fact_values(facts).items():
        for value in values:
            document.add_text(name, value)
    if facts.years is not None:
        document.add_integer("years", facts.years)


def fact_values(facts: Facts) -> dict[str, tuple[str, ...]]:
    """Return the coded facts by index field: ``region`` holds whole country codes, ``country`` their first part."""
    regions = _unique(facts.countries, str.upper)
    return {
        "opening": _unique(facts.openings, str.lower),
        "stage": _unique(facts.stages, str.lower),
        "region": regions,
        "country": _unique(regions, lambda code: code.split("-", 1)[0]),
    }


def _unique(values: tuple[str, ...], change: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change(value) for value in values if value))


def person_of(document: Document) -> bytes:
    """Return the row id that a stored document of the index carries."""
    return bytes(document["person"][0])
