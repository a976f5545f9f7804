"""Pages that anybody may read without giving anything away (C14)."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from intake.access.guards import open_to_all
from intake.web.rendering import render

router = APIRouter(dependencies=[Depends(open_to_all)])


@router.get("/")
def get_home() -> Response:
    """The first page: what one can apply for."""
    return RedirectResponse("/apply", 303)


@router.get("/accessibility")
def get_accessibility(request: Request) -> Response:
    """What was done so that everybody can use these pages, and whom to tell when it does not work."""
    return render(request, "accessibility.html")
