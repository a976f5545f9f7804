"""Resource limits of one child. Lowered for good: a child can never raise them again."""

import os
import resource
import sys
from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use (safety, 4.4). ``output_bytes`` is enforced by the parent that reads the pipe."""

    memory_mib: int = 512
    cpu_seconds: int = 10
    open_files: int = 16
    output_bytes: int = 2 * _MIB


def apply_limits(limits: Limits) -> None:
    """Limit memory, processor time, open files and core dumps of the calling process, and forbid file growth."""
    _lower(resource.RLIMIT_AS, limits.memory_mib * _MIB, limits.memory_mib * _MIB)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    _lower(resource.RLIMIT_FSIZE, 0, 0)
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_NOFILE, limits.open_files, limits.open_files)
    if os.getuid() != 0:
        _lower(resource.RLIMIT_NPROC, 0, 0)


def _lower(which: int, soft: int, hard: int) -> None:
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        hard = min(hard, ceiling)
    try:
        resource.setrlimit(which, (min(soft, hard), hard))
    except (OSError, ValueError):
        if sys.platform == "linux":
            raise
