"""Every route is asked by everybody, by each role, by a person and by other programs, and answers as it declares."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from intake.access.actors import (
    PERSON_COOKIE,
    STAFF_COOKIE,
    csrf_of,
    make_api_token,
    open_person_session,
    open_staff_session,
)
from intake.access.guards import Audience, Declared, GuardedRoute, list_routes, undeclared_routes
from intake.access.permissions import MATRIX, Permission
from intake.app import create_app
from intake.desk.refusals import Refusal
from intake.desk.staff import make_staff
from intake.installation import Installation
from intake.opening import open_installation
from intake.settings import Settings
from storage.identifiers import new_id
from storage.models import Person, Role, Staff

pytestmark = pytest.mark.enable_socket
PARAMETER = re.compile(r"\{[^}]+\}")
DENIALS = {
    ("sign_in_needed", "Please sign in."),
    ("not_permitted", "Your role does not permit this."),
    ("not_permitted", "This token's scopes do not permit this."),
    ("link_needed", "Open the link that you were given, or ask for a new one."),
    ("csrf", "This form has expired. Go back, load the page again and repeat."),
}
"""What guards alone say. A use case may refuse with the same code, never with the same words."""


class Doors:
    """An application whose refusals by guards can be told from all other answers, and keys for each kind of caller."""

    def __init__(self, house: Installation) -> None:
        self.house = house
        self.app: FastAPI = create_app(house)
        self.routes = [route for route in list_routes(self.app) if route.method != "HEAD"]
        self.said: list[tuple[str, str]] = []
        answer = self.app.exception_handlers[Refusal]

        @self.app.exception_handler(Refusal)
        async def note(request: object, refusal: Refusal) -> object:
            self.said.append((refusal.code, refusal.text))
            return await answer(request, refusal)  # type: ignore[misc, arg-type]

        # What a use case makes of parameters that name nothing is not asked here, only whether it was reached.
        self.client = TestClient(
            self.app, base_url="http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False
        )
        with house.database.writing() as session:
            self.staff = {role: _make_staff(session, house, role) for role in Role}
            self.person = _make_person(house)
            session.add(self.person)

    def ask(self, route: GuardedRoute, cookies: dict[str, str], headers: dict[str, str]) -> str:
        """Ask a route with made-up parameters. Returns the code with which a guard refused, else nothing."""
        self.said.clear()
        self.client.cookies.clear()
        self.client.cookies.update(cookies)
        self.client.request(route.method, PARAMETER.sub("00" * 16, route.path), headers=headers)
        return next((said[0] for said in self.said if said in DENIALS), "")

    def as_staff(self, role: Role, *, forged: bool = False) -> tuple[dict[str, str], dict[str, str]]:
        """Cookies and headers of a member of staff; ``forged``: without the token against forged requests."""
        with self.house.database.writing() as session:
            token = open_staff_session(session, self.house, self.staff[role], self.house.now())
        return {STAFF_COOKIE: token}, {} if forged else {"X-CSRF-Token": csrf_of(self.house, token)}

    def as_person(self) -> tuple[dict[str, str], dict[str, str]]:
        """Cookies and headers of a person who opened a link."""
        with self.house.database.writing() as session:
            token = open_person_session(session, self.house, self.person.id, None)
        return {PERSON_COOKIE: token}, {"X-CSRF-Token": csrf_of(self.house, token)}

    def as_machine(self, scope: Permission) -> tuple[dict[str, str], dict[str, str]]:
        """Headers of another program with one scope."""
        with self.house.database.writing() as session:
            token = make_api_token(
                session, self.house, label="walker", scopes=frozenset({scope}), lasts=timedelta(days=1)
            )
        return {}, {"Authorization": f"Bearer {token}"}


def _make_staff(session: object, house: Installation, role: Role) -> Staff:
    return make_staff(
        session, house, name=role.value, email=f"{role.value}@example.org", roles=role.value, password_hash="",
        actor="setup",
    )  # fmt: skip


def _make_person(house: Installation) -> Person:
    key = house.vault.new_key()
    return Person(
        id=new_id(), key_id=key.id, log_name=house.vault.log_name(key), created_at=house.now(),
        last_contact_on=house.today(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """One application for all questions, closed to the public where that can be chosen."""
    folder: Path = tmp_path_factory.mktemp("doors")
    settings = Settings(
        data=folder / "data", keys=folder / "keys", sandbox="off", public_applications=False,
        uploads_per_hour=100_000,
    )  # fmt: skip
    house, stack = open_installation(settings, is_serving=False)
    with stack:
        yield Doors(house)


def lets_in(declared: Declared, audience: Audience, granted: frozenset[Permission]) -> bool:
    """Whether a declaration admits a caller of this kind who was granted this much."""
    if declared.audience is Audience.EVERYBODY:
        return True
    if declared.audience is Audience.MACHINE and audience is Audience.STAFF:
        return not granted.isdisjoint(declared.permissions)
    is_granted = not declared.permissions or not granted.isdisjoint(declared.permissions)
    return declared.audience is audience and is_granted


def find_lies(
    doors: Doors, audience: Audience, granted: frozenset[Permission], key: tuple[dict[str, str], dict[str, str]] | Role
) -> list[str]:
    """Routes that let a caller in, or keep one out, against what they declare."""
    lies = []
    for route in doors.routes:
        cookies, headers = doors.as_staff(key) if isinstance(key, Role) else key
        refused = doors.ask(route, cookies, headers)
        may = all(lets_in(declared, audience, granted) for declared in route.declared)
        if may == bool(refused):
            lies.append(f"{route.method} {route.path}: {refused or 'let in'}")
    return lies


def test_every_route_declares_who_may_enter(doors: Doors) -> None:
    """None is open by oversight."""
    assert len(doors.routes) > 50
    assert undeclared_routes(doors.app) == []
    assert all(route.declared for route in doors.routes)


def test_a_route_without_a_declaration_keeps_the_product_from_starting(doors: Doors) -> None:
    """An open door is found when the application is made, not when somebody walks through it."""
    router = APIRouter()

    @router.get("/open-door")
    def open_door() -> str:
        return "open"

    with pytest.raises(RuntimeError, match="/open-door"):
        create_app(doors.house, further=(router,))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_enters_what_the_matrix_grants_and_nothing_else(doors: Doors, role: Role) -> None:
    """Every route is asked with a session of each role."""
    assert find_lies(doors, Audience.STAFF, MATRIX[role], role) == []


def test_nobody_enters_more_than_what_is_open_to_everybody(doors: Doors) -> None:
    """Without any credentials, and with those of no session, only declared doors open."""
    assert find_lies(doors, Audience.EVERYBODY, frozenset(), ({}, {})) == []
    unknown = {STAFF_COOKIE: "x" * 43, PERSON_COOKIE: "x" * 43}
    assert find_lies(doors, Audience.EVERYBODY, frozenset(), (unknown, {})) == []


def test_a_person_enters_their_own_pages_and_no_page_of_staff(doors: Doors) -> None:
    """A link opens what is one's own."""
    lies = []
    for route in doors.routes:
        refused = doors.ask(route, *doors.as_person())
        if all(lets_in(one, Audience.PERSON, frozenset()) for one in route.declared) == bool(refused):
            lies.append(f"{route.method} {route.path}: {refused or 'let in'}")
    assert lies == []


@pytest.mark.parametrize("scope", list(Permission))
def test_another_program_enters_what_its_scope_grants(doors: Doors, scope: Permission) -> None:
    """A token opens calls, never pages, and only those of its scope."""
    assert find_lies(doors, Audience.MACHINE, frozenset({scope}), doors.as_machine(scope)) == []


def test_nothing_is_changed_for_staff_without_the_token_against_forged_requests(doors: Doors) -> None:
    """A form on another site can send the cookie, never the token."""
    open_to_forgery = [
        f"{route.method} {route.path}"
        for role in Role
        for route in doors.routes
        if route.method == "POST"
        and all(lets_in(one, Audience.STAFF, MATRIX[role]) for one in route.declared)
        and any(one.audience is not Audience.EVERYBODY for one in route.declared)
        and doors.ask(route, *doors.as_staff(role, forged=True)) != "csrf"
    ]
    assert open_to_forgery == []
