"""The administrators' first page: what is still to be seen to, and where."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import setting_up
from intake.web.admin.views import FirstHourView
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff

router = APIRouter(prefix="/admin/first-hour")
Keeper = Annotated[Actor, Depends(staff(Permission.STAFF))]


@router.get("")
def get_first_hour(request: Request, actor: Keeper) -> Response:
    """What is still to be seen to."""
    house = house_of(request)
    tasks = setting_up.look_at_tasks(house, actor)
    view = FirstHourView(
        csrf=actor.csrf,
        left=tasks.left,
        organisation=tasks.organisation.value,
        address=tasks.address.value,
        policy=tasks.policy.value,
        opening=tasks.opening.value,
        colleague=tasks.colleague.value,
        second_factor=tasks.second_factor.value,
        keys=tasks.keys.value,
        mail=tasks.mail.value,
        has_mail_server=tasks.has_mail_server,
        key_folder=str(house.settings.keys.resolve()),
        can_publish=Permission.OPENINGS in actor.permissions,
    )
    return render_staff(request, actor, "admin/first_hour.html", view=view)


@router.post("/keys")
def post_keys(request: Request, actor: Keeper) -> Response:
    """Confirm that a copy of the keys is kept elsewhere."""
    setting_up.confirm_key_copy(house_of(request), actor)
    return see_other("/admin/first-hour")


@router.post("/mail")
def post_mail(request: Request, actor: Keeper) -> Response:
    """Send a test message to oneself."""
    setting_up.send_test_mail(house_of(request), actor)
    return see_other("/admin/first-hour")
