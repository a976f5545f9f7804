"""The promises that the spine keeps, each through the front door. Ids as in ``vitavault policy check``.

Over the embedded database; the flows behind them run on both in ``tests/e2e``.
"""

import json
from collections.abc import Iterator

import pytest
from installations import (
    Running,
    apply_by_page,
    find_candidates,
    open_own_page,
    post_application,
    ready_staff,
    running,
)
from plain_browser import PlainBrowser

from storage.models import Application, BasisEvent

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One installation with one application that came by the page and one that came by the API."""
    with running(tmp_path_factory.mktemp("promises")) as installation:
        apply_by_page(installation.browser())
        post_application(installation)
        installation.work()
        yield installation


@pytest.fixture(scope="module")
def staff(live: Running) -> PlainBrowser:
    """A signed-in administrator who also recruits."""
    return ready_staff(live)


@pytest.mark.promise("C5")
def test_every_record_says_where_it_came_from(live: Running) -> None:
    """Source and channel stand on each application, with when, and on which notice."""
    with live.house.database.reading() as session:
        rows = list(session.query(Application))
    assert {(row.source.value, row.channel.value) for row in rows} >= {("person", "form")}
    assert all(row.received_at and len(row.notice_digest) == 64 for row in rows)


@pytest.mark.promise("C14")
@pytest.mark.parametrize("path", ["/apply", "/notice", "/accessibility", "/api", "/robots.txt"])
def test_public_pages_are_read_without_giving_anything(live: Running, path: str) -> None:
    """No sign-in, no cookie set."""
    answer = live.client().get(path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


@pytest.mark.promise("C10")
def test_applying_works_with_cookies_refused_and_nothing_from_a_third_party(live: Running) -> None:
    """The whole way to the confirmation sets no cookie; the policy lets no foreign origin in."""
    browser = live.browser()
    assert apply_by_page(browser).reference().startswith("VV-")
    assert browser.cookies == {}
    policy = live.client().get("/apply").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy


@pytest.mark.promise("N1")
def test_the_notice_is_made_from_the_policy_in_force(live: Running) -> None:
    """Every purpose of the policy stands on the public page, with its version."""
    page = live.browser().open("/notice")
    for purpose in live.house.policy.purposes:
        assert purpose.title.say("en") in page.words()


@pytest.mark.promise("N3")
def test_each_application_stands_on_a_basis_of_the_ledger(live: Running) -> None:
    """The entry that an application names exists, for its own person."""
    with live.house.database.reading() as session:
        for row in session.query(Application):
            entry = session.get(BasisEvent, row.basis_id)
            assert entry is not None
            assert entry.person_id == row.person_id


@pytest.mark.promise("N4")
def test_no_choice_is_ticked_beforehand(live: Running) -> None:
    """Consent is given by the person's own act."""
    page = live.browser().open("/apply/pool")
    names = [purpose.id for purpose in live.house.policy.choices]
    assert names
    for name in names:
        box = page.tree().css_first(f"#{name}")
        assert box is not None
        assert "checked" not in box.attributes


@pytest.mark.promise("D1")
def test_a_look_needs_a_purpose(live: Running, staff: PlainBrowser) -> None:
    """Names show for a stated purpose only."""
    browser = live.browser()
    apply_by_page(browser)
    live.work()
    newest = find_candidates(staff, "quuxomatic")[0]
    blind = staff.open(newest)
    assert "Jane" not in blind.words()
    refused = staff.submit(blind, "/reveal", {"purpose": ""})
    assert refused.status == 422
    shown = staff.submit(blind, "/reveal", {"purpose": "recruitment"})
    assert "Jane" in shown.words()


@pytest.mark.promise("Q1")
def test_a_person_takes_everything_along(live: Running) -> None:
    """The archive and the JSON Resume hold what the page shows."""
    browser = live.browser()
    own = open_own_page(browser, apply_by_page(browser))
    resume = own.fetch("/me/resume.json")
    assert json.loads(resume.text)["basics"]["name"].startswith("Jane")
    assert own.fetch("/me/everything.zip").content[:2] == b"PK"


@pytest.mark.promise("S1")
def test_every_answer_is_hardened(live: Running) -> None:
    """Strict policy, no sniffing, no framing, no referrer, nothing kept by caches."""
    headers = live.client().get("/apply").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


@pytest.mark.promise("S7")
def test_the_record_verifies_by_a_button(staff: PlainBrowser) -> None:
    """The privacy office checks the whole record."""
    page = staff.open("/privacy/audit")
    answer = staff.submit(page, "/privacy/audit", {})
    assert answer.status == 200


@pytest.mark.promise("L5")
def test_a_rejection_is_a_humans_with_a_reason(live: Running, staff: PlainBrowser) -> None:
    """Without a reason nobody is rejected; with one, who decided is on the row."""
    candidate = staff.open(find_candidates(staff, "quuxomatic")[0])
    refused = staff.submit(candidate, "/stage", {"stage": "rejected", "reason": ""})
    assert refused.status == 422
    staff.submit(candidate, "/stage", {"stage": "rejected", "reason": "Another person fits better."})
    with live.house.database.reading() as session:
        decided = [row for row in session.query(Application) if row.stage.value == "rejected"]
    assert len(decided) == 1
    assert decided[0].decided_by is not None
    assert decided[0].decision_on is not None
