"""Text of documents is made fit to store."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.reading.clean import clean_text


@pytest.mark.asvs("1.3.3")
@given(st.text(st.characters(codec=None), max_size=300))
def test_cleaned_text_is_fit_for_every_store(text: str) -> None:
    """No NUL, no control character, no surrogate is left; it encodes, and cleaning again changes nothing."""
    cleaned = clean_text(text)

    cleaned.encode("utf-8")
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in cleaned)
    assert clean_text(cleaned) == cleaned


def test_overrides_of_direction_are_dropped_and_length_is_capped() -> None:
    """What would make text read otherwise than it is stored goes."""
    assert clean_text("a\u202eb\u2066c\x00") == "abc\ufffd"
    assert clean_text("abcdef", 3) == "abc"
