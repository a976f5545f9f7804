"""What is wrong with a policy profile, said exactly: the line, the key, the reason."""

from dataclasses import dataclass

from retention.policy.lines import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing for which a profile is refused. ``line`` counts from 1; ``key`` reads as ``periods[2].reason``."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key}: {self.message}"


class PolicyError(ValueError):
    """A profile that is refused. ``problems`` holds every reason found, in the order of their lines."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        self.name = name
        self.problems = problems
        super().__init__("\n".join(f"{name}: {problem}" for problem in problems))


def write_key(path: Path) -> str:
    """A path as people write it: ``periods[2].reason``, entries counted from 1 as they are read."""
    written = ""
    for part in path:
        written += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return written.lstrip(".") or "the profile"
