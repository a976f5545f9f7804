"""Work that must follow a commit: written with the business change, done afterwards, at least once.

Whoever does it claims rows under a lease, acts, and finishes each in the transaction of its effect; a stale worker's
fence no longer fits and its transaction rolls back. So what is done must be idempotent, and must read the state of
its subject when it acts: two pieces of work for one subject may be done in any order.

Rows are found by their state, never by a remembered position: a transaction that commits late is not passed over.
A payload must never hold personal data: ids and codes only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Update, delete, func, select, update
from sqlalchemy.orm import Session

from storage.codes import Code, check_code
from storage.models.operations import Outbox, WorkState

MOST_ATTEMPTS = 10
"""After so many attempts work is dead: kept, counted, and tried again only when a person says so."""

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
LOST = "lost"
"""The error code of work whose worker vanished every time."""


class StaleFence(Exception):
    """The work was claimed by another since; what was done under this fence must be rolled back."""


@dataclass(frozen=True, slots=True)
class Work:
    """One claimed piece of work. ``token`` fences it: it grows with each claim."""

    id: int
    topic: str
    subject: bytes | None
    payload: Mapping[str, Any]
    attempt: int
    token: int
    leased_until: datetime


def enqueue(
    session: Session,
    topic: str,
    subject: bytes | None,
    payload: Mapping[str, Code | Sequence[Code]],
    at: datetime,
    *,
    not_before: datetime | None = None,
) -> Outbox:
    """Put work into the caller's transaction, due from ``not_before`` (or ``at``). Raises ``NotACode``."""
    for key, value in payload.items():
        _check_payload(key, value)
    row = Outbox(topic=topic, subject=subject, payload=dict(payload), created_at=at, not_before=not_before or at)
    session.add(row)
    return row


def _check_payload(key: str, value: object) -> None:
    check_code("a payload's key", key)
    for item in value if isinstance(value, list | tuple) else (value,):
        check_code(f"payload.{key}", item)


def claim(session: Session, topics: Sequence[str], now: datetime, lease_seconds: float, limit: int) -> list[Work]:
    """Take up to ``limit`` due pieces of work for ``lease_seconds``, oldest first; commit before acting on them.

    Two claimers never get the same row: PostgreSQL skips what another has locked, SQLite has one writer. Work whose
    worker vanished is claimed again when its lease has run out, and is dead after :data:`MOST_ATTEMPTS`.
    """
    _bury_lost(session, topics, now)
    rows = session.scalars(
        select(Outbox)
        .where(
            Outbox.state == WorkState.WAITING,
            Outbox.topic.in_(topics),
            Outbox.not_before <= now,
            Outbox.leased_until.is_(None) | (Outbox.leased_until <= now),
        )
        .order_by(Outbox.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    leased_until = now + timedelta(seconds=lease_seconds)
    for row in rows:
        row.attempts += 1
        row.lease_token += 1
        row.leased_until = leased_until
    session.flush()
    return [_work(row, leased_until) for row in rows]


def _work(row: Outbox, leased_until: datetime) -> Work:
    return Work(row.id, row.topic, row.subject, row.payload, row.attempts, row.lease_token, leased_until)


def _bury_lost(session: Session, topics: Sequence[str], now: datetime) -> None:
    _execute(
        session,
        update(Outbox)
        .where(
            Outbox.state == WorkState.WAITING,
            Outbox.topic.in_(topics),
            Outbox.leased_until <= now,
            Outbox.attempts >= MOST_ATTEMPTS,
        )
        .values(state=WorkState.DEAD, error=LOST, leased_until=None),
    )


def finish(session: Session, work: Work) -> None:
    """Mark the work as done, in the transaction of its effect. Raises :class:`StaleFence` when another has it."""
    _settle(session, work, state=WorkState.DONE, leased_until=None, error="")


def fail(session: Session, work: Work, error_code: str, now: datetime) -> bool:
    """Give the work back, to be tried again after a growing wait; True when it is dead instead.

    ``error_code`` is a stable code, never an exception's text. Raises :class:`StaleFence` when another has it.
    """
    check_code("an error code", error_code)
    if work.attempt >= MOST_ATTEMPTS:
        _settle(session, work, state=WorkState.DEAD, leased_until=None, error=error_code[:80])
        return True
    _settle(session, work, not_before=now + wait_after(work.attempt), leased_until=None, error=error_code[:80])
    return False


def wait_after(attempt: int) -> timedelta:
    """How long to wait after the ``attempt``-th failure: doubled each time, an hour at most."""
    return min(FIRST_WAIT * (1 << min(attempt - 1, 20)), LONGEST_WAIT)


def extend(session: Session, work: Work, now: datetime, lease_seconds: float) -> None:
    """Keep long work for another ``lease_seconds``. Raises :class:`StaleFence` when another has it."""
    _settle(session, work, leased_until=now + timedelta(seconds=lease_seconds))


def _settle(session: Session, work: Work, **values: Any) -> None:
    fits = (Outbox.id == work.id) & (Outbox.lease_token == work.token) & (Outbox.state == WorkState.WAITING)
    if _execute(session, update(Outbox).where(fits).values(**values)) != 1:
        raise StaleFence(f"work {work.id} is no longer held under fence {work.token}")


def _execute(session: Session, statement: Update) -> int:
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        statement, execution_options={"synchronize_session": False}
    )
    return result.rowcount


def pending(session: Session, topic: str, subject: bytes | None = None) -> int:
    """How many pieces of work of ``topic`` (for ``subject``, if given) are not done yet; dead ones are not counted."""
    return _count(session, WorkState.WAITING, topic, subject)


def dead(session: Session, topic: str, subject: bytes | None = None) -> int:
    """How many pieces of work of ``topic`` wait for a person to look."""
    return _count(session, WorkState.DEAD, topic, subject)


def _count(session: Session, state: WorkState, topic: str, subject: bytes | None) -> int:
    counted = select(func.count()).where(Outbox.state == state, Outbox.topic == topic)
    if subject is not None:
        counted = counted.where(Outbox.subject == subject)
    return session.execute(counted).scalar_one()


def find_oldest(session: Session, topic: str) -> datetime | None:
    """When the oldest work of ``topic`` that is not done was asked for; None when nothing waits."""
    waiting = (Outbox.topic == topic) & (Outbox.state != WorkState.DONE)
    return session.execute(select(Outbox.created_at).where(waiting).order_by(Outbox.created_at).limit(1)).scalar()


def revive(session: Session, topic: str, now: datetime) -> int:
    """Let dead work of ``topic`` be tried again from the first attempt; how many there were."""
    buried = (Outbox.topic == topic) & (Outbox.state == WorkState.DEAD)
    return _execute(
        session, update(Outbox).where(buried).values(state=WorkState.WAITING, attempts=0, not_before=now, error="")
    )


def prune(session: Session, before: datetime) -> int:
    """Delete done work that was asked for before ``before``; how many rows. Waiting and dead work stays."""
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        delete(Outbox).where(Outbox.state == WorkState.DONE, Outbox.created_at < before),
        execution_options={"synchronize_session": False},
    )
    return result.rowcount
