"""The first hour through HTTP: the first administrator is led through what is left, and each step shows as done."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from intake.app import create_app
from intake.desk.first_start import first_link
from intake.installation import Installation
from intake.keeper.mailing import open_message
from intake.opening import open_installation
from intake.settings import Settings
from storage.queries.setting_up import find_test_mail

pytestmark = pytest.mark.enable_socket
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
PASSWORD = "purple kettle on the moon 7"
Started = tuple[Installation, TestClient]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """A new installation in which the first administrator has just set up their account."""
    settings = Settings(
        data=tmp_path / "data", keys=tmp_path / "keys", sandbox="off", mail_from="applications@example.org"
    )
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        client = TestClient(create_app(house), base_url="http://127.0.0.1")
        given = {"token": first_link(house), "name": "Ada Example", "email": "ada@example.org"}
        answer = client.post("/setup", data={**given, "password": PASSWORD, "again": PASSWORD})
        assert answer.url.path == "/admin/first-hour"
        yield house, client


def send(client: TestClient, path: str, **data: str) -> str:
    """Send a form of the page, and load the page again."""
    found = CSRF.search(client.get("/admin/first-hour").text)
    assert found is not None
    client.post(path, data={"csrf": found.group(1), **data})
    return client.get("/admin/first-hour").text


def count_left(page: str) -> int:
    """How many things the page says are left."""
    found = re.search(r"(\d+) things? (?:is|are) left", page)
    return int(found.group(1)) if found else 0


def test_each_step_shows_as_done(started: Started) -> None:
    """An opening, a colleague and the copy of the keys count down what is left."""
    _, client = started
    left = count_left(client.get("/admin/first-hour").text)
    assert left == 8
    assert count_left(send(client, "/admin/openings", title="Nurse", place="Leeds")) == left - 1
    assert count_left(send(client, "/admin/staff", email="bo@example.org", role="recruiter")) == left - 2
    assert count_left(send(client, "/admin/first-hour/keys")) == left - 3


def test_a_test_message_waits_sealed_for_the_administrator(started: Started) -> None:
    """It goes to their own address and shows as waiting until a mail server took it."""
    house, client = started
    assert "Waiting" in send(client, "/admin/first-hour/mail")
    with house.database.reading() as session:
        mail = find_test_mail(session)
        assert mail is not None
        message = open_message(session, house, mail)
    assert message is not None
    assert message["To"] == "ada@example.org"


def test_the_settings_and_the_policy_count_too(tmp_path: Path) -> None:
    """With a name, an address and a policy of one's own these three are done from the start."""
    text = files("retention.policy").joinpath("profiles/default.toml").read_text("utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text(text.replace("privacy@example.org", "privacy@works.example.org"), encoding="utf-8")
    settings = Settings(
        data=tmp_path / "data", keys=tmp_path / "keys", sandbox="off", organisation="Example Works",
        base_url="https://jobs.example.org", policy=str(policy),
    )  # fmt: skip
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        client = TestClient(create_app(house), base_url="https://jobs.example.org")
        given = {"token": first_link(house), "name": "Ada Example", "email": "ada@example.org"}
        page = client.post("/setup", data={**given, "password": PASSWORD, "again": PASSWORD}).text
    assert count_left(page) == 5
