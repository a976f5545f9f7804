"""The document beside its fields, over HTTP: marks that lead both ways, and pictures that nobody else is shown."""

import re

import pytest
from houses import RESUME, Live, Signed, csrf_in, on_record, post_application, staff_of
from sqlalchemy import select
from starlette.testclient import TestClient

from intake.access.actors import PERSON_COOKIE, open_person_session
from intake.desk.notices import notice_in_force
from storage.models import Application, Role

pytestmark = pytest.mark.enable_socket

PNG = b"\x89PNG\r\n\x1a\n"
DETAILS = {"name": "Jane Example", "emails": "jane@example.org"}


def begin(client: TestClient, live: Live) -> str:
    """Upload a resume on the page; the draft's address."""
    form = {"country": "DE", "pool": "on", "notice_version": notice_in_force(live.house, "en").version}
    answer = client.post("/apply/pool", data=form, files={"file": ("cv.txt", RESUME.encode())})
    return str(answer.url.path).rpartition("/")[0]


def applied(live: Live) -> bytes:
    """Somebody whose resume was read; their row's id."""
    reference = post_application(live).json()["reference"]
    found = on_record(live, lambda s: s.scalars(select(Application).where(Application.reference == reference)).one())
    return bytes(found.person_id)


def anchors_of(page: str) -> tuple[set[str], set[str]]:
    """All ids of a page, and all that its links on the same page lead to."""
    return set(re.findall(r'\bid="([^"]+)"', page)), set(re.findall(r'href="#([^"]+)"', page))


@pytest.fixture
def recruiter(live: Live) -> Signed:
    """Somebody who may look."""
    return staff_of(live, *Role)


def test_fields_and_marks_lead_to_each_other(live: Live) -> None:
    """Each field found links to its place in the picture, and each place back; no script is needed."""
    client = live.client()
    draft = begin(client, live)

    page = client.get(f"{draft}/details").text

    ids, led_to = anchors_of(page)
    assert led_to <= ids
    assert {"at-name", "at-emails", "at-work-0-title", "name", "emails"} <= led_to & ids
    assert f'src="{draft}/pages/1.png"' in page
    assert "Text of the document" in page, "what the picture says is there in words too"
    assert "style=" not in page


def test_what_reading_is_unsure_of_is_asked_about(live: Live) -> None:
    """A doubtful value is named above the form and marked on the page, until the person says something else."""
    client = live.client()
    draft = begin(client, live)
    page = client.get(f"{draft}/details").text
    assert 'id="doubts"' in page
    assert '<a href="#location">' in page

    client.post(f"{draft}/details", data={**DETAILS, "location": "Potsdam"})

    page = client.get(f"{draft}/details?typed=1").text
    assert '<a href="#location">' not in page
    assert 'id="at-location"' not in page, "what the person said does not come from the document"


def test_the_pictures_of_a_draft_need_its_token(live: Live) -> None:
    """No token, no picture; nothing is kept by a browser; and once the draft is sent its address is over."""
    client = live.client()
    draft = begin(client, live)

    picture = client.get(f"{draft}/pages/1.png")

    assert picture.content.startswith(PNG)
    assert (picture.headers["Content-Type"], picture.headers["Cache-Control"]) == ("image/png", "no-store")
    assert client.get(f"{draft}/pages/2.png").status_code == 404
    assert client.get(f"{draft}/pages/11.png").status_code == 404
    assert client.get("/apply/draft/guessed/pages/1.png").status_code == 410
    client.post(f"{draft}/details", data=DETAILS)
    client.post(f"{draft}/check")
    assert not client.get(f"{draft}/pages/1.png").content.startswith(PNG)


def test_people_see_their_own_document_beside_their_correction(live: Live) -> None:
    """The newest document that was read stands beside the form; its pictures are for its person alone."""
    person_id = applied(live)
    clients = [live.client(), live.client()]
    with live.house.database.writing() as session:
        clients[0].cookies.set(PERSON_COOKIE, open_person_session(session, live.house, person_id, None))

    page = clients[0].get("/me/correct").text

    (src,) = set(re.findall(r'src="(/me/documents/[^"]+)"', page))
    assert 'id="at-name"' in page
    assert clients[0].get(src).content.startswith(PNG)
    assert clients[0].get(src.replace("/1.png", "/0.png")).status_code == 404
    assert clients[0].get("/me/documents/00/1.png").status_code == 404
    assert clients[1].get(src).status_code == 401
    faulty = clients[0].post("/me/correct", data={"csrf": csrf_in(page), **DETAILS, "emails": "none"})
    assert faulty.status_code == 422
    assert src in faulty.text


def test_staff_see_marks_only_once_the_candidate_is_revealed(live: Live, recruiter: Signed) -> None:
    """A blind look has neither pictures nor places; a revealed one leads from each fact to its place."""
    own = f"/recruit/candidates/{applied(live).hex()}"

    blind = recruiter.client.get(own).text
    shown = recruiter.post(f"{own}/reveal", purpose="recruitment").text

    assert "mark-at" not in blind
    assert ".png" not in blind
    ids, led_to = anchors_of(shown)
    assert {"at-name", "at-work-0", "name", "work-0"} <= led_to & ids
    assert led_to <= ids
