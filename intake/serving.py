"""Serves an installation: the web server with its deadlines, and, unless they run apart, keeper and worker.

A connection that trickles its request in is cut off (CWE-400): uvicorn itself waits for ever. Headers never name the
server. Shutting down lets the request in work finish.
"""

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import structlog
import uvicorn
from fastapi import APIRouter
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from intake.app import create_app
from intake.desk.first_start import first_link
from intake.installation import Installation
from intake.keeper.loop import Keeper
from intake.keeper.recovery import describe_recovery_key, offer_recovery
from intake.keeper.rewriting import copy_at_start
from intake.night import NightWatch, holder_name
from intake.opening import open_installation
from intake.settings import Settings

log = structlog.get_logger("vitavault.serving")


class _DeadlineProtocol(H11Protocol):
    """HTTP/1.1 whose request line and headers must arrive in time."""

    header_seconds = 20.0

    def connection_made(self, transport: Any) -> None:
        """Start the clock with the connection."""
        super().connection_made(transport)
        self._deadline = asyncio.get_running_loop().call_later(self.header_seconds, self._cut_off)

    def _cut_off(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._deadline.cancel()
        super().connection_lost(exc)


class ReceiveDeadline:
    """ASGI middleware: a request's body must arrive within ``seconds``."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a clock on its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        until = loop.time() + self._seconds
        is_whole = False

        async def receive_in_time() -> Message:
            nonlocal is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout(max(0.0, until - loop.time())):
                    message = await receive()
            except TimeoutError:
                return {"type": "http.disconnect"}
            is_whole = message["type"] == "http.request" and not message.get("more_body", False)
            return message

        await self._app(scope, receive_in_time, send)


def serve(
    settings: Settings, *, with_keeper: bool = True, with_worker: bool = True, say: Callable[[str], None]
) -> None:
    """Serve until told to stop. ``say`` prints the address and, for a new installation, the first link."""
    woken = threading.Event()
    end_in_order()

    def tell(text: str) -> None:
        say(describe_recovery_key(text))

    house, stack = open_installation(settings, wake=woken.set, tell_recovery=tell)
    with stack:
        offer_recovery(settings.keys, tell)
        if with_keeper:
            copy_at_start(house)
        serve_opened(house, woken, with_keeper=with_keeper, with_worker=with_worker, say=say)


def end_in_order() -> None:
    """Let a request to end (SIGTERM) leave every block in order: the open word index is wiped, leases are given up."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def serve_opened(
    house: Installation,
    woken: threading.Event,
    *,
    with_keeper: bool = True,
    with_worker: bool = True,
    say: Callable[[str], None],
    further: Sequence[APIRouter] = (),
) -> None:
    """Serve an opened installation until told to stop; ``further`` are routes that the product itself has not."""
    with ExitStack() as stack:
        for part in _make_parts(house, woken, with_keeper=with_keeper, with_worker=with_worker):
            part.start()
            stack.callback(part.stop)
        _run(house, say, further)


def _make_parts(
    house: Installation, woken: threading.Event, *, with_keeper: bool, with_worker: bool
) -> list[Keeper | NightWatch]:
    parts: list[Keeper | NightWatch] = []
    if with_keeper:
        parts.append(Keeper(house, holder_name(), woken))
    if with_worker:
        parts.append(NightWatch(house, holder_name()))
    return parts


def _run(house: Installation, say: Callable[[str], None], further: Sequence[APIRouter]) -> None:
    settings = house.settings
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings.host, settings.port))
    address = settings.base_url or f"http://{settings.host}:{listener.getsockname()[1]}"
    say(f"Vitavault serves at {address}")
    link = first_link(house)
    if link:
        say(f"Create the first administrator (works once, for 24 hours): {address}/setup/{link}")
    config = uvicorn.Config(
        ReceiveDeadline(create_app(house, further=further), settings.receive_seconds),
        http=_DeadlineProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        limit_concurrency=512,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
        ws="none",
        lifespan="on",
    )
    uvicorn.Server(config).run(sockets=[listener])
