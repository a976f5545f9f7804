"""Makes a backup: one consistent view of the database, then the blobs that it names, then the signed manifest.

Unfinished ones lie under a hidden name and are never taken for backups. No key ever goes into one.
"""

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.audit.tree import root, tree_size
from storage.backup.copies import copy_blobs
from storage.backup.manifest import NAME_PREFIX, Manifest, Part, find_backups, write_manifest
from storage.backup.snapshot import consistent_view
from storage.backup.tables import dump_tables
from storage.blobs import Blobs
from storage.database import Database
from storage.models import Document
from storage.queries.endings import count_endings
from storage.queries.people import count_people

_PARTIAL = ".partial-"


class BlobMode(StrEnum):
    """Whether a backup holds the blobs, or lists them where their store is backed up by itself."""

    INCLUDED = "included"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class _View:
    """What one transaction saw."""

    revision: str
    audit_size: int
    audit_root: bytes
    people: int
    erasures: int
    tables: dict[str, Part]
    blob_ids: list[str]


def make_backup(
    database: Database,
    blobs: Blobs,
    folder: Path,
    *,
    key: Ed25519PrivateKey,
    installation: bytes,
    at: datetime,
    mode: BlobMode = BlobMode.INCLUDED,
) -> Path:
    """Make a backup in a new folder inside ``folder``; its path, once everything is on disk. Others go on meanwhile.

    Raises ``OSError`` (nothing is left behind) and what the database says.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{NAME_PREFIX}{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    former = next(reversed(find_backups(folder)), None)
    partial = folder / f"{_PARTIAL}{name}"
    partial.mkdir(mode=0o700)
    try:
        with consistent_view(database, partial) as session:
            seen = _look(session, partial)
        copied = copy_blobs(blobs, seen.blob_ids, partial, former, is_listed=mode is BlobMode.LISTED)
        manifest = Manifest(
            installation=installation, revision=seen.revision, made_at=at, audit_size=seen.audit_size,
            audit_root=seen.audit_root, people=seen.people, erasures=seen.erasures, tables=seen.tables,
            blobs=copied.part, blob_mode=mode.value, blob_bytes=copied.size, missing=copied.missing,
        )  # fmt: skip
        write_manifest(partial, manifest, key)
        os.sync()
        partial.rename(folder / name)
        os.sync()
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder / name


def _look(session: Session, folder: Path) -> _View:
    connection = session.connection()
    size = tree_size(session)
    return _View(
        revision=MigrationContext.configure(connection).get_current_revision() or "",
        audit_size=size,
        audit_root=root(session, size),
        people=count_people(session),
        erasures=count_endings(session),
        tables=dump_tables(connection, folder),
        blob_ids=list(session.scalars(select(Document.blob_id).order_by(Document.blob_id))),
    )


def prune_backups(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` backups, and what unfinished ones left; the deleted backups' paths."""
    for partial in folder.glob(f"{_PARTIAL}*"):
        shutil.rmtree(partial, ignore_errors=True)
    over = find_backups(folder)[: -max(1, keep)]
    for path in over:
        shutil.rmtree(path)
    return over
