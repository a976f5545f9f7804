"""Skills by their common names: what a written skill is usually called, and where a text names one.

The list beside this module is our own compilation of public names. It must never be taken as the whole of what people
can do: a skill that it lacks is still a skill.
"""

import re
from dataclasses import dataclass
from importlib import resources

from intake.reading.vocabulary import fold

_WORD = re.compile(r"[^\W_](?:[\w+#’']|[.&/-](?=\w))*[+#]*|\.NET\b")
_LONGEST = 4
_ENDS = re.compile(r"(?:^|[.!?:•]\s*)$")


@dataclass(frozen=True, slots=True)
class Named:
    """A skill that a text names: as written, where, and its common name."""

    text: str
    start: int
    end: int
    name: str


def _read_list() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Folded alias → common name; the aliases that are ordinary words too; and those that mostly are no names."""
    names: dict[str, str] = {}
    ordinary: set[str] = set()
    common: set[str] = set()
    group = ""
    for line in resources.files(__package__).joinpath("skills.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            group = line.strip("[]")
        if not line or line[0] in "#[":
            continue
        name, _, rest = line.partition(":")
        aliases = [alias.strip() for alias in rest.split(";") if alias.strip()]
        ordinary |= {alias[1:] for alias in aliases if alias[0] == "~"}
        for alias in (fold(name), *(alias.lstrip("~") for alias in aliases)):
            names.setdefault(alias, name)
            if group == "words" and " " not in alias:
                common.add(alias)
    return names, frozenset(ordinary), frozenset(common)


SKILL_NAMES, _ORDINARY, _COMMON = _read_list()
"""Folded alias → common name."""


def common_name(skill: str) -> str | None:
    """The usual name of a written skill (``JS`` → ``JavaScript``); None where the list does not know it."""
    return SKILL_NAMES.get(fold(skill))


def common_names(skills: tuple[str, ...]) -> tuple[str, ...]:
    """The common names of these skills that are not written there already, each once."""
    written = {fold(skill) for skill in skills}
    named = (common_name(skill) for skill in skills)
    return tuple(dict.fromkeys(name for name in named if name and fold(name) not in written))


def find_skills(text: str, *, listed: bool) -> list[Named]:
    """The skills that a text names, longest first at each place, in order.

    In running text (not ``listed``) ordinary words do not count, and a single word only with a capital or a mark.
    """
    words = list(_WORD.finditer(text))
    found: list[Named] = []
    at = 0
    while at < len(words):
        named = _longest_at(text, words, at, listed=listed)
        if named is not None:
            found.append(named[0])
        at += named[1] if named else 1
    return found


def is_name_alone(written: str) -> bool:
    """Whether a known skill is told even beside other words: several words, or a name with a capital or a mark."""
    plain = fold(written)
    if " " in plain:
        return True
    return plain not in _COMMON and any(char.isupper() or char.isdigit() or char in "+#" for char in written)


def _longest_at(text: str, words: list[re.Match[str]], at: int, *, listed: bool) -> tuple[Named, int] | None:
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        start, end = words[at].start(), words[at + size - 1].end()
        written = text[start:end]
        name = SKILL_NAMES.get(fold(written))
        if name and (listed or _is_believed(written, text[:start], size)):
            return Named(written, start, end, name), size
    return None


def _is_believed(written: str, before: str, size: int) -> bool:
    """Whether a name in running text can hardly be an ordinary word."""
    if size > 1:
        return True
    plain = fold(written)
    if plain in _COMMON:
        return False
    if plain not in _ORDINARY:
        return any(char.isupper() or char.isdigit() or char in "+#" for char in written)
    named = plain in fold(SKILL_NAMES[plain]).split()
    return named and written[0].isupper() and len(written) > 1 and not _ENDS.search(before)
