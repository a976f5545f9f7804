"""Lock-outs and bad passwords at the front door: nobody is locked out by another, nobody takes a common password."""

from collections.abc import Iterator

import pytest
from houses import BASE, PASSWORD, Live, living, staff_of
from starlette.testclient import TestClient

from intake.desk.first_start import first_link
from storage.models import Role

pytestmark = pytest.mark.enable_socket
WRONG = "wrong wrong wrong"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One installation; hashing passwords costs the same on either database, so one is asked."""
    with living(tmp_path_factory.mktemp("door")) as found:
        yield found


def browser_at(live: Live, address: str) -> TestClient:
    """A browser at a network address of its own."""
    return TestClient(live.app, base_url=BASE, follow_redirects=False, client=(address, 50_000))


def sign_in(client: TestClient, email: str, password: str) -> int:
    """Try a password; the answer's status."""
    return int(client.post("/sign-in", data={"email": email, "password": password}).status_code)


@pytest.mark.asvs("6.3.1")
def test_a_lock_out_cannot_be_used_against_somebody_else(live: Live) -> None:
    """Whoever guesses locks out their own address for one account; its owner signs in from theirs; it ends."""
    owner, other = staff_of(live, Role.RECRUITER), staff_of(live, Role.RECRUITER)
    attacker = browser_at(live, "198.51.100.66")
    tries = [sign_in(attacker, owner.email, WRONG) for _ in range(11)]
    assert tries == [401] * 10 + [429]
    refused = attacker.post("/sign-in", data={"email": owner.email, "password": PASSWORD})
    assert refused.status_code == 429
    assert sign_in(attacker, other.email, PASSWORD) == 303
    assert sign_in(browser_at(live, "198.51.100.7"), owner.email, PASSWORD) == 303
    live.clock.advance(seconds=int(refused.headers["retry-after"]) + 1)
    assert sign_in(attacker, owner.email, PASSWORD) == 303


@pytest.mark.asvs("6.3.1")
def test_guessing_over_many_accounts_is_stopped_for_the_address_alone(live: Live) -> None:
    """One password tried on many names: the address is refused, everybody else goes on."""
    staff, attacker = staff_of(live, Role.RECRUITER), browser_at(live, "198.51.100.67")
    tries = [sign_in(attacker, f"nobody{number}@example.org", WRONG) for number in range(31)]
    assert tries == [401] * 30 + [429]
    assert sign_in(browser_at(live, "198.51.100.8"), staff.email, PASSWORD) == 303


BAD = ["password1234", "qwertyuiop12", "AdaExample2026!", "ada.example1", "short"]


@pytest.mark.promise("S3")
@pytest.mark.asvs("6.2.4")
@pytest.mark.parametrize("password", BAD)
def test_common_and_personal_passwords_are_refused_at_every_door(
    live: Live, tmp_path_factory: pytest.TempPathFactory, password: str
) -> None:
    """At the first set-up, at an invitation, and at a change of one's own."""
    chosen = {"password": password, "again": password, "name": "Ada Example"}
    with living(tmp_path_factory.mktemp("new")) as new:
        form = {"token": first_link(new.house), "email": "ada.example@example.org"}
        assert new.client().post("/setup", data=form | chosen).status_code == 422
    boss = staff_of(live, Role.ADMINISTRATOR)
    page = boss.post("/admin/staff", email=f"ada.example+{BAD.index(password)}@example.org", role="recruiter")
    token = page.text.partition("/invitation/")[2][:43]
    assert live.client().post("/invitation", data={"token": token} | chosen).status_code == 422
    own = staff_of(live, Role.RECRUITER, name="Ada Example")
    answer = own.post("/account/password", present=PASSWORD, password=password, again=password)
    assert answer.status_code == 422
    assert "Error:" in answer.text


def test_an_account_with_an_end_date_closes_the_day_after_at_the_front_door(live: Live) -> None:
    """Signed in or not, by password: open on the last day, closed on the next (D16)."""
    boss, staff = staff_of(live, Role.ADMINISTRATOR), staff_of(live, Role.AUDITOR)
    path = f"/admin/staff/{(staff.actor.staff_id or b'').hex()}/end"
    boss.post(path, until=live.house.today().isoformat())
    assert staff.get("/privacy").status_code == 200
    live.clock.advance(days=1)
    assert sign_in(browser_at(live, "198.51.100.9"), staff.email, PASSWORD) == 401
