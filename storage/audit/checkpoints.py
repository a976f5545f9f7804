"""Signs the record's head and keeps a copy outside the database.

Whoever owns the database can cut the record's tail or write all of it anew; a signed head kept elsewhere shows it.
A head that does not continue the last one signed must never be signed.
"""

import os
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit import merkle, tree
from storage.audit.notes import Head, NotVouched, has_note, open_note, sign_head, split_notes
from storage.models.operations import AuditCheckpoint


class Inconsistent(Exception):
    """The record does not continue a head that was signed before: it was cut, rewritten, or put back from a copy."""


class ExportDamaged(Exception):
    """The file of exported heads has something in its middle that is not one."""


def checkpoint(
    session: Session, signing_key: Ed25519PrivateKey, origin: str, at: datetime, exported: Path | None = None
) -> AuditCheckpoint:
    """Sign the head over all entries that have a position; the former head again when nothing was added.

    Raises :class:`Inconsistent` unless it continues the last head kept here and, where given, in ``exported``;
    ``NotVouched`` when one of these is not under this key; ``tree.TreeDamaged`` when the tree has holes.
    """
    tree.lock_sequencer(session)
    public_key = signing_key.public_key()
    size = tree.tree_size(session)
    head = Head(origin, size, tree.root(session, size), at)
    former = find_checkpoint(session)
    if former is not None:
        _require_continued(session, _head_of(former, public_key), head)
    if exported is not None and (outside := find_exported(exported, public_key)) is not None:
        _require_continued(session, outside, head)
    if former is not None and former.size == size:
        return former
    row = AuditCheckpoint(size=size, root=head.root, note=sign_head(head, signing_key), at=at)
    session.add(row)
    session.flush()
    return row


def find_checkpoint(session: Session) -> AuditCheckpoint | None:
    """The last head that was signed."""
    return session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)).first()


def _head_of(row: AuditCheckpoint, public_key: Ed25519PublicKey) -> Head:
    head = open_note(row.note, public_key)
    if (head.size, head.root) != (row.size, row.root):
        raise NotVouched("columns_differ")
    return head


def _require_continued(session: Session, former: Head, head: Head) -> None:
    if former.origin != head.origin:
        raise Inconsistent("the last signed head is another installation's")
    if former.size > head.size:
        raise Inconsistent(f"{head.size} entries are left of the {former.size} that were vouched for")
    path = tree.consistency_proof(session, former.size, head.size)
    if not merkle.is_consistent(former.size, head.size, former.root, head.root, path):
        raise Inconsistent(f"the first {former.size} entries are not those that were vouched for")


def read_exported(path: Path) -> list[str]:
    """The notes in a file of exported heads, oldest first; none when there is no file.

    A last note that was cut short by a crash counts as not written. Raises :class:`ExportDamaged`.
    """
    notes, rest = split_notes(_text_of(path))
    if has_note(rest):
        raise ExportDamaged(f"after {len(notes)} exported heads comes something that is not one")
    return notes


def find_exported(path: Path, public_key: Ed25519PublicKey) -> Head | None:
    """The last exported head. Raises :class:`ExportDamaged` or ``NotVouched``."""
    notes = read_exported(path)
    return open_note(notes[-1], public_key) if notes else None


def export_checkpoint(path: Path, row: AuditCheckpoint) -> bool:
    """Append the head to the file at ``path``, durably; False when it is there already.

    Keep the file away from database and data folder. What a crash left half-written is replaced, whole notes are
    never touched. Raises :class:`ExportDamaged` or ``OSError``.
    """
    notes = read_exported(path)
    if row.note in notes:
        return False
    whole = "".join(f"{note}\n" for note in notes).encode()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, len(whole))
        os.pwrite(descriptor, f"{row.note}\n".encode(), len(whole))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    _sync_folder(path.parent)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
