"""The promises that need time to pass or a hand from staff, each through the front door. Ids as elsewhere.

Each on an installation of its own over the embedded database; the same flows run on both in ``tests/e2e``.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from installations import (
    RESUME,
    Running,
    apply_by_page,
    find_candidates,
    open_own_page,
    post_application,
    ready_staff,
    running,
    sign_in,
)
from plain_browser import Page, PlainBrowser

from storage.models import AnonymousFact, BasisEvent, Ending, Person
from storage.queries import people

pytestmark = pytest.mark.enable_socket
WORD = "quuxomatic"


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Running]:
    """A fresh installation."""
    with running(tmp_path) as installation:
        yield installation


def count(live: Running) -> int:
    """How many people are on record."""
    with live.house.database.reading() as session:
        return people.count_people(session)


def taken_along(own: PlainBrowser) -> dict[str, Any]:
    """What the archive says of everything held."""
    with zipfile.ZipFile(io.BytesIO(own.fetch("/me/everything.zip").content)) as archive:
        said: dict[str, Any] = json.loads(archive.read("data.json"))
    return said


def apply_and_open(live: Running, **choices: Any) -> tuple[Page, PlainBrowser]:
    """Apply by the page and open one's own page from the confirmation."""
    done = apply_by_page(live.browser(), **choices)
    live.work()
    return done, open_own_page(live.browser(), done)


def place_hold(staff: PlainBrowser, reference: str) -> Page:
    """Hold a record by its reference."""
    given = {"reference": reference, "reason": "A claim", "owner": "Legal", "until": "2029-01-31"}
    return staff.submit(staff.open("/privacy/holds"), "/privacy/holds", given)


@pytest.mark.promise("C2")
def test_what_was_begun_and_not_sent_ends_by_its_own_clock(live: Running) -> None:
    """A draft is found by nobody and is gone after its day."""
    staff, browser = ready_staff(live), live.browser()
    browser.submit(browser.open("/apply/pool"), "/apply/pool", {"country": "DE"}, file=("resume.txt", RESUME.encode()))
    live.work()
    assert count(live) == 1
    assert find_candidates(staff, WORD) == []
    live.clock.advance(days=2)
    live.night()
    assert count(live) == 0


@pytest.mark.promise("C6")
def test_each_field_keeps_its_own_source(live: Running) -> None:
    """What an employer sent stays the employer's; what the person corrects becomes the person's."""
    done, own = apply_and_open(live, details={"name": "Jane Corrected"})
    sources = taken_along(own)["sources"]
    assert sources["name"] == {"source": "person", "corrected": True}
    assert sources["skills"]["corrected"] is False
    assert done.reference()


@pytest.mark.promise("C5")
def test_another_source_is_said_and_one_that_the_policy_has_not_is_refused(live: Running) -> None:
    """Without source or channel nothing is taken in; from where nothing is taken neither."""
    for wrong in ({"source": None}, {"channel": None}, {"source": "bought_list"}):
        assert post_application(live, **wrong).status_code == 422
    assert count(live) == 0
    assert post_application(live, source="employer").status_code == 201


@pytest.mark.promise("C10")
def test_a_global_privacy_control_is_noted_with_the_choice(live: Running) -> None:
    """The signal of the browser stands in the ledger."""
    client = live.client()
    client.headers["Sec-GPC"] = "1"
    apply_by_page(PlainBrowser(client))
    with live.house.database.reading() as session:
        signalled = {(e.purpose, e.event.value) for e in session.query(BasisEvent) if e.global_privacy_control}
    assert ("marketing", "objected") in signalled
    assert "We saw your browser’s Global Privacy Control." in client.get("/apply/pool").text
    assert "Global Privacy Control" not in live.client().get("/apply/pool").text
    assert live.client().get("/.well-known/gpc.json").json()["gpc"] is True


@pytest.mark.promise("C12")
def test_a_note_of_staff_is_part_of_the_persons_data(live: Running) -> None:
    """Written by a recruiter, seen and taken along by the person, gone with them."""
    staff = ready_staff(live)
    _, own = apply_and_open(live)
    candidate = staff.open(find_candidates(staff, WORD)[0])
    staff.submit(candidate, "/notes", {"note": "Called on Monday."})
    assert "Called on Monday." in own.open("/me").words()
    assert [note["text"] for note in taken_along(own)["notes"]] == ["Called on Monday."]


@pytest.mark.promise("N2")
def test_a_record_keeps_the_notice_it_came_under_and_no_other_is_taken(live: Running) -> None:
    """An application that was shown another version has to be shown this one; the posted one stays readable."""
    refused = post_application(live, notice_version="another")
    assert (refused.status_code, refused.json()["code"]) == (409, "notice_changed")
    _, own = apply_and_open(live)
    (application,) = taken_along(own)["applications"]
    assert live.client().get(f"/notice/{application['notice_version']}").status_code == 200


@pytest.mark.promise("N3")
def test_without_a_live_basis_nobody_is_found_or_opened(live: Running) -> None:
    """The moment the last basis for considering somebody ends, their page answers as if it never was."""
    staff = ready_staff(live)
    done, own = apply_and_open(live, pool="on")
    (found,) = find_candidates(staff, WORD)
    own.submit(own.open("/me"), f"/me/withdraw/{done.reference()}")
    assert staff.open(found).status == 200, "the pool was agreed to"
    own.submit(own.open("/me"), "/me/consent/pool")
    assert find_candidates(staff, WORD) == []
    assert staff.open(found).status == 404


@pytest.mark.promise("N4")
def test_consent_is_provable_and_withdrawn_by_one_press(live: Running) -> None:
    """The ledger holds version, wording, language, time and way; one press ends it."""
    _, own = apply_and_open(live, pool="on")
    with live.house.database.reading() as session:
        (given,) = session.query(BasisEvent).filter(BasisEvent.purpose == "pool")
    assert (given.event.value, given.channel.value, given.language) == ("given", "form", "en")
    assert given.at == live.clock.now
    assert len(given.wording_digest) == len(given.notice_digest) == 64
    assert own.submit(own.open("/me"), "/me/consent/pool").status == 200
    assert [entry["event"] for entry in taken_along(own)["bases"] if entry["purpose"] == "pool"] == [
        "given",
        "withdrawn",
    ]


@pytest.mark.promise("D1")
def test_a_person_sees_who_looked_and_why(live: Running) -> None:
    """Role and purpose of each look stand on their own page."""
    staff = ready_staff(live)
    _, own = apply_and_open(live)
    candidate = staff.open(find_candidates(staff, WORD)[0])
    staff.submit(candidate, "/reveal", {"purpose": "recruitment"})
    looks = taken_along(own)["looked_at"]
    assert {look["purpose"] for look in looks} == {"recruitment"}
    assert len(looks) == 2, "seen blind, then revealed"


@pytest.mark.promise("R1")
def test_each_period_has_its_reason_where_the_person_reads_it(live: Running) -> None:
    """The end and why: in the answer to an application, on one's own page, in the archive."""
    retain = post_application(live, purposes=[]).json()["retain_until"]
    assert retain["on"]
    assert retain["reason"]
    _, own = apply_and_open(live)
    ends = taken_along(own)["ends"]
    assert ends["reason"] == retain["reason"]
    assert ends["reason"] in own.open("/me").words()
    assert retain["rule"] == ends["rule"]


@pytest.mark.promise("R2")
def test_what_law_keeps_is_restricted_told_and_ends_on_its_day(live: Running) -> None:
    """A request that a law outlasts: nobody finds the record, the person is told which law and until when."""
    staff = ready_staff(live)
    _, own = apply_and_open(live, country="US-CA", pool="on")
    told = own.submit(own.open("/me"), "/me/erase", {"confirm": "ERASE"})
    assert "Cal. Gov. Code 12946" in told.words()
    assert find_candidates(staff, WORD) == []
    live.clock.go_to("2030-03-02", 23)
    live.night()
    assert count(live) == 1
    live.clock.go_to("2030-03-03")
    live.night()
    assert count(live) == 0


@pytest.mark.promise("R3")
def test_nothing_under_a_hold_ends_until_it_is_lifted(live: Running) -> None:
    """Neither the night nor the person's wish ends it; lifted, it ends by itself."""
    staff = ready_staff(live)
    done, own = apply_and_open(live)
    assert done.reference() in place_hold(staff, done.reference()).words()
    own.submit(own.open("/me"), "/me/erase", {"confirm": "ERASE"})
    live.clock.go_to("2028-06-01")
    live.night()
    assert count(live) == 1
    staff = sign_in(live)
    staff.submit(staff.open("/privacy/holds"), "/lift")
    live.night()
    assert count(live) == 0


@pytest.mark.promise("R6")
def test_what_outlives_a_person_ties_nothing_to_them(live: Running) -> None:
    """Years, bands and codes under a fresh id; no word of the resume, no reference, no id of the person."""
    done, _ = apply_and_open(live)
    with live.house.database.reading() as session:
        person = session.query(Person).one()
    live.clock.go_to("2027-12-01")
    live.night()
    with live.house.database.reading() as session:
        (fact,) = session.query(AnonymousFact)
        ending = session.query(Ending).one()
        values = {column.name: getattr(fact, column.name) for column in AnonymousFact.__table__.columns}
    assert ending.action.value == "anonymise"
    assert values.pop("id") not in (person.id, person.key_id, person.log_name, ending.id)
    words = " ".join(map(str, values.values())).casefold()
    for word in ("jane", "acme", "berlin", WORD, done.reference().casefold(), "university"):
        assert word not in words


@pytest.mark.promise("S2")
def test_nothing_of_a_resume_lies_in_clear_in_any_file(live: Running) -> None:
    """Database, its logs, files and index: no word that the person sent can be read in them."""
    ready_staff(live)
    apply_and_open(live)
    live.house.index.save()
    folder = live.house.settings.data
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes().lower()
        for word in (b"jane@example.org", b"quuxomatic", b"acme gmbh", b"jane example"):
            assert word not in content, path


@pytest.mark.promise("S1")
def test_behind_an_address_of_its_own_only_tls_is_spoken(tmp_path: Path) -> None:
    """HSTS on every answer and cookies for TLS alone where the address is https."""
    with running(tmp_path, base_url="https://jobs.example.org") as live:
        client = live.client()
        assert "max-age=" in client.get("/apply").headers["strict-transport-security"]
        assert "strict-transport-security" in client.get("/nothing").headers
        done = apply_by_page(live.browser())
        token = done.link_to("/link/").rpartition("/")[2]
        answer = client.post("/link", data={"token": token}, follow_redirects=False)
        assert "Secure" in answer.headers["set-cookie"]
