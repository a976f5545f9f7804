"""A change of policy in the privacy office: what it would mean, who must agree, and the rounds of letters about it."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import campaigns, proposals
from intake.desk.refusals import Refusal
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError
from retention.policy.problems import PolicyError

router = APIRouter(prefix="/privacy")
Maker = Annotated[Actor, Depends(staff(Permission.POLICY))]
Agreer = Annotated[Actor, Depends(staff(Permission.POLICY, fresh=True))]
Officer = Annotated[Actor, Depends(staff(Permission.RETENTION, Permission.AUDIT))]
LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The policy in force, changes that wait, and the form to propose one. Inputs: policy, effective, csrf."""

    csrf: str
    version: str
    waiting: tuple[proposals.Waiting, ...]
    text: str = ""
    effective: str = ""
    faults: tuple[str, ...] = ()
    is_posted: bool = False
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundsView:
    """Rounds of letters in figures. A figure below ``smallest`` is not told."""

    rounds: tuple[campaigns.Round, ...]
    smallest: int


@router.get("/policy")
def get_policy(request: Request, actor: Maker) -> Response:
    """What is proposed, what it means, and who still has to agree."""
    return _show(request, actor)


def _show(
    request: Request,
    actor: Actor,
    *errors: FieldError,
    text: str = "",
    effective: str = "",
    faults: tuple[str, ...] = (),
) -> Response:
    house = house_of(request)
    view = PolicyView(
        csrf=actor.csrf,
        version=house.policy.version,
        waiting=proposals.list_waiting(house, actor),
        text=text,
        effective=effective,
        faults=faults,
        is_posted="posted" in request.query_params,
        errors=errors,
    )
    return render_staff(request, actor, "privacy/policy.html", status=422 if errors or faults else 200, view=view)


@router.post("/policy")
def post_policy(
    request: Request,
    actor: Maker,
    policy: Annotated[str, Form(max_length=LONGEST)] = "",
    effective: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Propose a change: posted at once, or put before who must agree."""
    try:
        day = date.fromisoformat(effective)
    except ValueError:
        return _show(request, actor, FieldError("effective", "date_past"), text=policy, effective=effective)
    try:
        _, is_posted = proposals.submit_policy(house_of(request), policy, day, actor=actor.name)
    except PolicyError as error:
        return _show(request, actor, text=policy, effective=effective, faults=tuple(map(str, error.problems)))
    except Refusal as refusal:
        return _show(request, actor, text=policy, effective=effective, faults=(refusal.text,))
    return see_other("/privacy/policy?posted" if is_posted else "/privacy/policy")


@router.post("/policy/{proposal}/agree")
def post_agree(request: Request, actor: Agreer, proposal: str) -> Response:
    """Agree to a change, shortly after signing in."""
    is_posted = proposals.agree(house_of(request), proposal, actor)
    return see_other("/privacy/policy?posted" if is_posted else "/privacy/policy")


@router.post("/policy/{proposal}/drop")
def post_drop(request: Request, actor: Maker, proposal: str) -> Response:
    """Give a proposed change up."""
    proposals.drop(house_of(request), proposal, actor)
    return see_other("/privacy/policy")


@router.get("/letters")
def get_rounds(request: Request, actor: Officer) -> Response:
    """How many were asked before their end or about a new use, how many were reached, and what they answered."""
    view = RoundsView(campaigns.list_rounds(house_of(request)), campaigns.SMALLEST)
    return render_staff(request, actor, "privacy/letters.html", view=view)
