"""Privacy training of staff: the list and the form, for officers and administrators. Names of staff only."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import training
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.web.apply.routes import see_other
from intake.web.staff.account_views import TrainedRow, TrainingView
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError, Option

router = APIRouter(prefix="/training")
Trainer = Annotated[Actor, Depends(staff(Permission.REQUESTS, Permission.STAFF))]


@router.get("")
def get_training(request: Request, actor: Trainer) -> Response:
    """Who was trained when."""
    return _training(request, actor)


def _training(
    request: Request, actor: Actor, *errors: FieldError, colleague: str = "", trained_on: str = ""
) -> Response:
    house = house_of(request)
    lasts, found = house.policy.staff.training_lasts, training.list_trained(house)
    view = TrainingView(
        csrf=actor.csrf,
        rows=tuple(TrainedRow(one.name, one.roles, one.trained_on, one.until, one.counts) for one in found),
        colleagues=tuple(Option(one.id.hex(), one.name, one.id.hex() == colleague) for one in found),
        lasts=str(lasts) if lasts else "",
        trained_on=trained_on,
        errors=errors,
    )
    return render_staff(request, actor, "account/training.html", status=422 if errors else 200, view=view)


@router.post("")
def post_training(
    request: Request,
    actor: Trainer,
    colleague: Annotated[str, Form(max_length=40)] = "",
    trained_on: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Enter the day of a colleague's training."""
    try:
        training.enter_training(house_of(request), find_id(colleague) or b"", date.fromisoformat(trained_on), actor)
    except ValueError:
        fault = FieldError("trained_on", "date_ahead")
    except Refusal as refusal:
        is_ahead = refusal.code == "training_ahead"
        fault = FieldError("trained_on", "date_ahead") if is_ahead else FieldError("colleague", "required")
    else:
        return see_other("/training")
    return _training(request, actor, fault, colleague=colleague, trained_on=trained_on)
