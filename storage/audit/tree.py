"""The record's tree in the database: gives entries their positions and answers for heads and proofs.

Positions are given after the commit, in order of number, by one sequencer at a time; so writers never wait for each
other. A position once given must never change.
"""

from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from storage.audit import merkle
from storage.models.operations import AuditEntry, AuditNode, Lease
from storage.upserts import insert_into

SEQUENCER = "audit-sequencer"
BATCH = 2000
"""The most entries that one call of :func:`sequence` places; memory and transaction stay small."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TreeDamaged(Exception):
    """A subtree that must be kept is missing: the record cannot be vouched for. ``verify`` names what is wrong."""


def lock_sequencer(session: Session) -> None:
    """Make every other sequencer wait until this transaction ends; no lock outlives it."""
    row = insert_into(session, Lease).values(name=SEQUENCER, holder="", token=1, expires_at=_EPOCH, seen_at=_EPOCH)
    session.execute(row.on_conflict_do_update(index_elements=[Lease.name], set_={"token": Lease.token + 1}))


def sequence(session: Session, limit: int = BATCH) -> int:
    """Give the next entries their positions and grow the tree; how many. Call again until it gives 0.

    Two that race wait for each other and never give a position twice. Run it soon after each commit: an entry
    without a position is not yet under the tree's protection.
    """
    lock_sequencer(session)
    waiting = select(AuditEntry.id, AuditEntry.leaf_hash).where(AuditEntry.position.is_(None))
    rows = session.execute(waiting.order_by(AuditEntry.id).limit(limit)).all()
    if not rows:
        return 0
    size = tree_size(session)
    frontier = [(level, _subtree(session, level, index)) for level, index in merkle.full_subtrees(size)]
    nodes = [
        {"level": level, "index": index, "hash": made}
        for position, row in enumerate(rows, size)
        for level, index, made in merkle.grow(frontier, position, row.leaf_hash)
    ]
    session.execute(update(AuditEntry), [{"id": row.id, "position": n} for n, row in enumerate(rows, size)])
    session.execute(insert(AuditNode), nodes)
    return len(rows)


def tree_size(session: Session) -> int:
    """How many entries have a position."""
    leaves = select(func.coalesce(func.max(AuditNode.index), -1) + 1).where(AuditNode.level == 0)
    return int(session.execute(leaves).scalar_one())


def count_unsequenced(session: Session) -> int:
    """How many entries wait for a position."""
    return session.execute(select(func.count()).where(AuditEntry.position.is_(None))).scalar_one()


def root(session: Session, size: int | None = None) -> bytes:
    """The root over the first ``size`` entries (all that have a position). Raises :class:`TreeDamaged`."""
    return merkle.root_of(_subtrees_of(session), tree_size(session) if size is None else size)


def inclusion_proof(session: Session, position: int, size: int) -> list[bytes]:
    """The RFC 9162 proof that the entry at ``position`` is in the tree of ``size``. Raises ``ValueError`` if not."""
    return merkle.inclusion_path(_subtrees_of(session), position, size)


def consistency_proof(session: Session, old: int, new: int) -> list[bytes]:
    """The RFC 9162 proof that the tree of ``new`` continues that of ``old``. Raises ``ValueError`` if it cannot."""
    return merkle.consistency_path(_subtrees_of(session), old, new)


def _subtrees_of(session: Session) -> merkle.Subtree:
    return lambda level, index: _subtree(session, level, index)


def _subtree(session: Session, level: int, index: int) -> bytes:
    kept = select(AuditNode.hash).where(AuditNode.level == level, AuditNode.index == index)
    found = session.execute(kept).scalar_one_or_none()
    if found is None:
        raise TreeDamaged(f"subtree {level}/{index} of the record is missing")
    return found
