"""Requests with their clocks, what breaks a promise now, why and when, and objections, as people meet them."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from houses import Live, Signed, living, on_record, post_application, put_on_record, staff_of, token_of

from intake.access.actors import PERSON_COOKIE, Visitor, csrf_of, open_person_session
from intake.access.permissions import Permission
from intake.desk import requests, violations
from intake.desk.archive import export_archive
from intake.desk.contact_ways import objection_path
from intake.desk.refusals import Refusal
from intake.desk.signing import is_signed_by
from storage.identifiers import new_id
from storage.models import Application, Ending, Mail, Person, PersonState, RightsRequest, Role
from storage.models.endings import EndCause
from storage.queries import bases
from storage.vocabulary import Action, Channel

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def officer(live: Live) -> Signed:
    """A privacy officer."""
    return staff_of(live, Role.PRIVACY_OFFICER)


def enter(officer: Signed, reference: str, arrived_on: date, right: str = "access", **other: str) -> Any:
    """Enter a request that came by post."""
    form = {"reference": reference, "right": right, "channel": "post", "arrived_on": arrived_on.isoformat()} | other
    return officer.post("/privacy/requests", **form)


def find(live: Live, reference: str) -> requests.Request:
    """The one open request of a record."""
    (found,) = [row for row in requests.list_open(live.house) if row.reference == reference]
    return found


@pytest.mark.promise("Q5")
@pytest.mark.promise("Q9")
def test_a_request_by_post_runs_from_the_day_it_arrived_and_stands_out_when_late(live: Live, officer: Signed) -> None:
    """Due by the policy's table of rights; nearly late and late are marked, on the page and on the first page."""
    today = live.house.today()
    fresh, near, late = (put_on_record(live).application.reference for _ in range(3))
    enter(officer, fresh, today, text="Send me a copy.")
    enter(officer, near, today - timedelta(days=27))
    page = enter(officer, late, today - timedelta(days=40)).text
    assert "Send me a copy." in page
    assert "late by" in page
    assert (find(live, fresh).is_late, find(live, fresh).is_nearly_late) == (False, False)
    assert find(live, near).is_nearly_late
    assert find(live, late).is_late
    assert requests.count_late(live.house) == (1, 1)
    assert "Requests late" in officer.get("/privacy").text
    assert "Erasure" not in officer.get("/privacy/violations").text


def test_a_request_that_makes_no_sense_is_told_at_its_field(live: Live, officer: Signed) -> None:
    """An unknown record, no day, a day ahead, and a right that the policy does not give here."""
    reference, today = put_on_record(live).application.reference, live.house.today()
    for answer in (
        enter(officer, "VV-0000", today),
        officer.post("/privacy/requests", reference=reference, right="access", arrived_on="soon"),
        enter(officer, reference, today + timedelta(days=1)),
        enter(officer, reference, today, right="limit"),
    ):
        assert answer.status_code == 422
        assert "There is a problem" in answer.text


@pytest.mark.promise("Q7")
def test_what_could_not_be_done_is_told_with_the_reason_and_to_whom_to_complain(live: Live, officer: Signed) -> None:
    """A refusal without a reason is refused; with one the person is written to, and it stands in their archive."""
    taken = put_on_record(live)
    enter(officer, taken.application.reference, live.house.today(), right="erasure", text="Erase me.")
    row = find(live, taken.application.reference).id
    assert officer.post(f"/privacy/requests/{row}/answer", outcome="refused", answer=" ").status_code == 422
    reason = "A claim is pending; it ends in May."
    assert officer.post(f"/privacy/requests/{row}/answer", outcome="refused", answer=reason).status_code == 200
    with live.house.database.writing() as session:
        mail = session.query(Mail).filter_by(person_id=taken.person.id, template="request").one()
        key = live.house.vault.key_of(session.get_one(Person, taken.person.id))
        text = live.house.vault.sealer.open_json(key, "mail_message", mail.id, mail.message)["text"]
        packed = export_archive(session, live.house, Visitor(taken.person.id, None), "en")
    assert reason in text
    assert "data protection authority" in text
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        (told,) = json.loads(archive.read("data.json"))["requests"]
    assert (told["asked"], told["answered"], told["outcome"]) == ("Erase me.", reason, "refused")
    assert officer.post(f"/privacy/requests/{row}/answer", outcome="done").status_code == 404


def test_a_request_is_put_off_once_with_a_reason_and_never_when_late(live: Live, officer: Signed) -> None:
    """Two months more under the GDPR, told to the person; a second time is refused."""
    taken = put_on_record(live)
    enter(officer, taken.application.reference, live.house.today())
    before = find(live, taken.application.reference)
    assert before.can_extend
    assert officer.post(f"/privacy/requests/{before.id}/answer", outcome="extend", answer="").status_code == 422
    officer.post(f"/privacy/requests/{before.id}/answer", outcome="extend", answer="Much to look through.")
    after = find(live, taken.application.reference)
    assert after.due_on > before.due_on + timedelta(days=50)
    assert (after.is_extended, after.can_extend) == (True, False)
    with pytest.raises(Refusal, match="not_extendable"):
        requests.extend_request(live.house, after.id, "Again.", actor="test")


def test_a_right_of_where_the_person_lives_has_its_own_clock(live: Live) -> None:
    """Californians opt out within fifteen business days; elsewhere the policy gives no such right."""
    assert requests.find_right(live.house, "opt_out", "US-CA") is not None
    assert requests.find_right(live.house, "opt_out", "DE") is None
    taken = put_on_record(live, country="US-CA")
    requests.open_request(
        live.house, taken.application.reference, "opt_out", channel=Channel.PHONE, arrived_on=live.house.today(),
        text="", actor="test",
    )  # fmt: skip
    row = on_record(live, lambda s: s.query(RightsRequest).filter_by(person_id=taken.person.id).one())
    assert row.due_on == date(2026, 3, 23)


def test_why_and_when_is_the_same_for_person_office_and_program(live: Live, officer: Signed) -> None:
    """For each category the rules, which won and when; consents and requests with them."""
    taken = put_on_record(live, country="US-CA")
    reference = taken.application.reference
    enter(officer, reference, live.house.today(), right="erasure")
    headers = token_of(live, Permission.RETENTION)
    told = live.client().get(f"/api/v1/privacy/records/{reference}/why", headers=headers).json()
    identity = next(one for one in told["categories"] if one["category"] == "identity")
    assert {rule["kind"] for rule in identity["rules"]} >= {"period", "floor"}
    assert sum(rule["won"] for rule in identity["rules"]) == 1
    assert identity["on"] == told["ends_on"]
    assert {word["purpose"] for word in told["words"]} >= {"application", "pool", "share"}
    assert [asked["right"] for asked in told["requests"]] == ["erasure"]
    office = officer.post("/privacy/why", reference=reference).text
    own = person_client(live, taken).get("/me/why").text
    for rule in identity["rules"]:
        assert f"<code>{rule['rule']}</code>" in office
        assert f"<code>{rule['rule']}</code>" in own
    assert live.client().get("/api/v1/privacy/records/VV-0000/why", headers=headers).status_code == 404


def person_client(live: Live, taken: Any) -> Any:
    """The person's own browser, signed in by a link."""
    client = live.client()
    with live.house.database.writing() as session:
        token = open_person_session(session, live.house, taken.person.id, None)
    client.cookies.set(PERSON_COOKIE, token)
    client.headers["X-CSRF-Token"] = csrf_of(live.house, token)
    return client


def test_programs_of_the_office_read_receipts_letters_and_requests(live: Live) -> None:
    """Each under its scope; receipts with the key that checks them."""
    taken, client = put_on_record(live), live.client()
    headers = token_of(live, Permission.RETENTION, Permission.REQUESTS)
    told = client.get(f"/api/v1/privacy/records/{taken.application.reference}/receipts", headers=headers).json()
    assert all(is_signed_by(told["keys"][0], receipt) for receipt in told["receipts"])
    for path in ("letters", "requests", "violations"):
        assert isinstance(client.get(f"/api/v1/privacy/{path}", headers=headers).json(), list)
    assert client.get("/api/v1/privacy/requests", headers=token_of(live, Permission.SEARCH)).status_code == 403


@pytest.mark.promise("L7")
def test_one_press_of_a_button_in_a_letter_objects_to_advertising(live: Live) -> None:
    """No sign-in, no cookie; looking at the page changes nothing; a link that was made up is refused."""
    taken, client = put_on_record(live), live.client()
    with live.house.database.reading() as session:
        person = session.get_one(Person, taken.person.id)
        path = objection_path(live.house, person)
    assert "Object to all advertising" in client.get(path).text
    assert objections(live, taken) == []
    assert "Your objection is on record" in client.post(path).text
    assert objections(live, taken) == ["marketing", "sale"]
    assert client.post("/me/objection/" + "0" * 64).status_code == 410


def objections(live: Live, taken: Any) -> list[str]:
    """Purposes objected to."""
    found = on_record(live, lambda session: bases.find_ledger(session, taken.person.id))
    return [entry.purpose for entry in found if entry.event.value == "objected"]


@pytest.mark.promise("L7")
def test_a_person_reads_the_balancing_and_objects_on_their_page(tmp_path: Path) -> None:
    """What rests on an interest is shown with what was weighed, and stops with a press of a button."""
    with living(tmp_path, policy="uk-charity", sandbox="off") as live:
        taken = put_on_record(live, consents=())
        client = person_client(live, taken)
        assert "you can object" in client.get("/me/why").text
        after = client.post("/me/object/impact", data={}).text
        assert "You objected; it stopped." in after
        client.post("/me/object/marketing", data={})
        assert objections(live, taken) == ["impact", "marketing", "sale"]


def test_what_breaks_a_promise_is_listed_and_normally_nothing_is(tmp_path: Path) -> None:
    """Past its end, without a basis, not restricted, a use that is over, an end that is stuck: each by reference."""
    with living(tmp_path, sandbox="off") as live:
        house, officer = live.house, staff_of(live, Role.PRIVACY_OFFICER)
        people = [put_on_record(live) for _ in range(4)]
        assert "Nothing." in officer.get("/privacy/violations").text
        live.clock.advance(days=3)
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        with house.database.writing() as session:
            rows = [session.get_one(Person, taken.person.id) for taken in people]
            rows[0].ends_at = long_ago
            rows[1].restricted_from = date(2026, 1, 1)
            rows[2].purpose_ends_on = date(2026, 1, 1)
            for entry in bases.find_live(session, rows[3].id, house.today()):
                again = {c.name: getattr(entry, c.name) for c in type(entry).__table__.columns}
                bases.append_event(session, type(entry)(**(again | {"id": new_id(), "event": "withdrawn"})))
            session.add(
                Ending(
                    id=new_id(), subject=new_id(), receipt="R-1", cause=EndCause.REQUEST, action=Action.PURGE,
                    rule="x", decision={}, ended_at=long_ago,
                )
            )  # fmt: skip
        kinds = {row.kind for row in violations.list_violations(house)}
        assert kinds == {"past_due", "without_basis", "not_restricted", "purpose_over", "stuck"}
        page = staff_of(live, Role.PRIVACY_OFFICER).get("/privacy/violations").text
        assert people[0].application.reference in page
        assert on_record(live, lambda s: s.get(Person, people[1].person.id)).state is PersonState.LIVE


@pytest.mark.promise("C10")
def test_the_browsers_signal_is_seen_said_and_recorded(live: Live) -> None:
    """A line on each page says what it does; an application sent with it carries the opt-out; without it none."""
    client, said = live.client(), "We saw your browser’s Global Privacy Control"
    assert said not in client.get("/apply").text
    assert said not in client.get("/apply", headers={"Sec-GPC": "0"}).text
    for path in ("/apply", "/apply/pool", "/notice"):
        assert said in client.get(path, headers={"Sec-GPC": "1"}).text
    answer = post_application(live, headers={"Sec-GPC": "1"})
    row = bytes.fromhex(answer.json()["id"])
    person_id = on_record(live, lambda session: session.get_one(Application, row).person_id)
    found = on_record(live, lambda session: bases.find_ledger(session, person_id))
    assert {e.purpose for e in found if e.event.value == "objected"} == {"sale", "marketing"}
    assert all(e.global_privacy_control for e in found)
