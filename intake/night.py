"""The embedded nightly worker: runs retention each night, takes ends to *purged* once the keeper did its part.

Where the worker runs as a process of its own it uses the same functions, without any key.
"""

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from intake.policy_book import PolicyBook
from intake.policy_words import in_every_language
from intake.settings import Settings
from retention.policy.load import load_policy
from retention.policy.policy import Policy
from retention.worker import LONGEST_JUMP, Figures, Night, RunRefused, finish_endings, run_night
from storage import migrations, outbox
from storage.blobs import Blobs, open_blobs
from storage.database import Database, open_database
from storage.forget import ForgetList
from storage.models import utc_now
from storage.queries import endings

ROUND_SECONDS = 2.0
REWRITE_TOPIC = "rewrite"
"""Outbox topic by which the keeper is asked to write the keystore anew, so that destroyed keys are gone for good."""

log = structlog.get_logger("vitavault.worker")


def holder_name() -> str:
    """A name for this process that no other has: what its leases are held under."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(4)}"


class Ground(Protocol):
    """What the worker stands on: an installation has it, and so has a worker process that holds no key."""

    @property
    def settings(self) -> Settings: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def database(self) -> Database: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def wake(self) -> Callable[[], None]: ...


@dataclass(frozen=True, slots=True)
class KeylessGround:
    """A worker process of its own: database, blobs, policy; no keystore, no secrets, no reader."""

    settings: Settings
    find_policy: Callable[[], Policy]
    database: Database
    blobs: Blobs
    clock: Callable[[], datetime] = utc_now
    wake: Callable[[], None] = lambda: None

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self.find_policy()


@contextmanager
def open_worker(settings: Settings) -> Iterator[KeylessGround]:
    """Open what the worker needs, and nothing that could open a seal. Raises ``WrongSchema``, ``PolicyError``."""
    database = open_database(settings.effective_database_url, ForgetList(settings.effective_forget_list))
    try:
        migrations.check(database.engine)
        find_policy = PolicyBook(database, in_every_language(load_policy(settings.policy)), utc_now)
        yield KeylessGround(settings, find_policy, database, open_blobs(settings.data, settings.blobs_url))
    finally:
        database.close()


def night_of(house: Ground, holder: str) -> Night:
    """What the worker needs of an installation: no key among it."""
    return Night(
        database=house.database,
        blobs=house.blobs,
        policy=house.policy,
        clock=house.clock,
        holder=holder,
        key_window=timedelta(days=house.settings.key_window_days),
        share_limit=house.settings.end_share_limit,
    )


def run_now(house: Ground, holder: str, *, as_of: datetime | None = None, is_confirmed: bool = False) -> Figures:
    """One whole run; afterwards the keeper is asked to write the keystore anew if anything was erased."""
    house.settings.reserve.lend()
    figures = run_night(night_of(house, holder), as_of=as_of, is_confirmed=is_confirmed)
    with house.database.writing() as session:
        if not outbox.pending(session, REWRITE_TOPIC):
            outbox.enqueue(session, REWRITE_TOPIC, None, {}, house.clock())
    house.wake()
    return figures


def last_night(house: Ground, now: datetime) -> datetime:
    """The latest instant at which a nightly run was to begin."""
    local = now.astimezone(house.policy.zone)
    begins = local.replace(hour=house.settings.night_hour, minute=0, second=0, microsecond=0)
    return begins if begins <= local else begins - timedelta(days=1)


def is_run_due(house: Ground, now: datetime) -> bool:
    """Whether the latest nightly run has not happened yet."""
    with house.database.reading() as session:
        last = endings.find_last_run(session)
    return last is None or last.started_at < last_night(house, now)


def is_run_missed(house: Ground, now: datetime) -> bool:
    """Whether no run finished for longer than the policy's threshold: an alarm."""
    with house.database.reading() as session:
        last = endings.find_last_run(session)
    limit = timedelta(hours=house.policy.thresholds.run_missed_hours)
    return last is None or last.finished_at is None or now - last.finished_at > limit


class NightWatch:
    """The worker as a thread."""

    def __init__(self, house: Ground, holder: str) -> None:
        self._house = house
        self._holder = holder
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)

    def start(self) -> None:
        """Begin the rounds."""
        self._thread.start()

    def stop(self) -> None:
        """End the rounds after the one under way."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=60)

    def _run(self) -> None:
        while not self._stopping.wait(ROUND_SECONDS):
            try:
                self.round()
            except RunRefused as refused:
                log.warning("worker.run_refused", code=refused.code)
                self._stopping.wait(300)
            except Exception as error:  # noqa: BLE001 - the watch goes on whatever one round met
                log.error("worker.round_failed", error=type(error).__name__)

    def round(self) -> None:
        """Run the night if it is due; finish what the keeper made ready."""
        house = self._house
        if is_run_due(house, house.clock()):
            self._refuse_jumped_clock()
            figures = run_now(house, self._holder)
            log.info("worker.run", **figures.as_dict())
        with house.database.reading() as session:
            is_ready = bool(endings.find_keyless(session, 1) or endings.find_rowless(session, 1))
        if is_ready:
            finish_endings(night_of(house, self._holder))

    def _refuse_jumped_clock(self) -> None:
        """A clock that leapt ahead must not end everybody: far beyond a missed night, a person has to confirm."""
        with self._house.database.reading() as session:
            last = endings.find_last_run(session)
            due = endings.count_due(session, self._house.clock())
        if last is not None and due and self._house.clock() - last.started_at > LONGEST_JUMP * 15:
            raise RunRefused("clock_jumped", "The clock is far ahead of the last run: check it, then run by hand.")
