"""Each page once with data and once with what is wrong, over HTTP; and what is published for programs."""

import json
import re

import pytest
import schemathesis
from houses import (
    RESUME,
    SLOW,
    Live,
    ReaderDouble,
    Signed,
    csrf_in,
    on_record,
    post_application,
    put_on_record,
    staff_of,
    token_of,
)
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from intake.access.actors import PERSON_COOKIE, open_person_session
from intake.access.permissions import Permission
from intake.desk.links import make_link
from intake.desk.notices import notice_in_force
from storage.models import Application, LinkKind, Role
from storage.profile import Profile
from storage.queries import people
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket


@schemathesis.serializer("message/rfc822")
def write_message(_context: object, value: object) -> object:
    """Whatever is made up as a message, as bytes."""
    return str(value).encode("utf-8", "replace")


def told_in(page: str, path: str) -> str:
    """What the form that goes to ``path`` says will follow."""
    found = re.search(rf'action="{path}">.*?name="told" value="([^"]*)"', page, re.DOTALL)
    assert found, f"nothing is told before {path}"
    return found[1]


@pytest.fixture
def everybody(live: Live) -> Signed:
    """Somebody with every role."""
    return staff_of(live, *Role)


NOT_HELD_TO = [positive_data_acceptance]
"""What fits the schema may still be refused: a purpose, a place or a file says more than a shape does."""


def begin(client: TestClient, live: Live, content: str = RESUME, **other: str) -> str:
    """Upload a resume on the page; the draft's address."""
    form = {"country": "DE", "pool": "on", "notice_version": notice_in_force(live.house, "en").version} | other
    answer = client.post("/apply/pool", data=form, files={"file": ("cv.txt", content.encode())})
    assert answer.status_code == 200, answer.text
    return str(answer.url.path).rpartition("/")[0]


DETAILS = {"name": "Jane Example", "emails": "jane@example.org", "location": "Berlin", "skills": "Python\nSQL"}


@pytest.mark.promise("C14")
@pytest.mark.promise("C10")
@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/", "resume"), ("/apply", "resume"), ("/apply/pool", "country"), ("/notice", "privacy"), ("/api", "/api/v1"),
        ("/accessibility", "accessib"), ("/me/link", "link"), ("/sign-in", "password"), ("/robots.txt", "Disallow"),
        ("/.well-known/gpc.json", '"gpc":true'), ("/.well-known/security.txt", "Contact: mailto:"),
        ("/healthz", "ok"), ("/.well-known/api-catalog", "linkset"), ("/openapi.json", '"openapi":"3.1'),
    ],
)  # fmt: skip
def test_public_pages_need_nothing_and_set_nothing(live: Live, path: str, says: str) -> None:
    """Readable by anybody, without a cookie being set or anything of somebody else's being loaded."""
    client = live.client()
    page = client.get(path)
    assert page.status_code == 200
    assert says.casefold() in page.text.casefold()
    assert not client.cookies
    loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"([^\"]+)\"", page.text)
    assert all(address.startswith("/") for address in loaded), loaded


def test_what_is_not_there_is_a_page_that_says_so(live: Live) -> None:
    """404 and 405 are pages in the reader's language; a former notice stays readable."""
    client = live.client()
    for path in ("/nothing", "/apply/no-such-opening", "/notice/0", "/recruit/search/x"):
        answer = client.get(path, headers={"Accept-Language": "de"}, follow_redirects=False)
        assert answer.status_code in (303, 404), path
    assert 'lang="de"' in client.get("/nothing", headers={"Accept-Language": "de"}).text
    assert client.delete("/notice").status_code == 405
    version = notice_in_force(live.house, "en").version
    assert version in client.get(f"/notice/{version}").text
    assert client.get("/.well-known/change-password", follow_redirects=False).status_code == 302


def test_readiness_is_told_part_by_part(live: Live) -> None:
    """Without a keeper it is not ready, and says which part."""
    answer = live.client().get("/readyz")
    said = answer.json()
    assert answer.status_code == (200 if all(said.values()) else 503)
    assert (said["database"], said["keystore"], said["keeper"]) == (True, True, False)


def test_the_published_description_is_sound_and_the_api_keeps_to_it(live: Live) -> None:
    """OpenAPI 3.1, and what the API answers to made-up calls is as described: no call ends in a 500."""
    document = live.client().get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert not [path for path in document["paths"] if not path.startswith(("/api/v1/", "/healthz", "/readyz"))]
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert named <= set(document["components"]["schemas"])
    here = {"Host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/openapi.json", live.app, headers=here)
    headers = token_of(live, *Permission) | here
    called = set()
    for found in schema.exclude(path_regex="/readyz").get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
        def call(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, excluded_checks=NOT_HELD_TO)

        call()
        called.add(operation.path)
    assert "/api/v1/candidates/search" in called


def test_applying_with_everything_wrong_says_what(live: Live) -> None:
    """No file, no country: 422 and both are named; a file that cannot be one is told on the page."""
    client = live.client()
    page = client.post("/apply/pool", data={"country": ""}, files={"file": ("", b"")})
    assert page.status_code == 422
    assert page.text.count('href="#') >= 2
    version = notice_in_force(live.house, "en").version
    form = {"country": "DE", "notice_version": version}
    binary = client.post("/apply/pool", data=form, files={"file": ("a.exe", b"MZ\x90\x00" + bytes(90))})
    assert binary.status_code == 422
    assert client.post("/apply/nowhere", data=form, files={"file": ("a.txt", b"x")}).status_code == 404
    full = live.with_reader(ReaderDouble(SLOW, places=0))
    busy = full.client().post("/apply/pool", data=form, files={"file": ("a.txt", b"x")})
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")


def test_an_application_is_filled_in_checked_and_sent(live: Live) -> None:
    """Details are corrected, rows are added, what is missing is asked for; sent it is sent once."""
    client = live.client()
    draft = begin(client, live)
    page = client.get(f"{draft}/details")
    assert "Jane Example" in page.text
    more = client.post(f"{draft}/details", data={**DETAILS, "add": "work"})
    assert "more=work" in str(more.url)
    wrong = {**DETAILS, "emails": "no address", "work-0-title": "x", "work-0-start": "soon", "name": "n" * 300}
    faulty = client.post(f"{draft}/details", data=wrong)
    assert faulty.status_code == 422
    assert client.post(f"{draft}/details", data={"name": "", "emails": ""}).status_code == 422
    assert "/details" in str(client.get(f"{draft}/check").url), "what is needed is asked for before it is checked"
    rows = {"work-0-title": "Engineer", "work-0-start": "2019-01", "education-0-degree": "BSc"}
    checked = client.post(f"{draft}/details", data={**DETAILS, **rows})
    assert str(checked.url).endswith("/check")
    assert "Engineer" in checked.text
    sent = client.post(f"{draft}/check")
    assert sent.status_code == 200
    assert "/link/" in sent.text
    assert sent.url.path.startswith("/apply/sent/")
    assert client.get(sent.url.path).text == sent.text, "it can be loaded again"
    for again in (client.post(f"{draft}/check"), client.get(f"{draft}/details")):
        assert (again.status_code, again.url.path) == (200, sent.url.path), "sent twice it is one application"
    assert not client.cookies


def test_a_draft_can_be_started_again(live: Live) -> None:
    """Another country or choice is kept; another file begins another draft and ends this one."""
    client = live.client()
    draft = begin(client, live)
    assert client.get(f"{draft}/start").status_code == 200
    version = notice_in_force(live.house, "en").version
    form = {"country": "FR", "notice_version": version}
    changed = client.post(f"{draft}/start", data=form, files={"file": ("", b"")})
    assert "France" in changed.text or "/check" in str(changed.url) or "/details" in str(changed.url)
    wrong = client.post(f"{draft}/start", data={**form, "country": ""}, files={"file": ("", b"")})
    assert wrong.status_code == 422
    full = live.with_reader(ReaderDouble(SLOW, places=0)).client()
    assert full.post(f"{draft}/start", data=form, files={"file": ("b.txt", RESUME.encode())}).status_code == 503
    other = client.post(f"{draft}/start", data={**form, "pool": "on"}, files={"file": ("b.txt", RESUME.encode())})
    assert other.status_code == 200
    assert client.get(f"{draft}/details").status_code == 410


def test_a_slow_document_is_waited_for_or_typed_instead(live: Live) -> None:
    """While it is read the page waits; it can be filled in by hand all the same."""
    slow = live.with_reader(ReaderDouble(SLOW))
    client = slow.client()
    draft = begin(client, slow)
    assert str(client.get(f"{draft}/details").url).endswith("/reading")
    assert client.get(f"{draft}/details?typed=1").status_code == 200
    live.work()
    assert not str(client.get(f"{draft}/reading").url).endswith("/reading")


@pytest.fixture
def me(live: Live) -> tuple[TestClient, Application]:
    """A person on their own page, and their application."""
    taken = put_on_record(live, Profile(name="Jane Example", emails=("jane@example.org",)))
    client = live.client()
    with live.house.database.writing() as session:
        token = open_person_session(session, live.house, taken.person.id, None)
    client.cookies.set(PERSON_COOKIE, token)
    return client, taken.application


def test_a_person_sees_corrects_takes_along_and_leaves(live: Live, me: tuple[TestClient, Application]) -> None:
    """Everything on their page does what it says, with the form's token."""
    client, application = me
    home = client.get("/me")
    csrf = csrf_in(home.text)
    assert application.reference in home.text
    assert client.get("/me/resume.json").json()["basics"]["name"] == "Jane Example"
    assert client.get("/me/everything.zip").content.startswith(b"PK")
    (document,) = on_record(live, lambda s: people.find_documents(s, application.person_id))
    assert client.get(f"/me/documents/{document.id.hex()}").content == b"resume"
    assert client.get("/me/documents/00").status_code == 404
    assert client.get("/me/correct").status_code == 200
    assert client.post("/me/correct", data={"csrf": csrf, **DETAILS, "emails": "none"}).status_code == 422
    added = client.post("/me/correct", data={"csrf": csrf, **DETAILS, "add": "education"})
    assert "more=education" in str(added.url)
    assert client.post("/me/correct", data={"csrf": csrf, **DETAILS, "name": "Jane Corrected"}).status_code == 200
    assert "Jane Corrected" in client.get("/me").text
    given = {"csrf": csrf, "told": told_in(client.get("/me").text, "/me/consent/pool")}
    assert client.post("/me/consent/pool", data={"csrf": csrf}).status_code == 409, "nothing without what follows"
    assert client.post("/me/consent/pool", data=given).status_code == 200
    assert client.post("/me/consent/pool", data=given).status_code == 404
    assert client.post("/me/erase", data={"csrf": csrf, "confirm": "no"}).status_code == 422
    assert client.post("/me/leave", data={"csrf": csrf}).status_code == 200
    assert client.get("/me").status_code in (401, 403, 410)


def test_a_person_withdraws_and_erases(live: Live, me: tuple[TestClient, Application]) -> None:
    """Withdrawn once; erased, nothing of it opens any more."""
    client, application = me
    csrf = csrf_in(client.get("/me").text)
    path = f"/me/withdraw/{application.reference}"
    given = {"csrf": csrf, "told": told_in(client.get("/me").text, path)}
    assert client.post(path, data=given).status_code == 200
    assert client.post(path, data=given).status_code == 404
    assert client.post("/me/erase", data={"csrf": csrf, "confirm": "erase"}).status_code == 200
    assert client.get("/me").status_code in (401, 403, 404, 410)


def test_a_link_is_looked_at_freely_and_used_once(live: Live) -> None:
    """A scanner's look uses nothing up; the button does; a link of another kind opens nothing here."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        proves = live.house.vault.address_digest("jane@example.org")
        token = make_link(session, live.house, LinkKind.PERSON, person_id=taken.person.id, proves=proves)
        other = make_link(session, live.house, LinkKind.INVITATION)
    client = live.client()
    for _ in range(2):
        assert client.get(f"/link/{token}").status_code == 200
    assert client.post("/link", data={"token": other}).status_code == 410
    assert client.post("/link", data={"token": token}).url.path == "/me"
    assert client.post("/link", data={"token": token}).status_code == 410
    proved = on_record(live, lambda s: [d.proved_at for d in people.find_digests(s, taken.person.id)])
    assert all(proved)
    live.clock.advance(hours=3)
    assert client.get("/me").status_code in (401, 403, 410)
    assert client.post("/me/link", data={"email": "nothing"}).status_code == 422


def test_recruiters_search_open_reveal_and_decide(live: Live, everybody: Signed) -> None:
    """The whole round: found blind, revealed for a purpose, noted, moved on with a reason."""
    post_application(live, RESUME.replace("quuxomatic", "frobnicator"))
    live.work()
    assert everybody.get("/recruit").status_code == 200
    results = everybody.post("/recruit/search", query="frobnicator", purpose="recruitment")
    (path,) = set(re.findall(r"/recruit/candidates/[0-9a-f]{32}", results.text))
    assert "Jane" not in results.text
    assert everybody.get(f"{results.url.path}?purpose=").status_code == 422
    assert everybody.post("/recruit/search", query='"open', purpose="recruitment").status_code == 422
    assert everybody.get("/recruit/search/00?purpose=recruitment").status_code == 410
    blind = everybody.get(f"{path}?back={results.url.path.rpartition('/')[2]}")
    assert "Jane" not in blind.text
    assert everybody.post(f"{path}/reveal").status_code == 422
    assert "Jane Example" in everybody.post(f"{path}/reveal", purpose="recruitment").text
    assert everybody.post(f"{path}/notes", note=" ").status_code == 422
    assert "She called" in everybody.post(f"{path}/notes", note="She called").text
    person = bytes.fromhex(path.rpartition("/")[2])
    (application,) = on_record(live, lambda s: people.find_applications(s, person))
    moving = f"/recruit/applications/{application.id.hex()}/stage"
    assert everybody.post(moving, stage="rejected", reason="").status_code == 422
    assert everybody.post(moving, stage="nonsense").status_code == 404
    assert everybody.post(moving, stage="withdrawn", reason="x").status_code == 422
    assert everybody.post(moving, stage="interview", reason="").url.path == path
    (document,) = on_record(live, lambda s: people.find_documents(s, person))
    picture = f"{path}/documents/{document.id.hex()}/1.png"
    assert everybody.get(picture).status_code == 403
    drawn = everybody.get(f"{picture}?purpose=recruitment")
    assert drawn.status_code in (200, 404)
    gone = everybody.post(moving, stage="rejected", reason="Another person fits better.")
    undoing = f"/recruit/decided/{application.reference}"
    assert gone.url.path in (undoing, path)
    assert on_record(live, lambda s: s.get(Application, application.id).stage) is Stage.REJECTED


def test_the_privacy_office_holds_asks_why_and_verifies(live: Live, everybody: Signed) -> None:
    """Each page with data, each form with what is wrong."""
    taken = put_on_record(live)
    live.night()
    reference = taken.application.reference
    home = everybody.get("/privacy")
    assert home.status_code == 200
    good = {"reference": reference, "reason": "A claim", "owner": "Legal", "until": "2099-01-31"}
    assert everybody.post("/privacy/holds").status_code == 422
    assert everybody.post("/privacy/holds", **(good | {"until": "2020-01-01"})).status_code == 422
    assert everybody.post("/privacy/holds", **(good | {"reference": "VV-NONE"})).status_code == 422
    placed = everybody.post("/privacy/holds", **good)
    assert reference in placed.text
    lifting = re.findall(r"/privacy/holds/[0-9a-f]{32}/lift", placed.text)[-1]
    assert everybody.post(lifting).status_code == 200
    assert everybody.post(lifting).status_code == 422
    assert everybody.get("/privacy/why").status_code == 200
    assert everybody.post("/privacy/why", reference="VV-NONE").status_code == 422
    assert everybody.post("/privacy/why").status_code == 422
    why = everybody.post("/privacy/why", reference=reference)
    assert reference in why.text
    assert everybody.get("/privacy/audit").status_code == 200
    assert everybody.post("/privacy/audit").status_code == 200


def test_administrators_keep_openings_staff_and_tokens(live: Live, everybody: Signed) -> None:
    """Each page with data, each form with what is wrong."""
    assert everybody.post("/admin/openings", title="").status_code == 422
    page = everybody.post("/admin/openings", title="Zookeeper", place="Riga")
    closing = re.findall(r"/admin/openings/[0-9a-f]{32}/close", page.text)[0]
    assert everybody.post(closing).status_code == 200
    colleague = staff_of(live, Role.AUDITOR, follow=False)
    assert everybody.get("/admin/staff").status_code == 200
    assert colleague.get("/admin/staff").status_code == 403
    disabling = f"/admin/staff/{colleague.actor.staff_id.hex()}/disable"  # type: ignore[union-attr]
    assert everybody.post(disabling).status_code == 200
    assert colleague.get("/privacy").status_code == 303
    assert everybody.post("/admin/tokens", name="", scope=["search"]).status_code == 422
    assert everybody.post("/admin/tokens", name="Site").status_code == 422
    made = everybody.post("/admin/tokens", name="Site", scope=["search", "applications:write"])
    prefix = re.search(r"vv_([0-9a-f]{12})_", made.text)
    assert prefix
    assert everybody.post(f"/admin/tokens/{prefix[1]}/revoke").status_code == 200
    assert everybody.post(f"/admin/tokens/{prefix[1]}/revoke").status_code == 404
    assert everybody.get("/staff").status_code == 200


def test_an_access_log_line_holds_the_template_alone(live: Live, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a token nor a query nor a name stands in what is logged of a request."""
    live.client().get("/link/zeppelin-canary?name=zeppelin-canary")
    live.client().get("/zeppelin-canary")
    said = capsys.readouterr()
    assert "zeppelin-canary" not in said.out + said.err
    assert "/link/{token}" in said.out + said.err
