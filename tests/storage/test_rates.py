"""Rates: a sliding count that every process shares."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from storage import rates
from storage.database import Database
from storage.models import RateWindow

NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
BUCKET = b"b" * 32


def hit(database: Database, seconds: float = 0, limit: int = 3, bucket: bytes = BUCKET) -> rates.Verdict:
    """Knock once, some seconds into a window of one minute."""
    with database.writing() as session:
        return rates.hit(session, bucket, limit, 60, NOW + timedelta(seconds=seconds))


def test_so_many_are_allowed_and_no_more(database: Database) -> None:
    """The limit is counted down, then the door is shut, for others open."""
    assert [hit(database).remaining for _ in range(3)] == [2, 1, 0]
    refused = hit(database)
    assert (refused.allowed, refused.remaining) == (False, 0)
    assert refused.retry_after > 0
    assert hit(database, bucket=b"c" * 32).allowed


def test_the_former_window_counts_by_its_share(database: Database) -> None:
    """No burst of twice the limit around the turn of a window."""
    assert all(hit(database, 50, limit=4).allowed for _ in range(4))
    assert not hit(database, 61, limit=4).allowed
    assert hit(database, 100, limit=4).allowed
    assert hit(database, 180, limit=4).remaining == 3


def test_who_is_refused_by_the_former_window_is_told_when(database: Database) -> None:
    """Waiting as long as told is enough."""
    for _ in range(10):
        hit(database, 0, limit=10)
    refused = hit(database, 60, limit=10)
    assert not refused.allowed
    assert 0 < refused.retry_after <= 60
    assert hit(database, 60 + refused.retry_after, limit=10).allowed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    limit=st.integers(1, 6),
    knocks=st.lists(st.floats(0, 119), min_size=1, max_size=20),
    bucket=st.binary(min_size=32, max_size=32),
)
def test_waiting_as_told_is_always_enough(database: Database, limit: int, knocks: list[float], bucket: bytes) -> None:
    """After any history, who waits ``retry_after`` seconds is let in; never more than the limit in one window."""
    with database.writing() as session:
        verdicts = [(at, rates.hit(session, bucket, limit, 60, NOW + timedelta(seconds=at))) for at in sorted(knocks)]
        for window in (0, 60):
            assert sum(verdict.allowed for at, verdict in verdicts if window <= at < window + 60) <= limit
        at, last = verdicts[-1]
        if not last.allowed:
            again = NOW + timedelta(seconds=at + last.retry_after)
            assert rates.hit(session, bucket, limit, 60, again).allowed
        session.rollback()


def test_those_who_race_are_all_counted(database: Database) -> None:
    """Ten knock at once; the limit holds."""
    verdicts: list[rates.Verdict] = []
    threads = [threading.Thread(target=lambda: verdicts.append(hit(database, limit=4))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(verdict.allowed for verdict in verdicts) == 4


@pytest.mark.parametrize(("seconds", "left"), [(119, 1), (120, 0)])
def test_windows_that_no_longer_count_are_swept(database: Database, seconds: int, left: int) -> None:
    """A window stays for as long as it can still count, and ends then."""
    hit(database)
    with database.writing() as session:
        assert rates.sweep(session, NOW + timedelta(seconds=seconds)) == 1 - left
        assert session.execute(select(func.count()).select_from(RateWindow)).scalar_one() == left
