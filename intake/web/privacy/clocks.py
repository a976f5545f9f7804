"""Requests with their clocks, and the list of what breaks a promise now, in the privacy office."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import requests, violations
from intake.desk.refusals import Refusal
from intake.desk.words import Channel, RequestOutcome
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError, Option
from intake.web.words import CHANNELS, RIGHTS

router = APIRouter(prefix="/privacy")
Clerk = Annotated[Actor, Depends(staff(Permission.REQUESTS))]
Officer = Annotated[Actor, Depends(staff(Permission.RETENTION, Permission.AUDIT))]


@dataclass(frozen=True, slots=True)
class RequestsView:
    """Open requests and the form to enter one. Inputs: reference, right, channel, arrived_on, text, csrf."""

    csrf: str
    requests: tuple[requests.Request, ...]
    rights: tuple[Option, ...]
    channels: tuple[Option, ...]
    reference: str = ""
    arrived_on: str = ""
    text: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class ViolationsView:
    """What breaks a promise now; normally nothing."""

    violations: tuple[violations.Violation, ...]


@router.get("/requests")
def get_requests(request: Request, actor: Clerk) -> Response:
    """What people asked for, and until when each is to be answered."""
    return _show(request, actor, {})


def _show(request: Request, actor: Actor, given: dict[str, str], *errors: FieldError) -> Response:
    house = house_of(request)
    rights = tuple(dict.fromkeys(right.name.value for right in house.policy.rights))
    view = RequestsView(
        csrf=actor.csrf,
        requests=requests.list_open(house),
        rights=tuple(Option(name, RIGHTS[name], name == given.get("right")) for name in rights),
        channels=tuple(Option(way.value, CHANNELS[way.value], way.value == given.get("channel")) for way in Channel),
        reference=given.get("reference", ""),
        arrived_on=given.get("arrived_on", ""),
        text=given.get("text", ""),
        errors=errors,
    )
    return render_staff(request, actor, "privacy/requests.html", status=422 if errors else 200, view=view)


@router.post("/requests")
def post_request(
    request: Request,
    actor: Clerk,
    reference: Annotated[str, Form(max_length=30)] = "",
    right: Annotated[str, Form(max_length=32)] = "",
    channel: Annotated[str, Form(max_length=32)] = "post",
    arrived_on: Annotated[str, Form(max_length=10)] = "",
    text: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Enter a request that came by post, phone or mail."""
    given = {"reference": reference, "right": right, "channel": channel, "arrived_on": arrived_on, "text": text}
    try:
        day, way = date.fromisoformat(arrived_on), Channel(channel)
    except ValueError:
        return _show(request, actor, given, FieldError("arrived_on", "day_missing"))
    try:
        requests.open_request(
            house_of(request), reference, right, channel=way, arrived_on=day, text=text, actor=actor.name
        )
    except Refusal as refusal:
        fault = {"date_ahead": ("arrived_on", "day_missing"), "right_unknown": ("right", "right_missing")}
        return _show(request, actor, given, FieldError(*fault.get(refusal.code, ("reference", "reference_unknown"))))
    return see_other("/privacy/requests")


@router.post("/requests/{row}/answer")
def post_answer(
    request: Request,
    actor: Clerk,
    row: str,
    outcome: Annotated[str, Form(pattern="^(done|partly|refused|extend)$")] = "done",
    answer: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Answer a request, or put it off once; the person is written to."""
    house = house_of(request)
    try:
        if outcome == "extend":
            requests.extend_request(house, row, answer, actor=actor.name)
        else:
            requests.answer_request(house, row, RequestOutcome(outcome), answer, actor=actor.name)
    except Refusal as refusal:
        if refusal.code != "reason_needed":
            raise
        return _show(request, actor, {}, FieldError(f"answer-{row}", "reason_missing"))
    return see_other("/privacy/requests")


@router.get("/violations")
def get_violations(request: Request, actor: Officer) -> Response:
    """What breaks a promise now."""
    view = ViolationsView(violations.list_violations(house_of(request)))
    return render_staff(request, actor, "privacy/violations.html", view=view)
