"""Whether the product may go on serving. Halted, every request is turned away until it is started anew."""

import threading

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = frozenset({"/healthz"})
HALTED = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "code": "restore_unfinished",
    "detail": "The service is being looked after. Nothing was kept; please come back later.",
}


class Standing:
    """Set by whoever finds that nothing may be served; read before each request. Safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason = ""
        self._checking = 0

    @property
    def is_halted(self) -> bool:
        """Whether requests must be turned away."""
        return bool(self._reason) or self._checking > 0

    @property
    def reason(self) -> str:
        """Why, once it is certain; there is no way back but a new start."""
        return self._reason

    def halt(self, reason: str) -> None:
        """Serve nothing from now on."""
        with self._lock:
            self._reason = self._reason or reason

    def begin_check(self) -> None:
        """Serve nothing until the check that begins here has ended."""
        with self._lock:
            self._checking += 1

    def end_check(self) -> None:
        """The check has ended; whether serving goes on is for :meth:`halt` to say."""
        with self._lock:
            self._checking -= 1


class HaltGate:
    """ASGI middleware: turns requests away while the product must not serve."""

    def __init__(self, app: ASGIApp, standing: Standing) -> None:
        self._app = app
        self._standing = standing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 503, or pass the request on."""
        if scope["type"] != "http" or not self._standing.is_halted or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        headers = Headers({"Retry-After": "60", "Cache-Control": "no-store"})
        answer = JSONResponse(HALTED, 503, dict(headers), "application/problem+json")
        await answer(scope, receive, send)
