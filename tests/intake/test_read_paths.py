"""Every way by which anybody but the person reads about a person refuses once nothing permits it any more.

The ways are those of the route table: a route that is added is walked from the day it exists. Each is asked with the
keys of one person after another; what is looked for in the answers are words that only that person's record holds.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from houses import Live, Signed, living, on_record, put_on_record, staff_of, token_of
from starlette.testclient import TestClient

from intake.access.actors import Visitor
from intake.access.guards import Audience, GuardedRoute, list_routes
from intake.access.permissions import Permission
from intake.desk import ledger, rights
from intake.desk.candidates import add_note
from intake.desk.search import keep_search
from retention.campaigns import add_letter, open_campaign
from retention.records import settle_end
from storage.models import Application, CampaignKind, CampaignLetter, Document, Person, PersonState, Role
from storage.profile import Profile, Work
from storage.vocabulary import Purpose, Stage

pytestmark = pytest.mark.enable_socket
WORD = "zanthorquibble"
"""A word of the resume, which blind review shows."""
SOUGHT = "pallworthily"
"""The word that is searched for: it comes back on every page of results, and so tells nothing."""
NAME = "Perpetua Quexington"
ADDRESS = "perpetua@example.org"
TELLING = (WORD, NAME, ADDRESS)
PARAMETER = re.compile(r"\{(\w+)[^}]*\}")
NEVER = re.compile(r"/(stage|erase|leave|sign-out|drop|agree|disable|close|lift)\b")
"""Acts, not looks: they would end what is looked at."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The keys under which one person can be asked for."""

    person: bytes
    application: bytes
    document: bytes
    reference: str
    search: str

    def fill(self, path: str) -> str:
        """The path with this person's keys in it, whatever its parameters are called."""
        named = {
            "reference": self.reference, "document": self.document.hex(), "document_id": self.document.hex(),
            "application": self.application.hex(), "application_id": self.application.hex(), "search": self.search,
            "page": "1", "number": "1",
        }  # fmt: skip
        return PARAMETER.sub(lambda found: named.get(found[1], self.person.hex()), path)


def everything_about(live: Live, signed: Signed) -> Subject:
    """Somebody of whom everything is held that staff could read: document, note, decision."""
    profile = Profile(
        name=NAME, emails=(ADDRESS,), summary=f"Years of {WORD}.",
        work=(Work(employer=WORD, title=WORD, start="2020"),), skills=(WORD, SOUGHT),
    )  # fmt: skip
    taken = put_on_record(live, profile, text=f"{NAME} {ADDRESS} {WORD} {SOUGHT}", consents=("pool", "share"))
    house = live.house
    with house.database.writing() as session:
        add_note(session, house, signed.actor, taken.person.id, f"Spoke about {WORD}.")
        search = keep_search(session, house, signed.actor, SOUGHT)
    live.work()
    document = on_record(live, lambda session: session.query(Document).filter_by(person_id=taken.person.id).one().id)
    return Subject(taken.person.id, taken.application.id, document, taken.application.reference, search.hex())


def reading_routes(live: Live) -> list[GuardedRoute]:
    """Every route by which staff or programs could read."""
    outside = {Audience.STAFF, Audience.MACHINE}
    return [
        route
        for route in list_routes(live.app)
        if route.method in {"GET", "POST"}
        and any(declared.audience in outside for declared in route.declared)
        and not (route.method == "POST" and NEVER.search(route.path))
    ]


FORM = {"query": SOUGHT, "purpose": "recruitment", "q": SOUGHT, "page": "1"}


def ask(client: TestClient, route: GuardedRoute, subject: Subject, headers: dict[str, str]) -> str:
    """What a route answers, as text."""
    path = subject.fill(route.path)
    if route.method == "GET":
        return _text(client.get(path, params={"purpose": "recruitment", "query": SOUGHT}, headers=headers))
    said = FORM | {"reference": subject.reference}
    if route.path.startswith("/api/"):
        body = {"query": SOUGHT, "purpose": "recruitment", "page": 1}
        return _text(client.post(path, json=body, headers=headers))
    return _text(client.post(path, data=said, headers=headers))


def _text(answer: Any) -> str:
    return str(answer.content.decode("utf-8", "replace"))


def telling_routes(live: Live, signed: Signed, subject: Subject) -> set[str]:
    """The routes whose answers hold a word of this person's record."""
    found = set()
    machine = token_of(live, *Permission)
    staff_headers = {"X-CSRF-Token": signed.actor.csrf}
    program = live.client()
    for route in reading_routes(live):
        answers = [ask(signed.client, route, subject, staff_headers)]
        if any(declared.audience is Audience.MACHINE for declared in route.declared):
            answers.append(ask(program, route, subject, machine))
        if any(word in answer for answer in answers for word in TELLING):
            found.add(f"{route.method} {route.path}")
    return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, Signed]]:
    """An installation and somebody with every role, and the right to see names."""
    folder: Path = tmp_path_factory.mktemp("read-paths")
    with living(folder, sandbox="off", public_applications=False) as live:
        yield live, staff_of(live, *Role)


def withdraw_all(live: Live, subject: Subject) -> None:
    """The person withdraws the application and every consent."""
    with live.house.database.writing() as session:
        visitor = Visitor(subject.person, None)
        rights.withdraw_application(session, live.house, visitor, subject.reference)
        for purpose in ("pool", "share"):
            rights.withdraw_consent(session, live.house, visitor, purpose, "en")


def object_to_all(live: Live, subject: Subject) -> None:
    """Every use is objected to."""
    with live.house.database.writing() as session:
        person = session.get_one(Person, subject.person)
        ledger.object_to(session, live.house, person, (Purpose.APPLICATION, "pool", "share"), language="en")


def restrict(live: Live, subject: Subject) -> None:
    """Only a law keeps the record."""
    with live.house.database.writing() as session:
        session.get_one(Person, subject.person).state = PersonState.RESTRICTED


def erase(live: Live, subject: Subject) -> None:
    """The person erases everything; the keeper has not come round yet."""
    with live.house.database.writing() as session:
        rights.erase_now(session, live.house, Visitor(subject.person, None))


def wait_for_the_end(live: Live, subject: Subject) -> None:
    """The last day is over and the night has not come."""
    with live.house.database.writing() as session:
        for purpose in ("pool", "share"):
            rights.withdraw_consent(session, live.house, Visitor(subject.person, None), purpose, "en")
        application = session.get_one(Application, subject.application)
        application.stage, application.decision_on = Stage.REJECTED, date(2024, 3, 1)
        application.received_at = application.touched_at = datetime(2024, 1, 1, tzinfo=UTC)
        session.flush()
        settle_end(session, session.get_one(Person, subject.person), live.house.policy, live.house.now())


ENDS: tuple[Callable[[Live, Subject], None], ...] = (withdraw_all, object_to_all, restrict, erase, wait_for_the_end)


def test_with_a_live_basis_the_walk_reads_what_it_looks_for(house: tuple[Live, Signed]) -> None:
    """Else the silence of the other tests would mean nothing."""
    live, signed = house
    subject = everything_about(live, signed)
    told = telling_routes(live, signed, subject)
    assert {"GET /recruit/candidates/{person_id}", "POST /recruit/search", "POST /api/v1/candidates/search"} <= told
    assert "GET /api/v1/applications/{application_id}" in told
    erase(live, subject)
    live.work()


@pytest.mark.promise("N3")
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_no_way_of_reading_tells_anything_once_the_basis_is_gone(
    house: tuple[Live, Signed], end: Callable[[Live, Subject], None]
) -> None:
    """Search, view, documents, notes, API and every other route: at once, before keeper and night come round."""
    live, signed = house
    subject = everything_about(live, signed)
    end(live, subject)
    assert telling_routes(live, signed, subject) == set()
    live.work()
    assert telling_routes(live, signed, subject) == set()


def test_no_letter_is_written_about_whom_nothing_permits_to_keep(house: tuple[Live, Signed]) -> None:
    """A campaign that began before the end writes to nobody after it."""
    live, signed = house
    subject = everything_about(live, signed)
    with live.house.database.writing() as session:
        campaign = open_campaign(session, CampaignKind.RENEWAL, "2020-01", live.house.now())
        person = session.get_one(Person, subject.person)
        letter = add_letter(session, campaign, person, live.house.now(), ends_on=person.ends_on).id
    erase(live, subject)
    live.work()
    found = on_record(live, lambda session: session.get(CampaignLetter, letter))
    assert found is None or found.mail_id is None


def test_aggregates_tell_counts_and_nobody(house: tuple[Live, Signed]) -> None:
    """The privacy office's figures hold no word of anybody's record, with or without a basis."""
    live, signed = house
    subject = everything_about(live, signed)
    for path in ("/privacy", "/privacy/letters", "/privacy/promises", "/privacy/violations", "/privacy/requests"):
        page = signed.get(path)
        assert page.status_code == 200, path
        assert not any(word in page.text for word in TELLING), path
    assert on_record(live, lambda session: session.get(Application, subject.application)) is not None
