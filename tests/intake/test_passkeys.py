"""Passkeys of staff: made in a fresh session, signed in with, listed and removed; nothing forged opens an account."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from houses import Live, Signed, living, on_record, staff_of
from soft_authenticator import PRESENT, SoftAuthenticator, spell
from sqlalchemy import text
from starlette.testclient import TestClient

from intake.access.actors import STAFF_COOKIE
from storage.models import Passkey, Role, Staff

pytestmark = pytest.mark.enable_socket
HOST, ORIGIN = "hire.example.org", "https://hire.example.org"
_OPTIONS = re.compile(r'data-options="([^"]*)"')
_TICKET = re.compile(r'name="ticket" value="([^"]*)"')


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An installation that people reach by name."""
    with living(tmp_path_factory.mktemp("passkeys"), base_url=ORIGIN) as live:
        yield live


def asked_on(page: Any) -> tuple[str, str]:
    """What a page asks the browser, and its ticket."""
    options, ticket = _OPTIONS.search(page.text), _TICKET.search(page.text)
    assert options, page.text
    assert ticket
    return html.unescape(options[1]), ticket[1]


def make_passkey(who: Signed, key: SoftAuthenticator, **changed: str) -> Any:
    """Make a passkey on one's own account."""
    options, ticket = asked_on(who.get("/account/passkeys"))
    form = {"ticket": ticket, "answer": key.make(options), "name": "Blue key"} | changed
    return who.post("/account/passkeys", **form)


def sign_in(live: Live, key: SoftAuthenticator, client: TestClient | None = None) -> Any:
    """Sign in with a passkey alone."""
    client = client or live.client(follow=False)
    options, ticket = asked_on(client.get("/sign-in"))
    return client.post("/sign-in/passkey", data={"ticket": ticket, "answer": key.sign(options)})


def passkeys_of(live: Live, who: Signed) -> list[Passkey]:
    """What is kept of somebody's passkeys."""
    found = on_record(live, lambda s: s.query(Passkey).filter_by(staff_id=who.actor.staff_id).all())
    assert isinstance(found, list)
    return found


@pytest.mark.asvs("6.3.3")
def test_a_passkey_is_made_signs_in_and_is_removed(house: Live) -> None:
    """Listed by name on the account; it opens a session of its own; removed, it opens none."""
    who, key = staff_of(house, Role.RECRUITER), SoftAuthenticator(HOST, ORIGIN)
    assert "Blue key" in make_passkey(who, key).text
    answer = sign_in(house, key)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert STAFF_COOKIE in answer.cookies
    assert sign_in(house, key).status_code == 303
    (kept,) = passkeys_of(house, who)
    assert kept.sign_count == 2
    who.post(f"/account/passkeys/{kept.id.hex()}/remove")
    assert passkeys_of(house, who) == []
    assert sign_in(house, key).status_code == 401


def test_what_is_kept_of_a_passkey_is_sealed(house: Live) -> None:
    """Neither its id, nor its public key, nor the name that its owner gave it stands in the row."""
    who, key = staff_of(house, Role.RECRUITER), SoftAuthenticator(HOST, ORIGIN)
    make_passkey(who, key)
    (row,) = passkeys_of(house, who)
    held = on_record(house, lambda s: s.execute(text("SELECT * FROM passkey WHERE id = :id"), {"id": row.id}).one())
    everything = b"".join(part if isinstance(part, bytes) else str(part).encode() for part in held)
    public = key.key.public_key().public_numbers().x.to_bytes(32, "big")
    for secret in (key.credential_id, spell(key.credential_id).encode(), b"Blue key", public, spell(public).encode()):
        assert secret not in everything


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "https://hire.example.net"},
        {"host": "example.net"},
        {"flags": PRESENT},
    ],
    ids=["another site", "another host", "nobody proved"],
)
def test_no_forged_passkey_is_made_or_accepted(house: Live, forged: dict[str, Any]) -> None:
    """Bound to this site and to a person who proved themselves to the device, when made and at each use."""
    who = staff_of(house, Role.RECRUITER)
    assert make_passkey(who, SoftAuthenticator(**({"host": HOST, "origin": ORIGIN} | forged))).status_code == 422
    key = SoftAuthenticator(HOST, ORIGIN)
    make_passkey(who, key)
    for name, value in forged.items():
        setattr(key, name, value)
    assert sign_in(house, key).status_code == 401


@pytest.mark.asvs("6.5.1")
def test_an_answer_counts_once_and_not_for_long(house: Live) -> None:
    """The same answer twice, one that is too late, one to another's challenge, and one of an older copy are refused."""
    who, key = staff_of(house, Role.RECRUITER), SoftAuthenticator(HOST, ORIGIN)
    make_passkey(who, key)
    client = house.client(follow=False)
    options, ticket = asked_on(client.get("/sign-in"))
    form = {"ticket": ticket, "answer": key.sign(options)}
    assert client.post("/sign-in/passkey", data=form).status_code == 303
    assert client.post("/sign-in/passkey", data=form).status_code == 401
    first, other = asked_on(client.get("/sign-in")), asked_on(client.get("/sign-in"))
    assert client.post("/sign-in/passkey", data={"ticket": other[1], "answer": key.sign(first[0])}).status_code == 401
    options, ticket = asked_on(client.get("/sign-in"))
    house.clock.advance(minutes=6)
    late = {"ticket": ticket, "answer": key.sign(options)}
    assert client.post("/sign-in/passkey", data=late).status_code == 401
    key.count = 0
    assert sign_in(house, key, client).status_code == 401
    for nonsense in ({}, {"ticket": "a.b.c", "answer": "{}"}, {"ticket": ticket, "answer": "[]"}):
        assert client.post("/sign-in/passkey", data=nonsense).status_code == 401


def test_a_passkey_is_made_for_the_session_that_asked_and_once(house: Live) -> None:
    """A ticket of another session makes none, nor does the same passkey a second time or without its owner's proof."""
    who, other, key = staff_of(house, Role.AUDITOR), staff_of(house, Role.AUDITOR), SoftAuthenticator(HOST, ORIGIN)
    options, ticket = asked_on(other.get("/account/passkeys"))
    assert make_passkey(who, key, ticket=ticket, answer=key.make(options)).status_code == 422
    assert make_passkey(who, key).status_code == 200
    assert make_passkey(other, key).status_code == 422
    assert passkeys_of(house, other) == []
    (row,) = passkeys_of(house, who)
    assert other.post(f"/account/passkeys/{row.id.hex()}/remove").status_code == 404
    house.clock.advance(minutes=11)
    assert "data-passkey" not in re.sub('data-passkey="known"', "", who.get("/account/passkeys").text)


def test_a_closed_account_is_not_opened_and_a_reset_takes_passkeys(house: Live) -> None:
    """Disabled or past its end date a passkey opens nothing; a reset by a second administrator removes it."""
    boss = staff_of(house, Role.ADMINISTRATOR)
    who, key = staff_of(house, Role.RECRUITER), SoftAuthenticator(HOST, ORIGIN)
    make_passkey(who, key)
    with house.house.database.writing() as session:
        session.get_one(Staff, who.actor.staff_id).ends_on = house.house.today() - timedelta(days=1)
    assert sign_in(house, key).status_code == 401
    with house.house.database.writing() as session:
        session.get_one(Staff, who.actor.staff_id).ends_on = None
    assert sign_in(house, key).status_code == 303
    boss.post(f"/admin/staff/{(who.actor.staff_id or b'').hex()}/reset")
    assert passkeys_of(house, who) == []


def test_at_a_bare_number_none_is_offered(live: Live) -> None:
    """Browsers bind passkeys to names; the page says what to do, and the sign-in works without."""
    who = staff_of(live, Role.RECRUITER)
    assert "set base_url to it" in who.get("/account/passkeys").text
    assert who.post("/account/passkeys", ticket="", answer="").status_code == 409
    assert "data-options" not in live.client().get("/sign-in").text
    assert "data-options" in TestClient(live.app, base_url="http://localhost:8000").get("/sign-in").text
