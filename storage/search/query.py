"""Parses the boolean language that recruiters know into a tree (C3).

``AND`` (also where nothing stands between), ``OR``, ``NOT`` and ``-``, brackets, ``"phrases"``, ``"two words"~5``,
``trail*``, ``field:word``, ``field:"a phrase"``, ``field:(a OR b)``; operators in upper case only. NOT binds tightest,
then AND, then OR. Fields are those of the registry of personal data, and the facts ``opening:``, ``stage:``,
``country:`` and ``years:`` (``5``, ``3-7``, ``5+``, ``>=5``, ``<3``).

Must never raise anything but :class:`QueryError`, whatever the text.
"""

import re
from collections.abc import Callable

from storage.search.analysis import LONGEST_WORD, Span, exact_spans, normalise
from storage.search.documents import FACTS, WEIGHTS
from storage.search.lexer import Kind, Token, cut
from storage.search.syntax import And, Fact, Node, Not, Or, Phrase, QueryError, Word, Years, explain
from storage.vocabulary import Stage

__all__ = ["And", "Fact", "Node", "Not", "Or", "Phrase", "QueryError", "Word", "Years", "explain", "parse"]

MOST_TERMS = 64
DEEPEST = 16
SHORTEST_PREFIX = 2
MOST_NEAR = 4
"""Words of a proximity phrase: each order is looked for, so their number is kept small."""

_PLAIN = re.compile(r"[\w.+#@'&/-]+")
_OPENING = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_YEARS = re.compile(r"(?P<op>[<>]=?)?(?P<a>[0-9]{1,3})(?:(?P<plus>\+)|(?:-|\.\.)(?P<b>[0-9]{1,3}))?")
_NOTHING = "A word is missing here."
_VALUES = {
    "opening": "The name of an opening has letters, digits and hyphens.",
    "stage": f"The stages are: {', '.join(Stage)}.",
    "country": "A country has two letters, as in DE; a region follows a hyphen, as in US-CA.",
    "years": "Years are written 5, 3-7, 5+, >=5 or <3.",
}


def parse(query: str) -> Node:
    """Return what the query means. Raises :class:`QueryError` with a place and a public message, and nothing else."""
    return _Parser(cut(query)).whole()


class _Parser:
    """One pass over the tokens; the state is where it stands, how deep, and how many terms were met."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = [token for token in tokens if not _is_noise(token)]
        self._at = 0
        self._depth = 0
        self._terms = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._token
        self._at += 1
        return token

    def whole(self) -> Node:
        if self._token.kind is Kind.END:
            raise QueryError("empty", 0, "Type a word to look for.")
        node = self._either("")
        if self._token.kind is Kind.CLOSE:
            raise QueryError("unopened_bracket", self._token.start, "This bracket was never opened.")
        return node

    def _either(self, field: str) -> Node:
        nodes = [self._all(field)]
        while self._token.kind is Kind.OR:
            self._take()
            nodes.append(self._all(field))
        return nodes[0] if len(nodes) == 1 else Or(_flat(nodes, Or))

    def _all(self, field: str) -> Node:
        nodes = [self._one(field)]
        while self._token.kind not in {Kind.OR, Kind.CLOSE, Kind.END}:
            if self._token.kind is Kind.AND:
                self._take()
            nodes.append(self._one(field))
        return nodes[0] if len(nodes) == 1 else And(_flat(nodes, And))

    def _one(self, field: str) -> Node:
        token = self._take()
        match token.kind:
            case Kind.NOT:
                return Not(self._deeper(token, field, self._one))
            case Kind.OPEN:
                return self._bracket(token, field)
            case Kind.FIELD:
                return self._field(token, field)
            case Kind.PHRASE | Kind.WORD:
                return self._counted(token, _leaf(token, field))
            case _:
                raise QueryError("term_expected", token.start, _NOTHING)

    def _bracket(self, token: Token, field: str) -> Node:
        node = self._deeper(token, field, self._either)
        if self._token.kind is not Kind.CLOSE:
            raise QueryError("unclosed_bracket", token.start, "This bracket is not closed.")
        self._take()
        return node

    def _deeper(self, token: Token, field: str, read: Callable[[str], Node]) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError("too_deep", token.start, f"Brackets and NOTs may be nested {DEEPEST} deep at most.")
        node = read(field)
        self._depth -= 1
        return node

    def _field(self, token: Token, outer: str) -> Node:
        if token.text not in WEIGHTS and token.text not in FACTS:
            known = ", ".join((*WEIGHTS, *FACTS))
            raise QueryError("unknown_field", token.start, f"There is no such field. The fields are: {known}.")
        if outer:
            raise QueryError("field_in_field", token.start, "A field cannot stand inside another field's brackets.")
        value = self._token
        if value.start != token.end or value.kind not in {Kind.OPEN, Kind.WORD, Kind.PHRASE}:
            raise QueryError(
                "value_expected", token.end, "A word, a phrase or a bracket must follow the colon at once."
            )
        return self._one(token.text)

    def _counted(self, token: Token, leaf: Node) -> Node:
        self._terms += len(leaf.words) if isinstance(leaf, Phrase) else 1
        if self._terms > MOST_TERMS:
            raise QueryError("too_many_terms", token.start, f"A query may have {MOST_TERMS} words at most.")
        return leaf


def _is_noise(token: Token) -> bool:
    return token.kind is Kind.WORD and not any(map(str.isalnum, normalise(token.text)))


def _flat(nodes: list[Node], kind: type[And] | type[Or]) -> tuple[Node, ...]:
    return tuple(part for node in nodes for part in (node.nodes if isinstance(node, kind) else (node,)))


def _leaf(token: Token, field: str) -> Node:
    if field == "years":
        return _years(token)
    if field in FACTS:
        return _fact(token, field)
    return _phrase(token, field) if token.kind is Kind.PHRASE else _word(token, field)


def _word(token: Token, field: str) -> Word:
    typed = token.text.rstrip("*")
    if "*" in typed:
        raise QueryError("star_inside", token.start, "A star may stand only at the end of a word.")
    text = _as_one_word(token, normalise(typed))
    prefix = typed != token.text
    if prefix and len(text) < SHORTEST_PREFIX:
        raise QueryError("prefix_too_short", token.start, f"A star needs {SHORTEST_PREFIX} letters before it.")
    return Word(text, field, prefix)


def _as_one_word(token: Token, typed: str) -> str:
    spans = _spans_in(token, typed)
    whole = typed[spans[0].start : spans[-1].end]
    if not _PLAIN.fullmatch(whole):
        whole = "-".join(typed[span.start : span.end] for span in spans)
    return whole.lower() if whole in {"AND", "OR", "NOT"} else whole


def _phrase(token: Token, field: str) -> Phrase:
    typed = normalise(token.text)
    words = tuple(typed[span.start : span.end] for span in _spans_in(token, typed))
    near = token.near if len(words) > 1 else 0
    if near and len(words) > MOST_NEAR:
        raise QueryError("too_many_near", token.start, f"Words near each other may be {MOST_NEAR} at most.")
    return Phrase(words, field, near)


def _spans_in(token: Token, typed: str) -> list[Span]:
    spans = exact_spans(typed)
    if not spans:
        message = f"This holds no word that can be looked for (of {LONGEST_WORD} letters at most)."
        raise QueryError("no_word", token.start, message)
    return spans


def _fact(token: Token, name: str) -> Fact:
    checked = {"opening": _opening, "stage": _stage, "country": _country}[name](token.text.strip())
    if checked is None:
        raise QueryError("unknown_value", token.start, _VALUES[name])
    return Fact(name, checked)


def _opening(text: str) -> str | None:
    return text.lower() if _OPENING.fullmatch(text.lower()) else None


def _stage(text: str) -> str | None:
    return text.lower() if text.lower() in set(Stage) else None


def _country(text: str) -> str | None:
    return text.upper() if _COUNTRY.fullmatch(text.upper()) else None


def _years(token: Token) -> Years:
    found = _YEARS.fullmatch(token.text)
    bounds = _bounds(found) if found else None
    if bounds is None:
        raise QueryError("unknown_value", token.start, _VALUES["years"])
    return Years(*bounds)


def _bounds(found: re.Match[str]) -> tuple[int | None, int | None] | None:
    first = int(found["a"])
    if found["op"]:
        return None if found["plus"] or found["b"] else _open_range(found["op"], first)
    if found["plus"]:
        return first, None
    last = int(found["b"]) if found["b"] else first
    return (first, last) if first <= last else None


def _open_range(sign: str, bound: int) -> tuple[int | None, int | None] | None:
    match sign:
        case ">=":
            return bound, None
        case ">":
            return bound + 1, None
        case "<=":
            return None, bound
        case _:
            return (None, bound - 1) if bound else None
