"""On which line of a TOML text each key stands, so that a refusal can name it.

Reads only as much TOML as that needs; ``tomllib`` is the parser, and has accepted the text before this is asked.
Keys inside inline tables and arrays are not located: the nearest key around them is.
"""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]

_NEXT = re.compile(r'"""|\'\'\'|"|\'|#|[\[\]{}]|\n')
_KEY = re.compile(r'"[^"]*"|\'[^\']*\'|[A-Za-z0-9_-]+')


def locate_keys(text: str) -> dict[Path, int]:
    """The line, counted from 1, of every table and key, by its path; array tables carry their index."""
    found: dict[Path, int] = {(): 1}
    prefix: Path = ()
    for line, statement in _statements(text):
        if statement.startswith("["):
            prefix = _enter(statement, found)
            found.setdefault(prefix, line)
        else:
            found.setdefault((*prefix, *_keys(statement.partition("=")[0])), line)
    return found


def find_line(lines: dict[Path, int], path: Path) -> int:
    """The line of a key, or of the nearest thing around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _keys(text: str) -> Path:
    return tuple(key.strip("\"'") for key in _KEY.findall(text))


def _enter(header: str, found: dict[Path, int]) -> Path:
    """The path that a table header opens, with the index of each array table on the way."""
    *parents, last = _keys(header.partition("#")[0])
    path: Path = ()
    for key in parents:
        path = _latest((*path, key), found)
    if not header.startswith("[["):
        return (*path, last)
    index = 0
    while (*path, last, index) in found:
        index += 1
    return (*path, last, index)


def _latest(path: Path, found: dict[Path, int]) -> Path:
    index = -1
    while (*path, index + 1) in found:
        index += 1
    return path if index < 0 else (*path, index)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or assignment with the line on which it begins, whole even over many lines."""
    start = 0
    while start < len(text):
        end = _end_of_statement(text, start)
        statement = text[start:end].strip()
        if statement and not statement.startswith("#"):
            yield text.count("\n", 0, start) + 1, statement
        start = end + 1


def _end_of_statement(text: str, position: int) -> int:
    depth = 0
    while match := _NEXT.search(text, position):
        mark, position = match[0], match.end()
        if mark == "\n":
            if depth == 0:
                return match.start()
        elif mark == "#":
            position = text.find("\n", position) % (len(text) + 1)
        elif mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        else:
            position = _end_of_string(text, position, mark)
    return len(text)


def _end_of_string(text: str, position: int, quote: str) -> int:
    """The position behind the closing quote. A backslash escapes only inside double quotes."""
    escape = r"(?:\\.|.)*?" if quote.startswith('"') else r".*?"
    match = re.compile(escape + quote, re.DOTALL).match(text, position)
    return match.end() if match else len(text)
