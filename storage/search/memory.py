"""Folders that exist in memory only, where the opened word index lies while the process lives.

The index holds plain words, so its files must never touch a disk: only tmpfs and ramfs are accepted, in a fresh folder
of mode 0700 with a random name. What is dropped is overwritten with zeros first; what a dead process left is found by
the lock it no longer holds, and swept. Memory may still reach a disk through swap: use encrypted swap, or none.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from pathlib import Path

PREFIX = "vitavault-index-"
LEAST_FREE = 256 * 1024 * 1024
"""Bytes that must be free in a memory folder before it is chosen."""

_NEW = ".vitavault-new-"
_LOCK = "owner.lock"
_MEMORY_KINDS = frozenset({"tmpfs", "ramfs"})
_ZEROS = bytes(1024 * 1024)


def find_memory_dir(candidates: tuple[Path, ...] = (Path("/dev/shm"), Path("/run/shm"))) -> Path | None:  # noqa: S108
    """Return a writable memory-backed folder with room, or ``None`` where the machine offers none."""
    return next((path for path in candidates if _is_usable(path)), None)


def _is_usable(path: Path) -> bool:
    if not (path.is_dir() and os.access(path, os.W_OK | os.X_OK) and is_memory_backed(path)):
        return False
    return shutil.disk_usage(path).free >= LEAST_FREE


def is_memory_backed(path: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Tell whether a folder lies in memory, by the kernel's list of mounts. Unknown counts as no."""
    if not mounts.exists():
        return False
    place = path.resolve()
    found = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    holding = [(len(point), kind) for _, point, kind, *_ in found if place.is_relative_to(point)]
    return bool(holding) and max(holding)[1] in _MEMORY_KINDS


class MemoryRoom:
    """One process's folder in memory. Held by a lock that the kernel releases when the process dies."""

    def __init__(self, where: Path) -> None:
        """Take a fresh folder in ``where``. Raises ``ValueError`` if that is not memory."""
        if not is_memory_backed(where):
            raise ValueError("the word index may be opened in a memory-backed folder only")
        sweep_dead(where)
        fresh = Path(tempfile.mkdtemp(prefix=_NEW, dir=where))
        self._lock = os.open(fresh / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        # The name by which others sweep is given once the lock is held: no one may find the folder without it.
        self.path = fresh.rename(where / (PREFIX + secrets.token_hex(8)))

    def new_folder(self) -> Path:
        """Return a new empty folder of this room."""
        folder = self.path / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        return folder

    def close(self) -> None:
        """Overwrite and remove everything. Nothing may still read from here."""
        _wipe_room(self.path)
        os.close(self._lock)


def sweep_dead(where: Path) -> int:
    """Overwrite and remove the folders of processes that are gone; return how many. Others' folders are left alone."""
    return sum(_sweep(path) for path in where.glob(PREFIX + "*"))


def _sweep(path: Path) -> bool:
    try:
        lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        # Another user's, or swept by another process meanwhile.
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _wipe_room(path)
        return True
    except (BlockingIOError, FileNotFoundError):
        # Alive, or swept by another process since the lock was opened.
        return False
    finally:
        os.close(lock)


def _wipe_room(room: Path) -> None:
    """Wipe what lies in the room, the lock last: a room that is half swept can still be told to be dead."""
    for folder in room.iterdir():
        if folder.is_dir():
            wipe(folder)
    shutil.rmtree(room)


def wipe(folder: Path) -> None:
    """Overwrite every file under ``folder`` with zeros, then remove it. No reader may be left."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            _zero(path)
    shutil.rmtree(folder)


def _zero(path: Path) -> None:
    path.chmod(0o600)
    left = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        while left > 0:
            left -= file.write(_ZEROS[: min(left, len(_ZEROS))])
