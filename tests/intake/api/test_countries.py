"""The country of an application is one of ISO 3166-1, or a region of one."""

import pytest
from houses import Live, post_application
from hypothesis import given
from hypothesis import strategies as st

from retention.places import COUNTRIES, is_country

pytestmark = pytest.mark.enable_socket


def test_every_assigned_code_is_known() -> None:
    """ISO 3166-1 assigns 249 two-letter codes."""
    assert len(COUNTRIES) == 249
    assert all(is_country(code) for code in COUNTRIES)


@pytest.mark.parametrize("code", ["US-CA", "DE-BY", "GB-ENG"])
def test_a_region_stands_after_its_country(code: str) -> None:
    """Where law differs by region (ISO 3166-2)."""
    assert is_country(code)


@pytest.mark.parametrize("code", ["", "EU", "EEA", "XX", "ZZ", "UK", "de", "D", "DEU", "XX-CA", "US-", "US-california"])
def test_what_is_no_country_is_none(code: str) -> None:
    """Groups, reserved and private codes, other spellings."""
    assert not is_country(code)


@given(st.text(max_size=6))
def test_any_text_is_a_country_or_not(code: str) -> None:
    """Whatever is sent, there is an answer, and only a listed country's code begins a good one."""
    assert not is_country(code) or code[:2] in COUNTRIES


def test_the_api_refuses_a_made_up_country_with_a_stable_code(live: Live) -> None:
    """422 and ``country_unknown``, without repeating it."""
    answer = post_application(live, country="ZZ")
    assert (answer.status_code, answer.json()["code"]) == (422, "country_unknown")
    assert "ZZ" not in answer.text
