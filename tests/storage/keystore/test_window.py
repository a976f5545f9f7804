"""The window: what must go, what must stay, and what may not be chosen without a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keystore.window import InForce, Stored, Window, WindowRefused, choose_expired

NOW = datetime(2026, 6, 30, 2, tzinfo=UTC)


def escrow(generation: int, days_ago: float) -> Stored:
    """An escrow made so many days ago."""
    return Stored(f"escrow-{generation}", "escrow", generation, bytes([generation]), NOW - timedelta(days=days_ago))


def copy(generation: int, days_ago: float) -> Stored:
    """A copy of the keystore made so many days ago."""
    name = f"copy-{generation}-{days_ago}"
    return Stored(name, "copy", generation, bytes([generation]), NOW - timedelta(days=days_ago))


def gone(stored: list[Stored], in_force: int = 3, erased: int = 0, days: int = 14) -> set[str]:
    """The names of what must go."""
    chosen = choose_expired(stored, InForce(in_force, bytes([in_force]), erased), Window(days), NOW)
    return {one.name for one in chosen}


def test_an_escrow_goes_a_window_after_its_generation_ended() -> None:
    """Not a window after it was made: copies of its last day may still need it."""
    stored = [escrow(1, 60), escrow(2, 14), escrow(3, 13.9)]
    assert gone(stored) == {"escrow-1"}


def test_the_escrow_in_force_never_goes() -> None:
    """However old: without it nothing could be recovered."""
    assert gone([escrow(3, 400)]) == set()


def test_copies_go_by_their_age() -> None:
    """Whoever was erased is unrecoverable once the copies of before are gone."""
    assert gone([copy(2, 14), copy(3, 13.9), copy(3, 20)]) == {"copy-2-14", "copy-3-20"}


def test_the_newest_copy_stays_while_nobody_was_erased_since() -> None:
    """An old copy that holds nobody's erased key is better than none; with an erasure, it goes all the same."""
    stored = [copy(3, 30), copy(3, 40)]
    assert gone(stored) == {"copy-3-40"}
    assert gone(stored, erased=1) == {"copy-3-30", "copy-3-40"}


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 100), st.booleans()), max_size=12), st.integers(1, 28))
def test_nothing_former_outlives_the_window(made: list[tuple[int, float, bool]], days: int) -> None:
    """After a deletion no copy older than the window is left, and no newer one was touched."""
    stored = [copy(generation, ago) if is_copy else escrow(generation, ago) for generation, ago, is_copy in made]
    chosen = choose_expired(stored, InForce(6, b"6", 1), Window(days), NOW)
    begins = NOW - timedelta(days=days)
    assert all(one in chosen for one in stored if one.kind == "copy" and one.written_at <= begins)
    assert all(one.written_at <= begins for one in chosen)


@pytest.mark.parametrize(("days", "reason"), [(0, "as good as none"), (29, ""), (90, "short")])
def test_a_window_that_is_none_or_too_long_is_refused(days: int, reason: str) -> None:
    """Above 28 days a reason in writing is needed."""
    with pytest.raises(WindowRefused):
        Window(days, reason)
    assert Window(40, "the auditor of 2026 asked for it").days == 40
