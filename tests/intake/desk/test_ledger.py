"""Everything that can happen to a basis is on the ledger: given, renewed, refused, withdrawn, expired, objected to."""

from pathlib import Path
from typing import Any

import pytest
from houses import Live, living, on_record, put_on_record

from intake.access.actors import Visitor
from intake.desk import drafts, ledger, rights
from intake.desk.notices import notice_in_force
from intake.desk.refusals import Refusal
from intake.desk.submit import Submission
from storage.models import Application, Person
from storage.profile import Profile
from storage.queries import bases, people
from storage.vocabulary import Basis, Channel, Source, Stage

pytestmark = pytest.mark.enable_socket


def told(live: Live, person_id: bytes) -> list[tuple[str, str, str]]:
    """Purpose, basis and event of each entry, in order."""
    found = on_record(live, lambda session: bases.find_ledger(session, person_id))
    return [(e.purpose, e.basis.value, e.event.value) for e in found]


def lasting(live: Live, person_id: bytes) -> set[str]:
    """Purposes with a live basis."""
    found = on_record(live, lambda session: bases.find_live(session, person_id, live.house.today()))
    return {event.purpose for event in found}


def begin_draft(live: Live, *consents: str, is_signal: bool = False) -> str:
    """Begin an application on the page; the draft's token."""
    house = live.house
    submission = Submission(
        data=b"Jane Example\njane@example.org\n", file_name="cv.txt", opening="", source=Source.PERSON,
        channel=Channel.FORM, country="US", language="en", notice=notice_in_force(house, "en"), consents=consents,
        age_confirmed=True, global_privacy_control=is_signal, stage=Stage.DRAFT,
    )  # fmt: skip
    return drafts.start_draft(house, submission)


def send(live: Live, token: str) -> None:
    """Send the draft with a name and an address."""
    with live.house.database.writing() as session:
        draft = drafts.open_draft(session, live.house, token)
        drafts.save_details(session, live.house, draft, Profile(name="Jane Example", emails=("jane@example.org",)))
    with live.house.database.writing() as session:
        drafts.send_draft(session, live.house, drafts.open_draft(session, live.house, token), token)


def only_person(live: Live) -> Person:
    """The one person on record."""
    found: Any = on_record(live, lambda session: session.query(Person).one())
    assert isinstance(found, Person)
    return found


@pytest.mark.promise("C2")
def test_what_is_begun_stands_on_deemed_consent_only_where_the_policy_knows_it(tmp_path: Path) -> None:
    """A staffing agency's draft is held on that basis alone; sending ends it and begins the application's own."""
    with living(tmp_path, policy="us-staffing", sandbox="off") as live:
        token = begin_draft(live, "pool")
        person = only_person(live)
        assert told(live, person.id) == [("unfinished", "deemed_consent", "given"), ("pool", "consent", "given")]
        with live.house.database.writing() as session:
            draft = drafts.open_draft(session, live.house, token)
            assert drafts.preview_end(session, live.house, draft).on != draft.end.on
        assert len(told(live, person.id)) == 2
        send(live, token)
        events = told(live, person.id)
        assert ("unfinished", "deemed_consent", "expired") in events
        assert ("application", "contract", "given") in events
        assert ("share", "consent", "refused") in events
        assert "unfinished" not in lasting(live, person.id)


@pytest.mark.promise("C2")
def test_elsewhere_a_draft_stands_on_the_steps_that_the_person_began(tmp_path: Path) -> None:
    """No consent is deemed under UK or EU law."""
    with living(tmp_path, sandbox="off") as live:
        begin_draft(live)
        assert told(live, only_person(live).id) == [("application", "contract", "given")]


def test_a_choice_that_was_put_and_not_taken_is_on_the_ledger(live: Live) -> None:
    """Each question that was shown has its answer, yes or not."""
    taken = put_on_record(live, consents=("pool",))
    assert ("share", "consent", "refused") in told(live, taken.person.id)
    assert lasting(live, taken.person.id) == {"application", "pool"}


@pytest.mark.promise("C10")
def test_the_browsers_signal_is_an_opt_out_on_the_application(live: Live) -> None:
    """Sale and advertising are objected to, marked as said by the signal; a choice by hand stands."""
    taken = put_on_record(live, consents=("pool",), global_privacy_control=True)
    found = on_record(live, lambda session: bases.find_ledger(session, taken.person.id))
    out = {e.purpose for e in found if e.event.value == "objected" and e.global_privacy_control}
    assert out == {"sale", "marketing"}
    assert "pool" in lasting(live, taken.person.id)


@pytest.mark.promise("N4")
def test_a_consent_is_given_renewed_withdrawn_and_given_again(live: Live) -> None:
    """What is live follows the last word, and every word stays."""
    taken, house = put_on_record(live, consents=()), live.house
    visitor = Visitor(taken.person.id, None)
    assert "pool" not in lasting(live, taken.person.id)
    for event in ("given", "renewed"):
        with house.database.writing() as session:
            person = people.find_person(session, taken.person.id)
            assert person is not None
            ledger.give_consent(session, house, person, "pool", language="en", channel=Channel.FORM)
        assert told(live, taken.person.id)[-1] == ("pool", "consent", event)
        assert "pool" in lasting(live, taken.person.id)
    with house.database.writing() as session:
        rights.withdraw_consent(session, house, visitor, "pool", "en")
    assert "pool" not in lasting(live, taken.person.id)
    with house.database.writing() as session:
        person = people.find_person(session, taken.person.id)
        assert person is not None
        with pytest.raises(Refusal):
            ledger.give_consent(session, house, person, "application", language="en", channel=Channel.FORM)


@pytest.mark.promise("L7")
def test_an_objection_to_advertising_is_absolute_and_asked_once(live: Live) -> None:
    """It ends a consent too, holds where the policy knows no advertising, and is not entered twice."""
    taken, house = put_on_record(live), live.house
    for _ in range(2):
        with house.database.writing() as session:
            person = people.find_person(session, taken.person.id)
            assert person is not None
            ledger.object_to_advertising(session, house, person, language="en")
    objected = [entry for entry in told(live, taken.person.id) if entry[2] == "objected"]
    assert [purpose for purpose, _, _ in objected] == ["marketing", "sale"]


def test_what_rests_on_our_interest_is_objected_to_and_nothing_else(tmp_path: Path) -> None:
    """Under Art. 21 an interest gives way at once; a contract is not objected to but withdrawn from."""
    with living(tmp_path, policy="uk-charity", sandbox="off") as live:
        taken, house = put_on_record(live, consents=("marketing",)), live.house
        assert "impact" in lasting(live, taken.person.id)
        with house.database.writing() as session:
            person = people.find_person(session, taken.person.id)
            assert person is not None
            ledger.object_by_name(session, house, person, "impact", language="en")
            ledger.object_by_name(session, house, person, "marketing", language="en")
            with pytest.raises(Refusal):
                ledger.object_by_name(session, house, person, "application", language="en")
        assert lasting(live, taken.person.id) == {"application", "claims"}
        assert ("marketing", Basis.CONSENT.value, "objected") in told(live, taken.person.id)
        assert on_record(live, lambda session: session.query(Application).one()).stage is Stage.RECEIVED
