"""One thing that the doctor looked at, and how it stands."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a finding stands: as it must be; to be looked at; wrong."""

    OK = "ok"
    WARN = "warn"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it stands, what was seen, and what to do. No name, address or key is ever in it."""

    check: str
    level: Level
    seen: str
    advice: str = ""


def ok(check: str, seen: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, seen)


def warn(check: str, seen: str, advice: str) -> Finding:
    """Somebody should look at it."""
    return Finding(check, Level.WARN, seen, advice)


def red(check: str, seen: str, advice: str) -> Finding:
    """It is wrong."""
    return Finding(check, Level.RED, seen, advice)
