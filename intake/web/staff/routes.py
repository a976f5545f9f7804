"""Set-up of the first administrator, sign-in, sign-out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import STAFF_COOKIE, Actor
from intake.access.guards import client_address, house_of, open_to_all, staff
from intake.access.passwords import LONGEST, SHORTEST
from intake.desk import staff as accounts
from intake.desk.first_start import check_first_link, create_first_administrator
from intake.desk.refusals import Refusal
from intake.desk.second_factor import CodeNeeded, finish_sign_in
from intake.web.admin.views import SetupView
from intake.web.apply.routes import see_other
from intake.web.rendering import render
from intake.web.sessions import end_session, set_session
from intake.web.staff.frame import first_page
from intake.web.staff.sign_in import safe_path, show_sign_in
from intake.web.views import FieldError

router = APIRouter()
_PUBLIC = [Depends(open_to_all)]
_PASSWORD_CODES = {
    "password_too_short": "password_short",
    "password_too_long": "too_long",
    "password_too_common": "password_common",
    "password_too_personal": "password_personal",
}


@router.get("/setup/{token}", dependencies=_PUBLIC)
def get_setup(request: Request, token: str) -> Response:
    """The form that creates the first administrator."""
    check_first_link(house_of(request), token)
    return render(request, "admin/setup.html", view=SetupView("/setup", token, password_length=SHORTEST))


@router.post("/setup", dependencies=_PUBLIC)
def post_setup(
    request: Request,
    token: Annotated[str, Form(max_length=100)],
    name: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=320)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Create the first administrator and sign them in."""
    errors = _setup_errors(name, email, password, again)
    if not errors:
        try:
            session = create_first_administrator(house_of(request), token, name=name, email=email, password=password)
        except Refusal as refusal:
            errors = [_password_error(refusal)]
        else:
            response = see_other("/admin/first-hour")
            set_session(request, response, STAFF_COOKIE, session)
            return response
    view = SetupView("/setup", token, name=name, email=email, password_length=SHORTEST, errors=tuple(errors))
    return render(request, "admin/setup.html", status=422, view=view)


def _setup_errors(name: str, email: str, password: str, again: str) -> list[FieldError]:
    found = []
    if not name.strip():
        found.append(FieldError("name", "name_missing"))
    if "@" not in email:
        found.append(FieldError("email", "email_malformed"))
    if not password:
        found.append(FieldError("password", "password_missing"))
    elif password != again:
        found.append(FieldError("again", "password_differs"))
    return found


@router.get("/invitation/{token}", dependencies=_PUBLIC)
def get_invitation(request: Request, token: str) -> Response:
    """The form in which an invited colleague sets name and password."""
    email, role = accounts.check_invitation(house_of(request), token)
    view = SetupView("/invitation", token, email=email, role=role, password_length=SHORTEST)
    return render(request, "admin/setup.html", view=view)


@router.post("/invitation", dependencies=_PUBLIC)
def post_invitation(
    request: Request,
    token: Annotated[str, Form(max_length=100)],
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Accept an invitation and sign in."""
    house = house_of(request)
    email, role = accounts.check_invitation(house, token)
    errors = _setup_errors(name, email, password, again)
    if not errors:
        try:
            session = accounts.accept_invitation(house, token, name=name, password=password)
        except Refusal as refusal:
            errors = [_password_error(refusal)]
        else:
            response = see_other("/staff")
            set_session(request, response, STAFF_COOKIE, session)
            return response
    view = SetupView(
        "/invitation", token, name=name, email=email, role=role, password_length=SHORTEST, errors=tuple(errors)
    )
    return render(request, "admin/setup.html", status=422, view=view)


def _password_error(refusal: Refusal) -> FieldError:
    if refusal.code not in _PASSWORD_CODES:
        raise refusal
    return FieldError("password", _PASSWORD_CODES[refusal.code], {"length": SHORTEST, "limit": LONGEST})


@router.get("/sign-in", dependencies=_PUBLIC)
def get_sign_in(request: Request, next: str = "") -> Response:  # noqa: A002 - the name that the address shows
    """The sign-in of staff."""
    return show_sign_in(request, next)


@router.post("/sign-in", dependencies=_PUBLIC)
def post_sign_in(
    request: Request,
    email: Annotated[str, Form(max_length=320)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=200)] = "",  # noqa: A002
    code: Annotated[str, Form(max_length=64)] = "",
    half: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Check a password, then the code where a second factor is on, and open a session under a new id."""
    house = house_of(request)
    try:
        if half:
            token = finish_sign_in(house, half, code)
        else:
            token = accounts.sign_in(house, email, password, client_address(request))
    except CodeNeeded as needed:
        return show_sign_in(request, next, half=needed.half)
    except Refusal as refusal:
        if refusal.code == "code_refused":
            return show_sign_in(request, next, FieldError("code", "code_wrong"), half=half, status=401)
        if refusal.code != "sign_in_failed":
            raise
        return show_sign_in(request, next, FieldError("password", "sign_in_failed"), email=email, status=401)
    response = see_other(safe_path(next) or "/staff")
    set_session(request, response, STAFF_COOKIE, token)
    return response


@router.get("/staff")
def get_staff_home(request: Request, actor: Annotated[Actor, Depends(staff())]) -> Response:
    """Lead to the first part of the product that the role reaches."""
    del request
    return see_other(first_page(actor))


@router.post("/sign-out")
def post_sign_out(request: Request, actor: Annotated[Actor, Depends(staff())]) -> Response:
    """End the session on the server."""
    house = house_of(request)
    with house.database.writing() as session:
        accounts.sign_out(session, house, actor)
    response = see_other("/sign-in")
    end_session(response, STAFF_COOKIE)
    return response
