"""Each promise that the product says it keeps has a test through the front door, and the list of tests is the truth."""

import subprocess
import sys
from pathlib import Path

import pytest

from intake.evidence.probes import is_there
from retention.policy.control import State, weakest_state
from retention.policy.controls import CONTROLS, controls_for
from retention.policy.load import bundled_names, load_policy
from retention.policy.promises import PROMISES
from retention.policy.tested import TESTS

ROOT = Path(__file__).parents[1]
EARLY = (
    "C1 C2 C4 C5 C7 C10 C14 C15 C16 N1 N2 N3 N4 N5 N6 N7 N8 N10 N11 D1 D2 R1 R2 R3 R4 R5 R6 L3 L5 L7 S1 S2 S3 S7 S8 S10"
)
"""Promises that must never be *not yet* again."""


def test_the_list_of_tests_is_what_the_tests_say() -> None:
    """Run ``script/promises.py`` after adding a test that shows a promise."""
    done = subprocess.run(
        [sys.executable, "script/promises.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", bundled_names())
def test_each_promise_that_is_kept_has_a_test_through_the_front_door(name: str) -> None:
    """A control that names itself is not enough: somebody walked in and saw."""
    claimed = [p for p in load_policy(name).promises if weakest_state(controls_for(p)) is not State.NOT_YET]
    untested = [p for p in claimed if not any(t.startswith("test_promises") for t in TESTS.get(p, ()))]
    assert untested == []


def test_whatever_a_control_names_is_there_and_shows_a_live_figure() -> None:
    """No control is told as kept by a name that is gone, or without anything to look at."""
    gone = [(c.id, name) for c in CONTROLS.values() for name in c.enforced_by if not is_there(name)]
    blind = [c.id for c in CONTROLS.values() if c.enforced_by and not c.probe]
    assert (gone, blind) == ([], [])


@pytest.mark.parametrize("promise", EARLY.split())
def test_what_was_reached_is_not_lost(promise: str) -> None:
    """These are kept, or owed by a person who is named."""
    assert promise in PROMISES
    assert weakest_state(controls_for(promise)) is not State.NOT_YET
