"""The word index that the keeper holds: fed by the outbox, searched by the desk, sealed at rest.

The database stays the truth: whatever cannot be opened here is made again from live people, and every hit is checked
against live state before it is shown. One process holds the index; searches run beside each other and beside changes,
changes run one after another. Words, row ids of hits and file names must never be logged from here.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from itertools import count
from pathlib import Path
from threading import Lock, RLock
from types import TracebackType
from typing import Self, cast

from tantivy import DocAddress, Query, Searcher

from storage.search.analysis import exact_words, normalise
from storage.search.compile import Scope, compile_query
from storage.search.documents import FACETS, WEIGHTS, IndexEntry, exact, index_fingerprint, index_schema, person_of
from storage.search.memory import MemoryRoom, wipe
from storage.search.sealed import SealedIndex, UnreadableIndexError
from storage.search.shards import Shard
from storage.search.syntax import Node

DEEPEST_PAGE = 10_000
"""Hits beyond this rank are counted, never listed."""
MOST_FACETS = 200
"""Values of one facet that are told, the commonest first."""

LiveEntries = Callable[[int], Iterable[IndexEntry]]
"""Gives the entries of everyone in a shard who may be found, read from the database when it is called."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A change: the person is to be found no more (withdrawn, restricted). Erasing is :meth:`SearchIndex.erase`."""

    person: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found; the higher the score, the better."""

    person: bytes
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits, best first; how many there are in all; and how they divide (fact → value → people)."""

    total: int
    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


_Found = tuple[float, int, int, DocAddress]
"""What orders hits: score (negated), shard's place, rank within the shard; and where the document is."""


class SearchIndex:
    """The word index. Nothing is durable until :meth:`save` (or :meth:`erase`) has returned."""

    def __init__(self, sealed_dir: Path, memory_dir: Path | None, key_file: Path, shard_size: int = 5_000) -> None:
        """Take a fresh room in ``memory_dir`` (memory-backed, or ``ValueError``) and sweep those of dead processes.

        Without ``memory_dir`` the index lies in the process's own memory; then nothing is kept at rest, and
        :meth:`start` makes it anew each time. ``key_file`` must lie in the key folder.
        """
        self._room = MemoryRoom(memory_dir) if memory_dir else None
        self._sealed = SealedIndex(sealed_dir, key_file, index_fingerprint())
        self._shard_size = shard_size
        self._shards: dict[int, Shard] = {}
        self._changed: set[int] = set()
        self._remade: set[int] = set()
        self._departed: dict[int, set[bytes]] = {}
        self._promised: Counter[int] = Counter()
        self._schema = index_schema()
        self._swapping = Lock()
        self._changing = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self, shards: Iterable[int], live_entries: LiveEntries) -> frozenset[int]:
        """Open what was saved, make the rest of ``shards`` anew, drop shards that are no more; return those made anew.

        Outbox rows that were not acknowledged must be applied again after this.
        """
        with self._changing:
            wanted = frozenset(shards)
            opened = self.load()
            for number in opened - wanted:
                self._swap(number, None)
            self.rebuild(wanted - opened, live_entries)
            self.save()
            return wanted - opened

    def load(self) -> frozenset[int]:
        """Open the last saved generation and return the shards that opened; whatever did not must be rebuilt."""
        with self._changing:
            try:
                numbers = self._sealed.read_manifest() if self._room else frozenset()
            except UnreadableIndexError:
                numbers = frozenset()
            if not numbers:
                self._sealed.destroy()
            return frozenset(number for number in sorted(numbers) if self._open(number))

    def save(self) -> None:
        """Make all changes durable, sealed; until this returns no outbox row may be acknowledged."""
        with self._changing:
            homes = {number: shard.home for number, shard in self._shards.items() if shard.home}
            if self._room:
                self._sealed.save(homes, self._changed, self._remade, self._departed)
            self._changed, self._remade = set(), set()

    def close(self) -> None:
        """Wait for searches to end, then overwrite and remove what lies in memory. Saves nothing."""
        with self._changing:
            for number in list(self._shards):
                self._swap(number, None)
            if self._room:
                self._room.close()

    def apply(self, changes: Iterable[IndexEntry | Removal]) -> None:
        """Make the changes visible: of each person only the last, in place of whatever was known before."""
        latest = {change.person: change for change in changes}
        puts: dict[int, list[IndexEntry]] = {}
        for change in latest.values():
            if isinstance(change, IndexEntry):
                puts.setdefault(change.shard, []).append(change)
        with self._changing:
            for number in puts.keys() - self._shards.keys():
                self._swap(number, Shard(number, self._new_home()))
            for number, shard in self._shards.items():
                self._change(shard, [person for person in latest if shard.mentions(person)], puts.get(number, []))

    def _change(self, shard: Shard, gone: list[bytes], put: list[IndexEntry]) -> None:
        if not (gone or put):
            return
        self._changed.add(shard.number)
        self._departed.setdefault(shard.number, set()).update(gone)
        shard.change(gone, put)
        self._promised[shard.number] = max(0, self._promised[shard.number] - len(put))

    def erase(self, people: Collection[bytes], live_entries: LiveEntries) -> frozenset[int]:
        """Leave nothing of ``people``: remake every shard that ever knew them, destroy the former ones and their keys.

        Durable when it returns the shards that were remade. ``live_entries`` may still yield the people; they are
        left out.
        """
        with self._changing:
            touched = {
                number
                for number, shard in self._shards.items()
                if any(person in self._departed.get(number, ()) or shard.mentions(person) for person in people)
            }
            gone = frozenset(people)
            self.rebuild(touched, lambda number: (e for e in live_entries(number) if e.person not in gone))
            self.save()
            return frozenset(touched)

    def rebuild(self, shards: Iterable[int], live_entries: LiveEntries) -> None:
        """Make ``shards`` anew from live people, each under a new key at the next :meth:`save`; searches go on."""
        with self._changing:
            for number in sorted(shards):
                self._remake(number, live_entries)

    def _remake(self, number: int, live_entries: LiveEntries) -> None:
        shard = Shard(number, self._new_home())
        try:
            shard.change((), live_entries(number))
        except BaseException:
            shard.retire()
            raise
        self._swap(number, shard)
        self._remade.add(number)

    def stale_shards(self) -> frozenset[int]:
        """Return the shards that still hold words of former versions or of people removed: worth a nightly rebuild."""
        with self._changing:
            return frozenset(number for number, people in self._departed.items() if people)

    def _new_home(self) -> Path | None:
        return self._room.new_folder() if self._room else None

    def _open(self, number: int) -> bool:
        home = cast("Path", self._new_home())
        try:
            departed = self._sealed.open_shard(number, home)
            shard = Shard(number, home)
        except (UnreadableIndexError, ValueError):
            wipe(home)
            return False
        self._swap(number, shard)
        self._departed[number] = departed
        return True

    def _swap(self, number: int, shard: Shard | None) -> None:
        with self._swapping:
            former = self._shards.pop(number, None)
            if shard is not None:
                self._shards[number] = shard
        self._departed.pop(number, None)
        if former is not None:
            former.retire()

    def pick_shard(self) -> int:
        """Return a shard with room for one more person, and keep the place for them."""
        with self._swapping:
            taken = Counter({number: shard.people for number, shard in self._shards.items()}) + self._promised
            number = next(number for number in count() if taken[number] < self._shard_size)
            self._promised[number] += 1
            return number

    def search(
        self,
        node: Node | None,
        *,
        today: date,
        exclude: Collection[bytes] = (),
        allowed: Mapping[str, Collection[str]] | None = None,
        limit: int = 20,
        offset: int = 0,
        facets: bool = False,
    ) -> Hits:
        """Return the people who match ``node`` (everyone, if ``None``), best first.

        Left out inside the query, so that totals are right: the row ids of ``exclude``, whoever's last day lies before
        ``today``, and whoever has none of the ``allowed`` values of a fact (``{"opening": ["baker"]}``).
        """
        query = compile_query(self._schema, node, Scope(today, exclude, allowed))
        with ExitStack() as leases:
            searchers = self._lease_all(leases)
            total, found = _find(searchers, query, min(offset + limit, DEEPEST_PAGE))
            page = tuple(_hit(searchers, one) for one in found[offset:])
            return Hits(total, page, _count_facets(searchers, query) if facets else {})

    def _lease_all(self, leases: ExitStack) -> list[Searcher]:
        with self._swapping:
            return [leases.enter_context(self._shards[number].lease()) for number in sorted(self._shards)]

    def people(self) -> dict[int, int]:
        """Return how many people each shard holds."""
        with self._changing:
            return {number: shard.people for number, shard in self._shards.items()}

    def terms_of(self, shard: int) -> frozenset[str]:
        """Return every word that a shard knows, deleted people's included: the proof of an erasure."""
        with self._changing:
            return self._shards[shard].terms() if shard in self._shards else frozenset()

    def document_frequency(self, word: str) -> int:
        """Return how often the index counts a word over all shards and fields, deleted people's included."""
        with self._changing:
            reading = exact_words(normalise(word))[0]
            return sum(s.document_frequency(exact(name), reading) for s in self._shards.values() for name in WEIGHTS)


def _find(searchers: list[Searcher], query: Query, wanted: int) -> tuple[int, list[_Found]]:
    total = 0
    found: list[_Found] = []
    for place, searcher in enumerate(searchers):
        result = searcher.search(query, max(wanted, 1))
        total += result.count  # type: ignore[attr-defined]  # missing from the wheel's stubs
        found += [(-score, place, rank, address) for rank, (score, address) in enumerate(result.hits)]
    return total, nsmallest(wanted, found)


def _hit(searchers: list[Searcher], found: _Found) -> Hit:
    score, place, _, address = found
    return Hit(person_of(searchers[place].doc(address)), -score)


def _count_facets(searchers: list[Searcher], query: Query) -> dict[str, dict[str, int]]:
    asked = {name: {"terms": {"field": name, "size": MOST_FACETS}} for name in FACETS}
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for searcher in searchers:
        for name, answer in searcher.aggregate(query, asked).items():
            counts[name].update({bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]})
    return {name: dict(counter.most_common(MOST_FACETS)) for name, counter in counts.items()}
