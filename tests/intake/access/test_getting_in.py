"""Getting in: passwords, sessions, forged requests, rates; known and unknown are answered alike."""

from datetime import date, timedelta

import pytest
from houses import PASSWORD, Live, Signed, csrf_in, living, on_record, put_on_record, staff_of
from hypothesis import given
from hypothesis import strategies as st

from intake.access.actors import STAFF_COOKIE
from intake.access.passwords import (
    LONGEST,
    SHORTEST,
    PasswordRefused,
    check_password,
    common_passwords,
    hash_password,
    is_password,
)
from intake.desk import staff as accounts
from intake.desk.first_start import first_link
from storage.models import AuditEntry, Mail, Role, StaffSession
from storage.queries import access

pytestmark = pytest.mark.enable_socket


@pytest.fixture(autouse=True)
def later(live: Live) -> None:
    """Rates of one test do not reach the next."""
    live.clock.advance(hours=3)


@pytest.mark.promise("S3")
@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("a" * 11, "too_short"),
        ("x" * (LONGEST + 1), "too_long"),
        ("aaaaaaaaaaaaaaaa", "too_common"),
        ("1234567890123", "too_common"),
        ("password12345", "too_common"),
        ("passwordpassword", "too_common"),
        ("Ada.Lovelace1843", "too_personal"),
        ("lovelace-example!!", "too_personal"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str, code: str) -> None:
    """Short, common, repeated, or made of the person's own name and address."""
    with pytest.raises(PasswordRefused) as refused:
        check_password(password, ("Ada Lovelace", "ada@example.org"))
    assert refused.value.code == code


@given(st.text(min_size=SHORTEST, max_size=40))
def test_no_rule_of_composition_stands_in_the_way(password: str) -> None:
    """Whatever is long and not guessable passes, in any script; a refusal is one of the four codes."""

    def code_of(given: str) -> str:
        try:
            check_password(given, ("Ada Lovelace", "ada@example.org"))
        except PasswordRefused as refused:
            return refused.code
        return ""

    assert code_of(password) in {"", "too_short", "too_common", "too_personal"}
    assert code_of("correct horse battery staple") == ""
    assert "password" in common_passwords()


def test_a_hash_is_of_one_password_and_an_empty_one_of_none() -> None:
    """Compatibility forms are the same password; no hash and a broken hash let nobody in."""
    kept = hash_password("caf\u00e9 on the corner")
    assert is_password(kept, "cafe\u0301 on the corner")
    assert not is_password(kept, "cafe on the corner")
    assert not is_password("", "decoy for accounts that do not exist")
    assert not is_password("broken", "anything")


@pytest.mark.promise("S10")
def test_signing_in_gives_a_new_random_session_each_time(live: Live) -> None:
    """The cookie is renewed at sign-in, opaque, unreadable by scripts; signing out ends it on the server."""
    staff = staff_of(live, Role.RECRUITER)
    client = live.client()
    tokens = []
    for _ in range(2):
        client.cookies.set(STAFF_COOKIE, "chosen-by-somebody-else")
        answer = client.post("/sign-in", data={"email": staff.email, "password": PASSWORD}, follow_redirects=False)
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        tokens.append(answer.cookies[STAFF_COOKIE])
        client.cookies.clear()
    assert len(set(tokens)) == 2
    assert all(len(token) >= 43 for token in tokens)
    client.cookies.set(STAFF_COOKIE, tokens[0])
    page = client.get("/recruit")
    client.post("/sign-out", data={"csrf": csrf_in(page.text)})
    client.cookies.set(STAFF_COOKIE, tokens[0])
    assert client.get("/recruit", follow_redirects=False).headers["location"].startswith("/sign-in")


def test_an_idle_session_ends_and_a_used_one_ends_too_in_the_end(live: Live) -> None:
    """Idle for half an hour: out. Used all along: out after twelve hours."""
    idle, used = staff_of(live, Role.RECRUITER, follow=False), staff_of(live, Role.RECRUITER, follow=False)
    for _ in range(23):
        live.clock.advance(minutes=29)
        assert used.get("/recruit").status_code == 200
    assert idle.get("/recruit").status_code == 303
    live.clock.advance(minutes=29)
    live.clock.advance(minutes=29)
    assert used.get("/recruit").status_code == 303


def test_a_disabled_or_ended_account_is_out_at_once(live: Live) -> None:
    """Sessions end with the account, and the right password no longer helps (D16)."""
    gone, leaving = staff_of(live, Role.RECRUITER, follow=False), staff_of(live, Role.RECRUITER, follow=False)
    administrator = staff_of(live, Role.ADMINISTRATOR)
    with live.house.database.writing() as session:
        accounts.disable_staff(session, live.house, gone.actor.staff_id, administrator.actor)
        access.find_staff(session, leaving.actor.staff_id).ends_on = live.house.today() - timedelta(days=1)
    for member in (gone, leaving):
        assert member.get("/recruit").status_code == 303
        answer = live.client().post("/sign-in", data={"email": member.email, "password": PASSWORD})
        assert answer.status_code == 401
    assert live.house.today() > date(2026, 1, 1)


def test_known_and_unknown_accounts_are_answered_alike(live: Live) -> None:
    """A wrong password and an unknown address give the same page, byte for byte but for the address given."""
    staff = staff_of(live, Role.RECRUITER)
    pages = []
    for email in (staff.email, "0" * 32 + "@example.org"):
        answer = live.client().post("/sign-in", data={"email": email, "password": "wrong wrong wrong"})
        assert answer.status_code == 401
        pages.append(answer.text.replace(email, "ADDRESS"))
    assert pages[0] == pages[1]


def test_a_lost_link_is_answered_alike_for_known_unknown_and_erased(live: Live) -> None:
    """The page says the same; only the one on record is written to."""
    taken, erased = put_on_record(live), put_on_record(live)
    address = "known-only@example.org"
    from houses import Profile

    put_on_record(live, Profile(name="Known Only", emails=(address,)))
    del taken, erased
    before = on_record(live, lambda session: session.query(Mail).count())
    pages = [
        live.client().post("/me/link", data={"email": email})
        for email in (address, "never@example.org", "KNOWN-ONLY@example.org")
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({page.text for page in pages}) == 1
    assert on_record(live, lambda session: session.query(Mail).count()) == before + 2


def test_tries_are_counted_for_account_and_address_together(live: Live) -> None:
    """The eleventh try is refused with when to come again; from elsewhere the owner still gets in."""
    staff = staff_of(live, Role.RECRUITER)
    statuses = [
        live.client().post("/sign-in", data={"email": staff.email, "password": "wrong wrong wrong"}).status_code
        for _ in range(11)
    ]
    assert statuses == [401] * 10 + [429]
    assert accounts.sign_in(live.house, staff.email, PASSWORD, "198.51.100.7")


def administrator_page(staff: Signed) -> str:
    """The list of openings."""
    return str(staff.get("/admin/openings").text)


def test_forms_without_their_token_change_nothing(live: Live) -> None:
    """Missing, foreign and empty tokens are refused; the right one passes."""
    staff, other = staff_of(live, Role.ADMINISTRATOR), staff_of(live, Role.ADMINISTRATOR)
    for token in ({}, {"csrf": ""}, {"csrf": other.actor.csrf}, {"csrf": "ünïcode"}):
        answer = staff.client.post("/admin/openings", data={"title": "Baker", **token})
        assert answer.status_code == 400, token
        assert "Baker" not in administrator_page(staff)
    assert staff.post("/admin/openings", title="Baker").status_code == 200


def test_a_sign_in_leads_nowhere_else(live: Live) -> None:
    """An address of another site is not followed (CWE-601); one of ours is."""
    staff = staff_of(live, Role.RECRUITER)
    for given_path, led in (
        ("/recruit", "/recruit"), ("//evil.example", "/staff"), ("https://evil.example", "/staff"),
        ("/\\evil.example", "/staff"), ("", "/staff"),
    ):  # fmt: skip
        data = {"email": staff.email, "password": PASSWORD, "next": given_path}
        answer = live.client(follow=False).post("/sign-in", data=data)
        assert answer.headers["location"] == led


@pytest.mark.promise("S7")
def test_signing_in_and_failing_to_are_on_record_without_the_address(live: Live) -> None:
    """Both leave an entry; neither holds who was tried."""
    staff = staff_of(live, Role.RECRUITER)
    live.client().post("/sign-in", data={"email": staff.email, "password": "wrong wrong wrong"})
    live.client().post("/sign-in", data={"email": staff.email, "password": PASSWORD})
    entries = on_record(
        live, lambda s: [e.entry for e in s.query(AuditEntry).filter(AuditEntry.action == "staff.sign_in")]
    )
    assert any("refused" in entry for entry in entries)
    assert not any(staff.email in entry for entry in entries)
    assert on_record(live, lambda s: s.query(StaffSession).count()) >= 1


def test_the_first_administrator_is_made_once(tmp_path, live: Live) -> None:  # type: ignore[no-untyped-def]
    """The link works once; a second one ends the first; nobody gets one once there is an account."""
    with living(tmp_path / "new") as new:
        old, link = first_link(new.house), first_link(new.house)
        assert new.client().get(f"/setup/{old}").status_code == 410
        assert new.client().get(f"/setup/{link}").status_code == 200
        form = {"token": link, "name": "Ada Example", "email": "ada@example.org", "password": PASSWORD}
        wrong = new.client().post("/setup", data={**form, "again": "another"})
        assert wrong.status_code == 422
        weak = new.client().post("/setup", data={**form, "password": "password1234", "again": "password1234"})
        assert weak.status_code == 422
        empty = new.client().post("/setup", data={"token": link})
        assert empty.status_code == 422
        assert new.client(follow=False).post("/setup", data={**form, "again": PASSWORD}).status_code == 303
        assert new.client().post("/setup", data={**form, "again": PASSWORD}).status_code == 410
        assert first_link(new.house) == ""


def test_a_colleague_is_invited_once(live: Live) -> None:
    """The link sets name and password, and signs in; used or unknown it no longer works."""
    administrator = staff_of(live, Role.ADMINISTRATOR)
    page = administrator.post("/admin/staff", email="new-colleague@example.org", role="recruiter")
    token = page.text.partition("/invitation/")[2][:43]
    assert administrator.post("/admin/staff", email="new-colleague@example.org", role="recruiter").status_code == 422
    assert administrator.post("/admin/staff", email="nobody", role="recruiter").status_code == 422
    assert live.client().get(f"/invitation/{token}").status_code == 200
    form = {"token": token, "name": "New Colleague", "password": PASSWORD, "again": PASSWORD}
    assert live.client().post("/invitation", data={**form, "again": "x"}).status_code == 422
    weak = {**form, "password": "new-colleague1", "again": "new-colleague1"}
    assert live.client().post("/invitation", data=weak).status_code == 422
    client = live.client()
    assert client.post("/invitation", data=form).url.path.startswith("/recruit")
    assert live.client().post("/invitation", data=form).status_code == 410
    assert live.client().get("/invitation/unknown").status_code == 410
