"""What stands before every route. A route without one of these is refused when the application is made.

Dependencies made here carry :data:`MARK`; ``tests/intake/test_routes.py`` walks every route for it, and
:func:`refuse_undeclared` does so at start.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.concurrency import run_in_threadpool

from intake.access.actors import (
    PERSON_COOKIE,
    STAFF_COOKIE,
    Actor,
    Visitor,
    find_actor,
    find_machine,
    find_visitor,
    touch_session,
)
from intake.access.permissions import Permission
from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.uploads import is_multipart
from storage.digests import keyed_digest
from storage.models import StaffSession
from storage.rates import hit

MARK = "declares_access"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FRESH = timedelta(minutes=10)


class SignInNeeded(Refusal):
    """Nobody is signed in; pages lead to the sign-in, calls answer 401."""

    def __init__(self) -> None:
        super().__init__("sign_in_needed", 401, "Please sign in.")


def house_of(request: Request) -> Installation:
    """The installation that this application serves."""
    house: Installation = request.app.state.house
    return house


_Guard = TypeVar("_Guard")


class Audience(StrEnum):
    """For whom a guard stands at a route."""

    EVERYBODY = "everybody"
    STAFF = "staff"
    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a guard declares: who may enter. Of ``permissions`` one is enough; none named: any member of staff.

    ``fresh``: only shortly after signing in. ``or_public``: everybody too, where the settings open it.
    """

    audience: Audience
    permissions: frozenset[Permission] = frozenset()
    fresh: bool = False
    or_public: bool = False


def _declare(declared: Declared) -> Callable[[_Guard], _Guard]:
    def mark(guard: _Guard) -> _Guard:
        setattr(guard, MARK, declared)
        return guard

    return mark


def client_address(request: Request) -> str:
    """The network address that rate limits count: the peer's, as corrected by trusted proxies only."""
    return request.client.host if request.client else "unknown"


async def _count(request: Request, rule: str, who: str, limit: int, seconds: int) -> None:
    house = house_of(request)
    bucket = keyed_digest(house.vault.secrets.digest_key, f"rate {rule}", who.encode())

    def count_one() -> Any:
        with house.database.writing() as session:
            return hit(session, bucket, limit, seconds, house.now())

    verdict = await run_in_threadpool(count_one)
    if not verdict.allowed:
        raise Refusal(
            "too_many_requests", 429, "Too many requests. Please try again later.", retry_after=verdict.retry_after
        )


def limit_to(rule: str, per_hour: Callable[[Installation], int]) -> Callable[[Request], Awaitable[None]]:
    """A rate limit per network address and hour, counted in the database. Not a guard by itself."""

    async def check_rate(request: Request) -> None:
        await _count(request, rule, client_address(request), per_hour(house_of(request)), 3600)

    return check_rate


@_declare(Declared(Audience.EVERYBODY))
async def open_to_all(request: Request) -> None:
    """Declares a route open to everybody."""
    del request


async def _check_csrf(request: Request, expected: str) -> None:
    if request.method in SAFE_METHODS:
        return
    given = request.headers.get("X-CSRF-Token", "")
    if not given:
        form = await request.form(max_files=0)
        given = str(form.get("csrf", ""))
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Refusal("csrf", 403, "This form has expired. Go back, load the page again and repeat.")


def check_form_token(given: str, expected: str) -> None:
    """Raise :class:`Refusal` unless a form that was read by its route carries the session's token."""
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Refusal("csrf", 403, "This form has expired. Go back, load the page again and repeat.")


def staff(
    *permissions: Permission, fresh: bool = False, by_upload: bool = False
) -> Callable[[Request], Awaitable[Actor]]:
    """A guard that lets signed-in staff with one of ``permissions`` pass (any staff where none is named).

    ``by_upload``: for a route that receives a file; it checks the form's token itself (:func:`check_form_token`).
    """

    @_declare(Declared(Audience.STAFF, frozenset(permissions), fresh))
    async def check_staff(request: Request) -> Actor:
        house = house_of(request)
        token = request.cookies.get(STAFF_COOKIE, "")

        def look_up() -> Actor | None:
            with house.database.reading() as session:
                return find_actor(session, house, token)

        actor = await run_in_threadpool(look_up) if token else None
        if actor is None or actor.session_id is None:
            raise SignInNeeded
        if not (by_upload and is_multipart(request.headers)):
            await _check_csrf(request, actor.csrf)
        if permissions and actor.permissions.isdisjoint(permissions):
            raise Refusal("not_permitted", 403, "Your role does not permit this.")
        if fresh and (actor.proved_at is None or house.now() - actor.proved_at > FRESH):
            raise Refusal("sign_in_again", 403, "Please sign in again before you do this.")
        await run_in_threadpool(_touch, house, actor.session_id)
        return actor

    return check_staff


def _touch(house: Installation, session_id: bytes) -> None:
    with house.database.reading() as session:
        row = session.get(StaffSession, session_id)
        is_due = row is not None and house.now() - row.seen_at > timedelta(minutes=1)
    if is_due:
        with house.database.writing() as session:
            touch_session(session, session_id, house.now())


def machine(permission: Permission, *, or_public: bool = False) -> Callable[[Request], Awaitable[Actor]]:
    """A guard for API calls: a bearer token with the scope, or a staff session's cookie with its CSRF token.

    With ``or_public`` anybody may call where the settings open applying to the public.
    """
    by_session = staff(permission)

    @_declare(Declared(Audience.MACHINE, frozenset({permission}), or_public=or_public))
    async def check_machine(request: Request) -> Actor:
        house = house_of(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.casefold() == "bearer":

            def look_up() -> Actor | None:
                with house.database.reading() as session:
                    return find_machine(session, house, token.strip())

            actor = await run_in_threadpool(look_up)
            if actor is None:
                raise Refusal("token_refused", 401, "This token is not known, has ended or was revoked.")
            if permission not in actor.permissions:
                raise Refusal("not_permitted", 403, "This token's scopes do not permit this.")
            return actor
        if or_public and house.settings.public_applications:
            return Actor("public")
        return await by_session(request)

    return check_machine


@_declare(Declared(Audience.PERSON))
async def person(request: Request) -> Visitor:
    """A guard that lets a person pass who opened a link of their own."""
    visitor = await person_by_upload(request)
    await _check_csrf(request, visitor.csrf)
    return visitor


@_declare(Declared(Audience.PERSON))
async def person_by_upload(request: Request) -> Visitor:
    """The same for a route that receives a file: it checks the form's CSRF token itself, once the body was read."""
    house = house_of(request)
    token = request.cookies.get(PERSON_COOKIE, "")

    def look_up() -> Visitor | None:
        with house.database.reading() as session:
            return find_visitor(session, house, token)

    visitor = await run_in_threadpool(look_up) if token else None
    if visitor is None:
        raise Refusal("link_needed", 401, "Open the link that you were given, or ask for a new one.")
    return visitor


@dataclass(frozen=True, slots=True)
class GuardedRoute:
    """One route and all that its guards declare: every one of them must let the caller pass."""

    method: str
    path: str
    declared: tuple[Declared, ...]


def _declared_by(dependant: Dependant) -> Iterator[Declared]:
    for dependency in dependant.dependencies:
        declared = getattr(dependency.call, MARK, None)
        if declared is not None:
            yield declared
        yield from _declared_by(dependency)


def list_routes(app: FastAPI) -> list[GuardedRoute]:
    """Every route of an application with what it declares, by path and method."""
    found = []
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is not None:
            declared = tuple(dict.fromkeys(_declared_by(dependant)))
            methods = getattr(route, "methods", None) or {"GET"}
            found += [GuardedRoute(method, str(getattr(route, "path", "?")), declared) for method in sorted(methods)]
    return sorted(found, key=lambda one: (one.path, one.method))


def undeclared_routes(app: FastAPI) -> list[str]:
    """Routes that declare no access (normally none)."""
    return sorted({one.path for one in list_routes(app) if not one.declared})


def refuse_undeclared(app: FastAPI) -> None:
    """Raise unless every route declares who may enter: an application with an open door is never served."""
    found = undeclared_routes(app)
    if found:
        raise RuntimeError(f"routes that do not declare who may enter: {', '.join(sorted(found))}")
