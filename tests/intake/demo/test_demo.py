"""The demo: a throw-away installation that is filled through the desk, served, shown its mail, and removed."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from intake.app import create_app
from intake.demo import mail_page
from intake.demo.accounts import Account, make_accounts
from intake.demo.mail_page import Run, split_addresses
from intake.demo.people import make_people
from intake.demo.story import PLANNED, Act, tell_stories
from intake.demo.telling import Telling
from intake.demo.throwaway import DemoSettings, open_throwaway
from intake.desk.office import look_over, verify
from intake.installation import Installation
from intake.settings import Settings
from storage.models import Role, utc_now
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket
COUNT = len(PLANNED) + 1
RUN = "from intake.cli import main; main()"
Demo = tuple[Installation, dict[Role, Account]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo with a person for each planned story, told up to now."""
    with open_throwaway(tmp_path_factory.mktemp("demo"), 8000) as (house, clock):
        accounts = make_accounts(house)
        Telling(house, clock, accounts).tell(tell_stories(make_people(COUNT)), lambda _: None)
        yield house, accounts


def sign_in(house: Installation, account: Account) -> TestClient:
    """A browser in which one of the demo's accounts has signed in."""
    client = TestClient(create_app(house, further=(mail_page.router,)), base_url="http://127.0.0.1:8000")
    answer = client.post("/sign-in", data={"email": account.email, "password": account.password})
    assert answer.status_code == 200
    return client


def test_the_past_leaves_every_promise_in_sight(demo: Demo) -> None:
    """Some are due tonight, none late, one held, some ended by night and on request, one consent withdrawn."""
    house, _ = demo
    state = look_over(house)
    assert (state.due_tonight, state.past_due, state.ending, state.holds) == (2, 0, 0, 1)
    assert state.without_basis == 0
    assert not state.is_missed
    assert {"US", "US-CA", "GB", "DE", "NL"} <= set(state.by_country)
    assert state.people == COUNT - 3
    assert verify(house, "operator").ok


def test_the_clock_goes_with_the_system_once_the_past_is_told(demo: Demo) -> None:
    """Nothing of the demo's past stays in its present."""
    house, _ = demo
    before = utc_now()
    assert before <= house.now() <= utc_now()


@pytest.mark.parametrize(
    ("role", "path", "words"),
    [
        (Role.RECRUITER, "/recruit", "Search"),
        (Role.PRIVACY_OFFICER, "/privacy", "tonight"),
        (Role.ADMINISTRATOR, "/admin/staff", "recruiter@example.org"),
        (Role.AUDITOR, "/privacy/audit", "record"),
        (Role.HIRING_MANAGER, "/recruit", "Your openings"),
    ],
)
def test_each_role_signs_in_and_meets_its_part(demo: Demo, role: Role, path: str, words: str) -> None:
    """The printed log-ins work, and each opens the pages of its role."""
    house, accounts = demo
    answer = sign_in(house, accounts[role]).get(path)
    assert answer.status_code == 200
    assert words in answer.text


def test_mail_is_shown_and_its_links_open_what_they_name(demo: Demo) -> None:
    """A letter in the demo's mail leads to the person's own data, behind a button."""
    house, _ = demo
    client = TestClient(create_app(house, further=(mail_page.router,)), base_url="http://127.0.0.1:8000")
    page = client.get("/mail")
    assert page.status_code == 200
    links = re.findall(r'href="http://127\.0\.0\.1:8000(/link/[^"]+)"', page.text)
    asked = sum(step.act is Act.ASK_LINK for story in tell_stories(make_people(COUNT)) for step in story.steps)
    assert asked > 1
    assert [client.get(link).status_code for link in links[:asked]] == [200] * asked


def test_a_real_installation_has_no_mail_page(demo: Demo) -> None:
    """The application by itself has no such route, and even with it only a demo's settings open it."""
    house, _ = demo
    assert TestClient(create_app(house), base_url="http://127.0.0.1").get("/mail").status_code == 404
    real = TestClient(create_app(_with_plain_settings(house), further=(mail_page.router,)), base_url="http://127.0.0.1")
    assert real.get("/mail").status_code == 404
    assert not [name for name in DemoSettings.model_fields if "demo" in name]


def _with_plain_settings(house: Installation) -> Installation:
    plain = Settings(**{name: getattr(house.settings, name) for name in Settings.model_fields})
    return replace(house, settings=plain)


def test_nothing_of_the_environment_reaches_a_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A real installation's variables name a database; the demo's settings do not see it."""
    monkeypatch.setenv("VITAVAULT_DATABASE_URL", "postgresql://real.example.org/real")
    monkeypatch.setenv("VITAVAULT_DATA", "/srv/real")
    settings = DemoSettings(data=tmp_path / "data", keys=tmp_path / "keys")
    assert settings.database_url == ""
    assert settings.data == tmp_path / "data"


def test_stories_are_repeatable_and_none_is_past_due() -> None:
    """The same people live the same stories; steps go forward, and a decision always has its reason."""
    people = make_people(60)
    stories = tell_stories(people)
    assert stories == tell_stories(people)
    for story in stories:
        days = [step.days for step in story.steps]
        assert days[0] == max(days)
        assert story.steps[0].act in (Act.APPLY, Act.DRAFT)
        assert all(step.text for step in story.steps if step.stage in (Stage.REJECTED, Stage.HIRED))


def test_addresses_in_letters_become_links() -> None:
    """Only what is an address is a link; the rest stays as it was written."""
    assert split_addresses("See\nhttp://127.0.0.1/link/x\nnow") == [
        Run("See\n"),
        Run("http://127.0.0.1/link/x", "http://127.0.0.1/link/x"),
        Run("\nnow"),
    ]


def test_the_command_serves_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Started with two people it prints its log-ins and address; told to end, its folder is gone."""
    code = f"import sys; sys.argv = ['vitavault', 'demo', '--port', '0', '--people', '2']; {RUN}"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Vitavault serves at"):
            break
    assert len(list(tmp_path.glob("vitavault-demo-*"))) == 1
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=120)
    process.stdout.close()
    assert all(f"{role.value.replace('_', ' ')} " in said for role in Role)
    assert list(tmp_path.glob("vitavault-demo-*")) == []


def test_the_command_says_what_to_install_where_typst_is_missing() -> None:
    """Without the extra the demo is refused in one sentence, before anything is made."""
    code = (
        "import sys; sys.modules['typst'] = None; sys.argv = ['vitavault', 'demo']; from intake.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "vitavault[demo]" in done.stderr
    assert "Traceback" not in done.stderr
