"""Leases: a role that only one process may play, for a bounded time, with a token that fences the former player.

A lease is a row, never a database session's lock: it outlives a lost connection and ends by itself. Who acts under a
lease checks :func:`is_current` in the very transaction that acts; a clock alone must never be trusted for that.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from storage.models.operations import Lease
from storage.upserts import insert_into


def acquire(session: Session, name: str, holder: str, now: datetime, seconds: float) -> int | None:
    """Take the role ``name`` for ``seconds``; the fencing token, or None while somebody else has it.

    A holder that asks again is a restarted one: it gets a fresh token and its former self is fenced off. So
    ``holder`` must be unique to a process, unless something else makes sure that only one can run.
    """
    asked = insert_into(session, Lease).values(
        name=name, holder=holder, token=1, expires_at=now + timedelta(seconds=seconds), seen_at=now
    )
    statement = asked.on_conflict_do_update(
        index_elements=[Lease.name],
        set_={
            "holder": asked.excluded.holder,
            "token": Lease.token + 1,
            "expires_at": asked.excluded.expires_at,
            "seen_at": asked.excluded.seen_at,
        },
        where=(Lease.expires_at <= now) | (Lease.holder == holder),
    ).returning(Lease.token)
    token: int | None = session.execute(statement).scalar_one_or_none()
    return token


def renew(session: Session, name: str, token: int, now: datetime, seconds: float) -> bool:
    """Keep the role for another ``seconds`` from ``now``; False when somebody else has it, or it was given up."""
    return _change(session, name, token, expires_at=now + timedelta(seconds=seconds), seen_at=now)


def release(session: Session, name: str, token: int, now: datetime) -> bool:
    """Give the role up at once, so that the next one need not wait; False when it was no longer held."""
    return _change(session, name, token, holder="", token=Lease.token + 1, expires_at=now, seen_at=now)


def _change(session: Session, lease: str, fence: int, **values: Any) -> bool:
    held = (Lease.name == lease) & (Lease.token == fence)
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Lease).where(held).values(**values), execution_options={"synchronize_session": False}
    )
    return result.rowcount == 1


def is_current(session: Session, name: str, token: int) -> bool:
    """Whether ``token`` still plays the role; if so, nobody else can take it before this transaction ends."""
    held = select(Lease.token).where(Lease.name == name, Lease.token == token).with_for_update(read=True)
    return session.execute(held).scalar_one_or_none() is not None


def heartbeat_age(session: Session, name: str, now: datetime) -> timedelta | None:
    """How long ago the role's player was last heard of; None when it was never played."""
    seen_at = session.execute(select(Lease.seen_at).where(Lease.name == name)).scalar_one_or_none()
    return None if seen_at is None else now - seen_at


def is_held(session: Session, name: str, now: datetime) -> bool:
    """Whether somebody plays the role and has not given it up."""
    held = select(Lease.token).where(Lease.name == name, Lease.holder != "", Lease.expires_at > now)
    return session.execute(held).scalar_one_or_none() is not None
