"""When a record ends: the rules one by one, and what must hold for any history."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest

from retention.calendar import Length, Unit
from retention.policy.load import load_policy
from retention.policy.policy import Anchor, Ceiling, Floor, Policy, Text
from retention.rules import (
    CONSENT_ENDS,
    ERASURE_ASKED,
    NO_LIVE_BASIS,
    RESTRICTION_ASKED,
    ApplicationFacts,
    Facts,
    Hold,
    Kind,
    LiveBasis,
    expiry_for,
    find_period,
)
from storage.vocabulary import Action, Basis, Source, Stage

RECEIVED = datetime(2026, 1, 15, 10, tzinfo=UTC)
WHY = Text((("en", "because"),))


def make_basis(purpose: str = "application", basis: Basis = Basis.CONTRACT, on: datetime = RECEIVED) -> LiveBasis:
    """A live basis, by default of the application itself."""
    return LiveBasis(purpose, basis, on)


def make_application(**changes: object) -> ApplicationFacts:
    """An application from Germany, rejected on 1 March 2026."""
    plain = ApplicationFacts(
        id="a1",
        country="DE",
        stage=Stage.REJECTED,
        source=Source.PERSON,
        received_at=RECEIVED,
        opening="o1",
        decision_on=date(2026, 3, 1),
        bases=(make_basis(),),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def make_facts(*applications: ApplicationFacts, **changes: object) -> Facts:
    """A person with these applications, or with the usual one."""
    return replace(Facts(applications or (make_application(),)), **changes)  # type: ignore[arg-type]


@lru_cache
def make_policy(name: str = "default") -> Policy:
    """A shipped policy, read once."""
    return load_policy(name)


def in_pool(on: datetime = RECEIVED, **changes: object) -> LiveBasis:
    """A consent to be kept for other openings."""
    return replace(make_basis("pool", Basis.CONSENT, on), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "rule", "ends_on"),
    [
        ("DE", "application-eu", date(2026, 9, 1)),
        ("NL", "application-nl", date(2026, 3, 29)),
        ("GB", "application-uk", date(2027, 3, 1)),
        ("US", "application-us", date(2028, 3, 1)),
        ("US-NY", "application-us", date(2028, 3, 1)),
        ("US-CA", "application-us-ca", date(2030, 3, 1)),
        ("BR", "application", date(2026, 9, 1)),
    ],
)
def test_a_rejected_application_is_kept_as_long_as_its_country_asks(country: str, rule: str, ends_on: date) -> None:
    """The default gives 6 months in the EU, 4 weeks in the Netherlands, 12 in the UK, 24 and 48 in the US."""
    outcome = expiry_for(make_facts(make_application(country=country)), make_policy())
    assert (outcome.rule, outcome.ends_on) == (rule, ends_on)
    assert outcome.action is Action.ANONYMISE
    assert outcome.reason is Kind.PERIOD


def test_the_end_is_the_end_of_that_day_in_the_policys_zone() -> None:
    """Not midnight UTC, and not the machine's zone."""
    policy = replace(make_policy(), timezone="America/Los_Angeles")
    outcome = expiry_for(make_facts(), policy)
    assert outcome.ends_on == date(2026, 9, 1)
    assert outcome.ends_at == datetime(2026, 9, 2, 7, tzinfo=UTC)


def test_an_undecided_application_is_counted_from_the_last_word() -> None:
    """While nothing is decided the clock runs from receipt or the last contact, whichever is later."""
    application = make_application(stage=Stage.REVIEW, decision_on=None)
    assert expiry_for(make_facts(application), make_policy()).ends_on == date(2027, 1, 15)
    touched = make_facts(application, last_contact_on=date(2026, 5, 5))
    assert expiry_for(touched, make_policy()).ends_on == date(2027, 5, 5)


@pytest.mark.parametrize("country", ["NL", "US-CA", "BR"])
def test_a_draft_ends_a_day_after_it_was_last_touched(country: str) -> None:
    """What was begun and not sent has its own clock everywhere, and no floor of law keeps it."""
    draft = make_application(
        country=country, stage=Stage.DRAFT, decision_on=None, touched_at=RECEIVED + timedelta(days=2)
    )
    outcome = expiry_for(make_facts(draft), make_policy())
    assert (outcome.rule, outcome.ends_on, outcome.action) == ("draft", date(2026, 1, 18), Action.PURGE)


def test_consent_for_the_pool_extends_the_record() -> None:
    """The record ends when its last purpose ends; the others are told as losers."""
    outcome = expiry_for(make_facts(make_application(bases=(make_basis(), in_pool()))), make_policy())
    assert (outcome.rule, outcome.ends_on) == ("pool", date(2028, 1, 15))
    assert [p.on for p in outcome.purposes] == [date(2026, 9, 1), date(2028, 1, 15)]
    assert "application-eu" in {b.rule for b in outcome.losers}


def test_a_consent_given_until_a_day_ends_on_that_day() -> None:
    """A consent's own end cuts the period."""
    bases = (in_pool(expires_on=date(2026, 6, 30)),)
    outcome = expiry_for(make_facts(make_application(bases=bases)), make_policy())
    assert (outcome.rule, outcome.reason, outcome.ends_on) == (CONSENT_ENDS, Kind.CONSENT, date(2026, 6, 30))


def test_a_purpose_without_a_live_basis_keeps_nothing() -> None:
    """Where nothing is live the record is due already, and is purged."""
    outcome = expiry_for(make_facts(make_application(bases=())), make_policy())
    assert (outcome.rule, outcome.reason, outcome.action) == (NO_LIVE_BASIS, Kind.NO_BASIS, Action.PURGE)
    assert outcome.ends_at is not None
    assert outcome.ends_at <= RECEIVED


def test_a_purpose_that_the_policy_no_longer_knows_keeps_nothing() -> None:
    """A basis for what nobody does any more is no reason to keep."""
    outcome = expiry_for(make_facts(make_application(bases=(make_basis("retired"),))), make_policy())
    assert outcome.rule == NO_LIVE_BASIS


def test_a_request_for_erasure_ends_everything_at_once() -> None:
    """All purposes end at the instant of asking, and the record is purged, not anonymised."""
    asked = datetime(2026, 4, 4, 12, 30, tzinfo=UTC)
    facts = make_facts(make_application(bases=(make_basis(), in_pool())), erasure_asked_at=asked)
    outcome = expiry_for(facts, make_policy())
    assert (outcome.rule, outcome.ends_on, outcome.ends_at) == (ERASURE_ASKED, date(2026, 4, 4), asked)
    assert outcome.action is Action.PURGE
    assert {"application-eu", "pool"} <= {b.rule for b in outcome.losers}


def test_a_late_request_does_not_prolong_what_has_ended() -> None:
    """Asking after the end changes nothing about the end."""
    facts = make_facts(erasure_asked_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert expiry_for(facts, make_policy()).ends_on == date(2026, 9, 1)


@pytest.mark.promise("R2")
def test_a_floor_of_law_stands_above_a_request() -> None:
    """The record is restricted from the request on and ends by itself on the law's day."""
    asked = datetime(2026, 4, 4, 12, tzinfo=UTC)
    facts = make_facts(make_application(country="US-CA"), erasure_asked_at=asked)
    outcome = expiry_for(facts, make_policy())
    assert (outcome.rule, outcome.reason, outcome.ends_on) == ("us-ca-records", Kind.FLOOR, date(2030, 3, 1))
    assert outcome.restricted_from == date(2026, 4, 4)
    assert ERASURE_ASKED in {b.rule for b in outcome.losers}
    assert outcome.action is Action.PURGE


def test_a_floor_keeps_what_no_basis_keeps() -> None:
    """Withdrawing every consent does not undo what law demands; the record is restricted from then."""
    outcome = expiry_for(make_facts(make_application(country="US", bases=())), make_policy())
    assert (outcome.rule, outcome.ends_on) == ("us-records", date(2027, 3, 1))
    assert outcome.restricted_from == date(2026, 1, 15)


def test_the_law_of_the_place_of_work_binds_too() -> None:
    """A Dutch candidate for a Californian opening is kept for four years, restricted after four weeks."""
    outcome = expiry_for(make_facts(make_application(country="NL", opening_country="US-CA")), make_policy())
    assert outcome.rule == "us-ca-records"
    assert outcome.restricted_from == date(2026, 3, 29)


def test_a_ceiling_cuts_a_period_and_a_floor_stands_above_it() -> None:
    """Ceilings are rounded down, floors up; where they conflict the floor wins."""
    ceiling = Ceiling("cap", "a law", (Anchor.RECEIVED,), Length(1, Unit.MONTHS), WHY, countries=("EU",))
    capped = replace(make_policy(), ceilings=(ceiling,))
    outcome = expiry_for(make_facts(), capped)
    assert (outcome.rule, outcome.reason, outcome.ends_on) == ("cap", Kind.CEILING, date(2026, 2, 14))
    floor = Floor("keep", "another law", (Anchor.RECEIVED,), Length(2, Unit.MONTHS), WHY, sources=(Source.PERSON,))
    both = expiry_for(make_facts(), replace(capped, floors=(floor,)))
    assert (both.rule, both.ends_on, both.restricted_from) == ("keep", date(2026, 3, 15), date(2026, 2, 14))
    elsewhere = expiry_for(
        make_facts(make_application(country="BR", source=Source.STAFF)), replace(capped, floors=(floor,))
    )
    assert elsewhere.rule == "application"


@pytest.mark.promise("R3")
def test_a_hold_stands_above_everything() -> None:
    """While held there is no end, whatever was asked; the end that would stand is still told."""
    facts = make_facts(holds=(Hold("h1", date(2026, 2, 1)),), erasure_asked_at=datetime(2026, 4, 4, tzinfo=UTC))
    outcome = expiry_for(facts, make_policy())
    assert (outcome.ends_on, outcome.ends_at, outcome.reason) == (None, None, Kind.HOLD)
    assert outcome.unheld_on == date(2026, 4, 4)


def test_a_person_can_ask_that_the_record_be_kept_a_while() -> None:
    """A restriction under Art. 18 postpones the end to its day, and not beyond the person's own later wish."""
    facts = make_facts(restricted_until=date(2027, 5, 5))
    outcome = expiry_for(facts, make_policy())
    assert (outcome.rule, outcome.ends_on) == (RESTRICTION_ASKED, date(2027, 5, 5))
    asked = replace(facts, erasure_asked_at=datetime(2026, 4, 4, tzinfo=UTC))
    assert expiry_for(asked, make_policy()).ends_on == date(2026, 4, 4)


def test_leap_days_end_on_the_last_of_february() -> None:
    """Twelve months from 29 February end on 28 February."""
    application = make_application(country="GB", decision_on=date(2028, 2, 29))
    assert expiry_for(make_facts(application), make_policy()).ends_on == date(2029, 2, 28)


def test_facts_that_mean_nothing_are_refused() -> None:
    """No application, or a purpose for which an unchecked policy has no period, is an error and not a guess."""
    with pytest.raises(ValueError, match="without an application"):
        expiry_for(Facts(()), make_policy())
    with pytest.raises(LookupError, match="no period"):
        find_period(replace(make_policy(), periods=()), make_application(), make_basis())
