"""``/api/v1/privacy``: why and when, receipts, requests, violations and letters, for privacy officers' programs."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from intake.access.actors import Actor
from intake.access.guards import house_of, machine
from intake.access.permissions import Permission
from intake.api.description import refusals
from intake.api.shapes_privacy import ReceiptsAnswer, RequestRow, RoundRow, ViolationRow, WhyAnswer
from intake.desk import campaigns, receipts, requests, violations
from intake.desk.why import find_why

router = APIRouter(prefix="/api/v1/privacy", tags=["privacy"])
Officer = Annotated[Actor, Depends(machine(Permission.RETENTION))]
Clerk = Annotated[Actor, Depends(machine(Permission.REQUESTS))]


@router.get("/records/{reference}/why", response_model=WhyAnswer, responses=refusals(401, 403, 404, 422, 503))
def get_why(request: Request, reference: str, actor: Officer) -> dict[str, Any]:
    """Why a record is kept and when it ends, category by category: every rule, which won, consents and requests."""
    found = find_why(house_of(request), reference, "en", actor=actor.name)
    return {
        "reference": found.reference,
        "state": found.state,
        "ends_on": found.end.on,
        "rule": found.end.rule,
        "reason": found.end.reason,
        "then": found.end.action,
        "categories": found.bearings.categories,
        "words": found.bearings.words,
        "requests": found.bearings.requests,
    }


@router.get("/records/{reference}/receipts", response_model=ReceiptsAnswer, responses=refusals(401, 403, 404, 422, 503))
def get_receipts(request: Request, reference: str, actor: Officer) -> dict[str, Any]:
    """The signed receipts of a record's ledger (ISO/IEC TS 27560), newest first."""
    del actor
    house = house_of(request)
    with house.database.reading() as session:
        found = receipts.receipts_of_reference(session, house, reference)
    return {"receipts": [one.document for one in found], "keys": receipts.receipts_key(house)["keys"]}


@router.get("/violations", response_model=list[ViolationRow], responses=refusals(401, 403, 503))
def get_violations(request: Request, actor: Officer) -> Any:
    """What breaks a promise about the end of data now; normally nothing."""
    del actor
    return violations.list_violations(house_of(request))


@router.get("/letters", response_model=list[RoundRow], responses=refusals(401, 403, 503))
def get_rounds(request: Request, actor: Officer) -> Any:
    """Rounds of letters that asked people to choose, in figures; null where one is too small to be told."""
    del actor
    return campaigns.list_rounds(house_of(request))


@router.get("/requests", response_model=list[RequestRow], responses=refusals(401, 403, 503))
def get_requests(request: Request, actor: Clerk) -> Any:
    """Requests that wait for an answer, the one due first on top."""
    del actor
    return requests.list_open(house_of(request))
