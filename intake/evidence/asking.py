"""Asks the application as a visitor would, inside this process: no network, no cookie, no trace of a person.

A page that a promise rests on is fetched, not assumed. Nothing here signs in or changes anything.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from starlette.types import ASGIApp, Message

from intake.installation import Installation

ELSEWHERE = "jobs.example.org"
"""A public name under which nobody may be served without TLS."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    text: str


def ask(
    app: ASGIApp,
    path: str,
    *,
    scheme: str = "https",
    host: str = "localhost",
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Answer:
    """Fetch one page. Must be called where no event loop runs: from a command, or from a worker thread."""
    return asyncio.run(_ask(app, _scope(path, scheme, host, headers)))


def _scope(path: str, scheme: str, host: str, headers: Mapping[str, str]) -> dict[str, Any]:
    sent = {"host": host, "accept": "text/html", "accept-language": "en", **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 0),
        "server": (host, 443 if scheme == "https" else 80),
    }


async def _ask(app: ASGIApp, scope: dict[str, Any]) -> Answer:
    start: dict[str, Any] = {"status": 500, "headers": []}
    parts: list[bytes] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(parts).decode("utf-8", "replace"))


def host_of(house: Installation) -> str:
    """The name under which people reach this installation; loopback where none is set."""
    return house.settings.base_url.partition("://")[2] or "localhost"
