"""Where escrows and copies of the keystore are kept: a folder or an S3 bucket, outside data and key folders.

A depot knows names, bytes and times. What is put into it is read back and compared before it counts as there.
It must never hold anything that opens by itself: everything in it needs the recovery key.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from storage.keystore.contract import KeystoreError
from storage.keystore.folder import KeyFolderRefused, sync_folder, write_private


class DepotFailed(KeystoreError):
    """The depot did not take, give or confirm something; nothing relies on it."""

    code = "depot_failed"


@dataclass(frozen=True, slots=True)
class DepotEntry:
    """Something in a depot. ``written_at`` is aware UTC."""

    name: str
    size: int
    written_at: datetime


class Depot(Protocol):
    """A place for escrows and copies."""

    def put(self, name: str, content: bytes) -> None:
        """Keep bytes under a name; on return they are there and were read back. Raises :class:`DepotFailed`."""
        ...

    def get(self, name: str) -> bytes:
        """The bytes under a name. Raises :class:`DepotFailed`."""
        ...

    def delete(self, name: str) -> None:
        """Remove a name. Raises :class:`DepotFailed` where that is not allowed: then a person owes it."""
        ...

    def list_entries(self) -> Iterator[DepotEntry]:
        """Everything there."""
        ...


@dataclass(frozen=True, slots=True)
class FolderDepot:
    """A folder: another disk, a mounted share."""

    folder: Path

    def put(self, name: str, content: bytes) -> None:
        """See :class:`Depot`."""
        try:
            write_private(self.folder / name, content)
        except OSError as error:
            raise DepotFailed(f"{self.folder} did not take {name}: {os.strerror(error.errno or 0)}") from None
        _confirm(self, name, content)

    def get(self, name: str) -> bytes:
        """See :class:`Depot`."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise DepotFailed(f"{name} cannot be read from {self.folder}: {os.strerror(error.errno or 0)}") from None

    def delete(self, name: str) -> None:
        """See :class:`Depot`."""
        try:
            (self.folder / name).unlink(missing_ok=True)
            sync_folder(self.folder)
        except OSError as error:
            raise DepotFailed(f"{self.folder} kept {name}: {os.strerror(error.errno or 0)}") from None

    def list_entries(self) -> Iterator[DepotEntry]:
        """See :class:`Depot`."""
        try:
            for path in self.folder.iterdir():
                facts = path.stat()
                yield DepotEntry(path.name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))
        except OSError as error:
            raise DepotFailed(f"{self.folder} cannot be listed: {os.strerror(error.errno or 0)}") from None


class BucketDepot:
    """A prefix in an S3 bucket."""

    def __init__(self, url: str, **options: Any) -> None:
        """``url``: ``s3://bucket/prefix``; credentials from the environment, or as options of ``S3Store``."""
        from obstore.store import from_url

        self._url = url
        self._store: Any = from_url(url, **options)

    def put(self, name: str, content: bytes) -> None:
        """See :class:`Depot`."""
        self._call("put", name, content)
        _confirm(self, name, content)

    def get(self, name: str) -> bytes:
        """See :class:`Depot`."""
        return bytes(self._call("get", name).bytes())

    def delete(self, name: str) -> None:
        """See :class:`Depot`. A bucket with versioning keeps former versions: let it expire them within the window."""
        self._call("delete", name)

    def list_entries(self) -> Iterator[DepotEntry]:
        """See :class:`Depot`."""
        for batch in self._call("list"):
            for item in batch:
                yield DepotEntry(item["path"].rpartition("/")[2], item["size"], item["last_modified"])

    def _call(self, verb: str, *arguments: Any) -> Any:
        import obstore

        try:
            answer = getattr(obstore, verb)(self._store, *arguments)
            return list(answer) if verb == "list" else answer
        except (obstore.exceptions.BaseError, OSError) as error:
            raise DepotFailed(f"{self._url} refused {verb} ({type(error).__name__})") from None


def open_depot(address: str, keys_dir: Path, data_dir: Path) -> Depot:
    """The depot at an address: ``s3://bucket/prefix``, or a folder, which is made if need be.

    Raises :class:`~storage.keystore.folder.KeyFolderRefused` for a folder inside the key or data folder, or around it.
    """
    if address.startswith("s3://"):
        return BucketDepot(address)
    folder = Path(address).resolve()
    for other in (keys_dir.resolve(), data_dir.resolve()):
        if folder == other or folder in other.parents or other in folder.parents:
            raise KeyFolderRefused(f"{folder} is no place for escrows: it must lie outside {other}, on another disk")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return FolderDepot(folder)


def _confirm(depot: Depot, name: str, content: bytes) -> None:
    if depot.get(name) != content:
        raise DepotFailed(f"{name} came back different from what was put: the depot is not to be trusted")
