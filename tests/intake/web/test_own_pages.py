"""A person's own pages beyond the first: kept, replaced, closed, preferred; and how far an unproved link reaches."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from houses import Live, csrf_in, on_record, put_on_record
from sqlalchemy import select
from starlette.testclient import TestClient

from intake.access.actors import PERSON_COOKIE, open_person_session
from intake.desk.contact_ways import may_contact, preferences_path
from intake.desk.letters import post_letter
from intake.desk.links import make_link
from intake.desk.lost_links import LETTERS_PER_HOUR, send_new_link
from intake.desk.notices import notice_in_force
from intake.desk.refusals import Refusal
from intake.web.me.timeline import draw_timeline
from storage.identifiers import new_id
from storage.models import Bounce, Link, LinkKind, Mail, Note, PersonState, RetiredBlob
from storage.profile import Profile
from storage.queries import bases, people
from storage.queries.mails import find_bounces
from storage.vocabulary import Contact

pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True, slots=True)
class Own:
    """A person on their own pages."""

    client: TestClient
    person: bytes
    csrf: str


def own_pages(live: Live, *, is_proved: bool = True, consents: tuple[str, ...] = ("pool",), **other: object) -> Own:
    """A person who opened a link of theirs."""
    taken = put_on_record(live, Profile(name="Jane Example", emails=("jane@example.org",)), consents=consents, **other)
    with live.house.database.writing() as session:
        token = open_person_session(session, live.house, taken.person.id, None if is_proved else taken.application.id)
    client = live.client()
    client.cookies.set(PERSON_COOKIE, token)
    return Own(client, taken.person.id, csrf_in(client.get("/me").text))


def test_the_timeline_tells_each_end_in_words_and_draws_it(live: Live) -> None:
    """Every purpose with its day and reason; a law that keeps it longer stands beside them."""
    page = own_pages(live, country="US").client.get("/me").text
    assert page.count('class="span purpose"') == 2
    assert page.count('class="span floor"') == 0, "a law that ends before the purposes keeps nothing longer"
    assert "two years after we last heard from you" in page


def test_a_timeline_without_spans_is_one_day() -> None:
    """Nothing to draw is no error."""
    today = date(2026, 3, 2)
    chart = draw_timeline((), today)
    assert (chart.bars, chart.first, chart.last) == ((), today, today)


def test_a_person_asks_to_be_kept_and_to_be_kept_longer(live: Live) -> None:
    """A consent given from the own page is live with its end; given again it is renewed, and its clock starts anew."""
    own = own_pages(live, consents=())
    assert "I agree" in own.client.get("/me/keep").text
    version = notice_in_force(live.house, "en").version
    form = {"csrf": own.csrf, "notice_version": version}
    assert own.client.post("/me/keep/pool", data={**form, "notice_version": "old"}).status_code == 409
    assert own.client.post("/me/keep/application", data=form).status_code == 404
    assert own.client.post("/me/keep/pool", data=form).status_code == 200
    assert "Keep me longer" in own.client.get("/me/keep").text
    assert own.client.post("/me/keep/pool", data=form).status_code == 200
    ledger = on_record(live, lambda s: [e.event.value for e in bases.find_ledger(s, own.person) if e.purpose == "pool"])
    assert ledger[-2:] == ["given", "renewed"]


def test_looking_at_what_can_be_kept_changes_nothing(live: Live) -> None:
    """The end shown beside each offer is worked out and thrown away."""
    own = own_pages(live, consents=())
    before = on_record(live, lambda s: len(bases.find_ledger(s, own.person)))
    own.client.get("/me/keep")
    assert on_record(live, lambda s: len(bases.find_ledger(s, own.person))) == before


def test_a_resume_is_replaced_and_its_file_retired(live: Live) -> None:
    """The former document goes from every page, its file is listed to be erased; what only it said goes with it."""
    own = own_pages(live)
    (former,) = on_record(live, lambda s: people.find_documents(s, own.person))
    path = f"/me/documents/{former.id.hex()}/replace"
    assert "resume.txt" in own.client.get(path).text
    new = {"file": ("new.txt", b"Jane Example\njane.new@example.net\n\nSkills\nFalconry, Archery\n")}
    assert own.client.post(path, data={"csrf": "x"}, files=new).status_code == 400
    assert own.client.post(path, data={"csrf": own.csrf}, files={"file": ("", b"")}).status_code == 422
    assert own.client.post(path, data={"csrf": own.csrf}, files=new).url.path == "/me"
    (now,) = on_record(live, lambda s: people.find_documents(s, own.person))
    assert (now.id != former.id, now.application_id) == (True, former.application_id)
    retired = on_record(live, lambda s: s.get(RetiredBlob, former.blob_id))
    assert retired.kept_until == retired.retired_at + timedelta(days=live.house.settings.key_window_days)
    assert own.client.get(path).status_code == 404
    assert own.client.get(f"/me/documents/{former.id.hex()}").status_code == 404


def test_a_locked_record_takes_nothing_in(live: Live) -> None:
    """Restricted: nothing is added, replaced or renewed, and the page says that it is locked."""
    own = own_pages(live)
    (document,) = on_record(live, lambda s: people.find_documents(s, own.person))
    with live.house.database.writing() as session:
        people.find_person(session, own.person).state = PersonState.RESTRICTED  # type: ignore[union-attr]
    assert "Your data is locked" in own.client.get("/me").text
    for path in ("/me/keep", f"/me/documents/{document.id.hex()}/replace", "/me/more"):
        answer = own.client.get(path)
        assert answer.status_code == 409
        assert "What was kept" in answer.text


def test_what_opens_the_record_is_listed_and_can_be_ended(live: Live) -> None:
    """An unused link and the open page; ended, the link opens nothing."""
    own = own_pages(live)
    with live.house.database.writing() as session:
        token = make_link(session, live.house, LinkKind.PERSON, person_id=own.person)
    page = own.client.get("/me/access").text
    assert page.count("/close") == 2
    for way in re.findall(r'action="(/me/access/[0-9a-f]{32}/close)"', page):
        answer = own.client.post(way, data={"csrf": own.csrf})
    assert answer.status_code in (200, 401)
    assert live.client().post("/link", data={"token": token}).status_code == 410
    assert own.client.get("/me").status_code == 401, "the page's own session was ended too"


def test_nobody_ends_a_way_into_another_record(live: Live) -> None:
    """An id of somebody else's link is not found."""
    own, other = own_pages(live), own_pages(live)
    with live.house.database.writing() as session:
        make_link(session, live.house, LinkKind.PERSON, person_id=other.person)
    (link,) = on_record(live, lambda s: list(s.scalars(select(Link).where(Link.person_id == other.person))))
    answer = own.client.post(f"/me/access/{link.id.hex()}/close", data={"csrf": own.csrf})
    assert answer.status_code == 404


def test_an_unproved_link_reaches_no_further(live: Live) -> None:
    """Who came by the confirmation of one application neither asks to be kept nor sees other ways in."""
    own = own_pages(live, is_proved=False)
    with live.house.database.writing() as session:
        make_link(session, live.house, LinkKind.PERSON, person_id=own.person)
    assert own.client.get("/me/keep").status_code == 403
    assert own.client.get("/me/access").text.count("/close") == 1


@pytest.mark.promise("N6")
def test_preferences_open_from_any_message_and_hold(live: Live) -> None:
    """Without signing in each purpose and way is chosen; a refused way is refused to letters; all can be off."""
    own = own_pages(live)

    def may(way: Contact) -> bool:
        def ask(session):  # type: ignore[no-untyped-def]
            return may_contact(session, live.house, people.find_person(session, own.person), "pool", way)  # type: ignore[arg-type]

        return bool(on_record(live, ask))

    path = preferences_path(live.house, on_record(live, lambda s: people.find_person(s, own.person)))
    stranger = live.client()
    page = stranger.get(path)
    assert page.status_code == 200
    assert "Jane" not in page.text
    assert (may(Contact.EMAIL), may(Contact.TEXT)) == (True, False)
    saved = stranger.post(path, data={"pool-text": "yes", "pool-post": "yes"})
    assert "Your choice is saved" in saved.text
    assert (may(Contact.EMAIL), may(Contact.TEXT)) == (False, True)
    with live.house.database.writing() as session:
        letter = {"template": "pool", "to": "jane@example.org", "subject": "s", "text": "t", "purpose": "pool"}
        with pytest.raises(Refusal) as refused:
            post_letter(session, live.house, people.find_person(session, own.person), **letter)  # type: ignore[arg-type]
    assert refused.value.code == "contact_refused"
    assert stranger.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not any(may(way) for way in Contact)
    live_purposes = on_record(live, lambda s: {e.purpose for e in bases.find_live(s, own.person, live.house.today())})
    assert live_purposes == {"application", "pool"}, "what may be written is one thing, what may be kept another"


@pytest.mark.parametrize("token", ["0" * 64, "x", "0" * 32, ""])
def test_a_made_up_preferences_link_opens_nothing(live: Live, token: str) -> None:
    """Neither a guess nor a record's id alone is enough."""
    own = own_pages(live)
    assert live.client().get(f"/me/preferences/{own.person.hex()}{token[32:]}").status_code == 410
    assert live.client().get(f"/me/preferences/{token or 'none'}").status_code == 410


def test_each_message_leads_to_the_preferences(live: Live) -> None:
    """The way to say no stands in every message, administrative ones included."""
    own = put_on_record(live, Profile(name="Jane", emails=("only-one@example.org",))).person
    send_new_link(live.house, "only-one@example.org")
    mails = on_record(live, lambda s: list(s.scalars(select(Mail).where(Mail.person_id == own.id))))
    key = live.house.vault.key_of(own)
    text = live.house.vault.sealer.open_json(key, "mail_message", mails[0].id, mails[0].message)["text"]
    assert preferences_path(live.house, own) in text
    assert "cannot be switched off" in text


def test_a_link_proves_the_address_it_was_sent_to_and_no_other(live: Live) -> None:
    """Of two addresses on a resume, only the one that was written to is proved; what came back from it is forgotten."""
    taken = put_on_record(live, Profile(name="Jane", emails=("a@example.org", "b@example.org")))
    address = live.house.vault.address_digest("a@example.org")
    with live.house.database.writing() as session:
        bounce = Bounce(
            id=new_id(),
            person_id=taken.person.id,
            mail_id=new_id(),
            address=address,
            status="5.1.1",
            at=live.house.now(),
        )
        session.add(bounce)
        token = make_link(session, live.house, LinkKind.PERSON, person_id=taken.person.id, proves=address)
    assert live.client().post("/link", data={"token": token}).url.path == "/me"
    proved = on_record(live, lambda s: {d.value for d in people.find_digests(s, taken.person.id) if d.proved_at})
    assert proved == {address}
    assert on_record(live, lambda s: find_bounces(s, taken.person.id)) == []


def test_an_address_that_messages_came_back_from_is_told_to_the_person(live: Live) -> None:
    """It stands on their own page, so that they can put it right."""
    own = own_pages(live)
    address = live.house.vault.address_digest("jane@example.org")
    with live.house.database.writing() as session:
        session.add(
            Bounce(
                id=new_id(),
                person_id=own.person,
                mail_id=new_id(),
                address=address,
                status="5.1.1",
                at=live.house.now(),
            )
        )
    assert "came back" in own.client.get("/me").text


def test_one_address_is_written_to_a_few_times_an_hour(live: Live) -> None:
    """Whoever asks, and from wherever: nobody's mailbox is flooded. The page answers everybody alike."""
    taken = put_on_record(live, Profile(name="Jane", emails=("flooded@example.org",)))
    pages = {live.client().post("/me/link", data={"email": "flooded@example.org"}).text for _ in range(5)}
    pages.add(live.client().post("/me/link", data={"email": "nobody-at-all@example.org"}).text)
    assert len(pages) == 1
    mails = on_record(live, lambda s: list(s.scalars(select(Mail).where(Mail.person_id == taken.person.id))))
    assert len(mails) == LETTERS_PER_HOUR


def test_another_resume_takes_no_proved_address_away(live: Live) -> None:
    """A document that names other addresses adds them; the proved one stays first."""
    own = own_pages(live)
    with live.house.database.writing() as session:
        for digest in people.find_digests(session, own.person):
            digest.proved_at = live.house.now()
    file = {"file": ("new.txt", b"Jane Example\nother@example.net\n\nSkills\nFalconry, Archery\n")}
    assert own.client.post("/me/documents", data={"csrf": own.csrf}, files=file).url.path == "/me"
    proved = on_record(live, lambda s: {d.value for d in people.find_digests(s, own.person) if d.proved_at})
    assert proved == {live.house.vault.address_digest("jane@example.org")}
    held = own.client.get("/me/resume.json").json()
    assert held["basics"]["email"] == "jane@example.org"


def test_of_a_larger_record_an_unproved_link_shows_its_own_part(live: Live) -> None:
    """Once there is a second application, the first one's link opens neither its documents nor the notes."""
    taken = put_on_record(live, Profile(name="Jane Example", emails=("jane@example.org",)))
    with live.house.database.writing() as session:
        proved = open_person_session(session, live.house, taken.person.id, None)
        bound = open_person_session(session, live.house, taken.person.id, taken.application.id)
        key, row_id = live.house.vault.key_of(taken.person), new_id()
        text = live.house.vault.sealer.seal_text(key, "note_text", row_id, "She called.")
        session.add(
            Note(id=row_id, person_id=taken.person.id, staff_id=new_id(), written_at=live.house.now(), text=text)
        )
    owner, visitor = live.client(), live.client()
    owner.cookies.set(PERSON_COOKIE, proved)
    visitor.cookies.set(PERSON_COOKIE, bound)
    csrf = csrf_in(owner.get("/me").text)
    assert "She called." in visitor.get("/me").text, "while it is the only one, it is all there is"
    version = notice_in_force(live.house, "en").version
    again = {"csrf": csrf, "opening": "", "country": "DE", "notice_version": version}
    assert owner.post("/me/apply", data=again).url.path == "/me"
    file = {"file": ("new.txt", b"Jane Example\n\nSkills\nFalconry, Archery\n")}
    owner.post("/me/documents", data={"csrf": csrf}, files=file)
    (other,) = on_record(live, lambda s: [d for d in people.find_documents(s, taken.person.id) if not d.application_id])
    assert "She called." not in visitor.get("/me").text
    assert visitor.get(f"/me/documents/{other.id.hex()}").status_code == 404
    assert owner.get(f"/me/documents/{other.id.hex()}").status_code == 200


def test_a_newer_link_ends_an_older_one(live: Live) -> None:
    """As the page that asks for one says."""
    person = put_on_record(live, Profile(name="Jane", emails=("newer@example.org",))).person
    with live.house.database.writing() as session:
        token = make_link(session, live.house, LinkKind.PERSON, person_id=person.id)
    live.client().post("/me/link", data={"email": "newer@example.org"})
    assert live.client().post("/link", data={"token": token}).status_code == 410
    links = on_record(live, lambda s: list(s.scalars(select(Link).where(Link.person_id == person.id))))
    assert len(links) == 1
