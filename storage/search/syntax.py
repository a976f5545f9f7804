"""The forms of a recruiter's query after it was understood, and how that is told back to them.

Must never carry anything but what was typed: no result, no person.
"""

from collections.abc import Iterator
from dataclasses import dataclass


class QueryError(ValueError):
    """A query that cannot be understood.

    ``code`` is stable, ``position`` the character (from 0) at which the caret stands, ``message`` the public text;
    none of them repeats what was typed.
    """

    def __init__(self, code: str, position: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.position = position
        self.message = message


@dataclass(frozen=True, slots=True)
class Word:
    """A word, stemmed unless ``prefix``; ``field`` empty means all fields that have a weight."""

    text: str
    field: str = ""
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words as written. ``near`` 0: next to each other in this order; else any order, ``near`` words apart at most."""

    words: tuple[str, ...]
    field: str = ""
    near: int = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """A coded fact: ``opening``, ``stage`` or ``country``."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Years:
    """Whole years of work, both ends included; ``None`` is open."""

    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be so."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What must all be so."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Of which one must be so."""

    nodes: tuple["Node", ...]


Node = Word | Phrase | Fact | Years | Not | And | Or
Leaf = Word | Phrase | Fact | Years


def explain(node: Node) -> str:
    """Return how a query was understood: itself, with every operator and bracket written out.

    Language-free on purpose (pages add their own words), and a query in its own right that means the same.
    """
    match node:
        case And(nodes):
            return " AND ".join(_nested(part) for part in nodes)
        case Or(nodes):
            return " OR ".join(_nested(part) for part in nodes)
        case Not(inner):
            return f"NOT {_nested(inner)}"
        case _:
            return _leaf_text(node)


def _nested(node: Node) -> str:
    return f"({explain(node)})" if isinstance(node, And | Or) else explain(node)


def _leaf_text(node: Leaf) -> str:
    match node:
        case Word(text, field, prefix):
            return _under(field) + text + ("*" if prefix else "")
        case Phrase(words, field, near):
            return f'{_under(field)}"{" ".join(words)}"' + (f"~{near}" if near else "")
        case Fact(name, value):
            return f"{name}:{value}"
        case _:
            return "years:" + _range_text(node.least, node.most)


def _under(field: str) -> str:
    return f"{field}:" if field else ""


def _range_text(least: int | None, most: int | None) -> str:
    if least == most:
        return str(least)
    if least is None:
        return f"<={most}"
    return f">={least}" if most is None else f"{least}-{most}"


def wanted_leaves(node: Node) -> Iterator[Word | Phrase]:
    """Yield the words and phrases that a hit was found by: none that stand under an odd number of NOTs."""
    yield from _leaves(node, wanted=True)


def _leaves(node: Node, *, wanted: bool) -> Iterator[Word | Phrase]:
    match node:
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _leaves(part, wanted=wanted)
        case Not(inner):
            yield from _leaves(inner, wanted=not wanted)
        case Word() | Phrase() if wanted:
            yield node
