"""Makes fictional people for the word index, and indexes to find them in."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from storage.search import Facts, IndexEntry, SearchIndex, find_memory_dir, parse

TODAY = date(2026, 3, 2)


def row_id(number: int) -> bytes:
    """Return the row id of the person of that number."""
    return number.to_bytes(16, "big")


def entry(number: int, text: str, *, shard: int = 0, ends_on: date | None = None, **facts: object) -> IndexEntry:
    """Return an entry whose document says ``text``."""
    made = Facts(**facts)  # type: ignore[arg-type]
    if ends_on is None:
        return IndexEntry(row_id(number), shard, {"text": text}, made)
    return IndexEntry(row_id(number), shard, {"text": text}, made, ends_on.toordinal())


def memory() -> Path:
    """Return the machine's memory-backed folder."""
    found = find_memory_dir()
    if found is None:
        pytest.skip("this machine offers no memory-backed folder")
    return found


@contextmanager
def index_in(folder: Path, *, in_memory: bool = True) -> Iterator[SearchIndex]:
    """Give an index that keeps its sealed files and its key under ``folder``."""
    with SearchIndex(folder / "sealed", memory() if in_memory else None, folder / "index.keys", shard_size=3) as index:
        yield index


def found(index: SearchIndex, query: str, **how: object) -> list[int]:
    """Return the numbers of the people found, in order of number; the total must agree with the list."""
    hits = index.search(parse(query), today=TODAY, **how)  # type: ignore[arg-type]
    assert hits.total == len(hits.hits)
    return sorted(int.from_bytes(hit.person, "big") for hit in hits.hits)


def nobody(_shard: int) -> Iterable[IndexEntry]:
    """Say that nobody is live."""
    return ()
