"""Digests: the same address is recognised, different ones never are, and purposes do not meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.digests import (
    email_digest,
    keyed_digest,
    normalise_email,
    query_digest,
    suppression_digest,
    token_digest,
)

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        (" ada@example.org ", "ada@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@example.org.", "ada@example.org"),
        ("Jose\u0301@example.org", "josé@example.org"),
    ],
)
def test_spellings_of_one_mailbox_give_one_digest(one: str, two: str) -> None:
    """Case, space around, IDNA form and Unicode composition do not matter."""
    assert email_digest(SECRET, one) == email_digest(SECRET, two)


@pytest.mark.parametrize("other", ["a.da@example.org", "ada+jobs@example.org", "ada@example.com", "adá@example.org"])
def test_different_mailboxes_are_never_taken_for_one(other: str) -> None:
    """Dots, plus signs, domains and accents tell people apart."""
    assert email_digest(SECRET, other) != email_digest(SECRET, "ada@example.org")


@given(st.text(max_size=60))
def test_any_text_is_normalised_once_and_for_all(text: str) -> None:
    """Nothing that a form or a document may hold makes the digest fail, and normalising again changes nothing."""
    once = normalise_email(text)
    assert normalise_email(once) == once
    assert len(email_digest(SECRET, text)) == 32


@pytest.mark.parametrize("domain", ["a" * 70 + ".example", "..", "\ud800.example"])
def test_what_is_no_domain_stays_as_text(domain: str) -> None:
    """A domain that IDNA refuses is digested as it stands."""
    assert normalise_email("x@" + domain).startswith("x@")
    assert len(email_digest(SECRET, "x@" + domain)) == 32


def test_purposes_and_keys_share_no_digest() -> None:
    """One input gives unrelated digests for each purpose and each key."""
    made = [digest(SECRET, "ada@example.org") for digest in (email_digest, query_digest, token_digest)]
    made += [suppression_digest(SECRET, "ada@example.org"), email_digest(bytes(32), "ada@example.org")]
    assert len(set(made)) == 5


def test_parts_are_told_apart_by_their_lengths() -> None:
    """Two parts never give the digest of their concatenation."""
    assert keyed_digest(SECRET, "p", b"ab", b"c") != keyed_digest(SECRET, "p", b"a", b"bc")


def test_queries_are_equal_but_for_case_and_spacing() -> None:
    """The audit log sees the same search as the same."""
    assert query_digest(SECRET, " Python  SQL ") == query_digest(SECRET, "python sql")
    assert query_digest(SECRET, "python sql") != query_digest(SECRET, "sql python")


def test_a_short_key_is_refused() -> None:
    """No digest is made under a key that could be guessed."""
    with pytest.raises(ValueError, match="at least 32 bytes"):
        token_digest(b"short", "x")
