"""Accounts of staff through HTTP: second factor, recovery codes, sessions, passwords, roles, a fresh start."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from intake.access.passwords import hash_password
from intake.app import create_app
from intake.desk.staff import make_staff
from intake.installation import Installation
from intake.opening import open_installation
from intake.settings import Settings
from storage.models import Role

pytestmark = pytest.mark.enable_socket
PASSWORD = "purple kettle on the moon 7"
BASE = "http://127.0.0.1"
CODE = re.compile(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>")
KEY = re.compile(r"<code>([A-Z2-7 ]{32,})</code>")
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        """Go forward."""
        self.at += timedelta(seconds=seconds)


@dataclass
class Browser:
    """One browser of one member of staff."""

    client: TestClient
    email: str
    csrf: str = field(default="")

    def get(self, path: str) -> Response:
        """Load a page."""
        return self.client.get(path)

    def post(self, path: str, **data: str) -> Response:
        """Send a form with the token that the account's page carries."""
        found = CSRF.search(self.client.get("/account").text)
        return self.client.post(path, data={"csrf": found.group(1) if found else "", **data})

    def sign_in(self, password: str = PASSWORD, code: str = "") -> Response:
        """Sign in, with a code where one is asked."""
        answer = self.client.post("/sign-in", data={"email": self.email, "password": password})
        half = re.search(r'name="half" value="([^"]+)"', answer.text)
        return self.client.post("/sign-in", data={"half": half.group(1), "code": code}) if half and code else answer


@dataclass
class Office:
    """An installation with an administrator and a recruiter."""

    house: Installation
    clock: Clock

    def open_browser(self, name: str) -> Browser:
        """A fresh browser of one of them, not signed in."""
        return Browser(TestClient(create_app(self.house), base_url=BASE), f"{name}@example.org")

    def signed_in(self, name: str) -> Browser:
        """A browser of one of them, signed in by password."""
        browser = self.open_browser(name)
        assert browser.sign_in().url.path != "/sign-in"
        return browser


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A fresh installation under a clock of its own."""
    clock = Clock()
    settings = Settings(data=tmp_path / "data", keys=tmp_path / "keys", sandbox="off", organisation="Example Works")
    house, stack = open_installation(settings, clock=clock, is_serving=False)
    with stack:
        hashed = hash_password(PASSWORD)
        for name, roles in (("ada", "administrator,recruiter"), ("rosa", "recruiter")):
            with house.database.writing() as session:
                make_staff(
                    session, house, name=name.title(), email=f"{name}@example.org", roles=roles, password_hash=hashed,
                    actor="setup",
                )  # fmt: skip
        yield Office(house, clock)


def turn_on(office: Office, browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Enrol an authenticator. Returns it and the recovery codes."""
    shown = KEY.search(browser.get("/account/second-factor").text)
    assert shown is not None
    authenticator = pyotp.TOTP(shown.group(1).replace(" ", ""))
    answer = browser.post("/account/second-factor", code=authenticator.at(office.clock.at))
    assert answer.status_code == 200
    return authenticator, CODE.findall(answer.text)


def is_signed_in(browser: Browser) -> bool:
    """Whether the browser's session opens the account."""
    return browser.get("/account").url.path == "/account"


def test_a_second_factor_is_asked_once_it_is_on(office: Office) -> None:
    """The password alone leads to the code, the code to a session; enrolling ends the other sessions."""
    other, browser = office.signed_in("rosa"), office.signed_in("rosa")
    authenticator, codes = turn_on(office, browser)
    assert len(set(codes)) == 10
    assert is_signed_in(browser)
    assert not is_signed_in(other)
    office.clock.move(30)
    fresh = office.open_browser("rosa")
    assert "Code from your authenticator" in fresh.sign_in().text
    assert not is_signed_in(fresh)
    fresh.sign_in(code=authenticator.at(office.clock.at))
    assert is_signed_in(fresh)


def test_a_code_is_accepted_once(office: Office) -> None:
    """A code that somebody saw over a shoulder opens nothing; the one that enrolled neither."""
    authenticator, _ = turn_on(office, office.signed_in("rosa"))
    enrolled = authenticator.at(office.clock.at)
    assert office.open_browser("rosa").sign_in(code=enrolled).status_code == 401
    office.clock.move(30)
    seen = authenticator.at(office.clock.at)
    assert office.open_browser("rosa").sign_in(code=seen).status_code == 200
    assert office.open_browser("rosa").sign_in(code=seen).status_code == 401


def test_a_wrong_key_is_not_enrolled(office: Office) -> None:
    """Without a code that proves it nothing is turned on."""
    browser = office.signed_in("rosa")
    assert browser.post("/account/second-factor", code="000000").status_code == 422
    assert is_signed_in(office.signed_in("rosa"))


def test_a_recovery_code_signs_in_once(office: Office) -> None:
    """However it is typed; the second time it is refused; new ones make the old ones worthless."""
    authenticator, codes = turn_on(office, office.signed_in("rosa"))
    browser = office.open_browser("rosa")
    browser.sign_in(code=codes[0].upper().replace("-", " "))
    assert is_signed_in(browser)
    assert "9 recovery codes are left" in browser.get("/account").text
    assert office.open_browser("rosa").sign_in(code=codes[0]).status_code == 401
    office.clock.move(30)
    renewed = browser.post("/account/second-factor/codes", code=authenticator.at(office.clock.at))
    assert len(CODE.findall(renewed.text)) == 10
    assert office.open_browser("rosa").sign_in(code=codes[1]).status_code == 401


def test_recovery_codes_are_kept_as_digests_and_the_key_sealed(office: Office) -> None:
    """Neither stands in the database's file in clear."""
    _, codes = turn_on(office, office.signed_in("rosa"))
    kept = b"".join(path.read_bytes() for path in office.house.settings.data.glob("vitavault.db*"))
    assert b"recovery_code" in kept
    assert not [code for code in codes if code.encode() in kept or code.replace("-", "").encode() in kept]


def test_guessing_codes_is_stopped(office: Office) -> None:
    """After eight wrong codes within a quarter of an hour even the right one waits."""
    authenticator, _ = turn_on(office, office.signed_in("rosa"))
    office.clock.move(30)
    answers = [office.open_browser("rosa").sign_in(code="000000").status_code for _ in range(9)]
    assert answers[-1] == 429
    assert office.open_browser("rosa").sign_in(code=authenticator.at(office.clock.at)).status_code == 429
    office.clock.move(1801)
    assert office.open_browser("rosa").sign_in(code=authenticator.at(office.clock.at)).status_code == 200


@pytest.mark.parametrize("seconds", [0, 301])
def test_the_step_between_password_and_code_cannot_be_forged_and_ends(office: Office, seconds: int) -> None:
    """What stands between password and code is bound to the account and to five minutes."""
    authenticator, _ = turn_on(office, office.signed_in("rosa"))
    office.clock.move(30)
    browser = office.open_browser("rosa")
    found = re.search(r'name="half" value="([^"]+)"', browser.sign_in().text)
    assert found is not None
    half = found.group(1)
    office.clock.move(seconds)
    account, until, signature = half.split(".")
    forged = half if seconds else f"{account}.{int(until) + 600}.{signature}"
    answer = browser.client.post("/sign-in", data={"half": forged, "code": authenticator.at(office.clock.at)})
    assert answer.status_code == 401
    assert not is_signed_in(browser)


def test_the_second_factor_is_turned_off_with_a_code_alone(office: Office) -> None:
    """A session left open cannot turn it off."""
    browser = office.signed_in("rosa")
    authenticator, _ = turn_on(office, browser)
    assert browser.post("/account/second-factor/off", code="000000").status_code == 422
    office.clock.move(30)
    browser.post("/account/second-factor/off", code=authenticator.at(office.clock.at))
    assert is_signed_in(office.signed_in("rosa"))


def test_own_sessions_are_listed_and_ended(office: Office) -> None:
    """One by one, or all others at once; somebody else's cannot be."""
    here, there, elsewhere = (office.signed_in("rosa") for _ in range(3))
    ends = re.findall(r'action="(/account/sessions/[0-9a-f]{32}/end)"', here.get("/account").text)
    assert len(ends) == 2
    assert office.signed_in("ada").post(ends[0]).status_code == 404
    here.post(ends[0])
    assert [is_signed_in(browser) for browser in (there, elsewhere)].count(False) == 1
    here.post("/account/sessions/end-others")
    assert not is_signed_in(there)
    assert not is_signed_in(elsewhere)
    assert is_signed_in(here)


def test_a_password_is_changed_for_the_present_one(office: Office) -> None:
    """A weak one is refused, a wrong present one too; other sessions end with the old one."""
    other, browser = office.signed_in("rosa"), office.signed_in("rosa")
    wanted = "forty seven green umbrellas"
    assert browser.post("/account/password", present="wrong", password=wanted, again=wanted).status_code == 422
    assert browser.post("/account/password", present=PASSWORD, password="rosa", again="rosa").status_code == 422
    assert browser.post("/account/password", present=PASSWORD, password=wanted, again="x").status_code == 422
    assert browser.post("/account/password", present=PASSWORD, password=wanted, again=wanted).status_code == 200
    assert not is_signed_in(other)
    assert office.open_browser("rosa").sign_in().status_code == 401
    assert office.open_browser("rosa").sign_in(wanted).status_code == 200


def member_path(browser: Browser, name: str) -> str:
    """The address of a colleague's account."""
    found = re.search(rf'href="(/admin/staff/[0-9a-f]+)">{name}<', browser.get("/admin/staff").text)
    assert found is not None
    return found.group(1)


def test_another_administrator_changes_role_and_last_day(office: Office) -> None:
    """Both count at the next request; nobody changes their own."""
    admin, rosa = office.signed_in("ada"), office.signed_in("rosa")
    path = member_path(admin, "Rosa")
    assert rosa.get("/recruit").status_code == 200
    admin.post(f"{path}/role", role=Role.AUDITOR.value)
    assert rosa.get("/recruit").status_code == 403
    assert admin.post(f"{path}/role", role="king").status_code == 422
    assert admin.post(f"{path}/end", until="2020-01-01").status_code == 422
    assert admin.post(f"{path}/end", until="2026-03-02").status_code == 200
    assert is_signed_in(rosa)
    office.clock.move(24 * 3600 - 8 * 3600)
    assert not is_signed_in(rosa)
    own = member_path(office.signed_in("ada"), "Ada")
    assert office.signed_in("ada").post(f"{own}/role", role="auditor").status_code == 403


def test_a_reset_ends_everything_and_hands_out_a_link(office: Office) -> None:
    """Password, second factor and sessions are gone at once; the one-time link sets a new password."""
    rosa, admin = office.signed_in("rosa"), office.signed_in("ada")
    turn_on(office, rosa)
    answer = admin.post(f"{member_path(admin, 'Rosa')}/reset")
    assert not is_signed_in(rosa)
    assert office.open_browser("rosa").sign_in().status_code == 401
    found = re.search(r"/invitation/([\w-]+)", answer.text)
    assert found is not None
    token, wanted = found.group(1), "forty seven green umbrellas"
    fresh = office.open_browser("rosa")
    assert fresh.get(f"/invitation/{token}").status_code == 200
    fresh.client.post("/invitation", data={"token": token, "name": "Rosa", "password": wanted, "again": wanted})
    assert is_signed_in(fresh)
    assert "Off" in fresh.get("/account").text


def test_changing_others_asks_for_a_fresh_sign_in(office: Office) -> None:
    """Ten minutes after the password was given, role changes and resets ask for it again."""
    admin = office.signed_in("ada")
    path = member_path(admin, "Rosa")
    office.clock.move(601)
    assert admin.get(path).url.path == "/sign-in"
    assert admin.post(f"{path}/reset").status_code == 403
    assert admin.get("/account/second-factor").url.path == "/sign-in"


def test_a_role_is_given_up_but_never_the_last_administrator(office: Office) -> None:
    """One role stays, and somebody stays administrator."""
    admin = office.signed_in("ada")
    assert admin.post("/account/roles/administrator/give-up").status_code == 422
    assert admin.post("/account/roles/recruiter/give-up").status_code == 200
    assert admin.post("/account/roles/administrator/give-up").status_code == 422
    assert admin.get("/admin/staff").status_code == 200
    assert admin.get("/recruit").status_code == 403
