"""Blobs of a backup: copied with their digests, or only listed; checked and put back under their former ids.

Blobs never change, so that one which the backup before holds already is linked instead of copied again.
"""

import contextlib
import gzip
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.backup.manifest import BackupDamaged, Part, digest_file
from storage.blobs import BlobGone, Blobs
from storage.seal import Sealed

LIST_FILE = "blobs.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Listed:
    """One blob of a backup. ``sha256`` is empty for one that had gone while the backup was made."""

    blob_id: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied or listed: the list's file, bytes in all, and how many had gone meanwhile."""

    part: Part
    size: int
    missing: int


def copy_blobs(blobs: Blobs, ids: Sequence[str], folder: Path, former: Path | None, *, is_listed: bool) -> Copied:
    """Copy blobs into the backup's folder, or list them with their digests (``is_listed``)."""
    known = {one.blob_id: one for one in list_blobs(former)} if former is not None and not is_listed else {}
    size = missing = 0
    with gzip.open(folder / LIST_FILE, "wt", compresslevel=1, encoding="ascii") as file:
        for blob_id in ids:
            one = _link(known.get(blob_id), former, folder) or _copy(blobs, blob_id, folder, is_listed=is_listed)
            file.write(json.dumps([one.blob_id, one.size, one.sha256]) + "\n")
            size += one.size
            missing += not one.sha256
    return Copied(Part(len(ids), digest_file(folder / LIST_FILE)), size, missing)


def _link(one: Listed | None, former: Path | None, folder: Path) -> Listed | None:
    if one is None or former is None or not one.sha256:
        return None
    with contextlib.suppress(OSError):  # another file system, or the former copy is damaged: copied afresh
        source = blob_path(former, one.blob_id)
        if source.stat().st_size == one.size:
            os.link(source, _place(folder, one.blob_id))
            return one
    return None


def _copy(blobs: Blobs, blob_id: str, folder: Path, *, is_listed: bool) -> Listed:
    try:
        content = blobs.read(blob_id)
    except BlobGone:  # ended, or replaced, since the snapshot
        return Listed(blob_id, 0, "")
    if not is_listed:
        _place(folder, blob_id).write_bytes(content)
    return Listed(blob_id, len(content), hashlib.sha256(content).hexdigest())


def _place(folder: Path, blob_id: str) -> Path:
    path = blob_path(folder, blob_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def blob_path(folder: Path, blob_id: str) -> Path:
    """Where a copied blob lies in a backup."""
    return folder / "blobs" / blob_id[:2] / blob_id


def list_blobs(folder: Path) -> Iterator[Listed]:
    """Every blob of a backup."""
    with gzip.open(folder / LIST_FILE, "rt", encoding="ascii") as file:
        for line in file:
            blob_id, size, digest = json.loads(line)
            yield Listed(blob_id, size, digest)


def check_blobs(folder: Path, blobs: Blobs, *, is_listed: bool) -> list[str]:
    """Raise :class:`BackupDamaged` unless every blob is there as it was, in the backup or (listed) in the store.

    Returns listed blobs that are not in the store any more: those of people erased since, and whatever was lost. Which
    is which is known once the forget list was replayed.
    """
    gone: list[str] = []
    for one in list_blobs(folder):
        content = _content(folder, blobs, one, is_listed=is_listed) if one.sha256 else None
        if one.sha256 and content is None:
            gone.append(one.blob_id)
        elif content is not None and hashlib.sha256(content).hexdigest() != one.sha256:
            raise BackupDamaged(f"blob {one.blob_id} is not what it was")
    return gone


def _content(folder: Path, blobs: Blobs, one: Listed, *, is_listed: bool) -> bytes | None:
    try:
        return blobs.read(one.blob_id) if is_listed else blob_path(folder, one.blob_id).read_bytes()
    except BlobGone:
        return None
    except FileNotFoundError:
        raise BackupDamaged(f"blob {one.blob_id} is missing") from None


def put_back(folder: Path, blobs: Blobs) -> int:
    """Put every copied blob back into the store under its id; how many."""
    count = 0
    for one in list_blobs(folder):
        if one.sha256:
            blobs.restore(one.blob_id, Sealed(blob_path(folder, one.blob_id).read_bytes()))
            count += 1
    return count
