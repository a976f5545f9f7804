"""The nightly job: finds what is due, ends it, and reports. It holds no key and opens no seal.

One run at a time, under a fenced lease; each batch is one transaction and each person a savepoint, so that one that
cannot be ended never takes others along. Killed at any point, the next run goes on from the rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from retention import erasure
from retention.calendar import local_date
from retention.policy.policy import Kept, Policy
from retention.preparing import prepare_night
from retention.records import settle_end
from retention.replay import find_brought_back, replay_forget_list
from retention.staff_ends import end_staff
from retention.sweep import sweep_leftovers
from storage import audit, leases
from storage.blobs import Blobs
from storage.codes import Code
from storage.database import Database
from storage.identifiers import new_id
from storage.models import EndCause, Person, PersonState, RetentionRun, RunState
from storage.queries import afterwards, endings, people, sweeping

LEASE = "retention"
LEASE_SECONDS = 300
ACTOR = "worker"
LONGEST_JUMP = timedelta(hours=48)
MOST_TECHNICAL_DAYS = 30
"""How long technical data is kept where a policy names no time."""


class RunRefused(Exception):
    """The run did not start. ``code``: ``already_running``, ``too_many_due`` (confirm to go on), ``clock_jumped``."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Figures:
    """What one run did, as kept with it and as shown in the privacy office."""

    scanned: int = 0
    purged: int = 0
    anonymised: int = 0
    restricted: int = 0
    held: int = 0
    failed: int = 0
    swept_rows: int = 0
    swept_blobs: int = 0
    confirmed: int = 0
    staff: int = 0
    """Accounts of staff whose time was over."""

    def as_dict(self) -> dict[str, int]:
        """The figures by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Due:
    """One record that a run would end: what ``vitavault retention plan`` shows."""

    person_id: bytes
    rule: str
    action: str
    ends_at: datetime
    decision: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Night:
    """All that the worker needs: no key among it."""

    database: Database
    blobs: Blobs
    policy: Policy
    clock: Callable[[], datetime]
    holder: str
    key_window: timedelta = timedelta(days=14)
    share_limit: float = 0.2
    step: Callable[[str], None] = field(default=lambda _name: None)
    """Told before each step; what fault injection hooks into."""


def plan_run(night: Night, as_of: datetime, limit: int = 1000) -> list[Due]:
    """What a run at ``as_of`` would end, without touching anything."""
    with night.database.reading() as session:
        return [
            Due(p.id, p.end_rule, p.end_action.value, p.ends_at, p.end_decision)
            for p in endings.find_due(session, as_of, limit)
            if p.ends_at is not None
        ]


def run_night(night: Night, *, as_of: datetime | None = None, is_confirmed: bool = False) -> Figures:
    """End everything that is due at ``as_of`` (now, unless given). Raises :class:`RunRefused`."""
    now = as_of or night.clock()
    with _only_run(night) as token:
        _replay_suspended(night)
        prepare_night(night.database, night.policy, now)
        with night.database.writing() as session:
            _stop_dead_runs(session)
            _check_share(session, night, now, is_confirmed=is_confirmed)
            run_id = _open_run(session, night, now)
        figures = Figures()
        _restrict_all(night, now, figures)
        _end_all(night, now, figures, token)
        with night.database.writing() as session:
            afterwards.doom_retired(session, now)
            figures.staff = end_staff(session, night.policy, now, ACTOR)
        finish_endings(night, figures)
        swept = sweep_leftovers(night.database, night.blobs, night.clock(), first_technical_day(night.policy, now))
        figures.swept_rows, figures.swept_blobs = swept.rows, swept.blobs
        _close_run(night, run_id, figures)
    night.database.checkpoint()
    return figures


def _replay_suspended(night: Night) -> None:
    """End whom only a hold kept when the forget list was replayed; refuse a database that was put back unnoticed."""
    if night.database.forget is None:
        return
    erased = [e for e in night.database.forget.list_erased() if e.is_settled]
    with night.database.reading() as session:
        brought_back = len(find_brought_back(session, erased))
    if brought_back:
        raise RunRefused(
            "restore_unfinished",
            f"{brought_back} people who were erased are not on record as erased: the database was put back from a copy."
            " Run `vitavault forget replay`.",
        )
    replay_forget_list(night.database, erased, night.clock, ACTOR)


@contextmanager
def _only_run(night: Night) -> Iterator[int]:
    with night.database.writing() as session:
        token = leases.acquire(session, LEASE, night.holder, night.clock(), LEASE_SECONDS)
    if token is None:
        raise RunRefused("already_running", "Another retention run is under way; wait for it or for its lease to end.")
    try:
        yield token
    finally:
        with night.database.writing() as session:
            leases.release(session, LEASE, token, night.clock())


def _check_share(session: Session, night: Night, now: datetime, *, is_confirmed: bool) -> None:
    due, total = endings.count_due(session, now), people.count_people(session)
    if not is_confirmed and due > 10 and due > total * night.share_limit:
        raise RunRefused(
            "too_many_due",
            f"{due} of {total} records would end, more than the share set as limit. Look at `vitavault retention plan`;"
            " confirm with `vitavault retention run --yes`.",
        )


def _stop_dead_runs(session: Session) -> None:
    for run in sweeping.find_open_runs(session):
        run.state = RunState.STOPPED


def _open_run(session: Session, night: Night, now: datetime) -> bytes:
    run = RetentionRun(id=new_id(), as_of=now, started_at=night.clock(), state=RunState.RUNNING, figures={})
    session.add(run)
    return run.id


def _close_run(night: Night, run_id: bytes, figures: Figures) -> None:
    now = night.clock()
    with night.database.writing() as session:
        run = session.get(RetentionRun, run_id)
        if run is not None:
            run.state, run.finished_at, run.figures = RunState.FINISHED, now, figures.as_dict()
        about: dict[str, Code] = {"run": run_id.hex(), "purged": figures.purged, "anonymised": figures.anonymised,
                 "held": figures.held, "failed": figures.failed}  # fmt: skip
        audit.record(session, at=now, actor=ACTOR, action="retention.run", subject=None, about=about)


def _restrict_all(night: Night, now: datetime, figures: Figures) -> None:
    """Restrict records that only the law keeps from today on (R2)."""
    today = local_date(now, night.policy.zone)
    while True:
        night.step("restrict")
        with night.database.writing() as session:
            found = endings.find_newly_restricted(session, today, erasure.BATCH)
            for person in found:
                person.state = PersonState.RESTRICTED
                about = {"rule": person.end_rule, "until": str(person.ends_on or "")}
                audit.record(
                    session,
                    at=night.clock(),
                    actor=ACTOR,
                    action="person.restricted",
                    subject=person.log_name,
                    about=about,
                )
            figures.restricted += len(found)
        if len(found) < erasure.BATCH:
            return


def _end_all(night: Night, now: datetime, figures: Figures, token: int) -> None:
    with night.database.reading() as session:
        figures.held = endings.count_held_due(session, now)
    failed: set[bytes] = set()
    while True:
        night.step("end")
        with night.database.writing() as session:
            if not leases.renew(session, LEASE, token, night.clock(), LEASE_SECONDS):
                raise RunRefused("already_running", "Another retention run took over.")
            due = [p for p in endings.find_due(session, now, erasure.BATCH + len(failed)) if p.id not in failed]
            for person in due:
                _end_one(session, night, person, now, figures, failed)
        if not due:
            return


def _end_one(
    session: Session, night: Night, person: Person, now: datetime, figures: Figures, failed: set[bytes]
) -> None:
    """End one person inside a savepoint, after working the end out anew: nothing ends on a stale decision."""
    figures.scanned += 1
    try:
        with session.begin_nested():
            outcome = settle_end(session, person, night.policy, now)
            if outcome.ends_at is None or outcome.ends_at > now:
                return
            end = erasure.end_of_record(person, EndCause.RETENTION, ACTOR)
            erasure.begin_end(session, person.id, end, night.clock())
    except Exception:  # noqa: BLE001 - whatever is wrong with one record must not keep the others
        failed.add(person.id)
        figures.failed += 1
        return
    if person.end_action.value == "anonymise":
        figures.anonymised += 1
    else:
        figures.purged += 1


def first_technical_day(policy: Policy, now: datetime) -> date:
    """The first day of technical data that the policy still keeps on the day of ``now`` (C4)."""
    kept = policy.find_kept_apart(Kept.TECHNICAL)
    days = kept.length.shortest_days if kept else MOST_TECHNICAL_DAYS
    return local_date(now, policy.zone) - timedelta(days=days)


def finish_endings(night: Night, figures: Figures | None = None) -> int:
    """Take ends whose keys are gone to *purged*: rows, blobs, confirmation. Safe to repeat; returns how many."""
    while True:
        night.step("rows")
        with night.database.writing() as session:
            removed = erasure.remove_rows(session, endings.find_keyless(session, erasure.BATCH), night.clock())
        if not removed:
            break
    while True:
        night.step("blobs")
        with night.database.writing() as session:
            if not erasure.unlink_blobs(session, night.blobs):
                break
    night.step("confirm")
    with night.database.writing() as session:
        confirmed = len(erasure.confirm_purged(session, night.clock(), night.key_window, ACTOR))
    if figures is not None:
        figures.confirmed += confirmed
    if confirmed:
        night.database.checkpoint()
    return confirmed


def settle_everybody(night: Night, now: datetime) -> int:
    """Work out every end anew, for instance under a changed policy. Returns how many ends changed."""
    changed, after = 0, b""
    while True:
        with night.database.writing() as session:
            batch = sweeping.find_people_after(session, after, erasure.BATCH)
            for person in batch:
                before = person.ends_at
                if person.state is not PersonState.ENDING:
                    settle_end(session, person, night.policy, now)
                changed += before != person.ends_at
            after = batch[-1].id if batch else after
        if len(batch) < erasure.BATCH:
            return changed
