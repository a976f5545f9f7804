"""The privacy office's page of mail that did not arrive: nobody it was for counts as told."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk.returned_mail import look_at_mail
from intake.web.staff.frame import render_staff

router = APIRouter()
Officer = Annotated[Actor, Depends(staff(Permission.RETENTION, Permission.AUDIT))]


@router.get("/mail")
def get_mail(request: Request, actor: Officer) -> Response:
    """What waits, what was given up, and what came back."""
    return render_staff(request, actor, "privacy/mail.html", view=look_at_mail(house_of(request)))
