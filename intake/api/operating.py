"""``/healthz`` and ``/readyz``: they say whether, never what."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from intake.access.guards import house_of, open_to_all
from intake.desk.health import is_ready

router = APIRouter(tags=["operating"], dependencies=[Depends(open_to_all)])


@router.get("/healthz")
def get_health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def get_readiness(request: Request) -> JSONResponse:
    """Every part that serving needs answers; 503 otherwise."""
    parts = is_ready(house_of(request))
    return JSONResponse(parts, 200 if all(parts.values()) else 503)
