"""The key folder: who may read it, where it may lie, and how small files in it are written and destroyed.

It must never lie inside the data folder (nor the data folder in it), nor be open to anybody but its owner.
"""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from storage.keystore.contract import KeystoreError


class KeyFolderRefused(KeystoreError):
    """The key folder cannot be used as it is; the message says what to do."""

    code = "key_folder_refused"


def prepare_key_folder(keys_dir: Path, data_dir: Path) -> Path:
    """Make the key folder if need be (mode 0700) and refuse one that does not protect. Returns it resolved."""
    keys, data = keys_dir.resolve(), data_dir.resolve()
    if keys == data or data in keys.parents or keys in data.parents:
        raise KeyFolderRefused(
            "the key folder and the data folder lie one inside the other: a copy of one would be a copy of both. "
            "Choose two folders side by side (--data, --keys)"
        )
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_private(keys)
    return keys


def check_private(path: Path) -> None:
    """Refuse a file or folder that others on this machine may read or that belongs to somebody else."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFolderRefused(f"{path} cannot be read ({error.strerror}): run as its owner") from None
    if facts.st_uid != os.geteuid():
        raise KeyFolderRefused(f"{path} belongs to another user: run as its owner, or chown it")
    if stat.S_IMODE(facts.st_mode) & 0o077:
        mode = "700" if path.is_dir() else "600"
        raise KeyFolderRefused(f"{path} is open to other users of this machine: chmod {mode} {path}")


def write_private(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a file (mode 0600) so that after any crash it is there whole or not at all; durable on return.

    With ``replace=False``, raises ``FileExistsError`` rather than replacing.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            os.link(temporary, path)
            temporary.unlink()
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def destroy_file(path: Path) -> bool:
    """Overwrite a small secret file in place, then unlink it. Whether it was there.

    A copying file system or a flash drive may keep the former blocks: nothing here relies on their vanishing.
    """
    try:
        with path.open("r+b", buffering=0) as file:
            overwrite(file.fileno())
    except FileNotFoundError:
        return False
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
    return True


def overwrite(handle: int) -> None:
    """Overwrite an open file of small size with random bytes, durably."""
    size = os.fstat(handle).st_size
    os.pwrite(handle, secrets.token_bytes(size), 0)
    os.fsync(handle)


def sync_file(path: Path) -> None:
    """Make a file's content durable."""
    handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock between processes; yields whether it was got. It ends with the process at the latest."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _lock(handle, wait)
    finally:
        os.close(handle)


def _lock(handle: int, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
