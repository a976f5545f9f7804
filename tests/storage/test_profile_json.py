"""Profiles and readings as JSON: there and back unchanged; what does not fit is refused without being repeated."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.profile import (
    PROFILE_FIELDS,
    Education,
    Evidence,
    Place,
    Profile,
    Reading,
    Verdict,
    Work,
    _declared,
)
from storage.profile_json import Misshapen, field_to_json, from_json, profile_from_fields, reading_from_json, to_json

CANARY = "zeppelin-canary"
WORDS = st.none() | st.text(min_size=1, max_size=20)
LISTS = st.lists(st.text(min_size=1, max_size=20), max_size=3).map(tuple)
PROFILES = st.builds(
    Profile,
    name=WORDS, emails=LISTS, phones=LISTS, location=WORDS, links=LISTS, summary=WORDS, skills=LISTS,
    languages=LISTS,
    work=st.lists(st.builds(Work, employer=WORDS, start=WORDS, current=st.booleans()), max_size=2).map(tuple),
    education=st.lists(
        st.builds(Education, institution=WORDS, degree=WORDS, level=st.none() | st.integers(0, 8)), max_size=2
    ).map(tuple),
)  # fmt: skip
NUMBERS = st.floats(0, 1000, allow_nan=False)
EVIDENCE = st.builds(
    Evidence,
    confidence=st.floats(0, 1),
    places=st.lists(
        st.builds(Place, page=st.integers(1, 9), left=NUMBERS, top=NUMBERS, right=NUMBERS, bottom=NUMBERS), max_size=2
    ).map(tuple),
)
READINGS = st.builds(
    Reading,
    verdict=st.sampled_from(Verdict),
    kind=st.sampled_from(["", "pdf", "text"]),
    profile=PROFILES,
    evidence=st.dictionaries(st.sampled_from(["name", "emails/0", "work/0/employer"]), EVIDENCE, max_size=3),
    text=st.text(max_size=30),
    pages=st.integers(0, 9),
    warnings=LISTS,
)


@given(PROFILES)
def test_a_profile_survives_the_way_there_and_back(profile: Profile) -> None:
    """Every field, alone under its registry name."""
    assert profile_from_fields({name: field_to_json(profile, name) for name in PROFILE_FIELDS}) == profile


@given(READINGS)
def test_a_reading_survives_the_way_there_and_back(reading: Reading) -> None:
    """With evidence and text; empty parts are left out and come back empty."""
    assert reading_from_json(to_json(reading)) == reading


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (CANARY, "reading"),
        ({}, "reading.verdict"),
        ({"verdict": CANARY}, "reading.verdict"),
        ({"verdict": "ok", CANARY: 1}, "reading"),
        ({"verdict": "ok", "pages": CANARY}, "reading.pages"),
        ({"verdict": "ok", "pages": True}, "reading.pages"),
        ({"verdict": "ok", "warnings": CANARY}, "reading.warnings"),
        ({"verdict": "ok", "warnings": [1]}, "reading.warnings/0"),
        ({"verdict": "ok", "evidence": [CANARY]}, "reading.evidence"),
        ({"verdict": "ok", "evidence": {"name": {"confidence": CANARY}}}, "reading.evidence/name.confidence"),
        ({"verdict": "ok", "evidence": {"name": {"confidence": True}}}, "reading.evidence/name.confidence"),
        ({"verdict": "ok", "profile": {"work": [{"employer": 1}]}}, "reading.profile.work/0.employer"),
        ({"verdict": "ok", "profile": None}, "reading.profile"),
    ],
)
def test_what_is_not_in_shape_is_told_by_place_never_by_content(value: Any, where: str) -> None:
    """The error names the path of fields; the value is not in it."""
    with pytest.raises(Misshapen) as refused:
        reading_from_json(value)
    assert refused.value.where == where
    assert CANARY not in str(refused.value)


def test_whole_numbers_stand_for_fractions() -> None:
    """JSON does not tell 1 from 1.0; a confidence of 1 is read."""
    assert (
        reading_from_json({"verdict": "ok", "evidence": {"name": {"confidence": 1}}}).evidence["name"].confidence == 1.0
    )


def test_an_optional_value_may_be_none() -> None:
    """``None`` is kept where the type allows it, refused where it does not."""
    assert from_json(str | None, None) is None
    assert from_json(str | None, "x") == "x"
    with pytest.raises(Misshapen):
        from_json(str, None)


def test_empty_parts_are_left_out_at_every_depth() -> None:
    """What says nothing takes no room, in lists and dictionaries too."""
    assert to_json(Profile(work=(Work(employer="Acme"),))) == {"work": [{"employer": "Acme", "current": False}]}
    assert to_json([{"a": None, "b": {"c": ""}, "d": 1}]) == [{"b": {}, "d": 1}]


def test_a_field_that_does_not_say_what_it_is_cannot_be_declared() -> None:
    """Nothing personal gets in by oversight: the registry refuses a bare field."""

    @dataclass
    class Bare:
        nickname: str

    with pytest.raises(TypeError, match="nickname"):
        _declared(Bare)
