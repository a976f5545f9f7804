"""Checks the whole record and names what is wrong: which entry, which subtree, which signed head.

Reads page by page; memory stays flat however long the record is. It must never repair anything, and must never
repeat what an entry says.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session, aliased

from storage.audit import merkle, tree
from storage.audit.checkpoints import ExportDamaged, read_exported
from storage.audit.entry import canonical, leaf_hash, spell_time
from storage.audit.notes import Head, NotVouched, open_note
from storage.models.operations import AuditCheckpoint, AuditEntry, AuditNode

Found = Row[*tuple[Any, ...]]
"""A row as the questions below give it."""

PAGE = 1000
MOST_FAULTS = 1000
"""The most faults that a report lists; a record rewritten as a whole has as many as entries."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: ``where`` (``entry 17``, ``position 4``, ``subtree 1/3``, ``head 40``) and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What :func:`verify` found. ``root`` is empty when the tree has holes; ``waiting`` entries have no position."""

    ok: bool
    size: int
    root: bytes
    waiting: int
    faults: tuple[Fault, ...]


def verify(session: Session, public_key: Ed25519PublicKey, exported: Path | None = None) -> VerifyReport:
    """Check every entry, subtree and signed head, and the heads in the file ``exported``.

    Give it a fresh session: it reads one consistent state, while others go on writing. Without ``exported``, a cut
    tail or a record written anew by the database's owner stays unseen.
    """
    outside = list(_exported_notes(exported))  # before the state is fixed, so that no head is newer than it
    _fix_state(session)
    size = tree.tree_size(session)
    found = chain(
        _placed_faults(session, size),
        _waiting_faults(session),
        _level_faults(session, size),
        _node_faults(session),
        _head_faults(session, public_key, size),
        _outside_faults(session, public_key, size, outside),
    )
    faults = tuple(islice(found, MOST_FAULTS))
    return VerifyReport(not faults, size, _root_or_nothing(session, size), tree.count_unsequenced(session), faults)


def _fix_state(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql" and not session.in_transaction():
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _root_or_nothing(session: Session, size: int) -> bytes:
    try:
        return tree.root(session, size)
    except tree.TreeDamaged:
        return b""


_COLUMNS = (
    AuditEntry.id,
    AuditEntry.position,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.subject,
    AuditEntry.entry,
    AuditEntry.leaf_hash,
)


def _placed_faults(session: Session, size: int) -> Iterator[Fault]:
    """Entries with a position: none missing, each as it was hashed, each where the tree has it."""
    expected = 0
    for row in _placed_rows(session):
        yield from _gap(expected, min(row.position, size))
        yield from _entry_faults(row)
        if row.leaf_hash != row.kept:
            yield Fault(f"entry {row.id}", f"is not what the tree has at position {row.position}")
        expected = row.position + 1
    yield from _gap(expected, size)


def _gap(expected: int, found: int) -> Iterator[Fault]:
    if expected < found:
        where = f"position {expected}" if found == expected + 1 else f"positions {expected} to {found - 1}"
        yield Fault(where, "entry is missing")


def _placed_rows(session: Session) -> Iterator[Found]:
    kept = and_(AuditNode.level == 0, AuditNode.index == AuditEntry.position)
    rows = select(*_COLUMNS, AuditNode.hash.label("kept")).outerjoin(AuditNode, kept)
    last: int | None = None
    while True:
        after = AuditEntry.position.is_not(None) if last is None else AuditEntry.position > last
        page = session.execute(rows.where(after).order_by(AuditEntry.position).limit(PAGE)).all()
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].position


def _waiting_faults(session: Session) -> Iterator[Fault]:
    """Entries without a position yet: each as it was hashed."""
    last: int | None = None
    rows = select(*_COLUMNS).where(AuditEntry.position.is_(None))
    while True:
        after = rows if last is None else rows.where(AuditEntry.id > last)
        page = session.execute(after.order_by(AuditEntry.id).limit(PAGE)).all()
        for row in page:
            yield from _entry_faults(row)
        if len(page) < PAGE:
            return
        last = page[-1].id


def _entry_faults(row: Found) -> Iterator[Fault]:
    where = f"entry {row.id}"
    if leaf_hash(row.entry) != row.leaf_hash:
        yield Fault(where, "entry and leaf_hash do not fit")
    hashed = _parse(row.entry)
    if hashed is None:
        yield Fault(where, "entry is not in its canonical spelling")
        return
    for column, value in _spelled(row).items():
        if hashed.get(column) != value or type(hashed.get(column)) is not type(value):
            yield Fault(where, f"{column} differs from what was hashed")


def _parse(entry: str) -> dict[str, Any] | None:
    try:
        content = json.loads(entry)
        is_canonical = isinstance(content, dict) and canonical(content) == entry
    except (ValueError, RecursionError):
        return None
    return content if is_canonical else None


def _spelled(row: Found) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": spell_time(row.at),
        "actor": row.actor,
        "action": row.action,
        "subject": None if row.subject is None else row.subject.hex(),
    }


def _level_faults(session: Session, size: int) -> Iterator[Fault]:
    """Each level of the tree holds as many full subtrees as the entries make, and no others."""
    counted = select(AuditNode.level, func.count().label("kept"), func.min(AuditNode.index), func.max(AuditNode.index))
    kept = {row.level: row for row in session.execute(counted.group_by(AuditNode.level))}
    for level in sorted(kept.keys() | set(range(size.bit_length()))):
        wanted = size >> level if 0 <= level < size.bit_length() else 0
        found = tuple(kept[level][1:]) if level in kept else (0, 0, -1)
        if found != (wanted, 0, wanted - 1):
            yield Fault(f"level {level}", f"{wanted} subtrees are wanted, {found[0]} kept, {found[1]} to {found[2]}")


def _node_faults(session: Session) -> Iterator[Fault]:
    """Every inner node is the hash of its two children."""
    left, right = aliased(AuditNode), aliased(AuditNode)
    is_left = and_(left.level == AuditNode.level - 1, left.index == AuditNode.index * 2)
    is_right = and_(right.level == AuditNode.level - 1, right.index == AuditNode.index * 2 + 1)
    rows = (
        select(AuditNode.level, AuditNode.index, AuditNode.hash, left.hash.label("left"), right.hash.label("right"))
        .outerjoin(left, is_left)
        .outerjoin(right, is_right)
        .where(AuditNode.level >= 1)
    )
    for row in _node_rows(session, rows):
        if row.left is None or row.right is None:
            yield Fault(f"subtree {row.level}/{row.index}", "a child is missing")
        elif merkle.node_hash(row.left, row.right) != row.hash:
            yield Fault(f"subtree {row.level}/{row.index}", "is not the hash of its children")


def _node_rows(session: Session, rows: Any) -> Iterator[Found]:
    order = (AuditNode.level, AuditNode.index)
    page = session.execute(rows.order_by(*order).limit(PAGE)).all()
    while page:
        yield from page
        level, index = page[-1].level, page[-1].index
        after = (AuditNode.level > level) | and_(AuditNode.level == level, AuditNode.index > index)
        page = session.execute(rows.where(after).order_by(*order).limit(PAGE)).all()


def _head_faults(session: Session, public_key: Ed25519PublicKey, size: int) -> Iterator[Fault]:
    """Every signed head kept here says what its columns say, under the key, and the tree still has it."""
    columns = (AuditCheckpoint.size, AuditCheckpoint.root, AuditCheckpoint.note, AuditCheckpoint.at)
    last = -1
    while page := session.execute(
        select(*columns).where(AuditCheckpoint.size > last).order_by(AuditCheckpoint.size).limit(PAGE)
    ).all():
        for row in page:
            yield from _note_faults(session, public_key, size, f"head {row.size}", row.note, row)
        last = page[-1].size


def _outside_faults(
    session: Session, public_key: Ed25519PublicKey, size: int, notes: list[str | Fault]
) -> Iterator[Fault]:
    for number, note in enumerate(notes, 1):
        if isinstance(note, Fault):
            yield note
        else:
            yield from _note_faults(session, public_key, size, f"exported head {number}", note)


def _exported_notes(exported: Path | None) -> Iterator[str | Fault]:
    if exported is None:
        return
    try:
        yield from read_exported(exported)
    except ExportDamaged as error:
        yield Fault("exported heads", str(error))


def _note_faults(
    session: Session, public_key: Ed25519PublicKey, size: int, where: str, note: str, row: Found | None = None
) -> Iterator[Fault]:
    try:
        head = open_note(note, public_key)
    except NotVouched as error:
        yield Fault(where, f"is not vouched for: {error.code}")
        return
    if row is not None and (head.size, head.root, head.at) != (row.size, row.root, row.at.astimezone(UTC)):
        yield Fault(where, "size, root or at differs from what was signed")
    yield from _stretch_faults(session, size, where, head)


def _stretch_faults(session: Session, size: int, where: str, head: Head) -> Iterator[Fault]:
    if head.size > size:
        yield Fault(where, f"vouches for {head.size} entries, {size} are left")
    elif _root_or_nothing(session, head.size) != head.root:
        yield Fault(where, f"the first {head.size} entries are not those that were vouched for")


def newest_at(session: Session) -> datetime | None:
    """When the last head was signed; None when none was. For those who watch over it."""
    return session.execute(select(func.max(AuditCheckpoint.at))).scalar_one_or_none()
