"""seccomp: a short list of system calls, everything else answered with EPERM.

The filter is classic BPF built here, so that no library has to be installed. A call by another architecture's
numbering kills the process. Source: seccomp(2), linux/filter.h, asm/unistd_64.h and asm-generic/unistd.h.
"""

import ctypes
import errno
import os
import struct

from intake.reading.sandbox.kernel import PR_SET_SECCOMP, control_process

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_FILTER_MODE = 2
_X32 = 0x40000000
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# fmt: off
_X86_64 = {
    "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
    "pread64": 17, "readv": 19, "writev": 20, "access": 21, "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32,
    "nanosleep": 35, "getpid": 39, "exit": 60, "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89,
    "gettimeofday": 96, "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107,
    "getegid": 108, "getppid": 110, "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "getdents64": 217, "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230,
    "exit_group": 231, "openat": 257, "newfstatat": 262, "readlinkat": 267, "faccessat": 269, "getrandom": 318,
    "statx": 332, "rseq": 334, "faccessat2": 439,
}
_X86_64_EXEC = {
    "execve": 59, "arch_prctl": 158, "set_tid_address": 218, "set_robust_list": 273, "prlimit64": 302, "fadvise64": 221,
    "statfs": 137, "ioctl": 16,
}
_AARCH64 = {
    "getcwd": 17, "dup": 23, "fcntl": 25, "faccessat": 48, "openat": 56, "close": 57, "getdents64": 61, "lseek": 62,
    "read": 63, "write": 64, "readv": 65, "writev": 66, "pread64": 67, "ppoll": 73, "readlinkat": 78, "newfstatat": 79,
    "fstat": 80, "exit": 93, "exit_group": 94, "futex": 98, "nanosleep": 101, "clock_gettime": 113,
    "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124, "sigaltstack": 132,
    "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153, "uname": 160, "getrusage": 165,
    "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175, "getgid": 176, "getegid": 177,
    "gettid": 178, "sysinfo": 179, "brk": 214, "munmap": 215, "mremap": 216, "mmap": 222, "mprotect": 226,
    "madvise": 233, "getrandom": 278, "statx": 291, "rseq": 293, "faccessat2": 439,
}
_AARCH64_EXEC = {
    "execve": 221, "set_tid_address": 96, "set_robust_list": 99, "prlimit64": 261, "fadvise64": 223, "statfs": 43,
    "ioctl": 29,
}
# fmt: on
_CALLS = {"x86_64": (_X86_64, _X86_64_EXEC), "aarch64": (_AARCH64, _AARCH64_EXEC)}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def is_seccomp_there() -> bool:
    """Tell whether the kernel would take a filter: asked with none, it answers EFAULT instead of EINVAL."""
    if os.uname().machine not in _CALLS:
        return False
    try:
        control_process(PR_SET_SECCOMP, _FILTER_MODE, 0)
    except OSError as error:
        return error.errno == errno.EFAULT
    return False


def build_filter(*, may_execute: bool = False) -> bytes:
    """Return the filter for this machine; with ``may_execute`` it lets a program start (Landlock says which)."""
    machine = os.uname().machine
    plain, extra = _CALLS[machine]
    numbers = sorted([*plain.values(), *(extra.values() if may_execute else ())])
    code = [_step(_LOAD, 4), _step(_JUMP_EQUAL, _AUDIT[machine], 1, 0), _step(_RETURN, _KILL), _step(_LOAD, 0)]
    if machine == "x86_64":
        code += [_step(_JUMP_AT_LEAST, _X32, 0, 1), _step(_RETURN, _KILL)]
    for number in numbers:
        code += [_step(_JUMP_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    return b"".join([*code, _step(_RETURN, _ERROR | errno.EPERM)])


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, when_true, when_false, value)


def apply_filter(code: bytes) -> None:
    """Bind the calling process to the filter, for ever. Needs no_new_privs."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    control_process(PR_SET_SECCOMP, _FILTER_MODE, ctypes.addressof(program))
