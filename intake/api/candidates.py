"""``/api/v1/candidates``: search, blind."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from intake.access.actors import Actor
from intake.access.guards import house_of, machine
from intake.access.permissions import Permission
from intake.api.description import refusals
from intake.api.shapes import SearchAnswer, SearchRequest
from intake.desk.search import search

router = APIRouter(prefix="/api/v1/candidates", tags=["candidates"])


@router.post("/search", response_model=SearchAnswer, responses=refusals(401, 403, 413, 422, 503))
def post_search(
    request: Request, wanted: SearchRequest, actor: Annotated[Actor, Depends(machine(Permission.SEARCH))]
) -> dict[str, Any]:
    """Find people by words, phrases and fields. Only people with a live basis for being searched; names are hidden."""
    results = search(house_of(request), actor, wanted.query, wanted.purpose, wanted.page)
    return {
        "understood": results.understood,
        "total": results.total,
        "page": results.page,
        "facets": results.facets,
        "hits": [
            {
                "id": found.person_id.hex(),
                "title": found.line,
                "pieces": [[{"text": text, "hit": is_hit} for text, is_hit in parts] for _, parts in found.pieces],
                "stage": found.stage,
                "country": found.country,
                "retain_until": found.ends_on,
            }
            for found in results.found
        ],
    }
