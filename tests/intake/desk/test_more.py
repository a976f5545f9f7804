"""One person, several applications and resumes: only for a proved address, within limits, at the right places."""

from houses import SLOW, Live, ReaderDouble, csrf_in, on_record, put_on_record
from starlette.testclient import TestClient

from intake.access.actors import PERSON_COOKIE, open_person_session
from intake.desk import openings
from intake.desk.notices import notice_in_force
from storage.models import PersonState
from storage.profile import Profile
from storage.queries import people


def own_pages(live: Live, *, is_proved: bool = True) -> tuple[TestClient, bytes, str]:
    """A person on their own pages: client, person, the form's token."""
    taken = put_on_record(live, Profile(name="Jane Example", emails=("jane@example.org",)))
    application = None if is_proved else taken.application.id
    with live.house.database.writing() as session:
        token = open_person_session(session, live.house, taken.person.id, application)
    client = live.client()
    client.cookies.set(PERSON_COOKIE, token)
    return client, taken.person.id, csrf_in(client.get("/me").text)


def test_a_person_applies_again_with_what_is_on_record(live: Live) -> None:
    """Another application of the same person, under the notice they were shown, up to the limit."""
    client, person, csrf = own_pages(live)
    with live.house.database.writing() as session:
        slug = openings.create_opening(session, live.house, title="Falconer", place="", actor="test").slug
    assert "Falconer" in client.get("/me/more").text
    version = notice_in_force(live.house, "en").version
    form = {"csrf": csrf, "opening": slug, "country": "DE", "notice_version": version, "pool": "on"}
    assert client.post("/me/apply", data={**form, "country": "XX"}).status_code == 422
    assert client.post("/me/apply", data={**form, "notice_version": "old"}).status_code == 409
    assert client.post("/me/apply", data={**form, "opening": "never"}).status_code == 404
    assert client.post("/me/apply", data=form).url.path == "/me"
    assert len(on_record(live, lambda s: people.find_applications(s, person))) == 2
    few = live.with_settings(applications_per_person=2).client()
    few.cookies = client.cookies
    assert few.post("/me/apply", data=form).status_code == 409


def test_a_person_adds_a_resume(live: Live) -> None:
    """Read and kept beside the first; without the form's token, without room or without a place it is refused."""
    client, person, csrf = own_pages(live)
    file = {"file": ("new.txt", b"Jane Example\n\nSkills\nFalconry, Archery\n")}
    assert client.post("/me/documents", data={"csrf": "x"}, files=file).status_code == 400
    assert client.post("/me/documents", data={"csrf": csrf}, files={"file": ("", b"")}).status_code == 422
    assert client.post("/me/documents", data={"csrf": csrf}, files=file).url.path == "/me"
    assert len(on_record(live, lambda s: people.find_documents(s, person))) == 2
    for other, status in (
        (live.with_settings(documents_per_person=2), 409),
        (live.with_reader(ReaderDouble(SLOW, places=0)), 503),
    ):
        visiting = other.client()
        visiting.cookies = client.cookies
        assert visiting.post("/me/documents", data={"csrf": csrf}, files=file).status_code == status


def test_the_link_of_one_application_adds_nothing(live: Live) -> None:
    """Without a proved address, or once restricted, the record does not grow."""
    client, _, _ = own_pages(live, is_proved=False)
    assert client.get("/me/more").status_code == 403
    proved, person, _ = own_pages(live)
    with live.house.database.writing() as session:
        people.find_person(session, person).state = PersonState.RESTRICTED  # type: ignore[union-attr]
    assert proved.get("/me/more").status_code == 409
