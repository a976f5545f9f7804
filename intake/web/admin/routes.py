"""Administrators' pages: openings, staff, tokens. Never a candidate."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import openings, tokens
from intake.desk import staff as accounts
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.web.admin.views import Opening, OpeningsView, Person, StaffView, Token, TokensView
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError, Option

router = APIRouter(prefix="/admin")
Publisher = Annotated[Actor, Depends(staff(Permission.OPENINGS))]
Keeper = Annotated[Actor, Depends(staff(Permission.STAFF))]
TokenMaker = Annotated[Actor, Depends(staff(Permission.TOKENS))]
SCOPES = (
    Permission.APPLY, Permission.SEARCH, Permission.VIEW, Permission.DOCUMENTS, Permission.DECIDE,
    Permission.RETENTION, Permission.REQUESTS, Permission.AUDIT,
)  # fmt: skip


@router.get("/openings")
def get_openings(request: Request, actor: Publisher) -> Response:
    """All openings and the form for a new one."""
    return _openings(request, actor)


def _openings(request: Request, actor: Actor, title: str = "", place: str = "", *errors: FieldError) -> Response:
    house = house_of(request)
    managers = openings.list_manager_names(house)
    rows = tuple(
        Opening(
            title=row.title,
            place=row.place,
            href=f"/apply/{row.slug}",
            applications=count,
            opened_on=row.created_at.astimezone(house.policy.zone).date(),
            closed_on=row.closed_on,
            close_action="" if row.closed_on else f"/admin/openings/{row.id.hex()}/close",
            managers=managers.get(row.id, ()),
            managers_href=f"/admin/openings/{row.id.hex()}",
        )
        for row, count in openings.list_with_counts(house)
    )
    view = OpeningsView("/admin/openings", actor.csrf, rows, title, place, errors=errors)
    return render_staff(request, actor, "admin/openings.html", status=422 if errors else 200, view=view)


@router.post("/openings")
def post_opening(
    request: Request,
    actor: Publisher,
    title: Annotated[str, Form(max_length=300)] = "",
    place: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Open an opening to applications."""
    house = house_of(request)
    try:
        with house.database.writing() as session:
            openings.create_opening(session, house, title=title, place=place, actor=actor.name)
    except Refusal:
        return _openings(request, actor, title, place, FieldError("title", "title_missing"))
    return see_other("/admin/openings")


@router.post("/openings/{opening}/close")
def post_close(request: Request, actor: Publisher, opening: str) -> Response:
    """Close an opening."""
    house = house_of(request)
    with house.database.writing() as session:
        openings.close_opening(session, house, find_id(opening) or b"", actor.name)
    return see_other("/admin/openings")


@router.get("/staff")
def get_staff(request: Request, actor: Keeper) -> Response:
    """All staff and the form that invites."""
    return _staff(request, actor)


def _staff(
    request: Request, actor: Actor, *errors: FieldError, email: str = "", link: str = "", mailed_to: str = ""
) -> Response:
    house = house_of(request)
    people = tuple(
        Person(
            name=one.name or "–",
            email=one.email,
            role=one.roles[0] if one.roles else "",
            two_factor=one.has_two_factor,
            disabled_on=one.disabled_on,
            href=f"/admin/staff/{one.id.hex()}",
            disable_action=""
            if one.disabled_on or one.id == actor.staff_id
            else f"/admin/staff/{one.id.hex()}/disable",
        )
        for one in accounts.list_staff(house)
    )
    view = StaffView(
        "/admin/staff", actor.csrf, people, accounts.ROLES, email=email, link=link, mailed_to=mailed_to, errors=errors
    )
    return render_staff(request, actor, "admin/staff.html", status=422 if errors else 200, view=view)


@router.post("/staff")
def post_staff(
    request: Request,
    actor: Keeper,
    email: Annotated[str, Form(max_length=320)] = "",
    role: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Invite a colleague: the one-time link is mailed, or shown this once where no mail server is set."""
    house = house_of(request)
    if "@" not in email:
        return _staff(request, actor, FieldError("email", "email_malformed"), email=email)
    try:
        with house.database.writing() as session:
            token = accounts.invite(session, house, email=email, role=role, actor=actor.name)
    except Refusal as refusal:
        code = "taken" if refusal.code == "email_taken" else "required"
        return _staff(request, actor, FieldError("email", code), email=email)
    if not token:
        house.wake()
        return _staff(request, actor, mailed_to=email)
    return _staff(request, actor, link=f"{request.url.scheme}://{request.url.netloc}/invitation/{token}")


@router.post("/staff/{member}/disable")
def post_disable(request: Request, actor: Keeper, member: str) -> Response:
    """Close an account and end its sessions at once."""
    house = house_of(request)
    with house.database.writing() as session:
        accounts.disable_staff(session, house, find_id(member) or b"", actor)
    return see_other("/admin/staff")


@router.get("/tokens")
def get_tokens(request: Request, actor: TokenMaker) -> Response:
    """All tokens and the form for a new one."""
    return _tokens(request, actor)


def _tokens(request: Request, actor: Actor, *errors: FieldError, name: str = "", secret: str = "") -> Response:
    house = house_of(request)
    with house.database.reading() as session:
        rows = tuple(
            Token(
                name=row.label,
                prefix=row.prefix,
                scopes=tuple(row.scopes.split(",")),
                created_on=row.created_at.date(),
                expires_on=(row.revoked_at or row.expires_at).date(),
                revoke_action="" if row.revoked_at else f"/admin/tokens/{row.prefix}/revoke",
            )
            for row in tokens.list_all(session)
        )
    scopes = tuple(Option(scope.value, scope.value) for scope in SCOPES)
    view = TokensView("/admin/tokens", actor.csrf, rows, scopes, name=name, secret=secret, errors=errors)
    return render_staff(request, actor, "admin/tokens.html", status=422 if errors else 200, view=view)


@router.post("/tokens")
def post_token(
    request: Request,
    actor: TokenMaker,
    name: Annotated[str, Form(max_length=100)] = "",
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make a token; it is shown this once."""
    house = house_of(request)
    wanted = frozenset(one for one in SCOPES if one.value in (scope or []))
    try:
        with house.database.writing() as session:
            secret = tokens.create(
                session, house, label=name, scopes=wanted, lasts=timedelta(days=90), actor=actor.name
            )
    except Refusal as refusal:
        fault = (
            FieldError("name", "required") if refusal.code == "label_needed" else FieldError("scope", "scope_missing")
        )
        return _tokens(request, actor, fault, name=name)
    return _tokens(request, actor, secret=secret)


@router.post("/tokens/{prefix}/revoke")
def post_revoke(request: Request, actor: TokenMaker, prefix: str) -> Response:
    """End a token at once."""
    house = house_of(request)
    with house.database.writing() as session:
        tokens.revoke(session, house, prefix, actor=actor.name)
    return see_other("/admin/tokens")
