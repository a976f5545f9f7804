"""Opening the database: one transaction each, nothing half done, nothing of a statement's values in an error."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from storage.database import Database, open_database
from storage.identifiers import find_id, new_id, new_reference, new_token
from storage.models import Opening, OpeningState, UtcDateTime, utc_now
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def an_opening(slug: str = "baker", at: datetime = NOON) -> Opening:
    """An opening's row."""
    return Opening(id=new_id(), slug=slug, title="Baker", state=OpeningState.OPEN, created_at=at)


def fail_midway(session: Session) -> None:
    """Write something, then fail."""
    session.add(an_opening("cook"))
    session.flush()
    raise LookupError


def count(database: Database) -> int:
    """How many openings there are."""
    with database.reading() as session:
        return session.query(Opening).count()


def test_what_is_written_is_there_after_the_block_and_gone_when_it_raises(database: Database) -> None:
    """One transaction: all of it or nothing."""
    with database.writing() as session:
        session.add(an_opening())
    with pytest.raises(LookupError), database.writing() as session:
        fail_midway(session)
    assert count(database) == 1


def test_reading_never_writes(database: Database) -> None:
    """Whatever a reader changes is rolled back."""
    with database.reading() as session:
        session.add(an_opening())
        session.flush()
    assert count(database) == 0


def test_a_reader_sees_one_state_throughout(database: Database) -> None:
    """What is committed meanwhile is not seen before the next transaction."""
    with database.reading() as session:
        assert session.query(Opening).count() == 0
        with database.writing() as other:
            other.add(an_opening())
        assert session.query(Opening).count() == 0
    assert count(database) == 1


def test_instants_are_utc_and_a_naive_one_is_refused(database: Database) -> None:
    """Written in any zone, read back as UTC; without a zone nothing is written."""
    eastern = timezone(timedelta(hours=-5))
    with database.writing() as session:
        session.add(an_opening(at=NOON.astimezone(eastern)))
    with database.reading() as session:
        found = session.query(Opening).one().created_at
    assert found == NOON
    assert found.tzinfo is UTC
    with pytest.raises(StatementError, match="time zone"), database.writing() as session:
        session.add(an_opening("cook", datetime(2026, 7, 1)))  # noqa: DTZ001 - the point


def test_no_instant_stays_none() -> None:
    """An empty column is empty both ways."""
    kind, dialect = UtcDateTime(), Database(open_database("sqlite://").engine).engine.dialect
    assert kind.process_bind_param(None, dialect) is None
    assert kind.process_result_value(None, dialect) is None
    assert utc_now().tzinfo is UTC


def test_an_error_of_the_database_repeats_no_value(database: Database) -> None:
    """What was to be written stands in no exception."""
    with database.writing() as session:
        session.add(an_opening("zeppelin-canary"))
    with pytest.raises(DBAPIError) as refused, database.writing() as session:
        session.add(an_opening("zeppelin-canary"))
    assert "zeppelin-canary" not in str(refused.value).partition("[SQL")[2]


def test_a_checkpoint_empties_the_log_unless_a_reader_is_in_the_way(tmp_path: Path) -> None:
    """True once the write-ahead log is empty; False while somebody still reads from it."""
    database = open_database(f"sqlite:///{tmp_path / 'd.db'}")
    with database.writing() as session:
        session.execute(text("CREATE TABLE t (a)"))
    assert database.is_sqlite
    assert database.checkpoint()
    assert (tmp_path / "d.db-wal").stat().st_size == 0
    reader = sqlite3.connect(tmp_path / "d.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    with database.writing() as session:
        session.execute(text("INSERT INTO t VALUES (1)"))
    impatient(database.engine)
    assert not database.checkpoint()
    reader.close()
    assert database.checkpoint()
    database.close()


def impatient(engine: Engine) -> None:
    """Let the next use of a connection wait for nobody."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")


def test_the_embedded_database_overwrites_what_is_deleted_and_the_other_has_nothing_to_empty(
    database: Database,
) -> None:
    """``secure_delete`` is on for SQLite; PostgreSQL's checkpoint is a matter of course."""
    database.ping()
    if database.is_sqlite:
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    assert database.checkpoint()


def test_identifiers_mean_nothing_and_do_not_repeat() -> None:
    """Ids, tokens and references are random; a reference can be read out on the phone."""
    assert len({new_id() for _ in range(100)}) == 100
    assert len({new_token() for _ in range(100)}) == 100
    reference = new_reference()
    assert len(reference) == 15
    assert reference.startswith("VV-")
    assert not set(reference[3:]) & set("01OILU")


@pytest.mark.parametrize("spelt", ["", "zz", "00", "00" * 17, "0" * 31])
def test_what_spells_no_id_is_none(spelt: str) -> None:
    """Only 32 hexadecimal digits name a row."""
    assert find_id(spelt) is None
    assert find_id("00" * 16) == bytes(16)


def test_a_decision_is_a_decision() -> None:
    """Hired, rejected and withdrawn end the clock of an application; nothing else does."""
    assert {stage for stage in Stage if stage.is_decided} == {Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN}


def test_nobody_waits_for_ever_on_postgres(empty_postgres_url: str) -> None:
    """A lock that is not given up, and a transaction that hangs, end by the server's own clock."""
    database = open_database(empty_postgres_url)
    clocks = ("lock_timeout", "idle_in_transaction_session_timeout")
    try:
        for _ in range(2):  # also on a connection that was rolled back and handed out again
            with database.reading() as session:
                assert [session.execute(text(f"SHOW {name}")).scalar_one() for name in clocks] == ["15s", "10min"]
    finally:
        database.close()
