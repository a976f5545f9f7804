"""One consistent view of the whole database for as long as a backup takes, while the product goes on.

SQLite is copied by its own online backup first, so that no reader stays open on the database: one would keep the
write-ahead log from being emptied, and with it what was erased meanwhile. PostgreSQL gives one snapshot for the length
of a transaction, the same that ``pg_dump`` takes.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from storage.database import Database, open_database

_FILE = "snapshot.db"
_BESIDE = ("", "-wal", "-shm", "-journal")


@contextmanager
def consistent_view(database: Database, folder: Path) -> Iterator[Session]:
    """A session that sees one moment of the database; what it needs for that in ``folder`` is gone afterwards."""
    if not database.is_sqlite:
        with database.reading() as session:
            yield session
        return
    path = folder / _FILE
    try:
        _copy_online(Path(str(database.engine.url.database)), path)
        with closing(open_database(f"sqlite:///{path}")) as copy, copy.reading() as session:
            yield session
    finally:
        for end in _BESIDE:
            path.with_name(path.name + end).unlink(missing_ok=True)


def _copy_online(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=15)) as former, closing(sqlite3.connect(target)) as copy:
        former.backup(copy)
