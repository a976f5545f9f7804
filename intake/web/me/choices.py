"""Where the link of a campaign's letter leads: keep or erase, yes or no. Without sign-in, once, behind a button."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.guards import house_of, limit_to, open_to_all
from intake.desk import campaigns
from intake.web.apply.pages import end_view, language_of
from intake.web.rendering import render
from intake.web.views import End

router = APIRouter(dependencies=[Depends(open_to_all)])


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """What is asked. ``kind`` is renewal, new_use or changed_use; ``day`` the end, or until when to answer."""

    action: str
    token: str
    kind: str
    day: date | None
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ChosenView:
    """What the answer came to: kept, erased, locked, agreed or declined."""

    kind: str
    receipt: str = ""
    end: End | None = None


@router.get("/choice/{token}")
def get_choice(request: Request, token: str) -> Response:
    """What is asked; nothing is used up here, since mail scanners follow links."""
    house = house_of(request)
    with house.database.reading() as session:
        asked = campaigns.look_at_choice(session, house, token, language_of(request))
    view = ChoiceView("/choice", token, asked.kind, asked.ends_on, asked.title, asked.description)
    return render(request, "me/choice.html", view=view)


@router.post("/choice", dependencies=[Depends(limit_to("choice", lambda _house: 60))])
def post_choice(
    request: Request,
    token: Annotated[str, Form(max_length=100)],
    answer: Annotated[str, Form(pattern="^(yes|no)$")],
) -> Response:
    """Take the answer, once."""
    house, language = house_of(request), language_of(request)
    with house.database.writing() as session:
        answered = campaigns.answer(session, house, token, is_agreed=answer == "yes", language=language)
    house.wake()
    return render(request, "me/chosen.html", view=_chosen(answered))


def _chosen(answered: campaigns.Answered) -> ChosenView:
    if answered.kind == "new_use":
        return ChosenView("agreed" if answered.is_agreed else "declined")
    if answered.end is not None:
        return ChosenView("kept", end=end_view(answered.end))
    erased = answered.erased
    if erased is None or erased.is_ended:
        return ChosenView("erased", erased.receipt if erased else "")
    return ChosenView("locked", end=end_view(erased.end))
