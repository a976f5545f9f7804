"""A decision that was made, and the button that undoes it. Shows a reference, never a person."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import reopening
from intake.desk.refusals import Refusal
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError

router = APIRouter()
Mover = Annotated[Actor, Depends(staff(Permission.DECIDE))]


@dataclass(frozen=True, slots=True)
class DecidedView:
    """A decision by its reference, or the question for one. Inputs: reference, reason, csrf."""

    csrf: str
    find_action: str = "/recruit/decided"
    action: str = ""
    reference: str = ""
    opening: str = ""
    stage: str = ""
    decided_on: date | None = None
    errors: tuple[FieldError, ...] = ()


def decided_path(reference: str) -> str:
    """Where one decision is shown."""
    return f"/recruit/decided/{reference}"


@router.get("/recruit/decided")
def get_question(request: Request, actor: Mover) -> Response:
    """Which decision is to be undone."""
    return render_staff(request, actor, "recruit/decided.html", view=DecidedView(actor.csrf))


@router.post("/recruit/decided")
def post_question(request: Request, actor: Mover, reference: Annotated[str, Form(max_length=30)] = "") -> Response:
    """Find a decision by its reference."""
    wanted = reference.strip().upper()
    try:
        with house_of(request).database.reading() as session:
            reopening.find_decided(session, actor, wanted)
    except Refusal:
        code = "decision_unknown" if wanted else "reference_missing"
        view = DecidedView(actor.csrf, reference=wanted, errors=(FieldError("reference", code),))
        return render_staff(request, actor, "recruit/decided.html", status=422, view=view)
    return see_other(decided_path(wanted))


@router.get("/recruit/decided/{reference}")
def get_decided(request: Request, actor: Mover, reference: str) -> Response:
    """One decision."""
    return _show(request, actor, reference)


def _show(request: Request, actor: Actor, reference: str, *errors: FieldError) -> Response:
    with house_of(request).database.reading() as session:
        found = reopening.find_decided(session, actor, reference)
    view = DecidedView(
        actor.csrf,
        action=f"{decided_path(found.reference)}/reopen",
        reference=found.reference,
        opening=found.opening,
        stage=found.stage.value,
        decided_on=found.decided_on,
        errors=errors,
    )
    return render_staff(request, actor, "recruit/decided.html", status=422 if errors else 200, view=view)


@router.post("/recruit/decided/{reference}/reopen")
def post_reopen(
    request: Request, actor: Mover, reference: str, reason: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    """Put the application back under review."""
    house = house_of(request)
    try:
        with house.database.writing() as session:
            application = reopening.reopen_decision(session, house, actor, reference, reason)
    except Refusal as refusal:
        if refusal.code != "reason_needed":
            raise
        return _show(request, actor, reference, FieldError("reason", "reason_missing"))
    house.wake()
    return see_other(f"/recruit/candidates/{application.person_id.hex()}")
