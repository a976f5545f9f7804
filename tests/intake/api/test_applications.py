"""Applying through the API: what is answered, every refusal, and that no answer repeats what was sent."""

import json
from datetime import timedelta

import pytest
from houses import RESUME, SLOW, Live, ReaderDouble, facts, on_record, post_application, staff_of, token_of

from intake.access.permissions import Permission
from intake.desk import openings
from storage.models import DocumentState, Role
from storage.profile import Profile, Reading, Verdict
from storage.queries import people

CANARY = "zeppelin-canary-4711"


def problem_of(answer: object) -> tuple[int, str]:
    """Status and stable code of a problem document, whose shape is checked on the way."""
    assert answer.headers["Content-Type"] == "application/problem+json"  # type: ignore[attr-defined]
    body = answer.json()  # type: ignore[attr-defined]
    assert body["status"] == answer.status_code  # type: ignore[attr-defined]
    assert body["type"] == f"/problems/{body['code']}"
    assert body["title"]
    assert body["detail"]
    return body["status"], body["code"]


def test_an_application_is_answered_with_what_was_read_and_when_it_ends(live: Live) -> None:
    """201, where it is, a reference, fields with confidence, and the end with its rule and reason."""
    answer = post_application(live)
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/applications/{body['id']}"
    assert body["reference"].startswith("VV-")
    assert (body["stage"], body["profile"]["state"], body["profile"]["verdict"]) == ("received", "read", "ok")
    assert body["profile"]["fields"]["name"]["value"] == "Jane Example"
    assert 0 < body["profile"]["fields"]["name"]["confidence"] <= 1
    assert "work/0/employer" in body["profile"]["confidence"]
    assert body["profile"]["status_url"] is None
    assert set(body["retain_until"]) == {"on", "rule", "reason", "action"}
    assert all(body["retain_until"].values())


REFUSALS = [
    ("file_empty", 422, {"content": b""}),
    ("file_unsupported", 415, {"content": b"MZ\x90\x00" + bytes(200)}),
    ("country_unknown", 422, {"country": "EU"}),
    ("purpose_unknown", 422, {"purposes": [CANARY]}),
    ("channel_not_allowed", 422, {"channel": "chat"}),
    ("source_not_allowed", 422, {"source": "bought_list"}),
    ("notice_changed", 409, {"notice_version": CANARY}),
    ("opening_unknown", 404, {"opening": CANARY}),
    ("application_not_valid", 422, {"country": CANARY}),
    ("application_not_valid", 422, {CANARY: 1}),
    ("application_not_valid", 422, {"part": CANARY}),
    ("application_not_valid", 422, {"part": ""}),
    ("idempotency_key_malformed", 400, {"headers": {"Idempotency-Key": CANARY * 20}}),
    ("token_refused", 401, {"headers": {"Authorization": f"Bearer vv_{CANARY}_x"}}),
    ("token_refused", 401, {"headers": {"Authorization": f"Bearer {CANARY}"}}),
]


@pytest.mark.parametrize(("code", "status", "sent"), REFUSALS)
def test_each_refusal_has_its_code_and_repeats_nothing(live: Live, code: str, status: int, sent: dict) -> None:
    """Every refusal is a problem document with a stable code; neither file, name nor field comes back in it."""
    before = on_record(live, people.count_people)
    answer = post_application(live, **({"content": RESUME + CANARY, "name": f"{CANARY}.txt"} | sent))
    assert problem_of(answer) == (status, code)
    assert CANARY not in answer.text
    assert CANARY not in str(answer.headers)
    assert on_record(live, people.count_people) == before


def test_a_refused_token_is_told_how_to_sign_in(live: Live) -> None:
    """401 carries ``WWW-Authenticate`` (RFC 9110)."""
    answer = post_application(live, headers={"Authorization": "Bearer nothing"})
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_refusal_names_the_input_at_fault(live: Live) -> None:
    """The errors of a problem are JSON pointers into what was sent."""
    assert post_application(live, country="EU").json()["errors"] == [{"pointer": "/country", "code": "country_unknown"}]
    assert post_application(live, source=CANARY).json()["errors"][0]["pointer"] == "/application/source"


def test_a_file_above_the_limit_is_refused(live: Live) -> None:
    """The cap holds, whatever the type; what the whole body may hold is capped before that."""
    small = live.with_settings(upload_limit_mb=1)
    assert problem_of(post_application(small, b"a" * 1_000_001)) == (413, "file_too_large")
    assert problem_of(post_application(small, b"a" * 2_000_000)) == (413, "too_large")


def test_a_body_that_does_not_say_its_length_is_cut_off(live: Live) -> None:
    """A body sent in pieces is counted as it comes; without a file far less is allowed."""
    small = live.with_settings(upload_limit_mb=1)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    pieces = (b"a" * 100_000 for _ in range(30))
    assert problem_of(small.client().post("/api/v1/applications", content=pieces, headers=headers))[0] == 413
    page = small.client().post("/sign-in", content=b"a" * 1_000_001)
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (413, "text/html")


def test_a_closed_opening_takes_nothing(live: Live) -> None:
    """409 for an opening that was closed; it is no longer listed."""
    with live.house.database.writing() as session:
        row = openings.create_opening(session, live.house, title="Night Baker", place="Riga", actor="test")
    listed = live.client().get("/api/v1/openings").json()
    assert {"slug": row.slug, "title": "Night Baker", "place": "Riga"} in listed
    assert post_application(live, opening=row.slug).status_code == 201
    with live.house.database.writing() as session:
        openings.close_opening(session, live.house, row.id, "test")
    assert problem_of(post_application(live, opening=row.slug)) == (409, "opening_closed")
    assert row.slug not in [one["slug"] for one in live.client().get("/api/v1/openings").json()]


@pytest.mark.parametrize("body", ["json", "broken"])
def test_a_body_that_is_no_form_is_refused(live: Live, body: str) -> None:
    """Another media type is 415, a broken form 400; neither is repeated."""
    if body == "json":
        answer = live.client().post("/api/v1/applications", json={"file": CANARY})
        assert problem_of(answer) == (415, "form_expected")
    else:
        headers = {"Content-Type": "multipart/form-data"}
        answer = live.client().post("/api/v1/applications", content=f"--x\r\n{CANARY}", headers=headers)
        assert problem_of(answer) == (400, "form_malformed")
    assert CANARY not in answer.text


def test_a_policy_with_a_minimum_age_asks_for_it(tmp_path, shared_url: str) -> None:
    """Where the notice names an age, an application that does not confirm it is refused."""
    from houses import living

    with living(tmp_path, policy="us-public-sector") as own:
        answer = post_application(own, age_confirmed=False, country="US-CA", purposes=[])
        assert problem_of(answer) == (422, "age_not_confirmed")


def test_a_key_makes_one_application_of_many_calls_for_its_own_caller(live: Live) -> None:
    """The same key and body give the same answer; another body is refused; another caller's key is another call."""
    headers = {"Idempotency-Key": "call-1"}
    first, second = post_application(live, headers=headers), post_application(live, headers=headers)
    assert first.json() == second.json()
    assert problem_of(post_application(live, country="FR", headers=headers)) == (422, "idempotency_key_reused")
    machine = token_of(live, Permission.APPLY)
    assert post_application(live, headers=headers | machine).json()["id"] != first.json()["id"]


def test_a_key_is_free_again_after_its_day_or_its_persons_end(live: Live) -> None:
    """A kept answer ends after 24 hours, and is not given again once the person is ending."""
    headers = {"Idempotency-Key": "call-2"}
    first = post_application(live, headers=headers).json()
    live.clock.advance(hours=25)
    second = post_application(live, headers=headers).json()
    assert first["id"] != second["id"]
    from storage.models import Application, PersonState

    with live.house.database.writing() as session:
        application = session.get(Application, bytes.fromhex(second["id"]))
        people.find_person(session, application.person_id).state = PersonState.ENDING
    assert post_application(live, headers=headers).json()["id"] not in (first["id"], second["id"])


def test_only_a_token_with_the_scope_may_apply_where_the_public_may_not(live: Live) -> None:
    """With public applications off: 401 without a token, 403 with another scope, 201 with the right one."""
    closed = live.with_settings(public_applications=False)
    assert problem_of(post_application(closed)) == (401, "sign_in_needed")
    assert problem_of(post_application(closed, headers=token_of(live, Permission.SEARCH))) == (403, "not_permitted")
    assert post_application(closed, headers=token_of(live, Permission.APPLY)).status_code == 201


def test_a_token_ends_and_is_revoked(live: Live) -> None:
    """A token past its end or revoked is refused like one that never was."""
    from intake.desk import tokens

    short = token_of(live, Permission.APPLY, lasts=timedelta(hours=1))
    revoked = token_of(live, Permission.APPLY)
    with live.house.database.writing() as session:
        tokens.revoke(session, live.house, revoked["Authorization"].split("_")[1], actor="test")
    live.clock.advance(hours=2)
    assert problem_of(post_application(live, headers=short)) == (401, "token_refused")
    assert problem_of(post_application(live, headers=revoked)) == (401, "token_refused")


def test_staff_may_not_call_without_the_token_of_their_session(live: Live) -> None:
    """A staff cookie alone cannot post: the token against forged requests has to come with it."""
    recruiter = staff_of(live, Role.RECRUITER)
    wanted = {"query": "python", "purpose": "recruitment"}
    refused = recruiter.client.post("/api/v1/candidates/search", json=wanted)
    assert problem_of(refused) == (403, "csrf")
    headers = {"X-CSRF-Token": recruiter.actor.csrf}
    assert recruiter.client.post("/api/v1/candidates/search", json=wanted, headers=headers).status_code == 200


def test_what_cannot_be_read_in_time_is_kept_and_read_later(live: Live) -> None:
    """Pending at first, with the address to ask; read once the keeper has had more time; the answer then is whole."""
    read = Reading(
        Verdict.OK, kind="text", profile=Profile(name="Slow Example", emails=("slow@example.org",)), text="x"
    )
    slow = live.with_reader(ReaderDouble(SLOW, read))
    body = post_application(slow).json()
    assert body["profile"]["state"] == "pending"
    assert body["profile"]["fields"] == {}
    url = body["profile"]["status_url"]
    assert slow.client().get(url).json()["profile"]["state"] == "pending"
    slow.work()
    viewer = token_of(live, Permission.VIEW, Permission.APPLY)
    after = slow.client().get(url, headers=viewer).json()
    assert after["profile"]["state"] == "read"
    assert after["profile"]["fields"]["name"]["value"] == "Slow Example"
    assert slow.client().get(url).json()["profile"]["fields"] == {}, "what was read is for candidates:read only"


def test_what_cannot_be_read_at_all_is_said_so_and_kept(live: Live) -> None:
    """A failed reading never loses the upload: the application stands, its state is unreadable, with a sentence."""
    answer = post_application(live.with_reader(ReaderDouble(Reading(Verdict.ENCRYPTED, kind="pdf"))))
    assert answer.status_code == 201
    profile = answer.json()["profile"]
    assert (profile["state"], profile["verdict"]) == ("unreadable", "encrypted")
    assert profile["message"]


def test_a_full_queue_answers_at_once(live: Live) -> None:
    """503 with when to try again, before anything is kept."""
    full = live.with_reader(ReaderDouble(SLOW, places=0))
    before = on_record(live, people.count_people)
    answer = post_application(full)
    assert problem_of(answer) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert on_record(live, people.count_people) == before


def test_an_address_that_uploads_too_often_has_to_wait(live: Live) -> None:
    """429 with when to try again, from the second upload on where one an hour is allowed (windows slide)."""
    strict = live.with_settings(uploads_per_hour=1)
    live.clock.advance(hours=2)
    assert post_application(strict).status_code == 201
    answer = post_application(strict)
    assert problem_of(answer) == (429, "too_many_requests")
    assert 0 < int(answer.headers["Retry-After"]) <= 7200


@pytest.mark.parametrize("name", ["0" * 32, "not-hex", "00"])
def test_an_application_that_never_was_is_not_found(live: Live, name: str) -> None:
    """The same answer for any id that is none of ours."""
    answer = live.client().get(f"/api/v1/applications/{name}")
    assert problem_of(answer) == (404, "not_found")


def test_other_addresses_and_methods_are_problems_too(live: Live) -> None:
    """Whatever goes wrong under /api is a problem document."""
    assert problem_of(live.client().get("/api/v1/nothing")) == (404, "not_found")
    assert problem_of(live.client().delete("/api/v1/applications")) == (405, "method_not_allowed")


def test_what_goes_wrong_inside_is_a_number_and_nothing_more(live: Live) -> None:
    """500 names a number to quote; not the error, not the input."""

    class Broken(ReaderDouble):
        def read(self, data: bytes, timeout: float = 8.0) -> Reading:
            raise LookupError(CANARY)

    from starlette.testclient import TestClient

    broken = live.with_reader(Broken(SLOW))
    client = TestClient(broken.app, base_url="http://127.0.0.1", raise_server_exceptions=False)
    said = json.dumps(facts(live.house))
    files = {"file": ("a.txt", RESUME.encode()), "application": (None, said, "application/json")}
    answer = client.post("/api/v1/applications", files=files)
    assert problem_of(answer) == (500, "internal")
    assert CANARY not in answer.text
    assert "LookupError" not in answer.text


def test_a_person_who_declared_nothing_is_in_no_state_but_read(live: Live) -> None:
    """The document's row says how its reading ended."""
    body = post_application(live).json()
    from storage.queries.applications import find_document_of

    document = on_record(live, lambda session: find_document_of(session, bytes.fromhex(body["id"])))
    assert (document.state, document.attempts) == (DocumentState.READ, 1)
