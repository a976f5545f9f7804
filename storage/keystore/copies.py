"""Copies of a keystore, for backups: the wrapped keys in one SQLite file, whichever database they came from.

A copy holds nothing that opens it: for that the generation's escrow and the recovery key are needed. It says in clear
which installation and generation it belongs to, how many keys it has and when it was made.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage.keystore.contract import KeystoreError, KeystoreStatus
from storage.keystore.folder import sync_file, sync_folder

BATCH = 2000
Row = tuple[bytes, bytes, int]
"""Key id, wrapped key, day number."""

_SCHEMA = """
CREATE TABLE data_key (key_id BLOB PRIMARY KEY, wrapped BLOB NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""


class DamagedCopy(KeystoreError):
    """A file is no copy of a keystore, or not a whole one."""

    code = "damaged_copy"


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What a copy says of itself. ``made_at`` is aware UTC."""

    installation: bytes
    generation: int
    generation_id: bytes
    keys: int
    made_at: datetime


def write_copy(path: Path, status: KeystoreStatus, batches: Iterable[list[Row]]) -> CopyFacts:
    """Write a new file (mode 0600) with these rows; durable on return. Raises ``FileExistsError``."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target:
        target.execute("PRAGMA journal_mode = OFF").fetchall()
        target.executescript(_SCHEMA)
        target.execute("BEGIN")
        for rows in batches:
            target.executemany("INSERT INTO data_key VALUES (?, ?, ?)", rows)
        keys = target.execute("SELECT count(*) FROM data_key").fetchone()[0]
        facts = CopyFacts(status.installation, status.generation, status.generation_id, keys, datetime.now(UTC))
        target.executemany("INSERT INTO about VALUES (?, ?)", _print_facts(facts))
        target.execute("COMMIT")
    sync_file(path)
    sync_folder(path.parent)
    return facts


def read_copy(path: Path) -> CopyFacts:
    """What a copy says of itself, after checking that it is whole. Raises :class:`DamagedCopy`."""
    try:
        with _opened(path) as source:
            about = dict(source.execute("SELECT name, value FROM about").fetchall())
            facts = CopyFacts(
                bytes.fromhex(about["installation"]),
                int(about["generation"]),
                bytes.fromhex(about["generation_id"]),
                int(about["keys"]),
                datetime.fromisoformat(about["made_at"]),
            )
            whole = source.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            held = source.execute("SELECT count(*) FROM data_key").fetchone()[0]
    except (sqlite3.Error, KeyError, ValueError, TypeError):
        raise DamagedCopy(f"{path.name} is not a copy of a keystore, or is damaged") from None
    if not whole or held != facts.keys:
        raise DamagedCopy(f"{path.name} is damaged: not all of its keys are there")
    return facts


def read_rows(path: Path) -> Iterator[list[Row]]:
    """The rows of a copy, in batches, memory flat."""
    with _opened(path) as source:
        cursor = source.execute("SELECT key_id, wrapped, day FROM data_key ORDER BY key_id")
        while rows := cursor.fetchmany(BATCH):
            yield rows


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path.as_uri() + "?mode=ro", uri=True)) as connection:
        yield connection


def _print_facts(facts: CopyFacts) -> list[tuple[str, str | int]]:
    return [
        ("installation", facts.installation.hex()),
        ("generation", facts.generation),
        ("generation_id", facts.generation_id.hex()),
        ("keys", facts.keys),
        ("made_at", facts.made_at.isoformat()),
    ]
