"""The caller's side: starts the zygote, hands it documents, and treats what comes back as hostile.

Promises: `run` ends within its time, reads no more than its cap, never raises for what a child does, and survives the
zygote's death. Bytes travel through pipes only and never touch a disk.
"""

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from intake.reading.sandbox.layers import Mode, SandboxUnavailableError, probe
from intake.reading.sandbox.limits import Limits

_START_SECONDS = 60.0
_KILL_SECONDS = 5.0
_PIPE_BYTES = 1 << 20


class Ending(StrEnum):
    """How a child ended."""

    DONE = "done"
    FAILED = "failed"
    TIMEOUT = "timeout"
    FLOODED = "flooded"
    CRASHED = "crashed"
    LOST = "lost"
    """The zygote died under it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task. ``output`` is untrusted; processor seconds and peak kilobytes are the child's."""

    ending: Ending
    output: bytes = b""
    cpu_seconds: float = 0.0
    peak_kib: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a zygote runs: the module of tasks, what it imports beforehand, and how much protection is demanded."""

    tasks: str
    mode: Mode = Mode.REQUIRE
    preload: tuple[str, ...] = ()
    path: tuple[str, ...] = ()


@dataclass(slots=True)
class _Job:
    """Our ends of one child's pipes."""

    source: int
    sink: int
    channel: socket.socket
    rest: memoryview
    limits: Limits
    output: bytearray = field(default_factory=bytearray)

    def close(self) -> None:
        for descriptor in (self.source, self.sink):
            if descriptor >= 0:
                os.close(descriptor)
        self.source = self.sink = -1
        self.channel.close()


class Sandbox:
    """A zygote and the way to it. Thread-safe; several children may run at once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._closed = False

    def start(self) -> None:
        """Start the zygote and wait until it is warm. Raises SandboxUnavailableError."""
        probe().demand(self._plan.mode)
        with self._lock:
            self._closed = False
            self._spawn()

    def close(self) -> None:
        """End the zygote and every child; can be started again."""
        with self._lock:
            self._closed = True
            self._end()

    @property
    def zygote_pid(self) -> int | None:
        """The zygote's process id while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def run(
        self, name: str, params: dict[str, Any], data: bytes, *, wall: float, limits: Limits, jail: str = "read"
    ) -> Outcome:
        """Run one task on a document in a child of its own. Returns within ``wall`` seconds, give or take a kill."""
        task = {"name": name, "params": params, "limits": asdict(limits), "jail": jail}
        deadline = time.monotonic() + wall
        outcome = Outcome(Ending.LOST)
        for _attempt in range(2):
            outcome = self._run_once(json.dumps(task).encode() + b"\n" + data, deadline, limits)
            if outcome.ending is not Ending.LOST:
                break
        return outcome

    def _run_once(self, message: bytes, deadline: float, limits: Limits) -> Outcome:
        try:
            job = self._send(message, limits)
        except OSError:
            return Outcome(Ending.LOST)
        try:
            flaw = _talk(job, deadline)
            return self._finish(job, flaw, deadline)
        finally:
            job.close()

    def _send(self, message: bytes, limits: Limits) -> _Job:
        source_child, source = os.pipe()
        sink, sink_child = os.pipe()
        channel, channel_child = socket.socketpair()
        job = _Job(source, sink, channel, memoryview(message), limits)
        try:
            for descriptor in (source, sink):
                os.set_blocking(descriptor, False)
            _widen(source)
            with self._lock:
                control = self._alive()
                socket.send_fds(control, [b"\x01"], [source_child, sink_child, channel_child.fileno()])
        except OSError:
            job.close()
            raise
        finally:
            os.close(source_child)
            os.close(sink_child)
            channel_child.close()
        return job

    def _finish(self, job: _Job, flaw: Ending | None, deadline: float) -> Outcome:
        """Learn how the child ended; one that was cut off, or lingers after its answer, is killed first."""
        patience = 0.0 if flaw else max(0.0, min(0.5, deadline - time.monotonic()))
        ended = _await_end(job.channel, patience)
        killed = ended is None
        if ended is None:
            with contextlib.suppress(OSError):
                job.channel.shutdown(socket.SHUT_WR)
            ended = _await_end(job.channel, _KILL_SECONDS)
        if ended is None:
            self._condemn()
        elif not ended:
            return Outcome(flaw or Ending.LOST)
        return _judge(job, flaw, ended or {}, killed=killed)

    def _condemn(self) -> None:
        """The zygote does not even answer a kill: end it; its children die with it."""
        with self._lock:
            self._end()

    def _alive(self) -> socket.socket:
        if self._closed:
            raise ConnectionError("closed")
        if self._process is None or self._process.poll() is not None or self._control is None:
            self._spawn()
        if self._control is None:
            raise ConnectionError("no zygote")
        return self._control

    def _spawn(self) -> None:
        self._end()
        ours, theirs = socket.socketpair()
        config = asdict(self._plan) | {"control": theirs.fileno()}
        command = [sys.executable, "-I", "-m", "intake.reading.sandbox.zygote", json.dumps(config)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, fixed arguments
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={"LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
                cwd="/",
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(_START_SECONDS)
        if ours.recv(1) != b"\x01":
            self._end()
            raise SandboxUnavailableError("The reading process did not start.")
        ours.settimeout(_KILL_SECONDS)

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _widen(pipe: int) -> None:
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _talk(job: _Job, deadline: float) -> Ending | None:
    """Feed the child and read its answer until it closes its output; return what cut it short."""
    with selectors.DefaultSelector() as selector:
        selector.register(job.source, selectors.EVENT_WRITE)
        selector.register(job.sink, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return Ending.TIMEOUT
            for key, _events in selector.select(left):
                if key.fd == job.source:
                    if not _feed(job):
                        selector.unregister(job.source)
                        os.close(job.source)
                        job.source = -1
                elif not _drain(job):
                    return None
                elif len(job.output) > job.limits.output_bytes:
                    return Ending.FLOODED


def _feed(job: _Job) -> bool:
    """Write what the pipe takes; False when all is written or the child reads no more."""
    try:
        job.rest = job.rest[os.write(job.source, job.rest[:_PIPE_BYTES]) :]
    except BlockingIOError:
        return True
    except OSError:
        return False
    return bool(job.rest)


def _drain(job: _Job) -> bool:
    part = os.read(job.sink, 1 << 16)
    job.output += part
    return bool(part)


def _await_end(channel: socket.socket, seconds: float) -> dict[str, Any] | None:
    """Return the zygote's word on the child, empty when the zygote is gone, None when it did not come in time."""
    channel.settimeout(max(seconds, 0.001))
    try:
        word = channel.recv(1024)
    except TimeoutError:
        return None
    except OSError:
        return {}
    return dict(json.loads(word)) if word else {}


def _judge(job: _Job, flaw: Ending | None, ended: dict[str, Any], *, killed: bool) -> Outcome:
    code = ended.get("code", -signal.SIGKILL)
    cpu = float(ended.get("cpu", 0.0))
    if flaw is not None:
        ending = flaw
    elif code == -signal.SIGXCPU or (code == -signal.SIGKILL and cpu >= job.limits.cpu_seconds):
        ending = Ending.TIMEOUT
    elif code == 0 or (killed and job.output):
        ending = Ending.DONE
    else:
        ending = Ending.FAILED if code > 0 else Ending.CRASHED
    output = bytes(job.output) if ending is Ending.DONE else b""
    return Outcome(ending, output, cpu, int(ended.get("rss", 0)))
