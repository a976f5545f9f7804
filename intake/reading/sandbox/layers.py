"""Which kernel layers there are, and putting them on.

``require`` never runs a document with a layer missing; ``best-effort`` uses what there is; ``off`` leaves only the
process of its own and its resource limits.
"""

import sys
import sysconfig
from dataclasses import dataclass
from enum import StrEnum

from intake.reading.sandbox.kernel import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, control_process
from intake.reading.sandbox.landlock import landlock_version, make_ruleset, restrict_self
from intake.reading.sandbox.limits import Limits, apply_limits
from intake.reading.sandbox.seccomp import apply_filter, build_filter, is_seccomp_there


class Mode(StrEnum):
    """How much protection is demanded."""

    REQUIRE = "require"
    BEST_EFFORT = "best-effort"
    OFF = "off"


class SandboxUnavailableError(Exception):
    """The kernel does not give what ``require`` demands. The message says what is missing and what to do."""

    code = "sandbox_unavailable"


@dataclass(frozen=True, slots=True)
class Layers:
    """What the kernel gives. ``landlock`` is its ABI, 0 where there is none."""

    landlock: int
    seccomp: bool

    @property
    def is_complete(self) -> bool:
        """Tell whether all layers are there."""
        return self.landlock > 0 and self.seccomp

    def demand(self, mode: Mode) -> None:
        """Raise SandboxUnavailableError when ``mode`` is ``require`` and a layer is missing."""
        if mode is not Mode.REQUIRE or self.is_complete:
            return
        missing = [name for name, there in (("Landlock", self.landlock), ("seccomp", self.seccomp)) if not there]
        raise SandboxUnavailableError(
            f"This system's kernel does not offer {' and '.join(missing)}, which protect against hostile documents. "
            "Run on Linux 5.13 or newer with Landlock enabled (lsm=landlock,...), or set sandbox to 'best-effort' to "
            "accept less protection."
        )


def probe() -> Layers:
    """Ask the kernel what it gives, without giving up anything."""
    if sys.platform != "linux":
        return Layers(0, seccomp=False)
    return Layers(landlock_version(), is_seccomp_there())


@dataclass(frozen=True, slots=True)
class Jail:
    """Layers made ready once, so that each child only has to step in."""

    ruleset: int | None
    program: bytes | None


def build_jail(mode: Mode, readable: list[str], executable: list[str] | None = None) -> Jail:
    """Make the layers ready that ``mode`` wants and the kernel gives."""
    if mode is Mode.OFF:
        return Jail(None, None)
    layers = probe()
    ruleset = make_ruleset(readable, executable or ()) if layers.landlock else None
    program = build_filter(may_execute=bool(executable)) if layers.seccomp else None
    return Jail(ruleset, program)


def enter_jail(jail: Jail, limits: Limits) -> None:
    """Give up everything but the jail, for ever. Raises OSError where a layer that was ready cannot be put on."""
    apply_limits(limits)
    if jail.ruleset is None and jail.program is None:
        return
    control_process(PR_SET_DUMPABLE, 0)
    control_process(PR_SET_NO_NEW_PRIVS, 1)
    if jail.ruleset is not None:
        restrict_self(jail.ruleset)
    if jail.program is not None:
        apply_filter(jail.program)


def library_paths() -> list[str]:
    """Return the folders of the interpreter and its packages: all that a reader may read."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    found = {sysconfig.get_path(name) for name in names}
    found |= {path for path in sys.path if path.endswith(("site-packages", "lib-dynload", "dist-packages"))}
    return sorted(found | {"/usr/lib", "/usr/share/fonts", "/lib", "/lib64"})
