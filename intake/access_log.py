"""Writes one line for each request: the route's template, never the address, the query, a name or a token."""

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("vitavault.access")


class AccessLog:
    """ASGI middleware (ASVS v5.0.0-14.2.1, 16.2.5)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it was answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, is_answered = 500, False
        began = time.perf_counter()

        async def note_status(message: Message) -> None:
            nonlocal status, is_answered
            if message["type"] == "http.response.start":
                status, is_answered = message["status"], True
            await send(message)

        try:
            await self._app(scope, receive, note_status)
        except Exception:  # the answer says so already; a traceback in the server's log would repeat values
            if not is_answered:
                raise
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            took = round((time.perf_counter() - began) * 1000)
            log.info("request", method=scope["method"], route=route, status=status, ms=took)
