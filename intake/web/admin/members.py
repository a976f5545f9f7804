"""One colleague's account, for administrators: role, end date, a fresh start, closing. Never about themselves."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import staff_changes
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.desk.staff import ROLES
from intake.web.admin.views import MemberView
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError

router = APIRouter(prefix="/admin/staff/{member}")
FreshKeeper = Annotated[Actor, Depends(staff(Permission.STAFF, fresh=True))]


@router.get("")
def get_member(request: Request, actor: FreshKeeper, member: str) -> Response:
    """One colleague's account."""
    return _member(request, actor, member)


def _member(
    request: Request, actor: Actor, member: str, *errors: FieldError, until: str | None = None, link: str = ""
) -> Response:
    found = staff_changes.find_colleague(house_of(request), find_id(member) or b"")
    is_other = found.id != actor.staff_id
    ends_on = found.ends_on.isoformat() if found.ends_on else ""
    view = MemberView(
        action=f"/admin/staff/{found.id.hex()}",
        csrf=actor.csrf,
        name=found.name,
        email=found.email,
        roles=found.roles,
        choices=ROLES,
        two_factor=found.has_second_factor,
        is_open=found.is_active,
        is_other=is_other,
        until=ends_on if until is None else until,
        link=link,
        errors=errors,
    )
    return render_staff(request, actor, "admin/member.html", status=422 if errors else 200, view=view)


@router.post("/role")
def post_role(
    request: Request, actor: FreshKeeper, member: str, role: Annotated[str, Form(max_length=30)] = ""
) -> Response:
    """Give a colleague another role."""
    try:
        staff_changes.change_role(house_of(request), find_id(member) or b"", role, actor)
    except Refusal as refusal:
        if refusal.code != "role_needed":
            raise
        return _member(request, actor, member, FieldError("role", "required"))
    return see_other(f"/admin/staff/{member}")


@router.post("/end")
def post_end(
    request: Request, actor: FreshKeeper, member: str, until: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """Set the last day of a colleague's account, or none."""
    try:
        day = date.fromisoformat(until) if until.strip() else None
    except ValueError:
        return _member(request, actor, member, FieldError("until", "date_past"), until=until)
    if day is not None and day < house_of(request).today():
        return _member(request, actor, member, FieldError("until", "date_past"), until=until)
    staff_changes.change_end(house_of(request), find_id(member) or b"", day, actor)
    return see_other(f"/admin/staff/{member}")


@router.post("/reset")
def post_reset(request: Request, actor: FreshKeeper, member: str) -> Response:
    """Let a colleague start afresh; the one-time link is shown this once."""
    token = staff_changes.reset_access(house_of(request), find_id(member) or b"", actor)
    return _member(request, actor, member, link=f"{request.url.scheme}://{request.url.netloc}/invitation/{token}")
