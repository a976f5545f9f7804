"""Why a person's data is kept, in full, and their objections: to our interest on their page, to advertising by a link.

An objection to advertising needs neither sign-in nor proof nor reason (Art. 21(2) and (3) GDPR; PECR reg. 22).
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.actors import Visitor
from intake.access.guards import house_of, open_to_all, person
from intake.desk import ledger
from intake.desk.bearings import Bearings, bearings_of
from intake.desk.contact_ways import find_by_preferences
from intake.desk.rights import person_of
from intake.web.apply.pages import language_of
from intake.web.apply.routes import see_other
from intake.web.rendering import render

public = APIRouter(dependencies=[Depends(open_to_all)])
router = APIRouter()
Me = Annotated[Visitor, Depends(person)]


@dataclass(frozen=True, slots=True)
class Balancing:
    """A use that rests on our interest, with the note that weighs it; ``action`` is empty once objected to."""

    title: str
    text: str
    action: str


@dataclass(frozen=True, slots=True)
class WhyView:
    """Everything that bears on the end, and what can be objected to."""

    csrf: str
    bearings: Bearings
    balancing: tuple[Balancing, ...]


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """The button that objects to advertising, or what it came to."""

    action: str
    is_done: bool = False


@router.get("/me/why")
def get_why(request: Request, me: Me) -> Response:
    """Every rule that bears on the end, by category."""
    house, language = house_of(request), language_of(request)
    with house.database.reading() as session:
        own = person_of(session, me)
        bearings = bearings_of(session, house, own, language)
    live = {word.purpose for word in bearings.words if word.event in ("given", "renewed")}
    balancing = tuple(
        Balancing(terms.title.say(language), terms.balancing, f"/me/object/{terms.id}" if terms.id in live else "")
        for terms in house.policy.purposes
        if terms.balancing and ledger.can_object(terms)
    )
    return render(request, "me/why.html", view=WhyView(me.csrf, bearings, balancing))


@router.post("/me/object/{purpose}")
def post_objection(request: Request, me: Me, purpose: str) -> Response:
    """Object to one use; it stops at once."""
    house, language = house_of(request), language_of(request)
    with house.database.writing() as session:
        own = person_of(session, me)
        if purpose in ledger.ADVERTISING:
            ledger.object_to_advertising(session, house, own, language=language)
        else:
            ledger.object_by_name(session, house, own, purpose, language=language)
    house.wake()
    return see_other("/me/why")


@public.get("/me/objection/{token}")
def get_objection(request: Request, token: str) -> Response:
    """Where the link of a message leads: a button, since mail scanners follow links."""
    house = house_of(request)
    with house.database.reading() as session:
        find_by_preferences(session, house, token)
    return render(request, "me/objection.html", view=ObjectionView(f"/me/objection/{token}"))


@public.post("/me/objection/{token}")
def post_advertising(request: Request, token: str) -> Response:
    """Object to all advertising, by one press of a button."""
    house = house_of(request)
    with house.database.writing() as session:
        own = find_by_preferences(session, house, token)
        ledger.object_to_advertising(session, house, own, language=language_of(request))
    house.wake()
    return render(request, "me/objection.html", view=ObjectionView("", is_done=True))
