"""The forget list: erasures on record outside the database, so that a restored backup brings nobody back.

One line for each event in a file that only grows. It holds no personal data and no digest of any: a random row id,
the receipt's number, the time, and the audit log's position. An intent is on disk before the erasure commits, its
confirmation after. The format is documented in ``docs/decisions/forget-list.md``.

It must never be rewritten or cut; a line that does not check is an alarm, unless it is the torn last one of a crash.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

HEADER = "vitavault forget list 1\n"
_RECEIPT = re.compile(r"[!-~]{1,100}")
_TAIL = 4096
"""Longer than any line."""


class ForgetListDamaged(Exception):
    """A line of the forget list was altered. Nothing restored may be served until it is settled."""

    code = "forget_list_damaged"


class Event(StrEnum):
    """What a line says."""

    INTENT = "intent"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    """The erasure did not commit: found by asking the database after a crash."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where the audit log stood: its size and root (RFC 9162)."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure as the list tells it. ``at`` is aware UTC; ``is_settled`` once it was confirmed or withdrawn."""

    row_id: bytes
    receipt: str
    at: datetime
    position: Position
    event: Event

    @property
    def is_settled(self) -> bool:
        """Whether it is known that the erasure happened, or that it did not."""
        return self.event is not Event.INTENT


class ForgetList:
    """The file. Safe between threads and processes; every line is on disk when the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def intend(self, row_ids: Iterable[tuple[bytes, str]], position: Position, at: datetime | None = None) -> None:
        """Put erasures on record, as (row id, receipt number), before they commit."""
        self._append(Event.INTENT, row_ids, position, at)

    def confirm(self, row_ids: Iterable[tuple[bytes, str]], position: Position, at: datetime | None = None) -> None:
        """Put on record that these erasures have committed."""
        self._append(Event.CONFIRMED, row_ids, position, at)

    def withdraw(self, row_ids: Iterable[tuple[bytes, str]], position: Position, at: datetime | None = None) -> None:
        """Put on record that these erasures did not commit."""
        self._append(Event.WITHDRAWN, row_ids, position, at)

    def read(self) -> list[Erasure]:
        """The last word on each erasure, in the order of their intents. Raises :class:`ForgetListDamaged`."""
        last: dict[tuple[bytes, str], Erasure] = {}
        for erasure in self._lines():
            last[erasure.row_id, erasure.receipt] = erasure
        return list(last.values())

    def list_unsettled(self) -> list[Erasure]:
        """Intents of which it is not known whether they committed: ask the database, then confirm or withdraw."""
        return [erasure for erasure in self.read() if not erasure.is_settled]

    def list_erased(self) -> list[Erasure]:
        """Everybody who must not be there: what a restore replays, by row id. Unsettled intents are among them."""
        return [erasure for erasure in self.read() if erasure.event is not Event.WITHDRAWN]

    def _append(
        self, event: Event, row_ids: Iterable[tuple[bytes, str]], position: Position, at: datetime | None
    ) -> None:
        when = at or datetime.now(UTC)
        lines = [_print(Erasure(row_id, receipt, when, position, event)) for row_id, receipt in row_ids]
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "r+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            before = _mend(file.fileno())
            _write_all(file.fileno(), (before + "".join(lines)).encode())
            os.fsync(file.fileno())
        if before == HEADER:
            _sync(self._path.parent)

    def _lines(self) -> Iterator[Erasure]:
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return
        head, *lines = text.split(b"\n")
        if head + b"\n" != HEADER.encode() and (lines or not HEADER.encode().startswith(head)):
            raise ForgetListDamaged(f"{self._path} is not a forget list")
        for number, line in enumerate(lines[:-1], 2):
            yield self._parse(line, number)

    def _parse(self, line: bytes, number: int) -> Erasure:
        try:
            event, row_id, receipt, at, size, root, check = line.decode("ascii").split(" ")
            position = Position(int(size), bytes.fromhex(root))
            erasure = Erasure(bytes.fromhex(row_id), receipt, datetime.fromisoformat(at), position, Event(event))
        except ValueError:
            raise ForgetListDamaged(f"line {number} of {self._path} was altered") from None
        if check != _print(erasure).rstrip("\n").rpartition(" ")[2]:
            raise ForgetListDamaged(f"line {number} of {self._path} was altered")
        return erasure


def _print(erasure: Erasure) -> str:
    if not _RECEIPT.fullmatch(erasure.receipt):
        raise ValueError("a receipt's number is printable ASCII without spaces, of at most 100 characters")
    body = " ".join(
        (
            erasure.event.value,
            erasure.row_id.hex(),
            erasure.receipt,
            erasure.at.astimezone(UTC).isoformat(timespec="microseconds"),
            str(erasure.position.size),
            erasure.position.root.hex(),
        )
    )
    return f"{body} {hashlib.sha256(body.encode()).hexdigest()[:16]}\n"


def _mend(handle: int) -> str:
    """What must come before new lines: the header in an empty file; nothing else, after a torn end was cut off."""
    size = os.fstat(handle).st_size
    start = max(0, size - _TAIL)
    tail = os.pread(handle, _TAIL, start)
    whole = start + tail.rfind(b"\n") + 1
    if whole < size:
        os.ftruncate(handle, whole)
    return "" if whole else HEADER


def _write_all(handle: int, content: bytes) -> None:
    while content:
        content = content[os.write(handle, content) :]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
