"""The check, differences between policies, replays over people, and what stands in the way of publishing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from retention.calendar import Length, Unit
from retention.policy.check import (
    Finding,
    check_promises,
    count_states,
    find_stale,
    is_all_there,
)
from retention.policy.control import Control, State
from retention.policy.controls import CONTROLS
from retention.policy.diff import Meaning, diff_policies, find_new_uses
from retention.policy.load import load_policy
from retention.policy.policy import Policy
from retention.policy.publish import Assent, earliest_effect, find_obstacles, is_assented, needed_assent
from retention.policy.simulate import Effect, Simulated, compare_policies, simulate
from retention.rules import ApplicationFacts, Facts, Hold, LiveBasis, expiry_for
from storage.vocabulary import Basis, Source, Stage

NOW = datetime(2026, 9, 10, 2, tzinfo=UTC)


def make_person(decided: date = date(2026, 3, 1), country: str = "DE", **changes: object) -> Facts:
    """A rejected application, as facts."""
    received = datetime(2026, 1, 15, tzinfo=UTC)
    bases = (LiveBasis("application", Basis.CONTRACT, received),)
    application = ApplicationFacts(
        "a", country, Stage.REJECTED, Source.PERSON, received, "o", None, None, decided, None, bases
    )
    return replace(Facts((application,)), **changes)  # type: ignore[arg-type]


def controlled(**states: Control) -> object:
    """A registry that knows these controls alone, by promise."""
    return lambda promise: [c for c in states.values() if promise in c.promises]


KEPT = Control("kept", "does", ("C1", "N1"), ("retention.rules",), probe="figure")
OWED = Control("owed", "does", ("D2",), owed_by="officer", recorded="record", probe="training")
TRIED = Control("tried", "does", ("S1",), ("retention.rules",), only_tried="a proxy of our own")


def policy_with(*promises: str) -> Policy:
    """The default policy, promising these."""
    return replace(load_policy(), promises=promises)


# ------------------------------------------------------------------ check


def test_promises_are_told_as_what_they_are() -> None:
    """Kept, owed, not yet, not tried: never one for the other."""
    registry = controlled(kept=KEPT, owed=OWED, tried=TRIED)
    checked = check_promises(policy_with("C1", "D2", "S1", "Q4"), controls=registry)  # type: ignore[arg-type]
    assert [c.state for c in checked] == [State.KEPT, State.OWED, State.UNTRIED, State.NOT_YET]
    assert count_states(checked) == {State.KEPT: 1, State.OWED: 1, State.NOT_YET: 1, State.UNTRIED: 1}
    assert not is_all_there(checked)
    assert is_all_there(checked[:3])
    assert checked[0].evidence == "kept: retention.rules"
    assert checked[1].evidence == "owed: owed by the officer, recorded as record"
    assert checked[2].evidence == "tried: retention.rules (tried with a proxy of our own only)"
    assert checked[3].evidence == "no control exists"


def test_a_live_figure_that_contradicts_a_control_undoes_it() -> None:
    """What the running product shows outweighs what the code claims."""
    registry = controlled(kept=KEPT, missing=Control("missing", "does", ("Q4",)))
    asked = []

    def probe() -> Finding:
        asked.append(1)
        return Finding("3 overdue", is_good=False)

    checked = check_promises(policy_with("C1", "N1", "Q4"), {"figure": probe}, registry)  # type: ignore[arg-type]
    assert [c.state for c in checked] == [State.NOT_YET] * 3
    assert checked[0].evidence == "kept: retention.rules [3 overdue]"
    assert checked[2].evidence == "missing: not there"
    assert len(asked) == 1


def test_a_good_figure_is_shown_as_evidence_and_what_is_owed_stays_owed() -> None:
    """A figure about what people owe tells how it stands; it makes it neither kept nor undone."""
    probes = {
        "figure": lambda: Finding("0 overdue", is_good=True),
        "training": lambda: Finding("2 late", is_good=False),
    }
    checked = check_promises(policy_with("C1", "D2"), probes, controlled(kept=KEPT, owed=OWED))  # type: ignore[arg-type]
    assert [c.state for c in checked] == [State.KEPT, State.OWED]
    assert checked[0].evidence.endswith("[0 overdue]")


def test_every_promise_of_a_profile_is_checked_against_the_registry() -> None:
    """The product's own registry answers for each promise of each profile."""
    policy = load_policy("us-public-sector")
    checked = check_promises(policy)
    assert [c.promise.id for c in checked] == list(policy.promises)
    assert {c.control.id for p in checked for c in p.controls} <= set(CONTROLS)


@pytest.mark.promise("L3")
def test_a_policy_older_than_a_year_stands_out() -> None:
    """It is due to be read and dated anew."""
    policy = load_policy("us-job-board")
    assert find_stale(policy, date(2027, 1, 1)).is_good
    assert not find_stale(policy, date(2027, 1, 2)).is_good


# ------------------------------------------------------------------ diff


def change_period(policy: Policy, name: str, **changes: object) -> Policy:
    """A policy with one period changed."""
    periods = tuple(replace(p, **changes) if p.id == name else p for p in policy.periods)  # type: ignore[arg-type]
    return replace(policy, periods=periods)


def change_purpose(policy: Policy, name: str, **changes: object) -> Policy:
    """A policy with one purpose changed."""
    purposes = tuple(replace(p, **changes) if p.id == name else p for p in policy.purposes)  # type: ignore[arg-type]
    return replace(policy, purposes=purposes)


def meanings(before: Policy, after: Policy) -> dict[str, Meaning]:
    """What each changed key means."""
    return {change.key: change.meaning for change in diff_policies(before, after)}


def test_a_policy_does_not_differ_from_itself() -> None:
    """No change is invented."""
    for name in ("default", "us-public-sector"):
        assert diff_policies(load_policy(name), load_policy(name)) == ()


def test_each_change_is_told_with_its_meaning() -> None:
    """Kept shorter, kept longer, other words, and the rest."""
    old = load_policy()
    new = change_period(old, "application-eu", length=Length(3, Unit.MONTHS))
    (change,) = diff_policies(old, new)
    assert (change.key, change.before, change.after) == ("periods.application-eu.length", "6 months", "3 months")
    assert change.meaning is Meaning.SHORTER
    assert meanings(new, old) == {"periods.application-eu.length": Meaning.LONGER}
    assert meanings(old, replace(old, title=load_policy("uk-charity").title)) == {"title": Meaning.WORDS}
    assert meanings(old, replace(old, version="2")) == {"version": Meaning.OTHER}
    assert meanings(old, replace(old, minimum_age=16)) == {"minimum_age": Meaning.OTHER}
    late = replace(old, rights=(replace(old.rights[0], answer_within=Length(45, Unit.DAYS)), *old.rights[1:]))
    assert meanings(old, late) == {"rights.know.answer_within": Meaning.OTHER}


def test_entries_that_come_and_go_are_told_key_by_key() -> None:
    """A floor that is dropped shows as gone, whatever its place in the list."""
    old = load_policy()
    new = replace(old, floors=old.floors[1:])
    gone = {change.key: change.after for change in diff_policies(old, new)}
    assert gone["floors.us-records.length"] == ""
    assert not any(key.startswith("floors.us-ca-records") for key in gone)
    twice = replace(old, rights=(*old.rights, old.rights[0]))
    assert any(key.startswith(f"rights.know#{len(twice.rights)}") for key in meanings(old, twice))


def test_a_shorter_notice_and_a_dropped_promise_stand_out() -> None:
    """Both take something away that people were promised."""
    old = load_policy()
    less = replace(old, change_notice=replace(old.change_notice, length=Length(7, Unit.DAYS)))
    assert meanings(old, less) == {"change_notice.length": Meaning.LESS_NOTICE}
    assert meanings(less, old) == {"change_notice.length": Meaning.OTHER}
    assert meanings(old, replace(old, promises=old.promises[1:])) == {"promises": Meaning.FEWER_PROMISES}
    assert meanings(replace(old, promises=old.promises[1:]), old) == {"promises": Meaning.OTHER}


@pytest.mark.promise("N5")
def test_what_is_a_new_use_of_held_data() -> None:
    """Another basis, recipient or category, or being found by it; but not what begins with a consent."""
    old = load_policy()
    assert find_new_uses(old, old) == ()
    wider = change_purpose(old, "application", recipients=("hosting", "employers"))
    assert find_new_uses(old, wider) == ("application",)
    assert meanings(old, wider) == {"purposes.application.recipients": Meaning.NEW_USE}
    seen = change_purpose(old, "application", searchable=False)
    assert find_new_uses(seen, old) == ("application",)
    taken = change_purpose(old, "pool", basis=Basis.LEGITIMATE_INTEREST, question=None, balancing="x")
    assert find_new_uses(old, taken) == ("pool",)
    assert find_new_uses(replace(old, purposes=old.purposes[:1]), old) == ()
    assert find_new_uses(replace(old, purposes=old.purposes[1:]), old) == ("application",)


# ------------------------------------------------------------------ simulate


def test_a_replay_counts_who_is_due_held_and_ended_by_month() -> None:
    """The whole picture of one policy over live facts, touching nothing."""
    people = [
        ("r1", make_person()),
        ("r2", make_person(date(2026, 9, 1))),
        ("r3", make_person(holds=(Hold("h", date(2026, 2, 1)),))),
        ("r4", make_person(country="US-CA")),
    ]
    result = simulate(people, load_policy(), NOW)
    assert (result.people, result.held) == (4, 1)
    assert [s.reference for s in result.due] == ["r1"]
    assert result.by_month == {"2026-09": 1}
    assert result.by_rule == {"application-eu": 2, "legal-hold:h": 1, "application-us-ca": 1}


def test_a_change_tells_whom_it_would_end_tonight() -> None:
    """Sooner, later, and newly due are told apart; the held are counted by the end they would have."""
    people = [("r1", make_person()), ("r2", make_person(date(2026, 6, 1))), ("r3", make_person(country="US-CA"))]
    old = load_policy()
    new = change_period(old, "application-eu", length=Length(3, Unit.MONTHS))
    effect = compare_policies(people, old, new, NOW)
    assert effect.people == 3
    assert [s.reference for s in effect.sooner] == ["r1", "r2"]
    assert [s.reference for s in effect.newly_due] == ["r2"]
    assert effect.later == ()
    back = compare_policies(people, new, old, NOW)
    assert [s.reference for s in back.later] == ["r1", "r2"]
    assert back.newly_due == ()


# ------------------------------------------------------------------ publish


def codes(in_force: Policy, proposed: Policy, effective_on: date, chosen: tuple[str, ...] = ()) -> list[str]:
    """What stands in the way of a change posted on 1 July 2026."""
    return [o.code for o in find_obstacles(in_force, proposed, date(2026, 7, 1), effective_on, chosen)]


@pytest.mark.promise("N2")
@pytest.mark.parametrize(
    ("name", "first"),
    [("us-staffing", date(2026, 8, 1)), ("us-membership", date(2026, 8, 14)), ("uk-charity", date(2026, 7, 1))],
)
def test_a_change_holds_only_after_its_whole_notice_period(name: str, first: date) -> None:
    """30 calendar days, 30 business days with holidays, or from posting, as the policy in force says."""
    policy = load_policy(name)
    assert earliest_effect(policy, date(2026, 7, 1)) == first
    proposed = replace(policy, version="2")
    assert codes(policy, proposed, first) == []
    assert codes(policy, proposed, first - timedelta(days=1)) == ["too_soon"]


def test_what_stands_in_the_way_of_publishing() -> None:
    """Another policy, the same version, less notice, a new use: each refused; a use that people chose is not."""
    old, later = load_policy(), date(2027, 1, 1)
    assert codes(old, replace(old, id="other", version="2"), later) == ["other_policy"]
    assert codes(old, old, later) == ["same_version"]
    less = replace(old, version="2", change_notice=replace(old.change_notice, length=Length(7, Unit.DAYS)))
    assert codes(old, less, later) == ["less_notice"]
    wider = change_purpose(replace(old, version="2"), "application", recipients=("hosting", "employers"))
    assert codes(old, wider, later) == ["new_use"]
    assert codes(old, wider, later, ("application",)) == []


def test_a_large_erasure_needs_a_second_person_or_a_day() -> None:
    """Above the number in the policy in force another must agree; one alone signs in afresh a day later."""
    policy = load_policy()
    outcome = expiry_for(make_person(), policy)
    few = Effect(500, (), (), tuple(Simulated(str(n), outcome) for n in range(100)))
    many = replace(few, newly_due=(*few.newly_due, Simulated("x", outcome)))
    assert needed_assent(few, policy, 1) is Assent.NONE
    assert needed_assent(many, policy, 2) is Assent.SECOND_PERSON
    assert needed_assent(many, policy, 1) is Assent.FRESH_SIGN_IN_AND_WAIT


@pytest.mark.parametrize(
    ("needed", "agreed_by", "signed_in_after", "expected"),
    [
        (Assent.NONE, None, None, True),
        (Assent.SECOND_PERSON, None, None, False),
        (Assent.SECOND_PERSON, "a", None, False),
        (Assent.SECOND_PERSON, "b", None, True),
        (Assent.FRESH_SIGN_IN_AND_WAIT, "b", None, False),
        (Assent.FRESH_SIGN_IN_AND_WAIT, None, 23, False),
        (Assent.FRESH_SIGN_IN_AND_WAIT, None, 24, True),
        (Assent.FRESH_SIGN_IN_AND_WAIT, None, 26, False),
    ],
)
def test_assent_is_given_by_another_or_by_waiting(
    needed: Assent, agreed_by: str | None, signed_in_after: int | None, expected: bool
) -> None:
    """Nobody is their own second person, and a sign-in counts only after the wait, and not in the future."""
    signed = None if signed_in_after is None else NOW + timedelta(hours=signed_in_after)
    at = NOW + timedelta(hours=25)
    given = is_assented(needed, asked_by="a", asked_at=NOW, agreed_by=agreed_by, signed_in_at=signed, at=at)
    assert given is expected
