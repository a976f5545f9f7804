"""The headers that every answer carries, whatever route gave it. Never weakened by a route: what one sets is replaced.

``Referrer-Policy: no-referrer`` makes browsers send ``Origin: null`` with a form, so a check against forged requests
must read its token and ``Sec-Fetch-Site``, never ``Origin`` (Fetch standard, "append a request Origin header").
"""

import re
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""``connect-src`` lets htmx fetch from ourselves; ``data:`` images are the icons inside the style sheet."""

_REFUSED_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)

ALWAYS: Mapping[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _REFUSED_FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}

INDEXED = re.compile(r"/apply(/[^/]+)?|/notice(/[^/]+)?")
"""What search engines may keep, as ``/robots.txt`` says too: openings and notices; never a draft or what was sent."""
_NO_STORE = "no-store"
_KEEP_FOR_EVER = "public, max-age=31536000, immutable"
_KEEP_AN_HOUR = "public, max-age=3600"
_STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


class SecurityHeaders:
    """ASGI middleware that sets the headers above (ASVS 5.0 3.4, 14.3.2, 13.4.6).

    ``https`` says that people reach the installation over TLS (also behind a proxy). ``indexed`` matches the paths of
    pages that search engines may keep: public openings. ``static_path`` may be cached; nothing else is.
    """

    def __init__(
        self, app: ASGIApp, *, https: bool, static_path: str = "/static", indexed: re.Pattern[str] | None = None
    ) -> None:
        self._app = app
        self._https = https
        self._static = static_path.rstrip("/") + "/"
        self._indexed = indexed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._set_headers(scope, message["status"], MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _set_headers(self, scope: Scope, status: int, headers: MutableHeaders) -> None:
        headers.update(ALWAYS)
        headers["Cache-Control"] = self._choose_caching(scope, status)
        if self._https or scope.get("scheme") == "https":
            headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
        if self._indexed is not None and status == 200 and self._indexed.fullmatch(scope["path"]):
            del headers["X-Robots-Tag"]
        del headers["Server"]

    def _choose_caching(self, scope: Scope, status: int) -> str:
        if not scope["path"].startswith(self._static) or status >= 400:
            return _NO_STORE
        return _KEEP_FOR_EVER if scope["query_string"].startswith(b"v=") else _KEEP_AN_HOUR
