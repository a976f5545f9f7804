"""One opening's hiring managers: who reaches its applicants. Names of staff only, never a candidate."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import openings
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.web.admin.views import ManagerRow, OpeningView
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError, Option

router = APIRouter(prefix="/admin/openings/{opening}")
Publisher = Annotated[Actor, Depends(staff(Permission.OPENINGS))]


@router.get("")
def get_opening(request: Request, actor: Publisher, opening: str) -> Response:
    """One opening and its hiring managers."""
    return _opening(request, actor, opening)


def _opening(request: Request, actor: Actor, opening: str, *errors: FieldError) -> Response:
    given = openings.look_at_given(house_of(request), find_id(opening) or b"")
    own = f"/admin/openings/{given.opening.id.hex()}"
    view = OpeningView(
        title=given.opening.title,
        action=f"{own}/managers",
        csrf=actor.csrf,
        managers=tuple(
            ManagerRow(one.name, f"{own}/managers/{one.id.hex()}/take", one.may_enter) for one in given.managers
        ),
        others=tuple(Option(one.id.hex(), one.name) for one in given.others),
        errors=errors,
    )
    return render_staff(request, actor, "admin/opening.html", status=422 if errors else 200, view=view)


@router.post("/managers")
def post_manager(
    request: Request, actor: Publisher, opening: str, manager: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Give the opening to a hiring manager."""
    try:
        openings.give_opening(house_of(request), find_id(opening) or b"", find_id(manager) or b"", actor)
    except Refusal as refusal:
        if refusal.code != "manager_needed":
            raise
        return _opening(request, actor, opening, FieldError("manager", "required"))
    return see_other(f"/admin/openings/{opening}")


@router.post("/managers/{manager}/take")
def post_take(request: Request, actor: Publisher, opening: str, manager: str) -> Response:
    """Take the opening from a hiring manager."""
    openings.take_opening(house_of(request), find_id(opening) or b"", find_id(manager) or b"", actor)
    return see_other(f"/admin/openings/{opening}")
