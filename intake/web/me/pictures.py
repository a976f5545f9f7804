"""The pages of a person's own documents as pictures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.actors import Visitor
from intake.access.guards import house_of, person
from intake.desk.pictures import draw_own_page
from intake.desk.row_ids import find_id

router = APIRouter()


@router.get("/me/documents/{document}/{number}.png")
def get_page(request: Request, me: Annotated[Visitor, Depends(person)], document: str, number: int) -> Response:
    """One page of one of the person's own documents."""
    return Response(draw_own_page(house_of(request), me, find_id(document) or b"", number), media_type="image/png")
