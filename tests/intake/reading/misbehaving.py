"""Tasks of a child that behaves as badly as a hostile document could make it. Loaded by the zygote in tests only."""

import ctypes
import errno
import json
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import intake
import storage
from intake.reading.sandbox.zygote import read_input

SOURCES = [str(package.__file__) for package in (intake, storage)]
PROGRAMS: list[str] = []


def preload(_kinds: list[str]) -> None:
    """Nothing to warm up."""


def _attempt(action: Callable[[], Any]) -> str:
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno or 0]
    except ValueError:
        return "EPERM"
    return "allowed"


def _system_call(number: int, *arguments: int) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)

    def call() -> None:
        if libc.syscall(ctypes.c_long(number), *[ctypes.c_long(value) for value in arguments]) < 0:
            raise OSError(ctypes.get_errno(), "")

    return call


def _write_file() -> None:
    with open("/tmp/vitavault-probe", "wb"):  # noqa: PTH123 - the plainest way to write is what is probed
        pass


def run_probe(params: dict[str, Any]) -> bytes:
    """Try what a captured child would try, and say how each went."""
    address = ("127.0.0.1", 9)
    attempts: dict[str, Callable[[], Any]] = {
        "read a system file": lambda: open("/etc/passwd", "rb"),  # noqa: PTH123, SIM115
        "read the data folder": lambda: open(params["secret"], "rb"),  # noqa: PTH123, SIM115
        "list the data folder": lambda: os.listdir(Path(params["secret"]).parent),  # noqa: PTH208
        "read an environment": lambda: open("/proc/self/environ", "rb"),  # noqa: PTH123, SIM115
        "write a file": _write_file,
        "tcp": lambda: socket.create_connection(address, 1),
        "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", address),
        "unix socket": lambda: socket.socket(socket.AF_UNIX),
        "execute": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606
        "fork": os.fork,
        "kill the parent": lambda: os.kill(params["parent"], 0),
        "kill the zygote": lambda: os.kill(os.getppid(), 0),
        "memory file": lambda: os.memfd_create("x"),
        "trace the parent": _system_call(101 if os.uname().machine == "x86_64" else 117, 16, params["parent"], 0, 0),
        "io_uring": _system_call(425, 1, 0),
        "raise a limit": lambda: __import__("resource").setrlimit(7, (64, 64)),
        "change user": lambda: os.setuid(12345),
    }
    return json.dumps({name: _attempt(action) for name, action in attempts.items()}).encode()


def run_environment(_params: dict[str, Any]) -> bytes:
    """Tell what the child knows of its surroundings."""
    descriptors = []
    for number in range(64):
        try:
            os.fstat(number)
        except OSError:
            continue
        descriptors.append(number)
    return json.dumps({"environment": dict(os.environ), "descriptors": descriptors}).encode()


def run_echo(_params: dict[str, Any]) -> bytes:
    """Return the document."""
    return read_input()


def run_flood(_params: dict[str, Any]) -> bytes:
    """Write without end."""
    while True:
        os.write(1, b"x" * 65536)


def run_rubbish(_params: dict[str, Any]) -> bytes:
    """Answer with what is no JSON."""
    return b'{"verdict": "ok", \xff'


def run_nothing(_params: dict[str, Any]) -> bytes:
    """Answer with nothing at all."""
    return b""


def run_linger(_params: dict[str, Any]) -> bytes:
    """Answer, close the pipe, and stay."""
    os.write(1, b"answer")
    os.close(1)
    time.sleep(3600)
    return b""


def run_deaf(_params: dict[str, Any]) -> bytes:
    """Ignore every signal that can be ignored, and stay."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(3600)
    return b""


def run_crash(_params: dict[str, Any]) -> bytes:
    """Die of a memory fault."""
    ctypes.string_at(0)
    return b""


def run_spin(_params: dict[str, Any]) -> bytes:
    """Use the processor for ever."""
    while True:
        pass


def run_hoard(_params: dict[str, Any]) -> bytes:
    """Take all the memory there is."""
    hoard = []
    while True:
        hoard.append(bytearray(16 * 1024 * 1024))
