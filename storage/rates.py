"""How often is too often: counts in the database, so that every process of every host sees the same.

A sliding window made of two fixed ones: the former window counts by the share of it that still lies within reach.
One statement counts and answers. A bucket is a keyed digest made by the caller, of the rule's name and of who is
counted; an address or an account must never come here in clear.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CursorResult, case, delete, select
from sqlalchemy.orm import Session, aliased

from storage.models.staff import RateWindow
from storage.upserts import insert_into


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether this one is allowed, how many more would be now, and after how many seconds it pays to try again."""

    allowed: bool
    remaining: int
    retry_after: int


def hit(session: Session, bucket: bytes, limit: int, window_seconds: int, now: datetime) -> Verdict:
    """Count one and say whether it is among the ``limit`` allowed within ``window_seconds``.

    Commit it apart from what it guards: what rolls back is not counted. Refused ones count too: who keeps
    knocking stays out, who waits ``retry_after`` seconds gets in. A bucket keeps to one window length.
    """
    window, into = divmod(now.timestamp(), window_seconds)
    count, former = _count(session, bucket, limit, window_seconds, int(window))
    weight = 1 - into / window_seconds
    used = count + former * weight
    if used <= limit:
        return Verdict(allowed=True, remaining=math.floor(limit - used), retry_after=0)
    return Verdict(allowed=False, remaining=0, retry_after=_retry_after(count, former, limit, window_seconds, into))


def _count(session: Session, bucket: bytes, limit: int, window_seconds: int, window: int) -> tuple[int, int]:
    ends_at = datetime.fromtimestamp((window + 2) * window_seconds, UTC)
    former = aliased(RateWindow)
    formerly = select(former.count).where(former.bucket == bucket, former.window == window - 1).scalar_subquery()
    counted = (
        insert_into(session, RateWindow)
        .values(bucket=bucket, window=window, count=1, ends_at=ends_at)
        .on_conflict_do_update(
            index_elements=[RateWindow.bucket, RateWindow.window],
            set_={"count": case((RateWindow.count <= limit, RateWindow.count + 1), else_=RateWindow.count)},
        )
        .returning(RateWindow.count, formerly)
    )
    count, former_count = session.execute(counted).one()
    return int(count), int(former_count or 0)


def _retry_after(count: int, former: int, limit: int, window_seconds: int, into: float) -> int:
    """Seconds until one more would be allowed, if nobody else knocks."""
    if count < limit:  # it waits for the former window to lose weight
        share = 1 - (limit - count - 1) / former
        return max(1, math.ceil(share * window_seconds - into))
    share = 1 - (limit - 1) / count  # the same, once this window has become the former one
    return max(1, math.ceil((1 + share) * window_seconds - into))


def sweep(session: Session, now: datetime) -> int:
    """Delete the windows that no longer count; how many."""
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        delete(RateWindow).where(RateWindow.ends_at <= now), execution_options={"synchronize_session": False}
    )
    return result.rowcount
