"""Lent connections: one caller at a time, none in trouble lent again, none carried over a fork."""

import contextlib

import pytest

from storage.keystore.lanes import Lanes


class Line:
    """A connection that only knows whether it is open and of use."""

    def __init__(self) -> None:
        self.is_open = self.is_current = True

    def close(self) -> None:
        """Close it."""
        self.is_open = False


def test_a_returned_lane_is_lent_again() -> None:
    """Connections are used again, never by two at once."""
    lanes = Lanes(Line, lambda line: line.is_current)
    with lanes.lend() as first, lanes.lend() as second:
        assert first is not second
    with lanes.lend() as third:
        assert third in (first, second)
    lanes.close()
    assert not first.is_open
    assert not second.is_open


def test_no_more_are_kept_than_asked_for() -> None:
    """After a rush the rest are closed."""
    lanes = Lanes(Line, lambda line: line.is_current, kept=2)
    with contextlib.ExitStack() as rush:
        lent = [rush.enter_context(lanes.lend()) for _ in range(5)]
    assert sum(line.is_open for line in lent) == 2


def test_a_lane_in_trouble_or_out_of_date_is_closed() -> None:
    """Neither is lent again."""
    lanes = Lanes(Line, lambda line: line.is_current)
    with pytest.raises(ZeroDivisionError), lanes.lend() as troubled:
        _ = 1 // 0
    with lanes.lend() as stale:
        pass
    stale.is_current = False
    with lanes.lend() as fresh:
        assert fresh not in (troubled, stale)
    assert not troubled.is_open
    assert not stale.is_open


def test_a_child_process_leaves_its_parent_s_lanes_alone() -> None:
    """They are neither lent nor closed in the child."""
    process = [1]
    lanes = Lanes(Line, lambda line: line.is_current, whose=lambda: process[0])
    with lanes.lend() as parents:
        pass
    process[0] = 2
    with lanes.lend() as childs:
        assert childs is not parents
    lanes.close()
    assert parents.is_open
    assert not childs.is_open
