"""What opens a person's record at present, on their own page: links and sessions, each with a button that ends it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.actors import PERSON_COOKIE, Visitor
from intake.access.guards import house_of, person
from intake.desk import own_access
from intake.desk.row_ids import find_id
from intake.web.apply.routes import see_other
from intake.web.me.views import AccessView, WayIn
from intake.web.rendering import render

router = APIRouter()
Me = Annotated[Visitor, Depends(person)]


@router.get("/me/access")
def get_access(request: Request, me: Me) -> Response:
    """Links not used yet, and sessions that are open."""
    house = house_of(request)
    with house.database.reading() as session:
        ways = own_access.ways_in(session, house, me, request.cookies.get(PERSON_COOKIE, ""))
    shown = tuple(
        WayIn(way.kind, way.is_whole, way.since, way.until, way.is_own, f"/me/access/{way.id}/close") for way in ways
    )
    return render(request, "me/access.html", view=AccessView(me.csrf, shown))


@router.post("/me/access/{way}/close")
def post_close(request: Request, me: Me, way: str) -> Response:
    """End one of them."""
    house = house_of(request)
    with house.database.writing() as session:
        own_access.close_way_in(session, house, me, find_id(way) or b"")
    return see_other("/me/access")
