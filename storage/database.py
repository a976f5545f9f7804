"""Opens the database: SQLite for one host, PostgreSQL for many, one code for both.

SQLite is told to lose nothing that was acknowledged (``synchronous=FULL``) and to overwrite what is deleted
(``secure_delete=ON``); writers begin with ``BEGIN IMMEDIATE`` so that two of them wait for each other instead of one
failing midway. Nothing here commits on behalf of a caller except at the end of :meth:`Database.writing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from storage.forget import ForgetList
from storage.recorded_ends import FORGET_LIST, RecordingSession

_POSTGRES_SETTINGS = ("SET lock_timeout = '15s'", "SET idle_in_transaction_session_timeout = '10min'")
"""As patient with others as SQLite is below; a transaction whose process hangs does not hold everybody up."""

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA busy_timeout=15000",
)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the begin event below decides how a transaction starts
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        for setting in _POSTGRES_SETTINGS:
            connection.execute(setting)
        connection.commit()  # else the first rollback takes them back


@dataclass(frozen=True, slots=True)
class Database:
    """An opened database. Use :meth:`reading` and :meth:`writing`; each is one transaction.

    Ends that are committed by :meth:`writing` stand on the forget list ``forget`` before they commit.
    """

    engine: Engine
    forget: ForgetList | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One read-only transaction with a consistent view; always rolled back."""
        engine = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, autoflush=False, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, committed when the block ends and rolled back when it raises."""
        engine = self.engine.execution_options(writes=True)
        with (
            RecordingSession(engine, expire_on_commit=False, info={FORGET_LIST: self.forget}) as session,
            session.begin(),
        ):
            yield session

    def checkpoint(self) -> bool:
        """Empty SQLite's write-ahead log so that overwritten pages are gone from disk too.

        Returns False when a reader was in the way; the caller tries again later. Nothing to do on PostgreSQL,
        whose files are never relied on to forget (only ciphertext is ever in them).
        """
        if not self.is_sqlite:
            return True
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        return not busy

    def ping(self) -> None:
        """Raise when the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_database(url: str, forget: ForgetList | None = None) -> Database:
    """Open the database at ``url`` (``sqlite:///path`` or ``postgresql+psycopg://…``). Connects lazily.

    Without the forget list ``forget``, a restored backup would bring back whoever is ended through this object.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 15})
        _prepare_sqlite(engine)
    else:
        engine = create_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=10,
            pool_timeout=10,
            connect_args={"connect_timeout": 10},
        )
        _prepare_postgres(engine)
    return Database(engine, forget)
