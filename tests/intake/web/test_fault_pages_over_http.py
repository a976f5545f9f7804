"""Every page that says why something cannot be answered, met as a person meets it: over HTTP, with its own status."""

from typing import Annotated

import pytest
from fastapi import APIRouter, Depends
from houses import SLOW, Live, ReaderDouble, put_on_record, staff_of
from starlette.testclient import TestClient

from intake.access.actors import PERSON_COOKIE, open_person_session
from intake.access.guards import open_to_all
from intake.app import create_app
from intake.desk.notices import notice_in_force
from intake.desk.openings import close_opening, create_opening
from intake.web.faults import FAULTS
from storage.models import Role

pytestmark = pytest.mark.enable_socket

FILE = {"file": ("cv.txt", b"Jane Example\njane@example.org\n")}


def says(answer: object, code: str) -> None:
    """The answer is the page for ``code``: its status and all of its sentences."""
    fault = FAULTS[code]
    assert (answer.status_code, code) == (fault.status, code)  # type: ignore[attr-defined]
    page = answer.text  # type: ignore[attr-defined]
    assert all(sentence in page for sentence in (fault.title, fault.happened, fault.kept, fault.advice))


def form_of(live: Live, **other: str) -> dict[str, str]:
    """The first step of applying, filled in."""
    return {"country": "DE", "notice_version": notice_in_force(live.house, "en").version} | other


def test_what_is_not_there_or_not_so(live: Live) -> None:
    """404 and 405."""
    client = live.client()
    says(client.get("/nothing"), "not_found")
    says(client.get("/apply/no-such-opening"), "not_found")
    says(client.delete("/notice"), "method_not_allowed")


def test_what_is_not_open_to_somebody(live: Live) -> None:
    """403 for a role that does not reach it; 401 for a person's page without their link."""
    says(staff_of(live, Role.AUDITOR).get("/admin/staff"), "forbidden")
    says(live.client().get("/me"), "link_needed")
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        token = open_person_session(session, live.house, taken.person.id, taken.application.id)
    client = live.client()
    client.cookies.set(PERSON_COOKIE, token)
    says(client.get("/me/keep"), "address_not_proved")


def test_what_has_ended(live: Live) -> None:
    """410 for a link, a draft and a preferences link, each in its own words."""
    client = live.client()
    says(client.post("/link", data={"token": "never"}), "link_expired")
    says(client.get("/apply/sent/never"), "link_expired")
    says(client.get("/apply/draft/never/details"), "draft_expired")
    says(client.get("/me/preferences/never"), "gone")


def test_what_cannot_be_taken_in(live: Live) -> None:
    """400, 413, 415 and 422."""
    client, small = live.client(), live.with_settings(upload_limit_mb=1).client()
    huge = {"file": ("cv.txt", b"x" * 2_000_000)}
    says(small.post("/apply/pool", data=form_of(live), files=huge), "too_large")
    says(client.post("/apply/pool", data=form_of(live)), "unsupported_type")
    broken = {"Content-Type": "multipart/form-data; boundary=b"}
    says(client.post("/apply/pool", content=b"no form", headers=broken), "bad_request")
    says(client.post("/link", data={}), "unprocessable")


def test_what_no_longer_fits(live: Live) -> None:
    """409: the position closed meanwhile, the notice changed, the record is full."""
    with live.house.database.writing() as session:
        opening = create_opening(session, live.house, title="Falconer of old", place="", actor="test")
        slug = opening.slug
        close_opening(session, live.house, opening.id, "test")
    client, person = live.client(), put_on_record(live).person
    with live.house.database.writing() as session:
        token = open_person_session(session, live.house, person.id, None)
    few = live.with_settings(applications_per_person=1).client()
    for visiting in (client, few):
        visiting.cookies.set(PERSON_COOKIE, token)
    page = client.get("/me/more").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    again = form_of(live, csrf=csrf, opening=slug)
    says(client.post("/me/apply", data=again), "opening_closed")
    says(client.post("/me/apply", data=again | {"notice_version": "old", "opening": ""}), "notice_changed")
    says(few.post("/me/apply", data=again | {"opening": ""}), "limit_reached")
    says(client.post("/me/apply", data=again | {"csrf": "x"}), "form_expired")


def test_what_is_too_much_at_once(live: Live) -> None:
    """429 says when to come again; 503 too."""
    once = live.with_settings(uploads_per_hour=1).client()
    answers = [once.post("/apply/pool", data=form_of(live, country=""), files=FILE) for _ in range(3)]
    says(answers[-1], "too_many_requests")
    assert int(answers[-1].headers["Retry-After"]) > 0
    full = live.with_reader(ReaderDouble(SLOW, places=0)).client()
    says(full.post("/apply/pool", data=form_of(live), files=FILE), "unavailable")


def test_what_went_wrong_on_our_side(live: Live) -> None:
    """500 is a page of ours, and nothing of the fault stands on it."""
    router = APIRouter()

    @router.get("/breaks")
    def get_breaks(_: Annotated[None, Depends(open_to_all)]) -> None:
        raise RuntimeError("zeppelin-canary")

    app = create_app(live.house, further=(router,))
    answer = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False).get("/breaks")
    says(answer, "internal")
    assert "zeppelin" not in answer.text
