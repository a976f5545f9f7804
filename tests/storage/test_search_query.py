"""The recruiters' query language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.profile import REGISTRY
from storage.search.lexer import LONGEST_QUERY
from storage.search.query import DEEPEST, MOST_TERMS, And, Fact, Not, Or, Phrase, QueryError, Word, Years, parse
from storage.search.syntax import explain, wanted_leaves


def refusal(query: str) -> tuple[str, int]:
    """Return the code and the place with which a query is refused."""
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert caught.value.message == str(caught.value)
    return caught.value.code, caught.value.position


def test_words_side_by_side_must_all_be_there() -> None:
    """AND is what stands between words where nothing does."""
    assert parse("oven dough") == parse("oven AND dough") == And((Word("oven"), Word("dough")))


def test_not_binds_tighter_than_and_and_that_tighter_than_or() -> None:
    """Precedence is that of the vendors' help pages."""
    assert parse("a b OR NOT c d") == Or((And((Word("a"), Word("b"))), And((Not(Word("c")), Word("d")))))


def test_brackets_overrule_precedence() -> None:
    """A bracket is read as one term."""
    assert parse("a AND (b OR c)") == And((Word("a"), Or((Word("b"), Word("c")))))


def test_a_minus_before_a_word_is_not_and_elsewhere_a_dash() -> None:
    """A dash between words is no operator."""
    assert parse("-baker") == parse("NOT baker") == parse("-baker -& -") == Not(Word("baker"))
    assert parse(" -  & -- baker") == Word("baker")


def test_a_minus_stands_before_phrases_and_brackets_too() -> None:
    """Whatever a NOT may stand before, a minus may."""
    assert parse('-"a b" -(c)') == And((Not(Phrase(("a", "b"))), Not(Word("c"))))


def test_operators_count_in_upper_case_only() -> None:
    """A recruiter's 'and' is a word."""
    assert parse("a and b") == And((Word("a"), Word("and"), Word("b")))


def test_quotes_of_every_kind_make_phrases() -> None:
    """Queries are pasted from programs that curl quotes."""
    assert parse("“sous chef”") == parse('"sous chef"') == Phrase(("sous", "chef"))


def test_a_tilde_after_a_phrase_gives_the_distance() -> None:
    """Proximity is read from the number."""
    assert parse('"bread oven"~5') == Phrase(("bread", "oven"), near=5)
    assert parse('"bread"~5') == Phrase(("bread",))
    assert parse('"bread oven"~0') == Phrase(("bread", "oven"))


def test_a_star_ends_a_prefix() -> None:
    """A trailing star asks for all words that begin so."""
    assert parse("bak*") == Word("bak", prefix=True)


def test_words_with_signs_inside_stay_one_term() -> None:
    """What is one word to a reader is one term, and C++ is not C."""
    assert parse("node.js, c++ C#") == And((Word("node.js"), Word("c++"), Word("C#")))
    assert parse("http://a.example") == Word("http-a-example")


def test_every_search_field_of_the_registry_can_be_named() -> None:
    """Fields are derived, not listed again."""
    for mark in REGISTRY.values():
        if mark.search:
            assert parse(f"{mark.search}:oven") == Word("oven", mark.search)


def test_a_field_reaches_over_phrases_and_brackets() -> None:
    """A field before a bracket is that of every term in it."""
    assert parse('skill:(oven OR "hard cheese") NAME:ada') == And(
        (Or((Word("oven", "skill"), Phrase(("hard", "cheese"), "skill"))), Word("ada", "name"))
    )


def test_facts_are_read_in_their_stored_form() -> None:
    """Openings and stages are lower case, countries upper case."""
    assert parse("opening:Baker-2 stage:Interview country:us-ca") == And(
        (Fact("opening", "baker-2"), Fact("stage", "interview"), Fact("country", "US-CA"))
    )


@pytest.mark.parametrize(
    ("typed", "least", "most"),
    [
        ("5", 5, 5),
        ("3-7", 3, 7),
        ("3..7", 3, 7),
        ("5+", 5, None),
        (">=5", 5, None),
        (">5", 6, None),
        ("<3", None, 2),
        ("<=3", None, 3),
    ],
)
def test_years_are_a_range(typed: str, least: int | None, most: int | None) -> None:
    """Each way to write a range of years gives its bounds."""
    assert parse(f"years:{typed}") == Years(least, most)


@pytest.mark.parametrize(
    ("query", "code", "position"),
    [
        ("", "empty", 0),
        (" & ", "empty", 0),
        ("baker AND", "term_expected", 9),
        ("OR baker", "term_expected", 0),
        ("()", "term_expected", 1),
        ("(baker", "unclosed_bracket", 0),
        ("baker)", "unopened_bracket", 5),
        ('a "b', "unclosed_quote", 2),
        ('a ""', "no_word", 2),
        ("ab" * 40, "no_word", 0),
        ('"a b"~51', "distance_too_large", 5),
        ('"a b"~99999', "distance_too_large", 5),
        ('"a b c d e"~2', "too_many_near", 0),
        ("ba*er", "star_inside", 0),
        ("b*", "prefix_too_short", 0),
        ("salary:9", "unknown_field", 0),
        ("skill: oven", "value_expected", 6),
        ("skill:", "value_expected", 6),
        ("skill:&", "value_expected", 6),
        ("skill:(name:ada)", "field_in_field", 7),
        ("stage:famous", "unknown_value", 6),
        ("country:Germany", "unknown_value", 8),
        ("opening:a/b", "unknown_value", 8),
        ("years:many", "unknown_value", 6),
        ("years:7-3", "unknown_value", 6),
        ("years:<0", "unknown_value", 6),
        ("years:>3+", "unknown_value", 6),
        ("a" * (LONGEST_QUERY + 1), "query_too_long", LONGEST_QUERY),
        ("(" * (DEEPEST + 1) + "a", "too_deep", DEEPEST),
        ("a " * (MOST_TERMS + 1), "too_many_terms", 2 * MOST_TERMS),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_place(query: str, code: str, position: int) -> None:
    """Each mistake has its own code and puts the caret where it is."""
    assert refusal(query) == (code, position)


def test_a_refusal_never_repeats_what_was_typed() -> None:
    """Search words must not travel in error texts."""
    with pytest.raises(QueryError) as caught:
        parse("zebra:giraffe")
    assert "zebra" not in str(caught.value)
    assert "giraffe" not in str(caught.value)


_SYNTAX = ["(", ")", "AND", "OR", "NOT", "-", '"', "~3", "*", "skill:", "years:", "stage:", "opening:", "country:"]
_TEXTS = [
    "3-7",
    "DE",
    "oven",
    "c++",
    "日本",
    "é",
    "\u0301",
    "ﬁ",
    "...",
    "：",
    " ",
    "hired",
    "\ud800",
    "\x00",
    ">=",
    "😀",
]
_PIECES = st.sampled_from([*_SYNTAX, *_TEXTS])


@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join)))
def test_any_text_parses_or_is_refused_and_nothing_else(text: str) -> None:
    """Whatever is typed gives a tree or a QueryError, and a tree explains itself in words that mean the same."""
    try:
        node = parse(text)
    except QueryError as error:
        position = error.position
    else:
        position = 0
        assert parse(explain(node)) == node
    assert 0 <= position <= len(text)


def test_an_explanation_writes_out_what_was_left_out() -> None:
    """The recruiter sees how operators were understood."""
    typed = 'oven -(a OR b) skill:"hard cheese"~2 bak* years:5+ years:<3 years:4 years:1..2 stage:hired'
    assert explain(parse(typed)) == (
        'oven AND NOT (a OR b) AND skill:"hard cheese"~2 AND bak* AND years:>=5 AND years:<=2 AND years:4 AND years:1-2'
        " AND stage:hired"
    )


def test_only_what_is_wanted_is_highlighted() -> None:
    """Words under a NOT are not what a hit was found by, those under two are."""
    assert list(wanted_leaves(parse("a NOT b NOT (c NOT d) OR stage:hired"))) == [Word("a"), Word("d")]
