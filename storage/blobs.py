"""Opaque bytes by opaque id: sealed documents in a local folder or an S3 bucket.

It is given sealed bytes only and must never see, name or write anything else. Ids are random and say nothing. What
is written is durable before its id is returned; what is deleted is gone from the store when ``delete`` returns.
"""

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from storage.seal import Sealed

_ID = re.compile(r"[0-9a-f]{32}")


class BlobGone(Exception):
    """There is no such blob: deleted, or lost."""

    code = "blob_gone"


@dataclass(frozen=True, slots=True)
class BlobEntry:
    """A blob that is there. ``written_at`` is aware UTC; ``size`` in bytes."""

    blob_id: str
    size: int
    written_at: datetime


class Blobs(Protocol):
    """A store of opaque bytes."""

    def write(self, content: Sealed) -> str:
        """Keep sealed bytes; durable before the id is returned. Raises ``TypeError`` for bytes not sealed."""
        ...

    def restore(self, blob_id: str, content: Sealed) -> None:
        """Put bytes of a backup back under their former id; durable on return, and harmless when repeated."""
        ...

    def read(self, blob_id: str) -> Sealed:
        """The bytes. Raises :class:`BlobGone`."""
        ...

    def delete(self, blob_id: str) -> bool:
        """Remove a blob. Whether it was there; one that is gone already is no error."""
        ...

    def list_ids(self) -> Iterator[BlobEntry]:
        """Everything in the store, in no order: for the sweep of orphans."""
        ...


class FolderBlobs:
    """Blobs as files of mode 0600 under a folder, spread over 256 subfolders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, content: Sealed) -> str:
        """See :class:`Blobs`: a temporary file in the same folder, synced, renamed, the folder synced."""
        blob_id = secrets.token_hex(16)
        self.restore(blob_id, content)
        return blob_id

    def restore(self, blob_id: str, content: Sealed) -> None:
        """See :class:`Blobs`."""
        _require_sealed(content)
        path = self._path(blob_id)
        self._make_shard(path.parent)
        temporary = path.with_suffix(".part")
        temporary.unlink(missing_ok=True)
        try:
            _write_synced(temporary, content)
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync(path.parent)

    def read(self, blob_id: str) -> Sealed:
        """See :class:`Blobs`."""
        try:
            return Sealed(self._path(blob_id).read_bytes())
        except FileNotFoundError:
            raise BlobGone("there is no such blob") from None

    def delete(self, blob_id: str) -> bool:
        """See :class:`Blobs`. Emptied, then unlinked, so that an open handle elsewhere keeps nothing."""
        path = self._path(blob_id)
        try:
            os.truncate(path, 0)
        except FileNotFoundError:
            return False
        path.unlink(missing_ok=True)
        _sync(path.parent)
        return True

    def list_ids(self) -> Iterator[BlobEntry]:
        """See :class:`Blobs`. Half-written files of a crash are listed too, so that they are swept by their age."""
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                facts = path.stat()
                yield BlobEntry(path.name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))

    def _path(self, blob_id: str) -> Path:
        if not _ID.fullmatch(blob_id.removesuffix(".part")):
            raise BlobGone("there is no such blob")
        return self._folder / blob_id[:2] / blob_id

    def _make_shard(self, shard: Path) -> None:
        if not shard.is_dir():
            shard.mkdir(mode=0o700, exist_ok=True)
            _sync(self._folder)


class BucketBlobs:
    """Blobs in an S3 bucket (or what speaks its protocol), under a prefix."""

    def __init__(self, url: str, **options: Any) -> None:
        """``url``: ``s3://bucket/prefix``; credentials from the environment, or as options of ``S3Store``."""
        from obstore.store import from_url

        self._store: Any = from_url(url, **options)

    def write(self, content: Sealed) -> str:
        """See :class:`Blobs`. S3 acknowledges only what is durable."""
        blob_id = secrets.token_hex(16)
        self.restore(blob_id, content)
        return blob_id

    def restore(self, blob_id: str, content: Sealed) -> None:
        """See :class:`Blobs`."""
        import obstore

        _require_sealed(content)
        obstore.put(self._store, _object_name(blob_id), bytes(content))

    def read(self, blob_id: str) -> Sealed:
        """See :class:`Blobs`."""
        import obstore

        try:
            return Sealed(bytes(obstore.get(self._store, _object_name(blob_id)).bytes()))
        except FileNotFoundError:
            raise BlobGone("there is no such blob") from None

    def delete(self, blob_id: str) -> bool:
        """See :class:`Blobs`. A bucket with versioning keeps former versions: switch it off, or expire them."""
        import obstore

        name = _object_name(blob_id)
        try:
            obstore.head(self._store, name)
        except FileNotFoundError:
            return False
        obstore.delete(self._store, name)
        return True

    def list_ids(self) -> Iterator[BlobEntry]:
        """See :class:`Blobs`."""
        import obstore

        for batch in obstore.list(self._store):
            for item in batch:
                yield BlobEntry(item["path"].rpartition("/")[2], item["size"], item["last_modified"])


def open_blobs(data_dir: Path, url: str = "") -> Blobs:
    """The store of the settings: the bucket at ``url``, or ``blobs/`` in the data folder."""
    return BucketBlobs(url) if url else FolderBlobs(data_dir / "blobs")


def _require_sealed(content: object) -> None:
    if not isinstance(content, Sealed):
        raise TypeError(f"a blob is Sealed bytes, not {type(content).__name__}")


def _object_name(blob_id: str) -> str:
    if not _ID.fullmatch(blob_id):
        raise BlobGone("there is no such blob")
    return f"{blob_id[:2]}/{blob_id}"


def _write_synced(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
