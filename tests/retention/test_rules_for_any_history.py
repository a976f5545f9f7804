"""What must hold of the end of a record, whatever its history and whichever policy."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from retention.calendar import Length, Unit, add_length, local_date
from retention.places import match_place
from retention.policy.load import bundled_names, load_policy
from retention.policy.policy import Anchor, Ceiling, Policy, Text
from retention.rules import ApplicationFacts, Facts, Hold, Kind, LiveBasis, expiry_for
from storage.vocabulary import Basis, Source, Stage

WHY = Text((("en", "because"),))
DEFAULT = load_policy()
EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 20 * 365 * 24).map(lambda hours: EPOCH + timedelta(hours=hours))
DATES = st.integers(0, 20 * 365).map(lambda days: EPOCH.date() + timedelta(days=days))
COUNTRIES = st.sampled_from(["DE", "FR", "NL", "NO", "GB", "US", "US-CA", "US-TX", "BR"])
POLICIES = st.sampled_from(bundled_names()).map(lru_cache(load_policy))
ZONES = st.sampled_from(["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "America/New_York"])


@st.composite
def bases(draw: st.DrawFn) -> LiveBasis:
    """A live basis of a purpose that policies know, or once knew."""
    purpose = draw(st.sampled_from(["application", "pool", "share", "marketing", "retired"]))
    basis = draw(st.sampled_from(Basis))
    return LiveBasis(purpose, basis, draw(INSTANTS), draw(st.none() | DATES))


@st.composite
def applications(draw: st.DrawFn) -> ApplicationFacts:
    """One application with any history."""
    return ApplicationFacts(
        id=draw(st.sampled_from(["a1", "a2", "a3"])),
        country=draw(COUNTRIES),
        stage=draw(st.sampled_from(Stage)),
        source=draw(st.sampled_from(Source)),
        received_at=draw(INSTANTS),
        opening=draw(st.none() | st.just("o1")),
        opening_country=draw(st.none() | COUNTRIES),
        touched_at=draw(st.none() | INSTANTS),
        decision_on=draw(st.none() | DATES),
        closed_on=draw(st.none() | DATES),
        bases=tuple(draw(st.lists(bases(), max_size=3))),
    )


@st.composite
def histories(draw: st.DrawFn, *, held: bool = False) -> Facts:
    """One person with any history, without holds unless asked for."""
    return Facts(
        applications=tuple(draw(st.lists(applications(), min_size=1, max_size=3))),
        last_contact_on=draw(st.none() | DATES),
        erasure_asked_at=draw(st.none() | INSTANTS),
        restricted_until=draw(st.none() | DATES),
        holds=(Hold("h", draw(DATES)),) if held else (),
    )


def floors_of(facts: Facts, policy: Policy) -> list[date]:
    """The days before which law forbids an end, told apart from the code under test."""
    days: list[date] = []
    for a in facts.applications:
        known: dict[Anchor, date | None] = {
            Anchor.RECEIVED: local_date(a.received_at, policy.zone),
            Anchor.DECISION: a.decision_on,
            Anchor.LAST_CONTACT: facts.last_contact_on,
            Anchor.OPENING_CLOSED: a.closed_on,
        }
        for floor in policy.floors:
            stages = floor.stages or tuple(set(Stage) - {Stage.DRAFT})
            there = any(
                match_place(c, floor.countries) is not None for c in (a.country, a.opening_country or a.country)
            )
            if a.stage in stages and there and (not floor.sources or a.source in floor.sources):
                starts = [day for anchor in floor.anchors if (day := known[anchor]) is not None]
                received = local_date(a.received_at, policy.zone)
                days.append(add_length(max(starts, default=received), floor.length))
    return days


@given(histories(held=True), POLICIES)
def test_a_hold_always_wins(facts: Facts, policy: Policy) -> None:
    """No history makes a held record end."""
    outcome = expiry_for(facts, policy)
    assert outcome.ends_on is None
    assert outcome.winner.kind is Kind.HOLD
    assert outcome.unheld_on == expiry_for(replace(facts, holds=()), policy).ends_on


@given(histories(), POLICIES)
def test_nothing_ends_before_a_minimum_of_law(facts: Facts, policy: Policy) -> None:
    """Not purged before MIN, whatever was asked."""
    outcome = expiry_for(facts, policy)
    assert outcome.ends_on is not None
    assert all(outcome.ends_on >= day for day in floors_of(facts, policy))


@given(histories(), st.integers(1, 48))
def test_nothing_lives_past_a_maximum_without_floor_or_hold(facts: Facts, months: int) -> None:
    """Not alive after MAX, unless law or the person's own wish keeps the record."""
    ceiling = Ceiling("cap", "a law", (Anchor.RECEIVED,), Length(months, Unit.MONTHS), WHY)
    policy = replace(DEFAULT, ceilings=(ceiling,), floors=())
    facts = replace(facts, restricted_until=None)
    outcome = expiry_for(facts, policy)
    assert outcome.ends_on is not None
    latest = max(local_date(a.received_at, policy.zone) for a in facts.applications)
    assert outcome.ends_on <= add_length(latest, ceiling.length)


@given(histories(), INSTANTS, POLICIES)
def test_asking_for_erasure_never_prolongs(facts: Facts, asked: datetime, policy: Policy) -> None:
    """A request brings the end forward, or leaves it."""
    facts = replace(facts, erasure_asked_at=None, restricted_until=None)
    before, after = expiry_for(facts, policy), expiry_for(replace(facts, erasure_asked_at=asked), policy)
    assert before.ends_on is not None
    assert after.ends_on is not None
    assert after.ends_on <= before.ends_on
    floors = floors_of(facts, policy)
    assert after.ends_on <= max([local_date(asked, policy.zone), *floors])


@given(histories(), POLICIES, st.integers(1, 400))
def test_a_later_history_never_ends_sooner(facts: Facts, policy: Policy, days: int) -> None:
    """Monotone: shift every instant and date of a history forward, and its end does not move back."""
    outcome, later = expiry_for(facts, policy), expiry_for(shift(facts, days), policy)
    assert outcome.ends_on is not None
    assert later.ends_on is not None
    assert outcome.ends_on <= later.ends_on


def shift(facts: Facts, days: int) -> Facts:
    """The same history, every day of it later by as many days."""
    by = timedelta(days=days)

    def move(application: ApplicationFacts) -> ApplicationFacts:
        return replace(
            application,
            received_at=application.received_at + by,
            touched_at=application.touched_at and application.touched_at + by,
            decision_on=application.decision_on and application.decision_on + by,
            closed_on=application.closed_on and application.closed_on + by,
            bases=tuple(
                replace(b, given_at=b.given_at + by, expires_on=b.expires_on and b.expires_on + by)
                for b in application.bases
            ),
        )

    return replace(
        facts,
        applications=tuple(move(a) for a in facts.applications),
        last_contact_on=facts.last_contact_on and facts.last_contact_on + by,
        erasure_asked_at=facts.erasure_asked_at and facts.erasure_asked_at + by,
        restricted_until=facts.restricted_until and facts.restricted_until + by,
    )


@given(histories(), applications(), POLICIES)
def test_one_more_application_never_shortens_a_record_that_has_a_basis(
    facts: Facts, more: ApplicationFacts, policy: Policy
) -> None:
    """Another purpose, another period: the record ends with the last of them."""
    before = expiry_for(facts, policy)
    after = expiry_for(replace(facts, applications=(*facts.applications, more)), policy)
    assert after.ends_on is not None
    assert before.ends_on is not None
    assert not before.purposes or after.ends_on >= before.ends_on


@given(histories(), POLICIES, ZONES)
def test_the_instant_of_an_end_is_the_end_of_its_day(facts: Facts, policy: Policy, zone: str) -> None:
    """Whatever ends by a date is alive all that day in the policy's zone, and not after."""
    policy = replace(policy, timezone=zone)
    outcome = expiry_for(facts, policy)
    assert outcome.ends_on is not None
    assert outcome.ends_at is not None
    if outcome.reason not in {Kind.REQUEST, Kind.NO_BASIS}:
        assert local_date(outcome.ends_at, ZoneInfo(zone)) > outcome.ends_on
        assert local_date(outcome.ends_at - timedelta(seconds=1), ZoneInfo(zone)) <= outcome.ends_on


@given(histories(), POLICIES)
def test_every_outcome_names_its_winner_and_its_losers(facts: Facts, policy: Policy) -> None:
    """What won is never among what lost, and each rule that bears is told once."""
    outcome = expiry_for(facts, policy)
    assert outcome.winner not in outcome.losers
    assert len(set(outcome.losers)) == len(outcome.losers)
    assert outcome.rule == outcome.winner.rule
    assert {p.winner for p in outcome.purposes} <= {outcome.winner, *outcome.losers}
    assert outcome.restricted_from is None or outcome.restricted_from < outcome.unheld_on
