"""The files of the keystore in SQLite: how a generation is written, put in force, and destroyed.

Order is everything here: the next generation is whole and durable before the link moves, the link moves only while
the former file is locked against writers, and the former key goes only after that. Whatever a crash leaves behind is
either half-built (thrown away) or former (destroyed) and is told apart by the link alone.
"""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.keystore.contract import Escrow, KeystoreError, KeystoreExists, MissingKey, NewGeneration, RewriteReport
from storage.keystore.copies import Row
from storage.keystore.folder import destroy_file, sync_file, sync_folder, write_private
from storage.keystore.generation import (
    Generation,
    begin_generation,
    draw_generation,
    today_number,
    wrap_generation,
)
from storage.keystore.roots import Root
from storage.keystore.steps import Step, no_step

LINK = "keystore.db"
LOCK = ".rewrite.lock"
BATCH = 10_000
BUSY_SECONDS = 60
SCHEMA = """
CREATE TABLE data_key (key_id BLOB PRIMARY KEY, wrapped BLOB NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE changed (key_id BLOB PRIMARY KEY, gone INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class GenerationFile:
    """A generation's key as it lies in the folder, wrapped by the root."""

    number: int
    id: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class SqliteLane:
    """A connection to one generation's file; ``file`` is its device and inode."""

    connection: sqlite3.Connection
    generation: Generation
    file: tuple[int, int]

    def close(self) -> None:
        """See :class:`~storage.keystore.lanes.Lane`."""
        self.connection.close()


def connect(path: Path) -> sqlite3.Connection:
    """Open a generation's file: durable commits, deleted bytes overwritten, no log that would keep them.

    Raises ``sqlite3.OperationalError`` where the file is not there; never makes one.
    """
    address = path.as_uri() + "?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "secure_delete = ON", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def read_generation_file(path: Path) -> GenerationFile:
    """The wrapped key beside a generation's file. Raises ``FileNotFoundError``."""
    held = json.loads(path.read_text())
    return GenerationFile(held["number"], bytes.fromhex(held["id"]), bytes.fromhex(held["wrapped"]))


def begin_files(folder: Path, root: Root, fresh: NewGeneration, batches: Iterable[list[Row]]) -> None:
    """The first generation in a folder that has none, with these rows. Raises :class:`KeystoreExists`."""
    if (folder / LINK).is_symlink():
        raise KeystoreExists(f"there is a keystore in {folder} already")
    for left_over in folder.glob("keystore-*"):
        left_over.unlink()
    path = _path(folder, fresh.number)
    with contextlib.closing(_begin_file(path)) as target:
        target.execute("BEGIN")
        for rows in batches:
            target.executemany("INSERT INTO data_key VALUES (?, ?, ?)", rows)
        target.execute("COMMIT")
    _put_in_force(folder, root, fresh, path)


def write_anew(folder: Path, root: Root, former: SqliteLane, escrow: Escrow | None, on_step: Step) -> RewriteReport:
    """Write the next generation, put it in force, destroy the former. The caller holds the rewrite lock."""
    fresh = draw_generation(former.generation.installation, former.generation.number + 1)
    on_step("drawn")
    if escrow is not None:
        escrow(fresh)
        on_step("escrowed")
    set_about(former.connection, "rewriting", 1)
    path = _path(folder, fresh.number)
    with contextlib.closing(_begin_file(path)) as target:
        _copy_rows(former, target, begin_generation(fresh), on_step)
        former.connection.execute("BEGIN IMMEDIATE")
        try:
            dropped = _catch_up(former, target, begin_generation(fresh))
            keys = _close_file(former, target)
            on_step("caught up")
            _put_in_force(folder, root, fresh, path)
            on_step("in force")
        finally:
            former.connection.execute("ROLLBACK")
    former.close()
    sweep_files(folder, root, on_step)
    return RewriteReport(fresh.number, keys, dropped)


def sweep_files(folder: Path, root: Root, on_step: Step = no_step) -> None:
    """Destroy every generation in the folder but the one in force: its key first. The caller holds the rewrite lock."""
    link = folder / LINK
    if not link.is_symlink():
        return
    in_force = folder / link.readlink()
    held = _read_whole_pair(in_force)
    others = [path for path in folder.glob("keystore-*") if path.name.partition(".")[0] != in_force.stem]
    for path in sorted(others, key=lambda path: path.suffix != ".key"):
        destroy_file(path) if path.suffix == ".key" else path.unlink(missing_ok=True)
        on_step("destroyed " + path.suffix)
    sync_folder(folder)
    root.forget_before(held.number, held.wrapped)
    on_step("forgotten")


def _read_whole_pair(path: Path) -> GenerationFile:
    """The key of the generation in force; nothing is destroyed while it or its file is missing."""
    try:
        path.stat()
        return read_generation_file(path.with_suffix(".key"))
    except FileNotFoundError as error:
        raise MissingKey(f"{error.filename} is missing. Put it back, or run: vitavault keys recover") from None


def rows_after(connection: sqlite3.Connection, after: bytes) -> list[Row]:
    """The next batch of rows in the order of ids."""
    look = "SELECT key_id, wrapped, day FROM data_key WHERE key_id > ? ORDER BY key_id LIMIT ?"
    return connection.execute(look, (after, BATCH)).fetchall()


def count_keys(connection: sqlite3.Connection) -> int:
    """How many keys a generation's file holds."""
    return int(connection.execute("SELECT count(*) FROM data_key").fetchone()[0])


def count_gone(connection: sqlite3.Connection) -> int:
    """How many keys were destroyed in a generation's file since it began."""
    return int(connection.execute("SELECT count(*) FROM changed WHERE gone").fetchone()[0])


def get_about(connection: sqlite3.Connection, name: str) -> Any:
    """A fact that the file keeps of itself, or ``None``."""
    row = connection.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
    return row and row[0]


def set_about(connection: sqlite3.Connection, name: str, value: str | int) -> None:
    """Keep a fact."""
    connection.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, value))


def _path(folder: Path, number: int) -> Path:
    return folder / f"keystore-{number:06d}.db"


def _begin_file(path: Path) -> sqlite3.Connection:
    """A file that nobody reads until it is whole: so it needs no journal of its own."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.executescript(SCHEMA)
    set_about(connection, "begun", today_number())
    return connection


def _copy_rows(former: SqliteLane, target: sqlite3.Connection, fresh: Generation, on_step: Step) -> None:
    after = b""
    while rows := rows_after(former.connection, after):
        target.execute("BEGIN")
        target.executemany("INSERT INTO data_key VALUES (?, ?, ?)", fresh.rewrap(rows, former.generation))
        target.execute("COMMIT")
        after = rows[-1][0]
        on_step("copied")


def _catch_up(former: SqliteLane, target: sqlite3.Connection, fresh: Generation) -> int:
    """Apply what changed while the copy was made. How many keys were destroyed in the former generation."""
    target.execute("BEGIN")
    for rows in _changes(former.connection):
        target.executemany("DELETE FROM data_key WHERE key_id = ?", [(key_id,) for key_id, *_ in rows])
        living = [(key_id, wrapped, day) for key_id, wrapped, day in rows if wrapped is not None]
        target.executemany("INSERT INTO data_key VALUES (?, ?, ?)", fresh.rewrap(living, former.generation))
    target.execute("COMMIT")
    return count_gone(former.connection)


def _changes(connection: sqlite3.Connection) -> Iterator[list[Any]]:
    cursor = connection.execute(
        "SELECT changed.key_id, wrapped, day FROM changed LEFT JOIN data_key ON data_key.key_id = changed.key_id"
    )
    while rows := cursor.fetchmany(BATCH):
        yield rows


def _close_file(former: SqliteLane, target: sqlite3.Connection) -> int:
    """Bring over what the file keeps of itself and refuse a copy that lost or gained a key. How many it has."""
    witness = get_about(former.connection, "witness")
    if witness is not None:
        set_about(target, "witness", witness)
    keys, expected = count_keys(target), count_keys(former.connection)
    if keys != expected:
        raise KeystoreError(f"the rewrite holds {keys} keys where {expected} were expected; nothing was changed")
    return keys


def _put_in_force(folder: Path, root: Root, fresh: NewGeneration, path: Path) -> None:
    sync_file(path)
    held = {"number": fresh.number, "id": fresh.id.hex(), "wrapped": wrap_generation(root, fresh).hex()}
    write_private(path.with_suffix(".key"), json.dumps(held).encode())
    waiting = folder / f"keystore-{fresh.number:06d}.link"
    waiting.symlink_to(path.name)
    sync_folder(folder)
    waiting.replace(folder / LINK)
    sync_folder(folder)
