"""Cuts a recruiter's query into tokens.

Must never raise anything but :class:`~storage.search.syntax.QueryError`, whatever the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from storage.search.syntax import QueryError

LONGEST_QUERY = 1_000
LARGEST_DISTANCE = 50

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\uff02": '"'})
"""Queries are pasted from text programs that curl quotation marks."""
_FIELD = re.compile(r"([A-Za-z_]+):(?!//)")
_NEAR = re.compile(r"~([0-9]+)")
_WORD = re.compile(r'[^\s()"]+')
_SPACE = re.compile(r"\s+")


class Kind(Enum):
    """What a token is."""

    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    FIELD = "field"
    PHRASE = "phrase"
    WORD = "word"
    END = "end"


_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}
_BRACKETS = {"(": Kind.OPEN, ")": Kind.CLOSE}


@dataclass(frozen=True, slots=True)
class Token:
    """One token: where it starts and ends in the query, its text, and the distance of a proximity phrase."""

    kind: Kind
    start: int
    end: int
    text: str = ""
    near: int = 0


def cut(query: str) -> list[Token]:
    """Return the query's tokens, the last being ``END``."""
    if len(query) > LONGEST_QUERY:
        raise QueryError("query_too_long", LONGEST_QUERY, f"A query may have {LONGEST_QUERY} characters at most.")
    plain = query.translate(_QUOTES)
    return [*_tokens(plain), Token(Kind.END, len(plain), len(plain))]


def _tokens(query: str) -> Iterator[Token]:
    at = 0
    while at < len(query):
        space = _SPACE.match(query, at)
        if space:
            at = space.end()
            continue
        token = _next(query, at)
        at = token.end
        yield token


def _next(query: str, at: int) -> Token:
    mark = query[at]
    if mark in _BRACKETS:
        return Token(_BRACKETS[mark], at, at + 1)
    if mark == '"':
        return _phrase(query, at)
    if mark == "-" and _negates(query, at + 1):
        return Token(Kind.NOT, at, at + 1)
    named = _FIELD.match(query, at)
    if named:
        return Token(Kind.FIELD, at, named.end(), named[1].lower())
    return _word(query, at)


def _negates(query: str, at: int) -> bool:
    """Whether a minus before ``at`` stands before something, rather than being a dash."""
    if query[at : at + 1] in {"(", '"'}:
        return True
    following = _WORD.match(query, at)
    return following is not None and any(map(str.isalnum, following[0]))


def _phrase(query: str, at: int) -> Token:
    end = query.find('"', at + 1)
    if end < 0:
        raise QueryError("unclosed_quote", at, "This quotation mark is not closed.")
    distance = _NEAR.match(query, end + 1)
    if distance is None:
        return Token(Kind.PHRASE, at, end + 1, query[at + 1 : end])
    if len(distance[1]) > 3 or int(distance[1]) > LARGEST_DISTANCE:
        raise QueryError("distance_too_large", end + 1, f"Words may be {LARGEST_DISTANCE} words apart at most.")
    return Token(Kind.PHRASE, at, distance.end(), query[at + 1 : end], int(distance[1]))


def _word(query: str, at: int) -> Token:
    text = _WORD.findall(query, at, at + LONGEST_QUERY)[0]
    return Token(_OPERATORS.get(text, Kind.WORD), at, at + len(text), text)
