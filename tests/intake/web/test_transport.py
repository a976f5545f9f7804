"""Plain HTTP is refused outside loopback, whatever a visitor says of themselves."""

from pathlib import Path

import pytest
from houses import living
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from intake.web.transport import REFUSED, RequireTls

pytestmark = pytest.mark.enable_socket


def visitor(url: str, *, base_url: str = "https://jobs.example.org", peer: str = "127.0.0.1") -> TestClient:
    """Somebody who asks under this address, from this network address."""
    app = Starlette(routes=[Route("/{rest:path}", lambda _request: PlainTextResponse("in"), methods=["GET", "POST"])])
    return TestClient(RequireTls(app, base_url), base_url=url, follow_redirects=False, client=(peer, 1))


@pytest.mark.promise("S1")
@pytest.mark.asvs("4.1.2")
def test_a_reader_without_tls_is_sent_on_and_a_sender_refused() -> None:
    """A page leads to itself over TLS; what was sent in clear is not taken, for it was already read on the way."""
    client = visitor("http://jobs.example.org")
    answer = client.get("/apply/a b")
    assert (answer.status_code, answer.headers["location"]) == (308, "https://jobs.example.org/apply/a%20b")
    refused = client.post("/apply")
    assert (refused.status_code, refused.text) == (403, REFUSED)


@pytest.mark.promise("S1")
@pytest.mark.parametrize("url", ["http://jobs.example.org", "http://192.0.2.7:8000", "http://localhost.example.org"])
def test_without_an_address_of_its_own_nothing_but_loopback_is_served(url: str) -> None:
    """There is nowhere to send a reader to, so they are refused."""
    assert visitor(url, base_url="").get("/apply").status_code == 403


@pytest.mark.promise("S1")
@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"])
def test_loopback_and_tls_are_served(url: str) -> None:
    """Trying it out on one's own machine needs no certificate."""
    assert visitor(url, base_url="").get("/apply").text == "in"
    assert visitor("https://jobs.example.org").get("/apply").text == "in"


@pytest.mark.promise("S1")
def test_a_public_network_that_calls_itself_loopback_is_refused() -> None:
    """The name that is asked for proves nothing about where the asker is."""
    assert visitor("http://127.0.0.1", base_url="", peer="8.8.8.8").get("/apply").status_code == 403
    odd = visitor("http://127.0.0.1", base_url="").get("/apply", headers={"host": "[::1"})
    assert odd.status_code == 403


@pytest.mark.promise("S1")
def test_whoever_runs_the_machine_may_ask_whether_it_lives() -> None:
    """A probe knows no name and tells nothing."""
    assert visitor("http://10.0.0.3:8000").get("/healthz").text == "in"


@pytest.mark.promise("S1")
def test_the_whole_application_refuses_with_its_headers(tmp_path: Path) -> None:
    """Refused as anything else is answered: hardened, and not kept by any cache."""
    with living(tmp_path) as live:
        answer = TestClient(live.app, base_url="http://jobs.example.org").get("/apply")
        assert answer.status_code == 403
        assert answer.headers["cache-control"] == "no-store"
        over_tls = TestClient(live.app, base_url="https://jobs.example.org").get("/apply")
        assert "max-age=" in over_tls.headers["strict-transport-security"]
