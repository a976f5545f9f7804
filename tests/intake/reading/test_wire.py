"""The parent takes a Reading from the sandbox only when it is wholly in shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.reading.wire import WireError, decode_reading, encode_reading
from storage.profile import Education, Evidence, Place, Profile, Reading, Verdict, Work


def _reading() -> Reading:
    profile = Profile(
        name="Jane Roe",
        emails=("jane@example.org",),
        work=(Work("Example Ltd", "Engineer", "2019-03", None, current=True),),
        education=(Education("Example University", "MSc", level=7),),
    )
    places = (Place(1, 10.0, 20.0, 30.0, 40.0),)
    return Reading(Verdict.OK, "pdf", "reader 1", profile, {"name": Evidence(0.9, places)}, "Jane Roe\n", 2, ("note",))


def test_a_reading_comes_back_as_it_was_sent() -> None:
    """Every field of the registry survives the pipe."""
    assert decode_reading(encode_reading(_reading())) == _reading()


def _changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(encode_reading(_reading())) | changes).encode()


@pytest.mark.asvs("1.5.2")
@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"{",
        b"[" * 100_000,
        b'{"verdict": "ok"}garbage',
        _changed(verdict="splendid"),
        _changed(pages=True),
        _changed(pages=10**12),
        _changed(pages="1"),
        _changed(kind=3),
        _changed(text=["a"]),
        _changed(surprise=1),
        _changed(profile={"name": ["a"]}),
        _changed(profile={"emails": "a"}),
        _changed(profile={"emails": ["a"] * 501}),
        _changed(profile={"shoe_size": "44"}),
        _changed(evidence={"name": {"confidence": 1e400}}),
        _changed(evidence={"name": {"confidence": 0.5, "places": [{"page": 1}]}}),
    ],
)
def test_an_answer_out_of_shape_is_refused(answer: bytes) -> None:
    """Nothing of a broken answer is used, and no exception but one of ours comes of it."""
    with pytest.raises(WireError):
        decode_reading(answer)


def test_texts_are_cleaned_on_arrival() -> None:
    """Even the sandbox's own answer may carry what no store takes."""
    reading = decode_reading(_changed(text="a\x00b", profile={"name": "J\ud800ane"}))

    assert reading.text == "a\ufffdb"
    assert reading.profile.name == "J\ufffdane"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["verdict", "kind", "profile", "evidence", "text", "pages"]), _JSON))
def test_no_answer_raises_anything_else(answer: dict[str, Any]) -> None:
    """Whatever JSON comes, it is a Reading or a WireError."""
    try:
        reading = decode_reading(json.dumps({"verdict": "ok"} | answer).encode())
    except WireError:
        return
    assert isinstance(reading, Reading)
