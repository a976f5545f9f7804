"""The first hour through HTTP: the first administrator is led through what is left, and each step shows as done."""

import re
import zlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from struct import pack

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from intake.app import create_app
from intake.desk.first_start import first_link
from intake.installation import Installation
from intake.keeper.mailing import open_message
from intake.opening import open_installation
from intake.settings import Settings
from storage.models import Mail
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
    assert left == 9
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
    assert count_left(page) == 6


def png(width: int = 8, height: int = 4, *more: bytes) -> bytes:
    """A small grey PNG with transparency, with further chunks before its end."""
    raw = b"".join(b"\0" + b"\x80\xff" * width for _ in range(height))
    header = pack(">IIBBBBB", width, height, 8, 4, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(raw)), *more, chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def odd_png(packed: bytes) -> bytes:
    """A PNG that says it is 9 by 9 grey pixels, whatever is in it."""
    header = pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def send_logo(client: TestClient, data: bytes, **form: str) -> Response:
    """Send a file as the logo."""
    token = CSRF.search(client.get("/admin/first-hour").text)
    assert token is not None
    said = {"csrf": token.group(1)} | form
    return client.post("/admin/first-hour/logo", data=said, files={"file": ("logo.png", data, "image/png")})


def test_a_logo_is_kept_as_a_picture_and_nothing_else(started: Started) -> None:
    """Shown at the head of people's pages; what else the file carried is gone; without a file it is taken away."""
    _, client = started
    secret = chunk(b"tEXt", b"Comment\0canary")
    assert send_logo(client, png(8, 4, secret) + b"canary behind").status_code == 200
    served = client.get("/logo.png")
    assert (served.headers["content-type"], served.content) == ("image/png", png())
    assert "/logo.png?v=" in client.get("/apply").text
    send_logo(client, b"")
    assert client.get("/logo.png").status_code == 404
    assert "/logo.png" not in client.get("/apply").text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        png()[:-20],
        png().replace(b"IDAT", b"IDAX"),
        png(1201, 1),
        png(8, 601),
        odd_png(zlib.compress(bytes(10_000_000))),
        odd_png(b"junk"),
        png() + bytes(200_000),
    ],
    ids=["empty", "svg", "cut", "renamed", "wide", "high", "bomb", "junk", "large"],
)
def test_what_is_no_plain_small_png_is_no_logo(started: Started, data: bytes) -> None:
    """Refused with what may be sent; nothing is kept of it."""
    _, client = started
    answer = send_logo(client, data)
    assert answer.status_code == 422
    assert "1200 by 600 pixels" in answer.text
    assert client.get("/logo.png").status_code == 404


def test_a_logo_needs_the_forms_token(started: Started) -> None:
    """Another site's form cannot change it."""
    _, client = started
    assert send_logo(client, png(), csrf="0" * 64).status_code == 400
    assert client.get("/logo.png").status_code == 404


PARTICULARS = {
    "profile": "uk-charity",
    "organisation": "Bright Trust",
    "address": '1 "Square", Leeds',
    "contact": "Data office",
    "email": "data@bright.example.org",
    "zone": "Europe/Dublin",
}


def test_the_first_policy_is_chosen_with_ones_own_particulars(started: Started) -> None:
    """It holds at once: the notice, the name on pages and the time zone say so; people are told nothing fictional."""
    house, client = started
    left = count_left(client.get("/admin/first-hour").text)
    page = send(client, "/admin/first-hour/policy", **PARTICULARS)
    assert count_left(page) == left - 3  # name, policy, time zone
    policy = house.policy
    assert (policy.id, policy.timezone, policy.controller.name) == ("uk-charity", "Europe/Dublin", "Bright Trust")
    notice = client.get("/notice").text
    assert "Bright Trust" in notice
    assert "Example Trust" not in notice
    assert "trust.example.org" not in notice
    assert "Bright Trust" in client.get("/apply").text
    assert "/admin/first-hour/policy" not in page


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"email": "nobody"}, {"organisation": " "}, {"profile": "x"}, {"address": "a\nb"}]
)
def test_particulars_that_cannot_be_are_told_apart(started: Started, wrong: dict[str, str]) -> None:
    """Each input with its fault; nothing is put into force."""
    house, client = started
    token = CSRF.search(client.get("/admin/first-hour").text)
    assert token is not None
    answer = client.post("/admin/first-hour/policy", data={"csrf": token.group(1), **PARTICULARS, **wrong})
    assert answer.status_code == 422
    assert f'id="{next(iter(wrong))}-fault-1"' in answer.text
    assert house.policy.id == "default"


def test_no_policy_is_swapped_once_one_was_chosen(started: Started) -> None:
    """Afterwards a change has to be posted with its notice period."""
    house, client = started
    send(client, "/admin/first-hour/policy", **PARTICULARS)
    send(client, "/admin/first-hour/policy", **PARTICULARS | {"profile": "us-staffing"})
    assert house.policy.id == "uk-charity"


def test_the_time_zone_is_confirmed(started: Started) -> None:
    """The page says which it is and what time it is there."""
    _, client = started
    left = count_left(client.get("/admin/first-hour").text)
    assert count_left(send(client, "/admin/first-hour/zone")) == left - 1


def test_with_a_mail_server_an_invitation_is_mailed_and_not_shown(tmp_path: Path) -> None:
    """The link goes to the colleague alone, sealed until it is sent; it opens the form that sets a password."""
    settings = Settings(
        data=tmp_path / "data", keys=tmp_path / "keys", sandbox="off", smtp_host="mail.example.org",
        base_url="https://jobs.example.org", mail_from="applications@example.org",
    )  # fmt: skip
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        client = TestClient(create_app(house), base_url="https://jobs.example.org")
        given = {"token": first_link(house), "name": "Ada Example", "email": "ada@example.org"}
        client.post("/setup", data={**given, "password": PASSWORD, "again": PASSWORD})
        token = CSRF.search(client.get("/admin/staff").text)
        assert token is not None
        form = {"csrf": token.group(1), "email": "bo@example.org", "role": "recruiter"}
        page = client.post("/admin/staff", data=form).text
        assert "on its way to bo@example.org" in page
        assert "/invitation/" not in page
        with house.database.reading() as session:
            mail = session.query(Mail).filter_by(template="invitation").one()
            message = open_message(session, house, mail)
        assert message is not None
        assert message["To"] == "bo@example.org"
        link = re.search(r"https://jobs\.example\.org(/invitation/\S+)", message.get_content())
        assert link is not None
        assert client.get(link[1]).status_code == 200
