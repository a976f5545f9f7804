"""The keystore in a PostgreSQL database of its own: for more hosts than one, with its own server and backup.

One table for each generation (``keystore.data_key_7``), and one row that says which is in force. Writers hold that
row shared, the rewrite takes it alone for its last moment: so nothing is ever written under a former generation. The
former table is dropped in the same transaction that puts the next in force, so that nothing is read from it either.

It must never lie in the main database: a backup of one would be a backup of both.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql

from storage.keystore.contract import (
    Escrow,
    FormerGeneration,
    KeyEntry,
    KeyGone,
    KeystoreStatus,
    KeystoreUnreachable,
    NewGeneration,
    RewriteReport,
)
from storage.keystore.copies import CopyFacts, Row, write_copy
from storage.keystore.generation import Generation, day_of, today_number, unwrap_generation
from storage.keystore.guard import Witness, check_witness, parse_witness, print_witness
from storage.keystore.lanes import Lanes
from storage.keystore.postgres_tables import (
    Current,
    begin_tables,
    changes_of,
    check_apart,
    count_gone,
    count_keys,
    read_current,
    stream_rows,
    table_of,
    write_anew,
)
from storage.keystore.roots import Root
from storage.keystore.steps import Step, no_step
from storage.seal import DataKey, new_data_key

RETRIES = 3
BATCH = 5000
T = TypeVar("T")


@dataclass(slots=True)
class PostgresLane:
    """A connection, and the generation that was in force when it was opened."""

    connection: psycopg.Connection[Any]
    generation: Generation

    def close(self) -> None:
        """See :class:`~storage.keystore.lanes.Lane`."""
        self.connection.close()


def fill_postgres(url: str, root: Root, fresh: NewGeneration, batches: Iterable[list[Row]]) -> None:
    """The first generation in an empty database, with these rows. Raises :class:`KeystoreExists`."""
    with contextlib.closing(_connect(url)) as connection:
        begin_tables(connection, root, fresh, batches)


class PostgresKeystore:
    """See :class:`~storage.keystore.contract.Keystore`."""

    def __init__(self, url: str, root: Root, installation: bytes) -> None:
        self._url = url
        self._root = root
        self._installation = installation
        self._generation: Generation | None = None
        self._lanes = Lanes(self._open_lane, self._is_current)
        self._reading(lambda _lane: None)

    def create(self, key_id: bytes | None = None) -> DataKey:
        """See :class:`~storage.keystore.contract.Keystore`."""
        key = new_data_key(key_id)

        def work(lane: PostgresLane, is_rewriting: bool) -> DataKey:
            held = _read_keys(lane, [key.id]).get(key.id)
            if held is None:
                _refuse_gone(lane, key.id)
                _insert(lane, [key], is_rewriting)
            return held or key

        return self._writing(work)

    def create_many(self, count: int) -> list[DataKey]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        keys = [new_data_key() for _ in range(count)]
        self._writing(lambda lane, is_rewriting: _insert(lane, keys, is_rewriting))
        return keys

    def find(self, key_id: bytes) -> DataKey | None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        return self.find_many([key_id]).get(key_id)

    def find_many(self, key_ids: Collection[bytes]) -> dict[bytes, DataKey]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        return self._reading(lambda lane: _read_keys(lane, key_ids))

    def get(self, key_id: bytes) -> DataKey:
        """See :class:`~storage.keystore.contract.Keystore`."""
        key = self.find(key_id)
        if key is None:
            raise KeyGone("this key was destroyed or never was")
        return key

    def has(self, key_ids: Collection[bytes]) -> set[bytes]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        return self._reading(lambda lane: {key_id for key_id, _wrapped in _read_rows(lane, key_ids)})

    def destroy(self, key_ids: Collection[bytes], witness: Witness | None = None) -> int:
        """See :class:`~storage.keystore.contract.Keystore`."""

        def work(lane: PostgresLane, _is_rewriting: bool) -> int:
            if witness is not None:
                self._check(lane, witness)
            return _delete(lane, key_ids)

        return self._writing(work)

    def count(self) -> int:
        """See :class:`~storage.keystore.contract.Keystore`."""
        return self._reading(lambda lane: count_keys(lane.connection, lane.generation.number))

    def list_ids(self) -> Iterator[KeyEntry]:
        """See :class:`~storage.keystore.contract.Keystore`."""
        after = b""
        while True:
            rows = self._reading(lambda lane, after=after: _rows_after(lane, after))  # type: ignore[misc]
            yield from (KeyEntry(key_id, day_of(day)) for key_id, _wrapped, day in rows)
            if len(rows) < BATCH:
                return
            after = rows[-1][0]

    def status(self) -> KeystoreStatus:
        """See :class:`~storage.keystore.contract.Keystore`."""
        return self._reading(self._look)

    def attest(self, witness: Witness) -> None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        self._writing(lambda lane, _is_rewriting: self._check(lane, witness))

    def adopt(self, witness: Witness) -> None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        check_witness(None, witness, self._installation)
        said = (print_witness(witness),)
        self._writing(
            lambda lane, _is_rewriting: lane.connection.execute("UPDATE keystore.current SET witness = %s", said)
        )

    def rewrite(
        self, witness: Witness | None = None, escrow: Escrow | None = None, on_step: Step = no_step
    ) -> RewriteReport:
        """See :class:`~storage.keystore.contract.Keystore`. ``on_step`` is told each step by name."""
        if witness is not None:
            self.attest(witness)
        with contextlib.closing(self._open_lane()) as former:
            report = write_anew(former.connection, self._root, former.generation, escrow, on_step)
        self._generation = None
        self._reading(lambda _lane: None)  # opening the generation now in force makes the root forget the former
        on_step("forgotten")
        return report

    def forget_former(self) -> bool:
        """See :class:`~storage.keystore.contract.Keystore`."""
        held = self._reading(lambda lane: read_current(lane.connection))
        return self._root.forget_before(held.number, held.wrapped)

    def copy_to(self, path: Path) -> CopyFacts:
        """A copy of the wrapped keys (never of what wraps them) into a new file: see ``storage.keystore.copies``."""
        with contextlib.closing(self._open_lane()) as lane, lane.connection.transaction():
            lane.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return write_copy(path, self._look(lane), stream_rows(lane.connection, lane.generation.number))

    def close(self) -> None:
        """See :class:`~storage.keystore.contract.Keystore`."""
        self._lanes.close()

    def _open_lane(self) -> PostgresLane:
        connection = _connect(self._url)
        try:
            check_apart(connection)
            return PostgresLane(connection, self._open_generation(read_current(connection)))
        except BaseException:
            connection.close()
            raise

    def _open_generation(self, held: Current) -> Generation:
        known = self._generation
        if known is None or known.id != held.id:
            known = unwrap_generation(self._root, self._installation, held.number, held.id, held.wrapped)
            self._root.forget_before(held.number, held.wrapped)
            self._generation = known
        return known

    def _is_current(self, lane: PostgresLane) -> bool:
        return lane.generation is self._generation and not lane.connection.closed

    def _reading(self, work: Callable[[PostgresLane], T]) -> T:
        """Do some reading, again where a rewrite or a lost connection came between."""
        for _ in range(RETRIES):
            try:
                with self._lanes.lend() as lane:
                    return work(lane)
            except (psycopg.errors.UndefinedTable, psycopg.OperationalError, FormerGeneration) as error:
                trouble = error
                self._lanes.close()
        if isinstance(trouble, psycopg.OperationalError):
            raise KeystoreUnreachable("the keystore's database cannot be used: check keystore_url and that it runs")
        raise trouble

    def _writing(self, work: Callable[[PostgresLane, bool], T]) -> T:
        """Do some writing under the generation in force, which no rewrite can replace meanwhile.

        Done again after a lost connection, whose last commit may have happened: the work must bear that.
        """

        def fenced(lane: PostgresLane) -> T:
            with lane.connection.transaction():
                current = read_current(lane.connection, " FOR SHARE")
                if current.id != lane.generation.id:
                    raise FormerGeneration("the keystore was rewritten meanwhile")
                return work(lane, current.rewriting)

        return self._reading(fenced)

    def _check(self, lane: PostgresLane, witness: Witness) -> None:
        last = parse_witness(read_current(lane.connection).witness)
        check_witness(last, witness, self._installation)
        lane.connection.execute("UPDATE keystore.current SET witness = %s", (print_witness(witness),))

    def _look(self, lane: PostgresLane) -> KeystoreStatus:
        held, number = read_current(lane.connection), lane.generation.number
        return KeystoreStatus(
            self._installation,
            number,
            lane.generation.id,
            count_keys(lane.connection, number),
            count_gone(lane.connection, number),
            day_of(held.begun),
            parse_witness(held.witness),
        )


def _connect(url: str) -> psycopg.Connection[Any]:
    address = "postgresql" + url[url.index("://") :]
    return psycopg.connect(address, autocommit=True, connect_timeout=10, application_name="vitavault keystore")


def _read_rows(lane: PostgresLane, key_ids: Collection[bytes]) -> list[tuple[bytes, bytes]]:
    look = sql.SQL("SELECT key_id, wrapped FROM {} WHERE key_id = ANY(%s)").format(table_of(lane.generation.number))
    return lane.connection.execute(look, (list(key_ids),)).fetchall()


def _read_keys(lane: PostgresLane, key_ids: Collection[bytes]) -> dict[bytes, DataKey]:
    return {key_id: lane.generation.unwrap(key_id, wrapped) for key_id, wrapped in _read_rows(lane, key_ids)}


def _rows_after(lane: PostgresLane, after: bytes) -> list[Row]:
    look = sql.SQL("SELECT key_id, wrapped, day FROM {} WHERE key_id > %s ORDER BY key_id LIMIT {}").format(
        table_of(lane.generation.number), BATCH
    )
    return lane.connection.execute(look, (after,)).fetchall()


def _insert(lane: PostgresLane, keys: list[DataKey], is_rewriting: bool) -> None:
    today = today_number()
    rows = [(key.id, lane.generation.wrap(key), today) for key in keys]
    into = sql.SQL("INSERT INTO {} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING").format(table_of(lane.generation.number))
    with lane.connection.cursor() as cursor:
        cursor.executemany(into, rows)
    if is_rewriting:
        _note_changes(lane, [key.id for key in keys], gone=False)


def _delete(lane: PostgresLane, key_ids: Collection[bytes]) -> int:
    take = sql.SQL("DELETE FROM {} WHERE key_id = ANY(%s) RETURNING key_id").format(table_of(lane.generation.number))
    deleted = [row[0] for row in lane.connection.execute(take, (list(key_ids),)).fetchall()]
    _note_changes(lane, deleted, gone=True)
    return len(deleted)


def _note_changes(lane: PostgresLane, key_ids: list[bytes], *, gone: bool) -> None:
    note = sql.SQL(
        "INSERT INTO {} SELECT unnest(%s::bytea[]), %s ON CONFLICT (key_id) DO UPDATE SET gone = excluded.gone"
    ).format(changes_of(lane.generation.number))
    lane.connection.execute(note, (key_ids, gone))


def _refuse_gone(lane: PostgresLane, key_id: bytes) -> None:
    look = sql.SQL("SELECT 1 FROM {} WHERE key_id = %s AND gone").format(changes_of(lane.generation.number))
    if lane.connection.execute(look, (key_id,)).fetchone():
        raise KeyGone("this key was destroyed; its id is not used again")
