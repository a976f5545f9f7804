"""From a TOML file, or the name of a shipped profile, to a checked Policy.

A profile that cannot be kept, or that law forbids, is refused whole; no part of it ever takes effect.
"""

import re
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from retention.policy import lines
from retention.policy.decode import decode_policy
from retention.policy.lawful import find_faults
from retention.policy.policy import Policy
from retention.policy.problems import PolicyError, Problem, write_key

DEFAULT = "default"


def bundled_names() -> tuple[str, ...]:
    """The names of the shipped profiles, the default first."""
    names = sorted(entry.name.removesuffix(".toml") for entry in _shelf().iterdir() if entry.name.endswith(".toml"))
    return (DEFAULT, *(name for name in names if name != DEFAULT))


def read_bundled(name: str) -> str:
    """The TOML text of a shipped profile. Raises LookupError for any other name."""
    if name not in bundled_names():
        raise LookupError(f"no shipped profile is called {name!r}; there are: {', '.join(bundled_names())}")
    return _shelf().joinpath(f"{name}.toml").read_text("utf-8")


def load_policy(source: Path | str = DEFAULT) -> Policy:
    """The policy in a file, or a shipped one by its name (a plain word; anything with a dot or slash is a path).

    Raises PolicyError with every reason when it is refused, OSError when it cannot be read, LookupError for a name
    that is not shipped.
    """
    if isinstance(source, str) and re.fullmatch(r"[a-z0-9-]+", source):
        return parse_policy(read_bundled(source), source)
    return parse_policy(Path(source).read_text("utf-8"), str(source))


def parse_policy(text: str, name: str = "policy") -> Policy:
    """The policy that a TOML text spells. Raises PolicyError with every reason when it is refused."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(name, (_syntax_problem(text, str(error)),)) from None
    where = lines.locate_keys(text)
    problems: list[Problem] = []

    def report(path: lines.Path, message: str) -> None:
        problems.append(Problem(lines.find_line(where, path), write_key(path), message))

    policy = decode_policy(document, report)
    if policy is not None:
        for path, message in find_faults(policy):
            report(path, message)
    if policy is None or problems:
        raise PolicyError(name, tuple(sorted(problems, key=lambda p: (p.line, p.key, p.message))))
    return policy


def _syntax_problem(text: str, message: str) -> Problem:
    match = re.search(r"at line (\d+)", message)
    line = int(match[1]) if match else text.count("\n") + 1
    return Problem(line, "TOML", re.sub(r" \(at .*\)$", "", message))


def _shelf() -> Traversable:
    return files("retention.policy").joinpath("profiles")
