"""The headers that every answer carries."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from intake.web.rendering import make_static_files, static_url
from intake.web.security_headers import ALWAYS, INDEXED, SecurityHeaders


def make_client(*, https: bool = True) -> TestClient:
    """An application whose route tries to set weaker headers, behind the middleware."""

    async def answer(_: Request) -> PlainTextResponse:
        weak = {"Cache-Control": "public", "Content-Security-Policy": "default-src *", "Server": "made-by-us"}
        return PlainTextResponse("x", headers=weak)

    app = Starlette(routes=[Route("/apply", answer), Route("/me", answer), Mount("/static", make_static_files())])
    return TestClient(SecurityHeaders(app, https=https, indexed=INDEXED))


def policy_of(client: TestClient) -> dict[str, str]:
    """The content security policy by directive."""
    header = client.get("/me").headers["content-security-policy"]
    return dict(part.strip().split(" ", 1) for part in header.split(";"))


@pytest.mark.parametrize("path", ["/me", "/nothing-here", "/static/nothing-here"])
def test_every_answer_carries_every_header(path: str) -> None:
    """A page, a refusal and a file that is missing are all protected alike."""
    headers = make_client().get(path).headers
    assert {name: headers[name] for name in ALWAYS} == dict(ALWAYS)


def test_nothing_is_loaded_or_sent_but_from_and_to_ourselves() -> None:
    """The policy starts from nothing and allows no inline script or style."""
    policy = policy_of(make_client())
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"


@pytest.mark.asvs("14.3.2")
def test_only_static_files_may_be_kept_by_a_cache() -> None:
    """Whatever a route says, what it answers is never stored; an address with a digest may be kept for ever."""
    client = make_client()
    assert client.get("/me").headers["cache-control"] == "no-store"
    assert client.get("/static/nothing-here?v=1").headers["cache-control"] == "no-store"
    assert client.get("/static/vitavault.css").headers["cache-control"] == "public, max-age=3600"
    kept = client.get(static_url("vitavault.css")).headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"


@pytest.mark.asvs("13.4.6")
def test_no_answer_says_what_it_was_made_with() -> None:
    """There is no Server header, even if a route sets one."""
    assert "server" not in make_client().get("/me").headers


def test_transport_security_is_promised_only_over_https() -> None:
    """On plain HTTP, as on one's own machine, the header would be ignored or harmful."""
    assert "max-age=63072000" in make_client().get("/me").headers["strict-transport-security"]
    assert "strict-transport-security" not in make_client(https=False).get("/me").headers


def test_only_open_positions_may_be_indexed() -> None:
    """Search engines are sent away from everything else."""
    client = make_client()
    assert client.get("/me").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in client.get("/apply").headers
    for path in ("/apply/draft/token/details", "/apply/sent/token", "/apply/nothing/", "/applying"):
        assert client.get(path).headers["x-robots-tag"] == "noindex", path
