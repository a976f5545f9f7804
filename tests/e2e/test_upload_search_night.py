"""The product's spine through HTTP: a resume goes in, is found, and ends on time; on both databases."""

from pathlib import Path

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
from plain_browser import PlainBrowser

from storage.models import AnonymousFact, Ending
from storage.queries import people

pytestmark = pytest.mark.enable_socket

WORD = "quuxomatic"


def endings_of(live: Running) -> list[Ending]:
    """Every end on record, oldest first."""
    with live.house.database.reading() as session:
        return list(session.query(Ending).order_by(Ending.ended_at))


def count_rows(live: Running) -> tuple[int, int, int]:
    """People, keys and blobs that are there."""
    with live.house.database.reading() as session:
        rows = people.count_people(session)
    return rows, live.house.vault.keystore.count(), len(list(live.house.blobs.list_ids()))


def open_opening(staff: PlainBrowser, title: str = "Software Engineer") -> str:
    """An opening made by staff; its public address."""
    page = staff.submit(staff.open("/admin/openings"), "/admin/openings", {"title": title, "place": "Berlin"})
    return page.links_to("/apply/")[0]


def test_a_resume_goes_in_is_found_decided_and_ends_on_time(tmp_path: Path, address: str) -> None:
    """From the openings page to anonymised, through the forms alone, without cookies for the person who applies."""
    with running(tmp_path, address) as live:
        staff = ready_staff(live)
        opening = open_opening(staff)
        assert opening in live.browser().open("/apply").links_to("/apply/")

        done = apply_by_page(live.browser(), path=opening)
        assert done.reference().startswith("VV-")
        assert "2027" in done.words()
        live.work()

        found = find_candidates(staff, WORD)
        assert len(found) == 1
        candidate = staff.open(found[0])
        assert "Jane" not in candidate.words()
        assert "jane@example.org" not in candidate.text
        moved = staff.submit(candidate, "/stage", {"stage": "rejected", "reason": "Another person fits better."})
        assert moved.status == 200
        assert moved.path.startswith("/recruit/decided/"), "where the decision can be undone"
        assert find_candidates(staff, WORD) == [], "nobody considers a rejected person"

        live.clock.go_to("2026-09-02", 9)
        assert live.night().anonymised == 0
        assert count_rows(live) == (1, 1, 1)

        live.clock.go_to("2026-09-03", 9)
        assert live.night().anonymised == 1
        assert find_candidates(sign_in(live), WORD) == []
        assert count_rows(live) == (0, 0, 0)
        (ending,) = endings_of(live)
        assert ending.purged_at is not None
        assert (ending.rule, ending.action.value, ending.cause.value) == ("application-eu", "anonymise", "retention")
        assert ending.decision["winner"]["on"] == "2026-09-02"
        with live.house.database.reading() as session:
            (fact,) = session.query(AnonymousFact).all()
        assert (fact.country, fact.stage, fact.year) == ("DE", "rejected", 2026)


def test_a_person_sees_only_their_own_application_through_the_link(tmp_path: Path, address: str) -> None:
    """The link of the confirmation works once, behind a button, and opens what was sent."""
    with running(tmp_path, address) as live:
        done = apply_by_page(live.browser())
        link = done.link_to("/link/")
        assert live.client().get(link).status_code == 200, "a scanner's look used the link up"
        me = open_own_page(live.browser(), done)
        home = me.open("/me")
        assert done.reference() in home.words()
        assert "Jane Example" in home.words()
        assert me.fetch("/me/resume.json").json()["basics"]["name"] == "Jane Example"
        assert me.fetch(home.link_to("/me/documents/")).content == RESUME.encode()
        again = live.browser()
        assert again.submit(again.open(link), "/link").status == 410


def test_a_repeated_call_is_answered_alike_and_another_body_is_refused(tmp_path: Path, address: str) -> None:
    """The Idempotency-Key makes one application of many calls, for a day."""
    with running(tmp_path, address) as live:
        first = post_application(live, key="call-1")
        second = post_application(live, key="call-1")
        other = post_application(live, RESUME + "more", key="call-1")
        assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
        assert first.json() == second.json()
        assert other.json()["code"] == "idempotency_key_reused"
        assert count_rows(live) == (1, 1, 1)
        live.clock.advance(hours=25)
        assert post_application(live, key="call-1").json()["id"] != first.json()["id"]


def test_withdrawing_vanishes_from_search_before_the_keeper_worked(tmp_path: Path, address: str) -> None:
    """What a person ends is not found from that moment, though the index still holds it."""
    with running(tmp_path, address) as live:
        staff = ready_staff(live)
        done = apply_by_page(live.browser(), path=open_opening(staff))
        live.work()
        assert len(find_candidates(staff, WORD)) == 1
        me = open_own_page(live.browser(), done)
        me.submit(me.open("/me"), f"/me/withdraw/{done.reference()}")
        assert find_candidates(staff, WORD) == []


def test_erasing_at_once_leaves_nothing_but_a_receipt(tmp_path: Path, address: str) -> None:
    """A person presses Erase: unfindable at once, then row, key and blob are gone; the receipt is on record."""
    with running(tmp_path, address) as live:
        staff = ready_staff(live)
        done = apply_by_page(live.browser(), pool="on")
        live.work()
        (found,) = find_candidates(staff, WORD)
        me = open_own_page(live.browser(), done)
        erased = me.submit(me.open("/me"), "/me/erase", {"confirm": "erase"})
        assert find_candidates(staff, WORD) == []
        assert staff.open(found).status == 404
        live.night()
        assert count_rows(live) == (0, 0, 0)
        (ending,) = endings_of(live)
        assert ending.receipt in erased.words()
        assert (ending.cause.value, ending.purged_at is not None) == ("request", True)


def test_a_hold_beats_retention_and_erasure_until_it_is_lifted(tmp_path: Path, address: str) -> None:
    """Nothing under a hold ends, whoever asks; once lifted it ends by itself."""
    with running(tmp_path, address) as live:
        staff = ready_staff(live)
        done = apply_by_page(live.browser(), pool="on")
        live.work()
        given = {"reference": done.reference(), "reason": "A claim is before the court.", "owner": "Legal"}
        given["until"] = "2029-01-31"
        staff.submit(staff.open("/privacy/holds"), "/privacy/holds", given)
        me = open_own_page(live.browser(), done)
        told = me.submit(me.open("/me"), "/me/erase", {"confirm": "ERASE"})
        assert told.status == 200
        assert endings_of(live) == []
        assert find_candidates(staff, WORD) == [], "held, but restricted by the request"

        live.clock.go_to("2028-06-01")
        figures = live.night()
        assert (figures.purged, figures.anonymised, figures.held) == (0, 0, 1)
        assert count_rows(live) == (1, 1, 1)

        staff = sign_in(live)
        page = staff.open("/privacy/holds")
        staff.submit(page, "/lift")
        live.night()
        assert count_rows(live) == (0, 0, 0)
        assert len(endings_of(live)) == 1


def test_a_floor_of_law_beats_a_request_and_the_record_ends_by_itself_on_the_day(tmp_path: Path, address: str) -> None:
    """California keeps an application for four years; a request restricts it at once and ends it on that day."""
    with running(tmp_path, address) as live:
        staff = ready_staff(live)
        done = apply_by_page(live.browser(), country="US-CA", pool="on")
        live.work()
        assert len(find_candidates(staff, WORD)) == 1
        me = open_own_page(live.browser(), done)
        told = me.submit(me.open("/me"), "/me/erase", {"confirm": "ERASE"})
        assert "Cal. Gov. Code 12946" in told.words()
        assert "2030" in told.words()
        assert find_candidates(staff, WORD) == []

        live.clock.go_to("2030-03-02", 23)
        assert live.night().scanned == 0
        assert count_rows(live) == (1, 1, 1)

        live.clock.go_to("2030-03-03", 9)
        live.night()
        assert count_rows(live) == (0, 0, 0)
        (ending,) = endings_of(live)
        assert ending.decision["winner"] == {"rule": "us-ca-records", "kind": "floor", "on": "2030-03-02"}
        assert "request" in {loser["kind"] for loser in ending.decision["losers"]}


def test_a_draft_that_is_not_sent_ends_by_its_own_rule(tmp_path: Path, address: str) -> None:
    """A file without the last press ends after its day, is never found, and its address stops working."""
    with running(tmp_path, address) as live:
        staff = ready_staff(live)
        browser = live.browser()
        start = browser.open("/apply/pool")
        details = browser.submit(start, "/apply/pool", {"country": "DE"}, file=("resume.txt", RESUME.encode()))
        assert details.path.endswith("/details")
        live.work()
        assert find_candidates(staff, WORD) == []
        live.clock.advance(days=2)
        live.night()
        assert count_rows(live) == (0, 0, 0)
        (ending,) = endings_of(live)
        assert ending.rule == "draft"
        assert browser.open(details.path).status == 410
