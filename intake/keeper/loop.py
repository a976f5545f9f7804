"""The keeper's rounds: claim work from the outbox, do it, go round again when woken or after a second.

Exactly one keeper works at a time, by a fenced lease; a second one waits. What fails is given back with a growing
wait and never stops the rounds; the failure's class name is logged, never its text.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import structlog

from intake.desk.rereading import REREAD_TOPIC
from intake.desk.submit import READ_TOPIC
from intake.desk.violations import list_violations
from intake.installation import Installation
from intake.keeper.backing_up import BackupWatch
from intake.keeper.campaigning import note_arrivals, write_letters
from intake.keeper.forgetting import forget_people
from intake.keeper.indexing import apply_changes, live_entries
from intake.keeper.mailing import send_waiting
from intake.keeper.orphans import sweep_orphan_keys
from intake.keeper.record import sequence_record, sign_record
from intake.keeper.rereading import reread_document
from intake.keeper.returns import ReturnWatch
from intake.keeper.rewriting import rewrite_keystore
from intake.keeper.suppressing import end_digests
from intake.keeper.watching import check_standing
from intake.night import REWRITE_TOPIC, is_run_missed
from retention.campaigns import CAMPAIGN_TOPIC
from retention.erasure import FORGET_TOPIC
from storage import leases, outbox
from storage.outbox import StaleFence, Work
from storage.queries.searching import INDEX_TOPIC, count_by_shard

LEASE = "keeper"
LEASE_SECONDS = 30
WORK_SECONDS = 120
ROUND_SECONDS = 1.0
SIGN_EVERY = timedelta(hours=1)
ALARM_EVERY = timedelta(hours=1)
"""How often a missed nightly run is cried out, first an hour after the start: the worker may be making up for it."""
BATCH = 100
REREADS = 4
"""Documents read again in one round: everything else is done between two rounds."""

log = structlog.get_logger("vitavault.keeper")


class Keeper:
    """The keeper as a thread. ``start`` opens the index first: nothing is searched before it is whole."""

    def __init__(self, house: Installation, holder: str, woken: threading.Event) -> None:
        self._house = house
        self._holder = holder
        self._woken = woken
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._signed_at = house.now() - SIGN_EVERY
        self._renew_at = house.now()
        self._alarm_at = house.now() + ALARM_EVERY
        self._backups = BackupWatch(house)
        self._returns = ReturnWatch(house)

    def start(self) -> None:
        """Open the index, then begin the rounds."""
        open_index(self._house)
        self._thread.start()

    def stop(self) -> None:
        """End the rounds after the one under way."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)
        self._backups.wait(30)

    def _run(self) -> None:
        token: int | None = None
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                token = self._hold(token)
                if token is not None:
                    self._round()
            except Exception as error:  # noqa: BLE001 - the rounds go on whatever one of them met
                log.error("keeper.round_failed", error=type(error).__name__)
            self._woken.wait(ROUND_SECONDS)
        if token is not None:
            with self._house.database.writing() as session:
                leases.release(session, LEASE, token, self._house.now())

    def _hold(self, token: int | None) -> int | None:
        now = self._house.now()
        if token is not None and now < self._renew_at:
            return token
        self._renew_at = now + timedelta(seconds=LEASE_SECONDS / 3)
        with self._house.database.writing() as session:
            if token is not None and leases.renew(session, LEASE, token, now, LEASE_SECONDS):
                return token
            return leases.acquire(session, LEASE, self._holder, now, LEASE_SECONDS)

    def _round(self) -> None:
        if self._house.standing.is_halted:
            return
        if do_work(self._house) and self._has_rereads():
            self._woken.set()
        if self._house.now() - self._signed_at >= SIGN_EVERY and check_standing(self._house):
            sign_record(self._house)
            self._signed_at = self._house.now()
        self._backups.round()
        self._returns.round()
        if self._house.now() >= self._alarm_at:
            self._alarm_at = self._house.now() + ALARM_EVERY
            if is_run_missed(self._house, self._house.now()):
                log.error("retention.run_missed", advice="look at the worker; run `vitavault retention run`")
            broken = len(list_violations(self._house))
            if broken:
                log.error("retention.violations", count=broken, advice="look at /privacy/violations")

    def _has_rereads(self) -> bool:
        """Whether documents wait to be read again: the next round need not wait, yet everything else goes before."""
        with self._house.database.reading() as session:
            return bool(outbox.pending(session, REREAD_TOPIC))


def open_index(house: Installation) -> None:
    """Open the sealed index, or make it anew from live people."""
    with house.database.reading() as session:
        shards = list(count_by_shard(session))
    house.index.start(shards, lambda shard: live_entries(house, shard))


def keep_if_alone(house: Installation, holder: str) -> bool:
    """Do the keeper's work once where no keeper runs (a command by cron); False where one does."""
    now = house.now()
    with house.database.writing() as session:
        token = leases.acquire(session, LEASE, holder, now, LEASE_SECONDS * 10)
    if token is None:
        return False
    try:
        open_index(house)
        do_work(house)
    finally:
        with house.database.writing() as session:
            leases.release(session, LEASE, token, house.now())
    return True


def do_work(house: Installation) -> int:
    """Do everything that is due once; how many pieces of work were done. Also what tests call instead of waiting."""
    done = _do_batch(house, FORGET_TOPIC, lambda works: forget_people(house, works))
    done += _do_batch(house, INDEX_TOPIC, lambda works: _apply(house, works))
    done += _do_batch(house, READ_TOPIC, lambda works: _reread(house, works), limit=2)
    done += _do_batch(house, REREAD_TOPIC, lambda works: _reread(house, works), limit=2, most=REREADS)
    done += _do_batch(house, REWRITE_TOPIC, lambda works: _rewrite(house, works), limit=1)
    done += _do_batch(house, CAMPAIGN_TOPIC, lambda works: write_letters(house, works))
    send_waiting(house)
    note_arrivals(house)
    sequence_record(house)
    return done


def _apply(house: Installation, works: Sequence[Work]) -> None:
    apply_changes(house, list({work.subject for work in works if work.subject is not None}))
    with house.database.writing() as session:
        for work in works:
            outbox.finish(session, work)


def _reread(house: Installation, works: Sequence[Work]) -> None:
    for work in works:
        reread_document(house, work)


def _rewrite(house: Installation, works: Sequence[Work]) -> None:
    for work in works:
        sequence_record(house)
        sweep_orphan_keys(house)
        end_digests(house)
        rewrite_keystore(house, work)


def reread_if_alone(house: Installation, holder: str) -> Iterator[int] | None:
    """Read what waits to be read again, here, telling how many are left; None where a keeper runs and does it."""
    with house.database.writing() as session:
        token = leases.acquire(session, LEASE, holder, house.now(), LEASE_SECONDS * 10)
    return None if token is None else _reread_all(house, token)


def _reread_all(house: Installation, token: int) -> Iterator[int]:
    try:
        while _do_batch(house, REREAD_TOPIC, lambda works: _reread(house, works), limit=2, most=REREADS):
            with house.database.writing() as session:
                if not leases.renew(session, LEASE, token, house.now(), LEASE_SECONDS * 10):
                    return
                left = outbox.pending(session, REREAD_TOPIC)
            yield left
    finally:
        with house.database.writing() as session:
            leases.release(session, LEASE, token, house.now())


def _do_batch(
    house: Installation,
    topic: str,
    act: Callable[[Sequence[Work]], None],
    *,
    limit: int = BATCH,
    most: int | None = None,
) -> int:
    """Do what is due of one topic, ``limit`` at a time and ``most`` altogether; how many pieces were done."""
    done = 0
    while most is None or done < most:
        with house.database.reading() as session:
            if not outbox.pending(session, topic):
                return done
        with house.database.writing() as session:
            works = outbox.claim(session, [topic], house.now(), WORK_SECONDS, limit)
        if not works:
            return done
        try:
            act(works)
        except StaleFence:
            return done
        except Exception as error:  # noqa: BLE001 - the work is given back and tried again later
            log.error("keeper.work_failed", topic=topic, error=type(error).__name__)
            _give_back(house, works)
            return done
        done += len(works)
    return done


def _give_back(house: Installation, works: Sequence[Work]) -> None:
    for work in works:
        with house.database.writing() as session:
            try:
                outbox.fail(session, work, "failed", house.now())
            except StaleFence:
                continue
