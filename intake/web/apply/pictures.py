"""The pages of a draft's document as pictures, for whoever holds the draft's address."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.guards import house_of, open_to_all
from intake.desk.pictures import draw_draft_page

router = APIRouter(dependencies=[Depends(open_to_all)])


@router.get("/apply/draft/{token}/pages/{number}.png")
def get_page(request: Request, token: str, number: int) -> Response:
    """One page of the document that was just uploaded; the token alone opens it, and only while it is a draft."""
    return Response(draw_draft_page(house_of(request), token, number), media_type="image/png")
