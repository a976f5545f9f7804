"""Asking to be kept, from a person's own page: each consent with the end that a yes comes to."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Visitor
from intake.access.guards import house_of, person
from intake.desk import keeping
from intake.desk.notices import notice_as_shown, notice_in_force
from intake.desk.timeline import Span
from intake.web.apply.pages import end_view, language_of
from intake.web.me.views import DoneView, KeepView, Offer
from intake.web.rendering import render
from intake.web.views import End

router = APIRouter()
Me = Annotated[Visitor, Depends(person)]


@router.get("/me/keep")
def get_keep(request: Request, me: Me) -> Response:
    """What can be asked for, and what it comes to."""
    house, language = house_of(request), language_of(request)
    with house.database.writing() as session:
        offers = keeping.offers_of(session, house, me, language)
    notice = notice_in_force(house, language)
    view = KeepView(
        me.csrf,
        notice.version,
        notice.language,
        tuple(
            Offer(f"/me/keep/{o.purpose}", o.question, o.description, o.is_given, _end(o.span) if o.span else None)
            for o in offers
        ),
    )
    return render(request, "me/keep.html", view=view)


def _end(span: Span) -> End:
    return End(on=span.on, reason=span.reason, purpose=span.purpose, action=span.action)


@router.post("/me/keep/{purpose}")
def post_keep(
    request: Request, me: Me, purpose: str, notice_version: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Give or renew the consent."""
    house, language = house_of(request), language_of(request)
    notice = notice_as_shown(house, language, notice_version)
    with house.database.writing() as session:
        end = keeping.keep(session, house, me, purpose, notice, language)
    house.wake()
    return render(request, "me/done.html", view=DoneView("kept", "", end_view(end), "/me"))
