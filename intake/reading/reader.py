"""The door to reading: bytes in, a Reading out, whatever the bytes.

Thread-safe. A document is read in a sandboxed child of its own; this module never parses one, never writes one to a
disk, and never lets a document's text into a log or an exception.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from intake.reading import ocr
from intake.reading.raster import png_size
from intake.reading.sandbox.client import Ending, Outcome, Plan, Sandbox
from intake.reading.sandbox.layers import Mode
from intake.reading.sandbox.limits import Limits
from intake.reading.sniff import sniff
from intake.reading.verdicts import refused_reading
from intake.reading.wire import WireError, decode_reading
from storage.profile import Reading, Verdict

TASKS = "intake.reading.tasks"
PDF_READERS = ("pdfium", "pdfminer")
"""The readers of PDF, in the order in which they are asked unless a setting says otherwise."""
MAX_BYTES = 20 * 1024 * 1024
"""Largest document that is read at all, whatever the upload's own cap."""
_PICTURE_BYTES = 12 * 1024 * 1024
_MAX_WIDTH = 2400
_VERDICTS = {
    Ending.TIMEOUT: (Verdict.TIMEOUT, "timeout"),
    Ending.FLOODED: (Verdict.TOO_LARGE, "too_large"),
}


class QueueFullError(Exception):
    """More documents wait than are allowed to. ``retry_after`` is in seconds."""

    code = "reading_queue_full"
    retry_after = 5


class ResumeReader:
    """Reads resumes, several at once, each in a process of its own."""

    def __init__(
        self,
        mode: str = "require",
        *,
        wall_seconds: float = 30.0,
        cpu_seconds: int = 10,
        memory_mib: int = 512,
        workers: int = 2,
        waiting: int = 32,
        kinds: tuple[str, ...] = (),
        use_ocr: bool = True,
        pdf_reader: str = PDF_READERS[0],
    ) -> None:
        """``waiting`` documents may queue beside those being read; ``kinds`` limits what is imported beforehand.

        ``pdf_reader``, one of `PDF_READERS`, is asked first; the other stands in where it fails.
        """
        self._wall_seconds = wall_seconds
        self._limits = Limits(memory_mib=memory_mib, cpu_seconds=cpu_seconds)
        self._sandbox = Sandbox(Plan(tasks=TASKS, mode=Mode(mode), preload=kinds))
        self._workers = threading.BoundedSemaphore(workers)
        self._use_ocr = use_ocr
        self._pdf_readers = sorted(PDF_READERS, key=lambda name: name != pdf_reader)
        self._places = threading.BoundedSemaphore(workers + waiting)

    def start(self) -> None:
        """Warm up. Raises SandboxUnavailableError where the kernel cannot give what the mode demands."""
        self._sandbox.start()

    def close(self) -> None:
        """End every child and the process that forks them."""
        self._sandbox.close()

    def try_reserve(self) -> bool:
        """Take a place in the queue; False when it is full. Each place taken must be given back by `release`."""
        return self._places.acquire(blocking=False)

    def release(self) -> None:
        """Give back a place in the queue."""
        self._places.release()

    @contextmanager
    def reserve(self) -> Iterator[None]:
        """Hold a place in the queue. Raises QueueFullError, so that a server can answer before it reads a body."""
        if not self.try_reserve():
            raise QueueFullError
        try:
            yield
        finally:
            self.release()

    def read(self, data: bytes, timeout: float = 8.0) -> Reading:
        """Read one document within ``timeout`` seconds (30 at most). Never raises for what the document holds."""
        found = sniff(data)
        if found.verdict is not Verdict.OK:
            return refused_reading(found.verdict, found.code, found.kind)
        if len(data) > MAX_BYTES:
            return refused_reading(Verdict.TOO_LARGE, "too_large", found.kind)
        deadline = time.monotonic() + min(timeout, self._wall_seconds)
        if not self._workers.acquire(timeout=max(timeout, 0.0)):
            return refused_reading(Verdict.TIMEOUT, "timeout", found.kind)
        try:
            return self._read(data, found.kind, deadline)
        finally:
            self._workers.release()

    def _read(self, data: bytes, kind: str, deadline: float) -> Reading:
        reading = self._ask(data, kind, deadline, self._pdf_readers[0])
        if kind == "pdf" and reading.verdict is Verdict.CRASHED:
            reading = self._ask(data, kind, deadline, self._pdf_readers[1])
        if reading.verdict is Verdict.NEEDS_OCR and self._use_ocr and ocr.find_languages():
            return ocr.read_scan(self._sandbox, data, kind, deadline, self._limits)
        return reading

    def _ask(self, data: bytes, kind: str, deadline: float, pdf_reader: str) -> Reading:
        wall = max(0.0, deadline - time.monotonic())
        outcome = self._sandbox.run("read", {"pdf_reader": pdf_reader}, data, wall=wall, limits=self._limits)
        return _reading_of(outcome, kind)

    def render(self, data: bytes, kind: str, page: int, width_px: int) -> bytes | None:
        """Return page ``page`` (from 1) as a PNG of ``width_px`` pixels; None where there is no such picture.

        The PNG's resolution (pHYs) tells how many pixels one point of the page takes.
        """
        if sniff(data).verdict is not Verdict.OK or not 16 <= width_px <= _MAX_WIDTH:
            return None
        params = {"kind": kind, "page": page, "width_px": width_px}
        limits = replace(self._limits, output_bytes=_PICTURE_BYTES)
        with self._workers:
            outcome = self._sandbox.run("render", params, data, wall=self._wall_seconds, limits=limits)
        picture = outcome.output
        is_png = picture.startswith(b"\x89PNG\r\n\x1a\n") and png_size(picture) is not None
        return picture if is_png else None


def _reading_of(outcome: Outcome, kind: str) -> Reading:
    """Take the child's answer only when it is wholly in shape; otherwise say how it ended."""
    if outcome.ending is not Ending.DONE:
        verdict, code = _VERDICTS.get(outcome.ending, (Verdict.CRASHED, "crashed"))
        return refused_reading(verdict, code, kind)
    try:
        reading = decode_reading(outcome.output)
    except WireError:
        return refused_reading(Verdict.CRASHED, "crashed", kind)
    return reading if reading.kind == kind else replace(reading, kind=kind)
