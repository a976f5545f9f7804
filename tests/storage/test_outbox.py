"""Work that follows a commit: once claimed by one, fenced, tried again, never lost."""

import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import outbox
from storage.codes import NotACode
from storage.database import Database
from storage.models import Outbox, WorkState

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SUBJECT = b"s" * 16


def after(seconds: float) -> datetime:
    """So many seconds later."""
    return NOW + timedelta(seconds=seconds)


def enqueue(database: Database, count: int = 1, **kwargs: Any) -> None:
    """Ask for some indexing."""
    with database.writing() as session:
        for number in range(count):
            outbox.enqueue(session, "index", SUBJECT, {"number": number}, NOW, **kwargs)


def claim(database: Database, now: datetime = NOW, limit: int = 10, topics: tuple[str, ...] = ("index",)) -> list[Any]:
    """Take due work for a minute."""
    with database.writing() as session:
        return outbox.claim(session, topics, now, 60, limit)


def finish(database: Database, work: outbox.Work) -> None:
    """Say that the work is done."""
    with database.writing() as session:
        outbox.finish(session, work)


def fail(database: Database, work: outbox.Work, now: datetime) -> bool:
    """Give the work back."""
    with database.writing() as session:
        return outbox.fail(session, work, "smtp_451", now)


def get_row(database: Database) -> Outbox:
    """The only row."""
    with database.reading() as session:
        return session.scalars(select(Outbox)).one()


def test_work_appears_with_its_commit_only(database: Database) -> None:
    """Work of a change that was rolled back is never seen."""
    with database.writing() as session:
        outbox.enqueue(session, "index", SUBJECT, {}, NOW)
        session.rollback()
    assert claim(database) == []


def test_work_is_claimed_oldest_first_and_by_topic(database: Database) -> None:
    """As much as was asked for, of the topics asked for."""
    enqueue(database, 3)
    with database.writing() as session:
        outbox.enqueue(session, "mail", None, {"ids": ["ab", "cd"], "at": None}, NOW)
    assert [work.payload["number"] for work in claim(database, limit=2)] == [0, 1]
    assert [work.payload["number"] for work in claim(database)] == [2]
    assert [dict(work.payload) for work in claim(database, topics=("mail", "keys"))] == [
        {"ids": ["ab", "cd"], "at": None}
    ]


def test_work_waits_for_its_time(database: Database) -> None:
    """Nothing is claimed before it is due."""
    enqueue(database, not_before=after(10))
    assert claim(database, after(9)) == []
    assert len(claim(database, after(10))) == 1


def test_finished_work_is_never_claimed_again(database: Database) -> None:
    """Done is done, even when its lease would have run out."""
    enqueue(database)
    finish(database, claim(database)[0])
    assert claim(database, after(3600)) == []


def test_work_whose_worker_vanished_is_claimed_again(database: Database, database_url: str) -> None:
    """A process that is killed between claim and finish loses nothing, and a late ghost is refused."""
    enqueue(database)
    ghost = claim(database)[0]
    assert claim(database, after(59)) == []
    again = claim(database, after(60))[0]
    assert (again.id, again.attempt, again.token) == (ghost.id, 2, 2)
    with pytest.raises(outbox.StaleFence):
        finish(database, ghost)
    with pytest.raises(outbox.StaleFence):
        fail(database, ghost, after(60))
    finish(database, again)
    with pytest.raises(outbox.StaleFence):
        finish(database, again)


CLAIMANT = """
import os, signal, sys
from datetime import datetime
from storage import outbox
from storage.database import open_database
database, now, is_killed = open_database(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3] == "killed"
while True:
    with database.writing() as session:
        claimed = outbox.claim(session, ["index"], now, 60, 3)
    if is_killed:
        os.kill(os.getpid(), signal.SIGKILL)
    if not claimed:
        break
    for work in claimed:
        with database.writing() as session:
            outbox.finish(session, work)
        print(work.id)
"""


def start_claimant(url: str, now: datetime, *, is_killed: bool = False) -> "subprocess.Popen[str]":
    """Another process that claims and finishes until nothing is due, or is killed right after its first claim."""
    mode = "killed" if is_killed else "whole"
    command = [sys.executable, "-c", CLAIMANT, url, now.isoformat(), mode]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_processes_that_race_share_the_work(database: Database, database_url: str) -> None:
    """Each piece is done by exactly one of two processes; a third, killed with work in hand, holds up three pieces."""
    enqueue(database, 20)
    with start_claimant(database_url, NOW, is_killed=True) as killed:
        assert killed.wait() == -signal.SIGKILL
    running = [start_claimant(database_url, NOW) for _ in range(2)]
    done = [int(line) for process in running for line in process.communicate()[0].split()]
    assert sorted(done) == list(range(4, 21))
    late = start_claimant(database_url, after(60)).communicate()[0]
    assert [int(line) for line in late.split()] == [1, 2, 3]


def test_threads_that_race_share_the_work(database: Database) -> None:
    """Four claim at once; nothing is claimed twice and nothing is left."""
    enqueue(database, 24)
    claimed: list[int] = []

    def work() -> None:
        while found := claim(database, limit=2):
            claimed.extend(one.id for one in found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    claimed += [one.id for one in claim(database)]
    assert sorted(claimed) == list(range(1, 25))


def test_failed_work_waits_longer_each_time_and_dies(database: Database) -> None:
    """Doubled waits up to an hour; after the last attempt it is dead, kept and counted, until revived."""
    enqueue(database)
    now = NOW
    for attempt in range(1, outbox.MOST_ATTEMPTS + 1):
        work = claim(database, now)[0]
        assert work.attempt == attempt
        assert fail(database, work, now) == (attempt == outbox.MOST_ATTEMPTS)
        wait = outbox.wait_after(attempt)
        assert claim(database, now + wait - timedelta(seconds=1)) == []
        now += wait
    row = get_row(database)
    assert (row.state, row.error) == (WorkState.DEAD, "smtp_451")
    assert claim(database, now + timedelta(days=1)) == []
    with database.writing() as session:
        assert (outbox.pending(session, "index"), outbox.dead(session, "index")) == (0, 1)
        assert outbox.find_oldest(session, "index") == NOW
        assert outbox.revive(session, "index", now) == 1
    assert claim(database, now)[0].attempt == 1


def test_waits_double_up_to_an_hour() -> None:
    """Five seconds, ten, twenty, … and never more than an hour."""
    assert [outbox.wait_after(n).total_seconds() for n in (1, 2, 3, 10, 11, 500)] == [5, 10, 20, 2560, 3600, 3600]


def test_work_that_kills_every_worker_dies(database: Database) -> None:
    """A poisonous piece of work does not bring workers down for ever."""
    enqueue(database)
    for attempt in range(outbox.MOST_ATTEMPTS):
        assert len(claim(database, after(60 * attempt))) == 1
    assert claim(database, after(60 * outbox.MOST_ATTEMPTS)) == []
    row = get_row(database)
    assert (row.state, row.error) == (WorkState.DEAD, outbox.LOST)


def test_long_work_keeps_its_lease(database: Database) -> None:
    """Extending moves the end; a ghost cannot extend."""
    enqueue(database)
    work = claim(database)[0]
    with database.writing() as session:
        outbox.extend(session, work, after(50), 60)
    assert claim(database, after(100)) == []
    assert len(claim(database, after(110))) == 1
    with pytest.raises(outbox.StaleFence), database.writing() as session:
        outbox.extend(session, work, after(110), 60)


def test_what_waits_is_counted(database: Database) -> None:
    """By topic, and by subject."""
    enqueue(database, 2)
    with database.writing() as session:
        outbox.enqueue(session, "index", b"t" * 16, {}, after(5))
    with database.reading() as session:
        assert outbox.pending(session, "index") == 3
        assert outbox.pending(session, "index", SUBJECT) == 2
        assert outbox.pending(session, "mail") == 0
        assert outbox.find_oldest(session, "mail") is None
        assert outbox.find_oldest(session, "index") == NOW


def test_done_work_is_pruned_and_its_number_never_used_again(database: Database) -> None:
    """Old done rows go, waiting ones stay; a fresh row cannot be taken for a pruned one."""
    enqueue(database, 2)
    finish(database, claim(database, limit=1)[0])
    ghost = claim(database)[0]
    finish(database, ghost)
    with database.writing() as session:
        assert outbox.prune(session, NOW) == 0
        assert outbox.prune(session, after(1)) == 2
    enqueue(database)
    assert claim(database)[0].id == 3
    with database.writing() as session:
        assert outbox.prune(session, after(100)) == 0


@pytest.mark.parametrize(
    "payload",
    [{"name": "Anna Smith"}, {"mail": "anna@example.org"}, {"ids": ["ab", "c d"]}, {"deep": {"a": 1}}, {"a b": 1}],
)
def test_a_payload_of_prose_is_refused(database: Database, payload: dict[str, Any]) -> None:
    """Ids and codes only, and the error does not repeat what was given."""
    with pytest.raises(NotACode) as caught, database.writing() as session:
        outbox.enqueue(session, "index", SUBJECT, payload, NOW)
    assert not any(str(value) in str(caught.value) for value in payload.values() if value != 1)


def test_an_exceptions_text_is_no_error_code(database: Database) -> None:
    """What went wrong is told by a code."""
    enqueue(database)
    work = claim(database)[0]
    with pytest.raises(NotACode), database.writing() as session:
        outbox.fail(session, work, "550 no such user: anna@example.org", NOW)
