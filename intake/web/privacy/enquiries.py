"""Questions that people asked, for whoever answers them. The list names nobody; opening one goes on record."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk.enquiries import Opened, Waiting, answer_enquiry, list_waiting, open_enquiry
from intake.desk.refusals import Refusal
from intake.web.apply.pages import end_view
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import End, FieldError

router = APIRouter(prefix="/privacy/enquiries")
Answerer = Annotated[Actor, Depends(staff(Permission.REQUESTS))]


@dataclass(frozen=True, slots=True)
class EnquiriesView:
    """Every question on record, those that wait first."""

    rows: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class EnquiryView:
    """One question, opened, and the form to answer it. Inputs: answer, csrf."""

    action: str
    csrf: str
    opened: Opened
    end: End
    answer: str = ""
    errors: tuple[FieldError, ...] = ()


@router.get("")
def get_enquiries(request: Request, actor: Answerer) -> Response:
    """The list."""
    view = EnquiriesView(list_waiting(house_of(request)))
    return render_staff(request, actor, "privacy/enquiries.html", view=view)


@router.get("/{reference}")
def get_enquiry(request: Request, actor: Answerer, reference: str) -> Response:
    """One question."""
    return _enquiry(request, actor, reference)


def _enquiry(request: Request, actor: Actor, reference: str, *errors: FieldError) -> Response:
    opened = open_enquiry(house_of(request), actor, reference)
    action = f"/privacy/enquiries/{opened.reference}"
    view = EnquiryView(action, actor.csrf, opened, end_view(opened.end), errors=errors)
    return render_staff(request, actor, "privacy/enquiry.html", status=422 if errors else 200, view=view)


@router.post("/{reference}")
def post_answer(
    request: Request, actor: Answerer, reference: str, answer: Annotated[str, Form(max_length=20000)] = ""
) -> Response:
    """Answer it by mail."""
    try:
        answer_enquiry(house_of(request), actor, reference, answer)
    except Refusal as refusal:
        if refusal.code != "answer_missing":
            raise
        return _enquiry(request, actor, reference, FieldError("answer", "answer_missing"))
    return see_other("/privacy/enquiries")
