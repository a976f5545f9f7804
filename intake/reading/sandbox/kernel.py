"""The few Linux calls that Python does not offer, through libc. Elsewhere every call fails with OSError."""

import ctypes
import errno
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
if _LIBC is not None:
    _LIBC.syscall.restype = ctypes.c_long


def control_process(option: int, first: int = 0, second: int = 0) -> None:
    """Call prctl(2); raise OSError where the kernel refuses."""
    if _LIBC is None:
        raise OSError(errno.ENOSYS, "prctl")
    unused = ctypes.c_ulong(0)
    if _LIBC.prctl(ctypes.c_int(option), ctypes.c_ulong(first), ctypes.c_ulong(second), unused, unused) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def call_kernel(number: int, first: int, second: int, third: int = 0, fourth: int = 0) -> int:
    """Call a system call by number; raise OSError where the kernel refuses."""
    if _LIBC is None:
        raise OSError(errno.ENOSYS, "syscall")
    answer = int(_LIBC.syscall(*(ctypes.c_long(value) for value in (number, first, second, third, fourth))))
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer
