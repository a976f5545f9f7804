"""Turns an understood query into one that the index runs.

Who may not be found is taken out inside the query, so that counts and facets never include them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from tantivy import FieldType, Occur, Query, Schema

from storage.search.analysis import exact_words, normalise, stemmed_words
from storage.search.documents import DEFAULT_FIELDS, FACTS, NEVER, WEIGHTS, exact
from storage.search.syntax import And, Fact, Node, Not, Or, Phrase, Word, Years

_META = frozenset(r".^$*+?()[]{}|\#&-~/")
_FACT_FIELDS = frozenset(FACTS) - {"years"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Who may be found at all.

    ``exclude`` are row ids whose withdrawal or restriction the index has not heard of yet; ``allowed`` limits facts to
    what the one who asks may see (``{"opening": {"baker"}}``); nobody whose last day lies before ``today`` is found.
    """

    today: date
    exclude: Collection[bytes] = ()
    allowed: Mapping[str, Collection[str]] | None = None


def compile_query(schema: Schema, node: Node | None, scope: Scope) -> Query:
    """Return the query that finds ``node`` (everyone, if ``None``) within ``scope``."""
    wanted = Query.all_query() if node is None else _compile(schema, node)
    parts = [(Occur.Must, wanted), (Occur.Must, _unranked(_still_kept(schema, scope.today)))]
    for name, values in (scope.allowed or {}).items():
        if name not in _FACT_FIELDS:
            raise KeyError(name)
        parts.append((Occur.Must, _unranked(Query.term_set_query(schema, name, sorted(values)))))
    if scope.exclude:
        parts.append((Occur.MustNot, Query.term_set_query(schema, "person", list(scope.exclude))))
    return Query.boolean_query(parts)


def _still_kept(schema: Schema, today: date) -> Query:
    return Query.range_query(schema, "expires", FieldType.Integer, today.toordinal(), NEVER)


def _unranked(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _compile(schema: Schema, node: Node) -> Query:
    match node:
        case And(nodes):
            return _all_of(schema, nodes)
        case Or(nodes):
            return _any_of(_compile(schema, part) for part in nodes)
        case Not():
            return _all_of(schema, (node,))
        case Fact(name, value):
            return _unranked(_fact(schema, name, value))
        case Years(least, most):
            return _unranked(Query.range_query(schema, "years", FieldType.Integer, least, most))
        case _:
            return _somewhere(schema, node)


def _all_of(schema: Schema, nodes: tuple[Node, ...]) -> Query:
    parts = [_part(schema, part) for part in nodes]
    if all(isinstance(part, Not) for part in nodes):
        # The index takes exclusions from what is found; alone they would find nobody.
        parts.append((Occur.Must, _unranked(Query.all_query())))
    return Query.boolean_query(parts)


def _part(schema: Schema, node: Node) -> tuple[Occur, Query]:
    if isinstance(node, Not):
        return Occur.MustNot, _compile(schema, node.node)
    return Occur.Must, _compile(schema, node)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _fact(schema: Schema, name: str, value: str) -> Query:
    field = "region" if name == "country" and "-" in value else name
    return Query.term_query(schema, field, value)


def _somewhere(schema: Schema, leaf: Word | Phrase) -> Query:
    if leaf.field:
        return _within(schema, leaf.field, leaf)
    return _any_of(Query.boost_query(_within(schema, name, leaf), WEIGHTS[name]) for name in DEFAULT_FIELDS)


def _within(schema: Schema, field: str, leaf: Word | Phrase) -> Query:
    if isinstance(leaf, Phrase):
        words = [word for part in leaf.words for word in exact_words(part)]
        return _near(schema, field, words, leaf.near) if leaf.near else _in_order(schema, exact(field), words)
    words = exact_words(normalise(leaf.text))
    if leaf.prefix:
        return _beginning(schema, exact(field), words)
    if len(words) > 1:
        return _in_order(schema, exact(field), words)
    return Query.term_query(schema, field, stemmed_words(normalise(leaf.text))[0])


def _in_order(schema: Schema, field: str, words: list[str], slop: int = 0) -> Query:
    if len(words) == 1:
        return Query.term_query(schema, field, words[0])
    return Query.phrase_query(schema, field, list(words), slop)


def _near(schema: Schema, field: str, words: list[str], slop: int) -> Query:
    # One occurrence would do for a word named twice, so each counts once.
    orders = permutations(dict.fromkeys(words))
    return _any_of(_in_order(schema, exact(field), list(order), slop) for order in orders)


def _beginning(schema: Schema, field: str, words: list[str]) -> Query:
    *before, last = map(_literally, words)
    if not before:
        return Query.regex_query(schema, field, f"{last}.*")
    return Query.regex_phrase_query(schema, field, [*before, f"{last}.*"])


def _literally(word: str) -> str:
    return "".join("\\" + letter if letter in _META else letter for letter in word)
