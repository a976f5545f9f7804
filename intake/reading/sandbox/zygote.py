"""The warm parent: imports the readers once, then forks a child for each document.

Started as a process of its own with a scrubbed environment and one open socket. It holds no secret, reads no
document, runs one thread and never blocks: it forks, reaps, and kills a child whose caller has gone.

Wire: the caller sends one byte with three file descriptors (the child's input, its output, a channel). The input
opens with one JSON line, the task, followed by the document. When the child has ended the channel gets one JSON
line with how. Closing the channel's other end kills the child.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Never

from intake.reading.sandbox.kernel import PR_SET_PDEATHSIG, control_process
from intake.reading.sandbox.layers import Jail, Mode, build_jail, enter_jail, library_paths
from intake.reading.sandbox.limits import Limits
from intake.reading.sandbox.programs import READABLE, executables

EXIT_FAILED, EXIT_NO_JAIL = 70, 78
_PEER_CLOSED = getattr(select, "POLLRDHUP", 0)
_KEPT = 3
"""The one descriptor besides the standard three that a child keeps until it is jailed: its Landlock ruleset."""


@dataclass(frozen=True, slots=True)
class _Child:
    pid: int
    channel: socket.socket
    started: float


@dataclass(slots=True)
class _Zygote:
    control: socket.socket
    tasks: ModuleType
    jails: dict[str, Jail]
    pid: int = field(default_factory=os.getpid)
    by_pid: dict[int, _Child] = field(default_factory=dict)
    by_channel: dict[int, _Child] = field(default_factory=dict)


def main() -> None:
    """Serve until the caller closes the control socket. Argument: one JSON object."""
    config: dict[str, Any] = json.loads(sys.argv[1])
    control = socket.socket(fileno=config["control"])
    sys.path[:0] = config["path"]
    tasks = importlib.import_module(config["tasks"])
    tasks.preload(config["preload"])
    mode = Mode(config["mode"])
    zygote = _Zygote(control, tasks, _build_jails(mode, tasks))
    gc.collect()
    gc.freeze()
    control.sendall(b"\x01")
    _serve(zygote)


def _build_jails(mode: Mode, tasks: ModuleType) -> dict[str, Jail]:
    own = [os.path.dirname(os.path.abspath(name)) for name in tasks.SOURCES]  # noqa: PTH100, PTH120
    jails = {"read": build_jail(mode, [*library_paths(), *own])}
    programs: list[str] = tasks.PROGRAMS
    if programs:
        jails["program"] = build_jail(mode, READABLE, executables(programs))
    return jails


def _serve(zygote: _Zygote) -> None:
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    poller = select.poll()
    poller.register(zygote.control, select.POLLIN)
    poller.register(wake_read, select.POLLIN)
    while True:
        for descriptor, _event in poller.poll():
            if descriptor == zygote.control.fileno():
                if not _accept(zygote, poller):
                    return _kill_all(zygote)
            elif descriptor == wake_read:
                os.read(wake_read, 4096)
                _reap(zygote, poller)
            else:
                _kill(zygote.by_channel[descriptor], poller)


def _kill_all(zygote: _Zygote) -> None:
    for child in zygote.by_pid.values():
        os.kill(child.pid, signal.SIGKILL)


def _kill(child: _Child, poller: select.poll) -> None:
    """The caller has hung up: end the child. It is reaped, and its channel answered, like any other."""
    poller.unregister(child.channel)
    os.kill(child.pid, signal.SIGKILL)


def _reap(zygote: _Zygote, poller: select.poll) -> None:
    while zygote.by_pid:
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if pid == 0:
            return
        child = zygote.by_pid.pop(pid)
        del zygote.by_channel[child.channel.fileno()]
        with contextlib.suppress(KeyError):
            poller.unregister(child.channel)
        ended = {
            "code": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime,
            "rss": usage.ru_maxrss,
            "wall": time.monotonic() - child.started,
        }
        with contextlib.suppress(OSError):
            child.channel.send(json.dumps(ended).encode())
        child.channel.close()


def _accept(zygote: _Zygote, poller: select.poll) -> bool:
    message, descriptors, _flags, _address = socket.recv_fds(zygote.control, 1, 3)
    if not message:
        return False
    if len(descriptors) == 3:
        _fork(zygote, poller, *descriptors)
    else:
        for descriptor in descriptors:
            os.close(descriptor)
    return True


def _fork(zygote: _Zygote, poller: select.poll, source: int, sink: int, channel: int) -> None:
    """Start a child. Where the system allows no more processes, the caller learns of it by the closed channel."""
    pid = _try_fork()
    if pid == 0:
        _become_child(zygote, source, sink)
    os.close(source)
    os.close(sink)
    if pid is None:
        os.close(channel)
        return
    child = _Child(pid, socket.socket(fileno=channel), time.monotonic())
    child.channel.setblocking(False)
    zygote.by_pid[pid] = child
    zygote.by_channel[channel] = child
    poller.register(channel, select.POLLIN | select.POLLHUP | _PEER_CLOSED)


def _try_fork() -> int | None:
    try:
        return os.fork()
    except OSError:
        return None


def _become_child(zygote: _Zygote, source: int, sink: int) -> Never:
    """Run one task and end the process, whatever happens; nothing may ever return into the zygote's loop."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        _die_with(zygote.pid)
        os.dup2(source, 0)
        os.dup2(sink, 1)
        _run_task(zygote)
    except BaseException:  # noqa: BLE001 - the last frame of the child; the parent learns of it by the exit code
        os._exit(EXIT_FAILED)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        control_process(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(EXIT_FAILED)


def _run_task(zygote: _Zygote) -> Never:
    task: dict[str, Any] = json.loads(_read_line(0))
    jail = _keep_ruleset(zygote.jails[task["jail"]])
    os.closerange(_KEPT if jail.ruleset is None else _KEPT + 1, 4096)
    try:
        enter_jail(jail, Limits(**task["limits"]))
    except OSError:
        os._exit(EXIT_NO_JAIL)
    os.closerange(_KEPT, _KEPT + 1)
    run: Callable[[dict[str, Any]], bytes] = getattr(zygote.tasks, "run_" + task["name"])
    _write_all(1, run(task["params"]))
    os._exit(0)


def _keep_ruleset(jail: Jail) -> Jail:
    if jail.ruleset is None:
        return jail
    os.dup2(jail.ruleset, _KEPT)
    return Jail(_KEPT, jail.program)


def _read_line(descriptor: int) -> bytes:
    """Read up to a newline and not a byte more: the rest is the document, read once jailed."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(descriptor, 1)
        if not byte:
            raise EOFError
        line += byte
    return bytes(line)


def read_input() -> bytes:
    """Return the document: all that is left on standard input."""
    parts: list[bytes] = []
    while part := os.read(0, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    main()
