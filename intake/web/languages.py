"""Which language a page speaks.

The choice needs no cookie: what a route set on the request (a draft or a person remembers it), then ``?lang=``, then
the browser's own wish, then the installation's language. Never reads anything else about the visitor.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from urllib.parse import urlsplit, urlunsplit

from babel import Locale, negotiate_locale
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.catalogues import list_catalogues

_LOCALES = {"en": "en_GB"}
"""Where a bare language would give dates in a form that most of its readers do not use."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language as a page needs it: its BCP 47 code, its own name and the direction it is written in."""

    code: str
    name: str
    direction: str


@lru_cache(maxsize=64)
def describe_language(code: str) -> Language:
    """Return the language's own name and direction. Raises ``babel.UnknownLocaleError`` for an unknown code."""
    locale = Locale.parse(code)
    name = locale.get_display_name(locale) or code
    return Language(code, name, "rtl" if locale.text_direction == "rtl" else "ltr")


def find_locale(code: str) -> Locale:
    """The locale in which dates and numbers of a language are written."""
    return Locale.parse(_LOCALES.get(code, code))


def choose_language(request: Request, offered: tuple[str, ...], default: str) -> str:
    """Choose among ``offered``: the route's choice, the visitor's explicit one, the browser's wish, ``default``."""
    for wish in (_set_by_route(request), explicit_language(request)):
        if wish in offered:
            return wish
    header = request.headers.get("accept-language", "")[:400]
    return _match_header(header, offered) or default


def explicit_language(request: Request) -> str | None:
    """The language that the visitor chose on a page, carried in the address because there is no cookie."""
    return request.query_params.get("lang")


def keep_language(request: Request, url: str) -> str:
    """Carry an explicit choice of language over to ``url``; use it for redirects. Changes nothing otherwise."""
    wish = explicit_language(request)
    parts = urlsplit(url)
    if wish not in list_catalogues() or parts.netloc or "lang=" in parts.query:
        return url
    query = f"{parts.query}&lang={wish}" if parts.query else f"lang={wish}"
    return urlunsplit(parts._replace(query=query))


def _set_by_route(request: Request) -> str | None:
    return cast("str | None", getattr(request.state, "language", None))


def _match_header(header: str, offered: tuple[str, ...]) -> str | None:
    wishes = sorted((_parse_wish(part) for part in header.split(",") if part.strip()), key=lambda wish: -wish[1])
    preferred = [code.replace("-", "_") for code, weight in wishes if weight > 0]
    return negotiate_locale(preferred, offered, sep="_") if preferred else None


def _parse_wish(part: str) -> tuple[str, float]:
    code, _, weight = part.strip().partition(";q=")
    try:
        return code.strip(), float(weight) if weight else 1.0
    except ValueError:
        return code.strip(), 0.0


class LanguageKeeper:
    """ASGI middleware: an explicit choice of language goes along when a form leads on to the next page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on; where it leads elsewhere on this site, carry the choice over."""
        if scope["type"] != "http" or b"lang=" not in scope["query_string"]:
            await self._app(scope, receive, send)
            return

        async def send_with_language(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 303:
                headers = MutableHeaders(scope=message)
                headers["Location"] = keep_language(Request(scope), headers["Location"])
            await send(message)

        await self._app(scope, receive, send_with_language)
