"""A wrong database destroys nothing: the rules, one by one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import INSTALLATION, witness

from storage.keystore.guard import WrongDatabase, check_orphans, check_witness, parse_witness, print_witness

LAST = witness(people=100, erasures=7, size=50, root=b"fifty")


def test_the_first_database_seen_is_believed() -> None:
    """Nothing is known yet: the right installation is enough."""
    check_witness(None, witness(), INSTALLATION)


@pytest.mark.parametrize(("people", "erasures"), [(100, 7), (99, 8), (140, 7), (90, 17), (93, 17), (0, 107)])
def test_counts_that_fell_by_recorded_erasures_pass(people: int, erasures: int) -> None:
    """People may come, and go by erasures on record."""
    now = witness(people=people, erasures=erasures, size=60, root=b"sixty", root_at_previous=b"fifty")
    check_witness(LAST, now, INSTALLATION)


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (witness(people=99, erasures=7, size=60, root_at_previous=b"fifty"), "fell by 1, but 0 erasures"),
        (witness(people=0, erasures=8, size=60, root_at_previous=b"fifty"), "fell by 100, but 1 erasures"),
        (witness(people=100, erasures=6, size=60, root_at_previous=b"fifty"), "-1 erasures"),
        (witness(people=100, erasures=7, size=49, root_at_previous=b"fifty"), "does not continue"),
        (witness(people=100, erasures=7, size=60, root_at_previous=b"other"), "does not continue"),
        (witness(people=100, erasures=7, size=60), "does not continue"),
        (witness(people=100, erasures=7, size=60, root_at_previous=b"fifty", restoring=True), "restore is unfinished"),
    ],
    ids=["lost one", "emptied", "erasures undone", "older", "forked", "not shown", "restoring"],
)
def test_anything_else_is_an_alarm(now: object, why: str) -> None:
    """Lost rows, an older state, another continuation and an unfinished restore are each refused and named."""
    with pytest.raises(WrongDatabase, match=why):
        check_witness(LAST, now, INSTALLATION)  # type: ignore[arg-type]


def test_another_installation_is_refused() -> None:
    """Whatever else fits."""
    with pytest.raises(WrongDatabase, match="another installation"):
        check_witness(None, witness(), b"installation-two")


@pytest.mark.parametrize(
    ("orphans", "keys", "passes"), [(0, 0, True), (20, 20, True), (21, 30, False), (50, 1000, True), (51, 1000, False)]
)
def test_more_orphans_than_crashes_explain_are_an_alarm(orphans: int, keys: int, passes: bool) -> None:
    """A few keys without a row are swept; many mean that the rows are missing."""
    if passes:
        check_orphans(orphans, keys)
        return
    with pytest.raises(WrongDatabase, match=f"{orphans} of {keys} keys"):
        check_orphans(orphans, keys)


@given(st.integers(0, 2**40), st.integers(0, 2**40), st.integers(0, 2**40), st.binary(max_size=40))
def test_what_the_keystore_keeps_of_a_database_comes_back(people: int, erasures: int, size: int, root: bytes) -> None:
    """Printed and read again, a witness is the same."""
    kept = witness(people, erasures, size, root)
    assert parse_witness(print_witness(kept)) == kept
    assert parse_witness(None) is None
