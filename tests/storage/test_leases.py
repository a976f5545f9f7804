"""Leases: one player of a role, fenced, for a bounded time."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from storage import leases
from storage.database import Database

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(seconds=31)


def acquire(database: Database, holder: str, now: datetime = NOW) -> int | None:
    """Ask for the keeper's role for 30 seconds."""
    with database.writing() as session:
        return leases.acquire(session, "keeper", holder, now, 30)


def is_current(database: Database, token: int) -> bool:
    """Ask whether the token still plays the keeper."""
    with database.reading() as session:
        return leases.is_current(session, "keeper", token)


def test_a_role_is_played_by_one_until_its_lease_ends(database: Database) -> None:
    """Another gets it only afterwards, with a higher token, and the former is fenced off."""
    assert acquire(database, "one") == 1
    assert acquire(database, "two") is None
    assert is_current(database, 1)
    assert acquire(database, "two", LATER) == 2
    assert not is_current(database, 1)
    with database.writing() as session:
        assert not leases.renew(session, "keeper", 1, LATER, 30)
        assert not leases.release(session, "keeper", 1, LATER)


def test_a_renewed_lease_lasts(database: Database) -> None:
    """Renewing moves the end and the heartbeat."""
    acquire(database, "one")
    with database.writing() as session:
        assert leases.renew(session, "keeper", 1, NOW + timedelta(seconds=20), 30)
        assert leases.heartbeat_age(session, "keeper", LATER) == timedelta(seconds=11)
    assert acquire(database, "two", LATER) is None


def test_a_released_role_is_free_at_once(database: Database) -> None:
    """Who gave it up can neither act nor renew; the next need not wait."""
    acquire(database, "one")
    with database.writing() as session:
        assert leases.release(session, "keeper", 1, NOW)
        assert not leases.renew(session, "keeper", 1, NOW, 30)
    assert not is_current(database, 1)
    assert acquire(database, "two") == 3


def test_a_restarted_holder_fences_its_former_self(database: Database) -> None:
    """The same holder asking again gets a fresh token at once."""
    assert acquire(database, "one") == 1
    assert acquire(database, "one") == 2
    assert not is_current(database, 1)


def test_a_role_never_played_has_no_heartbeat(database: Database) -> None:
    """Nothing was heard of it, and no token plays it."""
    with database.reading() as session:
        assert leases.heartbeat_age(session, "keeper", NOW) is None
    assert not is_current(database, 0)


def test_of_those_who_race_one_plays(database: Database) -> None:
    """Eight ask at once; exactly one gets the role."""
    tokens: list[int | None] = []
    threads = [
        threading.Thread(target=lambda name=f"holder-{n}": tokens.append(acquire(database, name))) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tokens, key=str) == [1] + [None] * 7


def test_a_checked_lease_cannot_be_taken_before_the_transaction_ends(database: Database) -> None:
    """Between the check and the commit nobody else becomes current, even when the lease has run out."""
    impatience = "PRAGMA busy_timeout=0" if database.is_sqlite else "SET lock_timeout='50ms'"
    acquire(database, "one")
    with database.writing() as acting:
        assert leases.is_current(acting, "keeper", 1)

        @event.listens_for(database.engine, "checkout")
        def hurry(connection: object, *_: object) -> None:
            connection.cursor().execute(impatience)  # type: ignore[attr-defined]

        with pytest.raises(OperationalError):
            acquire(database, "two", LATER)
        event.remove(database.engine, "checkout", hurry)
        acting.execute(text("SELECT 1"))
    assert acquire(database, "two", LATER) == 2
