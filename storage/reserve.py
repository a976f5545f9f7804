"""Keeps a little room on the data folder's disk, so that people can be erased on a day when nothing else fits.

Erasing needs room: the write-ahead log, the record's entries, the keystore's new file. A file of zeros holds it; it is
given up while the disk is full and made again when there is room. While it is missing nothing new is taken in.
"""

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def is_out_of_room(error: BaseException) -> bool:
    """Whether ``error``, an :class:`OSError` or what a database driver raised for one, says that a disk is full."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    cause = getattr(error, "orig", error)
    names = (getattr(cause, "sqlite_errorname", ""), getattr(cause, "sqlstate", ""))
    return "SQLITE_FULL" in names or "53100" in names  # 53100: PostgreSQL's disk_full


@dataclass(frozen=True, slots=True)
class Reserve:
    """``size`` bytes at ``path``; a size of 0 keeps none."""

    path: Path
    size: int

    def is_kept(self) -> bool:
        """Whether the room is there."""
        try:
            return self.path.stat().st_size >= self.size
        except FileNotFoundError:
            return self.size == 0

    def keep(self) -> bool:
        """Make sure of the room, where twice as much is free; whether it is there."""
        if self.is_kept():
            return True
        if self._free() < 2 * self.size:
            return False
        try:
            self._fill()
        except OSError as error:
            self.path.unlink(missing_ok=True)
            if not is_out_of_room(error):
                raise
        return self.is_kept()

    def lend(self) -> None:
        """Give the room up to whoever erases, if less than it is free."""
        if self.is_kept() and self._free() < self.size:
            self.path.unlink(missing_ok=True)

    def _fill(self) -> None:
        part = self.path.with_suffix(".part")
        with suppress(FileNotFoundError):
            part.unlink()
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.posix_fallocate(handle, 0, self.size)
        except OSError:
            part.unlink()
            raise
        finally:
            os.close(handle)
        part.rename(self.path)

    def _free(self) -> int:
        room = os.statvfs(self.path.parent)
        return room.f_bavail * room.f_frsize
