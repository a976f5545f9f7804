"""Notices that new connections reach another database than the first one did: replaced files, a new server, a clone.

A connection to what was put back looks like any other; but the file, or the database's number and its server's start,
are not the same. Who is told must look whether the database is still the one in force.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from storage.database import Database

_POSTGRES = (
    "SELECT oid::text || ' ' || extract(epoch FROM pg_postmaster_start_time())::text"
    " FROM pg_database WHERE datname = current_database()"
)


def watch_generations(database: Database, on_change: Callable[[], None]) -> None:
    """Call ``on_change`` whenever a new connection reaches something else than the one before it did."""
    seen: list[str] = []

    @event.listens_for(database.engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        found = _file_of(database) if database.is_sqlite else _server_of(connection)
        is_changed = bool(seen) and seen[-1] != found
        seen[:] = [found]
        if is_changed:
            on_change()


def _file_of(database: Database) -> str:
    facts = Path(str(database.engine.url.database)).stat()
    return f"{facts.st_dev} {facts.st_ino}"


def _server_of(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES)
        found = str(cursor.fetchone()[0])
    connection.rollback()
    return found
