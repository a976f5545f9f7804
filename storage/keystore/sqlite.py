"""The keystore in SQLite: one small file for each generation, in the key folder.

``keystore.db`` is a link to the file of the generation in force (``keystore-000007.db``); beside it lies that
generation's key, wrapped by the root (``keystore-000007.key``). File names are never used twice, because SQLite finds
a journal by its file's name. A rewrite writes the next file, moves the link and destroys the former pair.

It must never answer from a file that the link no longer names, and never patch a file that has been replaced.
"""

import contextlib
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from storage.keystore.contract import (
    Escrow,
    FormerGeneration,
    KeyEntry,
    KeyGone,
    KeystoreStatus,
    MissingKey,
    RewriteReport,
    RewriteRunning,
)
from storage.keystore.copies import CopyFacts, Row, write_copy
from storage.keystore.folder import locked
from storage.keystore.generation import Generation, day_of, today_number, unwrap_generation
from storage.keystore.guard import Witness, check_witness, parse_witness, print_witness
from storage.keystore.lanes import Lanes
from storage.keystore.roots import Root
from storage.keystore.sqlite_files import (
    BATCH,
    LINK,
    LOCK,
    GenerationFile,
    SqliteLane,
    connect,
    count_gone,
    count_keys,
    get_about,
    read_generation_file,
    rows_after,
    set_about,
    sweep_files,
    write_anew,
)
from storage.keystore.steps import Step, no_step
from storage.seal import DataKey, new_data_key

RETRIES = 10


class SqliteKeystore:
    """See :class:`~storage.keystore.contract.Keystore`."""

    def __init__(self, folder: Path, root: Root, installation: bytes) -> None:
        self._folder = folder
        self._link = folder / LINK
        self._root = root
        self._installation = installation
        self._lanes = Lanes(self._open_lane, self._is_current)
        self._generation: Generation | None = None
        with locked(folder / LOCK, wait=False) as got:
            if got:
                sweep_files(folder, root)
        with self._lanes.lend():
            pass  # a keystore that cannot be opened is refused now, not at the first upload

    def create(self, key_id: bytes | None = None) -> DataKey:
        """See :class:`~storage.keystore.contract.Keystore`."""
        key = new_data_key(key_id)
        with self._writing() as lane:
            held = _read_key(lane, key.id)
            if held is None:
                _refuse_gone(lane, key.id)
                self._insert(lane, [key])
        return held or key

    def create_many(self, count: int) -> list[DataKey]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        keys = [new_data_key() for _ in range(count)]
        with self._writing() as lane:
            self._insert(lane, keys)
        return keys

    def find(self, key_id: bytes) -> DataKey | None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._lanes.lend() as lane:
            return _read_key(lane, key_id)

    def find_many(self, key_ids: Collection[bytes]) -> dict[bytes, DataKey]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._lanes.lend() as lane:
            found = ((key_id, _read_key(lane, key_id)) for key_id in key_ids)
            return {key_id: key for key_id, key in found if key is not None}

    def get(self, key_id: bytes) -> DataKey:
        """See :class:`~storage.keystore.contract.Keystore`."""
        key = self.find(key_id)
        if key is None:
            raise KeyGone("this key was destroyed or never was")
        return key

    def has(self, key_ids: Collection[bytes]) -> set[bytes]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._lanes.lend() as lane:
            look = "SELECT 1 FROM data_key WHERE key_id = ?"
            return {key_id for key_id in key_ids if lane.connection.execute(look, (key_id,)).fetchone()}

    def destroy(self, key_ids: Collection[bytes], witness: Witness | None = None) -> int:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._writing() as lane:
            if witness is not None:
                self._check(lane, witness)
            return sum(_delete_key(lane, key_id) for key_id in key_ids)

    def count(self) -> int:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._lanes.lend() as lane:
            return count_keys(lane.connection)

    def list_ids(self) -> Iterator[KeyEntry]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        after = b""
        while True:
            with self._lanes.lend() as lane:
                rows = rows_after(lane.connection, after)
            for key_id, _wrapped, day in rows:
                yield KeyEntry(key_id, day_of(day))
            if len(rows) < BATCH:
                return
            after = rows[-1][0]

    def status(self) -> KeystoreStatus:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._lanes.lend() as lane:
            return self._look(lane)

    def attest(self, witness: Witness) -> None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        with self._writing() as lane:
            self._check(lane, witness)

    def adopt(self, witness: Witness) -> None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        check_witness(None, witness, self._installation)
        with self._writing() as lane:
            set_about(lane.connection, "witness", print_witness(witness))

    def rewrite(
        self, witness: Witness | None = None, escrow: Escrow | None = None, on_step: Step = no_step
    ) -> RewriteReport:
        """See :class:`~storage.keystore.contract.Keystore`. ``on_step`` is told each step by name."""
        with locked(self._folder / LOCK, wait=False) as got:
            if not got:
                raise RewriteRunning("another process is rewriting the keystore: let it finish")
            sweep_files(self._folder, self._root)
            with self._lanes.lend() as former:
                if witness is not None:
                    with self._writing() as lane:
                        self._check(lane, witness)
                return write_anew(self._folder, self._root, former, escrow, on_step)

    def forget_former(self) -> bool:
        """See :class:`~storage.keystore.contract.Keystore`."""
        held = read_generation_file(self._link.resolve().with_suffix(".key"))
        return self._root.forget_before(held.number, held.wrapped)

    def copy_to(self, path: Path) -> CopyFacts:
        """A copy of the wrapped keys (never of what wraps them) into a new file: see ``storage.keystore.copies``."""
        with contextlib.closing(self._open_lane()) as lane:
            return write_copy(path, self._look(lane), _batches(lane))

    def close(self) -> None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        self._lanes.close()

    def _open_lane(self) -> SqliteLane:
        for _ in range(RETRIES):
            try:
                return self._open_named()
            except (FileNotFoundError, FormerGeneration, sqlite3.OperationalError) as error:
                trouble = error  # the link may have moved between two of our steps: look again
        if isinstance(trouble, FileNotFoundError):
            raise MissingKey(f"the keystore {self._link} is missing. Put it back, or run: vitavault keys recover")
        raise trouble

    def _open_named(self) -> SqliteLane:
        path = self._folder / self._link.readlink()
        facts = path.stat()
        generation = self._open_generation(read_generation_file(path.with_suffix(".key")))
        return SqliteLane(connect(path), generation, (facts.st_dev, facts.st_ino))

    def _open_generation(self, held: GenerationFile) -> Generation:
        if self._generation is None or self._generation.id != held.id:
            self._generation = unwrap_generation(self._root, self._installation, held.number, held.id, held.wrapped)
            self._root.forget_before(held.number, held.wrapped)
        return self._generation

    def _is_current(self, lane: SqliteLane) -> bool:
        try:
            facts = self._link.stat()
        except FileNotFoundError:
            return False
        return (facts.st_dev, facts.st_ino) == lane.file

    @contextlib.contextmanager
    def _writing(self) -> Iterator[SqliteLane]:
        """A write transaction on the generation in force; the link moves only under the same lock."""
        while True:
            with self._lanes.lend() as lane:
                lane.connection.execute("BEGIN IMMEDIATE")
                if self._is_current(lane):
                    with lane.connection:
                        yield lane
                    return
                lane.connection.execute("ROLLBACK")

    def _insert(self, lane: SqliteLane, keys: list[DataKey]) -> None:
        today = today_number()
        rows = [(key.id, lane.generation.wrap(key), today) for key in keys]
        lane.connection.executemany("INSERT INTO data_key VALUES (?, ?, ?)", rows)
        if get_about(lane.connection, "rewriting"):
            lane.connection.executemany("INSERT OR REPLACE INTO changed VALUES (?, 0)", [(key.id,) for key in keys])

    def _look(self, lane: SqliteLane) -> KeystoreStatus:
        return KeystoreStatus(
            self._installation,
            lane.generation.number,
            lane.generation.id,
            count_keys(lane.connection),
            count_gone(lane.connection),
            day_of(int(get_about(lane.connection, "begun") or 0)),
            parse_witness(get_about(lane.connection, "witness")),
        )

    def _check(self, lane: SqliteLane, witness: Witness) -> None:
        check_witness(parse_witness(get_about(lane.connection, "witness")), witness, self._installation)
        set_about(lane.connection, "witness", print_witness(witness))


def _batches(lane: SqliteLane) -> Iterator[list[Row]]:
    after = b""
    while rows := rows_after(lane.connection, after):
        yield rows
        after = rows[-1][0]


def _read_key(lane: SqliteLane, key_id: bytes) -> DataKey | None:
    row = lane.connection.execute("SELECT wrapped FROM data_key WHERE key_id = ?", (key_id,)).fetchone()
    return None if row is None else lane.generation.unwrap(key_id, row[0])


def _refuse_gone(lane: SqliteLane, key_id: bytes) -> None:
    if lane.connection.execute("SELECT 1 FROM changed WHERE key_id = ? AND gone", (key_id,)).fetchone():
        raise KeyGone("this key was destroyed; its id is not used again")


def _delete_key(lane: SqliteLane, key_id: bytes) -> int:
    deleted = lane.connection.execute("DELETE FROM data_key WHERE key_id = ?", (key_id,)).rowcount
    if deleted:
        lane.connection.execute("INSERT OR REPLACE INTO changed VALUES (?, 1)", (key_id,))
    return deleted
