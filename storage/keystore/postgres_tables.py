"""The tables of the keystore in PostgreSQL: how a generation is written and put in force, in one transaction.

A crash at any point leaves the former generation in force and nothing else. The transaction holds a lock of its own
length (never of a session's), so that two rewrites cannot meet.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import psycopg
from psycopg import sql

from storage.keystore.contract import (
    Escrow,
    KeystoreError,
    KeystoreExists,
    MissingKey,
    NewGeneration,
    RewriteReport,
    RewriteRunning,
)
from storage.keystore.copies import Row
from storage.keystore.generation import (
    Generation,
    begin_generation,
    draw_generation,
    today_number,
    wrap_generation,
)
from storage.keystore.roots import Root
from storage.keystore.steps import Step

BATCH = 5000
REWRITE_LOCK = 0x5661756C744B6579
"""The number of the lock that a rewrite holds while its transaction lasts."""

_SCHEMA = """
CREATE SCHEMA keystore;
CREATE TABLE keystore.current (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    installation bytea NOT NULL,
    number integer NOT NULL,
    id bytea NOT NULL,
    wrapped bytea NOT NULL,
    begun integer NOT NULL,
    rewriting boolean NOT NULL DEFAULT false,
    witness text
)
"""
_OTHERS = """
SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'keystore')
"""


@dataclass(frozen=True, slots=True)
class Current:
    """The row that says which generation is in force."""

    installation: bytes
    number: int
    id: bytes
    wrapped: bytes
    begun: int
    rewriting: bool
    witness: str | None


def begin_tables(
    connection: psycopg.Connection[Any], root: Root, fresh: NewGeneration, batches: Iterable[list[Row]]
) -> None:
    """The first generation in a database that has none, with these rows. Raises :class:`KeystoreExists`."""
    check_apart(connection)
    try:
        with connection.transaction():
            connection.execute(_SCHEMA)
            make_tables(connection, fresh.number)
            for rows in batches:
                fill_table(connection, fresh.number, rows)
            _add_primary_key(connection, fresh.number)
            connection.execute(
                "INSERT INTO keystore.current (installation, number, id, wrapped, begun) VALUES (%s, %s, %s, %s, %s)",
                (fresh.installation, fresh.number, fresh.id, wrap_generation(root, fresh), today_number()),
            )
    except (psycopg.errors.DuplicateSchema, psycopg.errors.UniqueViolation):
        raise KeystoreExists("there is a keystore in this database already") from None


def check_apart(connection: psycopg.Connection[Any]) -> None:
    """Refuse a database that holds anything else: keys and data must never share a backup."""
    if _one(connection, sql.SQL(_OTHERS)):
        raise KeystoreError("the keystore needs a PostgreSQL database of its own: this one holds other tables")


def read_current(connection: psycopg.Connection[Any], lock: Literal["", " FOR SHARE", " FOR UPDATE"] = "") -> Current:
    """Which generation is in force, its row locked or not. Raises :class:`MissingKey`."""
    look = sql.SQL("SELECT installation, number, id, wrapped, begun, rewriting, witness FROM keystore.current")
    try:
        row = connection.execute(look + sql.SQL(lock)).fetchone()
    except psycopg.errors.UndefinedTable:
        row = None
    if row is None:
        raise MissingKey("there is no keystore in this database. Check keystore_url, or run: vitavault keys recover")
    return Current(*row)


def write_anew(
    connection: psycopg.Connection[Any], root: Root, former: Generation, escrow: Escrow | None, on_step: Step
) -> RewriteReport:
    """Write the next generation, put it in force and drop the former: one transaction."""
    fresh = draw_generation(former.installation, former.number + 1)
    connection.execute("UPDATE keystore.current SET rewriting = true")
    on_step("drawn")
    with connection.transaction():
        if not _one(connection, sql.SQL("SELECT pg_try_advisory_xact_lock({})").format(REWRITE_LOCK)):
            raise RewriteRunning("another process is rewriting the keystore: let it finish")
        if read_current(connection).id != former.id:
            raise RewriteRunning("another process rewrote the keystore meanwhile; nothing was done")
        if escrow is not None:
            escrow(fresh)
            on_step("escrowed")
        make_tables(connection, fresh.number)
        _copy_rows(connection, former, begin_generation(fresh), on_step)
        _add_primary_key(connection, fresh.number)
        read_current(connection, " FOR UPDATE")
        dropped = _catch_up(connection, former, begin_generation(fresh))
        keys = _put_in_force(connection, root, former, fresh)
        on_step("caught up")
    on_step("in force")
    return RewriteReport(fresh.number, keys, dropped)


def make_tables(connection: psycopg.Connection[Any], number: int) -> None:
    """The two tables of a generation, the keys' one without its index."""
    connection.execute(
        sql.SQL("CREATE TABLE {} (key_id bytea NOT NULL, wrapped bytea NOT NULL, day integer NOT NULL)").format(
            table_of(number)
        )
    )
    connection.execute(
        sql.SQL("CREATE TABLE {} (key_id bytea PRIMARY KEY, gone boolean NOT NULL)").format(changes_of(number))
    )


def table_of(number: int) -> sql.Identifier:
    """The table of a generation's keys."""
    return sql.Identifier("keystore", f"data_key_{number}")


def changes_of(number: int) -> sql.Identifier:
    """The table of what changed in a generation: keys destroyed, and those made while a rewrite ran."""
    return sql.Identifier("keystore", f"changed_{number}")


def count_keys(connection: psycopg.Connection[Any], number: int) -> int:
    """How many keys a generation holds."""
    return int(_one(connection, sql.SQL("SELECT count(*) FROM {}").format(table_of(number))))


def count_gone(connection: psycopg.Connection[Any], number: int) -> int:
    """How many keys were destroyed in a generation since it began."""
    return int(_one(connection, sql.SQL("SELECT count(*) FROM {} WHERE gone").format(changes_of(number))))


def stream_rows(connection: psycopg.Connection[Any], number: int) -> Iterator[list[Row]]:
    """The rows of a generation in batches, memory flat; inside a transaction."""
    return _stream(connection, sql.SQL("SELECT key_id, wrapped, day FROM {}").format(table_of(number)))


def fill_table(connection: psycopg.Connection[Any], number: int, rows: list[Row]) -> None:
    """Append rows, quickly."""
    into = sql.SQL("COPY {} (key_id, wrapped, day) FROM STDIN (FORMAT binary)").format(table_of(number))
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        copy.set_types(["bytea", "bytea", "int4"])
        for row in rows:
            copy.write_row(row)


def _add_primary_key(connection: psycopg.Connection[Any], number: int) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (key_id)").format(table_of(number)))


def _copy_rows(connection: psycopg.Connection[Any], former: Generation, fresh: Generation, on_step: Step) -> None:
    for rows in stream_rows(connection, former.number):
        fill_table(connection, fresh.number, fresh.rewrap(rows, former))
        on_step("copied")


def _catch_up(connection: psycopg.Connection[Any], former: Generation, fresh: Generation) -> int:
    look = sql.SQL("SELECT c.key_id, k.wrapped, k.day FROM {} c LEFT JOIN {} k USING (key_id)").format(
        changes_of(former.number), table_of(former.number)
    )
    for rows in _stream(connection, look):
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE key_id = ANY(%s)").format(table_of(fresh.number)),
            ([key_id for key_id, *_ in rows],),
        )
        living = [row for row in rows if row[1] is not None]
        fill_table(connection, fresh.number, fresh.rewrap(living, former))
    return count_gone(connection, former.number)


def _put_in_force(connection: psycopg.Connection[Any], root: Root, former: Generation, fresh: NewGeneration) -> int:
    keys, expected = count_keys(connection, fresh.number), count_keys(connection, former.number)
    if keys != expected:
        raise KeystoreError(f"the rewrite holds {keys} keys where {expected} were expected; nothing was changed")
    connection.execute(
        "UPDATE keystore.current SET number = %s, id = %s, wrapped = %s, begun = %s, rewriting = false",
        (fresh.number, fresh.id, wrap_generation(root, fresh), today_number()),
    )
    connection.execute(sql.SQL("DROP TABLE {}, {}").format(table_of(former.number), changes_of(former.number)))
    return keys


def _stream(connection: psycopg.Connection[Any], query: sql.Composed) -> Iterator[list[Row]]:
    with connection.cursor(name="rows", binary=True) as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _one(connection: psycopg.Connection[Any], query: sql.Composed | sql.SQL) -> Any:
    row = connection.execute(query).fetchone()
    return None if row is None else row[0]
