"""Before a night's ends: ends under a changed policy, purposes that are over, letters to those who end soon."""

from dataclasses import replace
from datetime import timedelta

import pytest
from people_on_record import NOW, POLICY, SEALED, add_basis, add_person
from sqlalchemy.orm import Session

from retention.campaigns import CAMPAIGN_TOPIC, plan_renewals
from retention.policy.policy import Renewals
from retention.preparing import prepare_night, settle_changed
from retention.records import settle_end
from storage import outbox
from storage.database import Database
from storage.identifiers import new_id
from storage.models import Application, CampaignLetter, Hold, Person
from storage.queries import bases, people
from storage.vocabulary import Basis, Stage
from storage.vocabulary import BasisEvent as Kind

pytestmark = pytest.mark.enable_socket


def in_the_pool(session: Session, days_ago: int, **given: object) -> Person:
    """Somebody rejected long ago who agreed to be kept, so many days ago."""
    at = NOW - timedelta(days=days_ago)
    return add_person(session, at=at, pool=True, **given)  # type: ignore[arg-type]


def test_a_purpose_whose_time_is_over_expires_while_the_record_goes_on(database: Database) -> None:
    """California keeps an application for four years, a consent to the pool lasts two: then nobody is found by it."""
    with database.writing() as session:
        person = in_the_pool(session, 800, country="US-CA", stage=Stage.RECEIVED)
        application = people.find_applications(session, person.id)[0]
        application.stage, application.decision_on = Stage.REJECTED, (NOW - timedelta(days=700)).date()
        settle_end(session, person, POLICY, NOW)
        assert person.purpose_ends_on is not None
        row_id, ends_on = person.id, person.ends_on
    prepare_night(database, POLICY, NOW)
    with database.writing() as session:
        last = bases.find_ledger(session, row_id)[-1]
        assert (last.purpose, last.event) == ("pool", Kind.EXPIRED)
        assert {e.purpose for e in bases.find_live(session, row_id, NOW.date())} == {"application"}
        person = session.get_one(Person, row_id)
        assert (person.purpose_ends_on, person.ends_on) == (None, ends_on)
    prepare_night(database, POLICY, NOW)
    with database.reading() as session:
        assert [e.event for e in bases.find_ledger(session, row_id)].count(Kind.EXPIRED) == 1


def test_nothing_expires_under_a_hold(database: Database) -> None:
    """While a hold lasts nothing under it changes."""
    with database.writing() as session:
        person = in_the_pool(session, 800, country="US-CA")
        session.add(
            Hold(id=new_id(), person_id=person.id, reason=SEALED, owner="x", placed_at=NOW, ends_on=NOW.date())
        )  # fmt: skip
        row_id = person.id
    prepare_night(database, POLICY, NOW)
    with database.reading() as session:
        assert Kind.EXPIRED not in {e.event for e in bases.find_ledger(session, row_id)}


def test_a_changed_policy_settles_whoever_was_settled_under_another(database: Database) -> None:
    """From its day each end is the changed policy's; a record that cannot be settled keeps no other from it."""
    with database.writing() as session:
        row_id = in_the_pool(session, 100).id
        broken = in_the_pool(session, 100)
        for application in people.find_applications(session, broken.id):
            session.delete(application)
    changed = replace(POLICY, version="2", periods=tuple(_halved(p) for p in POLICY.periods))
    assert settle_changed(database, changed, NOW) == 1
    with database.reading() as session:
        person = session.get_one(Person, row_id)
        assert person.policy_version == "2"
    assert settle_changed(database, changed, NOW) == 0


def _halved(period: object) -> object:
    length = period.length  # type: ignore[attr-defined]
    return replace(period, length=replace(length, amount=max(1, length.amount // 2)))  # type: ignore[type-var]


def test_whoever_ends_soon_by_a_consent_that_can_be_renewed_is_asked_once(database: Database) -> None:
    """Neither who ends by another rule, nor later, nor who asked not to be contacted; and nobody twice."""
    with database.writing() as session:
        soon = in_the_pool(session, 715)
        in_the_pool(session, 600)
        quiet = in_the_pool(session, 715)
        quiet.suppressed = True
        add_person(session, at=NOW - timedelta(days=175), stage=Stage.REJECTED)
        assert plan_renewals(session, POLICY, NOW) == 1
        assert plan_renewals(session, POLICY, NOW) == 0
        assert [row.person_id for row in session.query(CampaignLetter)] == [soon.id]
        assert outbox.pending(session, CAMPAIGN_TOPIC) == 1


def test_a_policy_that_renews_nothing_asks_nobody(database: Database) -> None:
    """The policy says which consents can be renewed; by default none."""
    with database.writing() as session:
        in_the_pool(session, 715)
        assert plan_renewals(session, replace(POLICY, renewals=Renewals()), NOW) == 0
        assert plan_renewals(session, replace(POLICY, renewals=Renewals(30, ("share",))), NOW) == 0


def test_an_objection_for_one_application_leaves_the_other(database: Database) -> None:
    """What is live is told application by application, purpose by purpose."""
    with database.writing() as session:
        person = in_the_pool(session, 10)
        application = session.get_one(Application, people.find_applications(session, person.id)[0].id)
        add_basis(session, application, "pool", Basis.CONSENT, NOW, Kind.OBJECTED)
        assert {e.purpose for e in bases.find_live(session, person.id, NOW.date())} == {"application"}
