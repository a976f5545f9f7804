"""Landlock: a process gives up the file system but for a few read-only places, and TCP, and signals to others.

Source: linux/landlock.h and landlock(7). Landlock does not stop UDP, path sockets or new processes: seccomp does.
"""

import ctypes
import os
from collections.abc import Iterable

from intake.reading.sandbox.kernel import call_kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
EXECUTE, READ_FILE, READ_DIR = 1 << 0, 1 << 2, 1 << 3
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NET_ALL, _SCOPE_ALL = 0b11, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def landlock_version() -> int:
    """Return the kernel's Landlock ABI, 0 where it has none or it is switched off."""
    try:
        return call_kernel(_CREATE, 0, 0, _VERSION)
    except OSError:
        return 0


def make_ruleset(readable: Iterable[str], executable: Iterable[str] = ()) -> int:
    """Return a ruleset's file descriptor that allows reading (and running) below these paths and nothing else."""
    version = landlock_version()
    attributes = _Ruleset((1 << _FS_BITS.get(version, 16)) - 1, _NET_ALL, _SCOPE_ALL)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = call_kernel(_CREATE, ctypes.addressof(attributes), size)
    for path in readable:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    for path in executable:
        _allow(ruleset, path, READ_FILE | READ_DIR | EXECUTE)
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - the zygote keeps pathlib out of its children's start
            rights &= ~READ_DIR
        rule = _PathBeneath(rights, place)
        call_kernel(_ADD, ruleset, _PATH_BENEATH, ctypes.addressof(rule))
    finally:
        os.close(place)


def restrict_self(ruleset: int) -> None:
    """Bind the calling process and its children to the ruleset, for ever. Needs no_new_privs."""
    call_kernel(_RESTRICT, ruleset, 0)
