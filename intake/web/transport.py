"""Refuses plain HTTP outside loopback, unless a trusted proxy says that the visitor came over TLS.

What a proxy says counts only where the settings name it: the server then hands its word on as the request's scheme.
Nothing of a refused request is read, and no personal data may ever be part of the answer.
"""

import ipaddress
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PROBED = frozenset({"/healthz", "/readyz"})
"""Asked by whoever runs the machine, under any name; they tell nothing about anybody."""
REFUSED = "This address speaks HTTPS only. Nothing was read or kept.\n"


class RequireTls:
    """ASGI middleware (promise S1). ``base_url``: where a reader is sent on to over TLS; empty where none is set."""

    def __init__(self, app: ASGIApp, base_url: str) -> None:
        self._app = app
        self._base_url = base_url if base_url.startswith("https://") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, send its reader on to TLS, or refuse it."""
        if scope["type"] != "http" or scope["scheme"] == "https" or scope["path"] in PROBED or is_local(scope):
            await self._app(scope, receive, send)
            return
        await self._turn_away(scope)(scope, receive, send)

    def _turn_away(self, scope: Scope) -> Response:
        if self._base_url and scope["method"] in ("GET", "HEAD"):
            return RedirectResponse(self._base_url + quote(scope["path"]), 308)
        return PlainTextResponse(REFUSED, 403, {"Cache-Control": "no-store"})


def is_local(scope: Scope) -> bool:
    """Whether the visitor asked a loopback name, and did not come from a public network."""
    try:
        host = urlsplit(f"//{Headers(scope=scope).get('host', '')}").hostname
    except ValueError:
        return False
    return host in LOOPBACK and not _is_public((scope.get("client") or ("",))[0])


def _is_public(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
