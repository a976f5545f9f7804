"""The window: how long escrows and copies of former keys may live, and which of them are due to go.

Whoever was erased is unrecoverable only once every copy of their key is past the window. Pure: it looks at names and
times, and deletes nothing itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.keystore.contract import KeystoreError

DEFAULT_DAYS = 14
MOST_DAYS = 28


class WindowRefused(KeystoreError):
    """The window is longer than may be without a reason in writing."""

    code = "window_refused"


@dataclass(frozen=True, slots=True)
class Window:
    """How many days copies of former keys may live; above 28 only with a written reason."""

    days: int = DEFAULT_DAYS
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a window that is none, or too long for no reason."""
        if self.days < 1:
            raise WindowRefused("the window has at least one day")
        if self.days > MOST_DAYS and len(self.reason.strip()) < 10:
            raise WindowRefused(f"a window above {MOST_DAYS} days needs a written reason (of ten letters or more)")

    def begins_at(self, now: datetime) -> datetime:
        """What ended before this is past the window."""
        return now - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Stored:
    """An escrow or a copy in its place. ``kind``: ``escrow`` or ``copy``; ``written_at`` aware UTC."""

    name: str
    kind: str
    generation: int
    generation_id: bytes
    written_at: datetime


@dataclass(frozen=True, slots=True)
class InForce:
    """The generation in force, and whether anybody was erased since it began."""

    generation: int
    generation_id: bytes
    erased_since: int


def choose_expired(stored: Collection[Stored], in_force: InForce, window: Window, now: datetime) -> list[Stored]:
    """What must go now.

    An escrow goes when its generation ended a window ago (never that of the generation in force); a copy when it is a
    window old, but for the newest of the generation in force while nobody was erased since: it holds nobody's key
    that may not be there.
    """
    begins = window.begins_at(now)
    newest = _newest_copy(stored, in_force)
    return [one for one in stored if one is not newest and _ended_at(one, stored, in_force) <= begins]


def _ended_at(one: Stored, stored: Collection[Stored], in_force: InForce) -> datetime:
    if one.kind == "copy":
        return one.written_at
    if one.generation_id == in_force.generation_id:
        return datetime.max.replace(tzinfo=one.written_at.tzinfo)
    later = [other.written_at for other in stored if other.kind == "escrow" and other.generation > one.generation]
    return max(one.written_at, min(later, default=one.written_at))


def _newest_copy(stored: Collection[Stored], in_force: InForce) -> Stored | None:
    if in_force.erased_since:
        return None
    copies = [one for one in stored if one.kind == "copy" and one.generation_id == in_force.generation_id]
    return max(copies, key=lambda one: one.written_at, default=None)
