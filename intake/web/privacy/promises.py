"""The promises of the policy in force, each with its state and evidence, and what people owe, assignable and dated."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk.duties import Owed, assign, find_owed, list_assignees, list_owed, record_done
from intake.desk.refusals import Refusal, not_found
from intake.desk.row_ids import find_id
from intake.desk.tallies import SMALLEST, Campaign, list_campaigns
from intake.evidence.probes import is_there, live_probes
from intake.web.apply.pages import language_of
from intake.web.apply.routes import see_other
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError, Option
from retention.policy.check import CheckedPromise, check_promises, count_states
from retention.policy.ropa import write_record

router = APIRouter(prefix="/privacy")
Officer = Annotated[Actor, Depends(staff(Permission.RETENTION, Permission.AUDIT))]
Keeper = Annotated[Actor, Depends(staff(Permission.RETENTION))]
FORMS = {
    "csv": ("csv", "text/csv"),
    "md": ("markdown", "text/markdown"),
    "jsonld": ("json-ld", "application/ld+json"),
}
STATES = {"kept": "", "owed by a person": "plain", "not yet": "warn", "not tried against the real one": "plain"}
"""The look of each state's mark."""


@dataclass(frozen=True, slots=True)
class PromisesView:
    """Every promise of the policy in force, what is owed, and how many are in each state."""

    policy: str
    version: str
    checked: tuple[CheckedPromise, ...]
    counts: dict[str, int]
    owed: tuple[Owed, ...]
    looks: dict[str, str]


@dataclass(frozen=True, slots=True)
class DutyView:
    """One thing owed. Two forms: ``assignee`` and ``due_on``, or ``finding``; each with csrf."""

    csrf: str
    owed: Owed
    people: tuple[Option, ...]
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitsView:
    """What each source tag brought; a count below ``smallest`` is not told."""

    campaigns: tuple[Campaign, ...]
    smallest: int


@router.get("/promises")
def get_promises(request: Request, actor: Officer) -> Response:
    """Every promise, asked of the running installation now."""
    house = house_of(request)
    checked = check_promises(house.policy, live_probes(house, request.app), is_there=is_there)
    counts = {state.value: count for state, count in count_states(checked).items()}
    view = PromisesView(house.policy.id, house.policy.version, checked, counts, list_owed(house), STATES)
    return render_staff(request, actor, "privacy/promises.html", view=view)


@router.get("/duties/{kind}/{about}")
def get_duty(request: Request, actor: Keeper, kind: str, about: str) -> Response:
    """One thing owed."""
    return _duty(request, actor, find_owed(house_of(request), kind, about))


def _duty(request: Request, actor: Actor, owed: Owed, *errors: FieldError) -> Response:
    people = tuple(Option(key, name, key == owed.assignee) for key, name in list_assignees(house_of(request)))
    view = DutyView(actor.csrf, owed, people, errors)
    return render_staff(request, actor, "privacy/duty.html", status=422 if errors else 200, view=view)


@router.post("/duties/{kind}/{about}/assign")
def post_assign(
    request: Request,
    actor: Keeper,
    kind: str,
    about: str,
    assignee: Annotated[str, Form(max_length=32)] = "",
    due_on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Give it to somebody, by a day."""
    house = house_of(request)
    owed = find_owed(house, kind, about)
    try:
        assign(house, owed, find_id(assignee) or b"", date.fromisoformat(due_on), actor=actor.name)
    except ValueError:
        return _duty(request, actor, owed, FieldError("due_on", "date_past"))
    except Refusal as refusal:
        fault = ("due_on", "date_past") if refusal.code == "day_passed" else ("assignee", "assignee_missing")
        return _duty(request, actor, owed, FieldError(*fault))
    return see_other("/privacy/promises#owed")


@router.post("/duties/{kind}/{about}/done")
def post_done(
    request: Request, actor: Keeper, kind: str, about: str, finding: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    """Record that it was done and what was found."""
    house = house_of(request)
    owed = find_owed(house, kind, about)
    try:
        record_done(house, owed, finding, actor.staff_id or b"", actor=actor.name)
    except Refusal as refusal:
        if refusal.code != "finding_missing":
            raise
        return _duty(request, actor, owed, FieldError("finding", "finding_missing"))
    return see_other("/privacy/promises#owed")


@router.get("/visits")
def get_visits(request: Request, actor: Officer) -> Response:
    """What each campaign brought, in counts."""
    view = VisitsView(list_campaigns(house_of(request)), SMALLEST)
    return render_staff(request, actor, "privacy/visits.html", view=view)


@router.get("/ropa/{form}")
def get_record_of_processing(request: Request, actor: Officer, form: str) -> Response:
    """The record of processing activities (GDPR Art. 30), from the policy in force now: csv, md or jsonld."""
    del actor
    if form not in FORMS:
        raise not_found()
    kind, media_type = FORMS[form]
    body = write_record(house_of(request).policy, language_of(request), kind)
    named = {"Content-Disposition": f'attachment; filename="record-of-processing.{form}"'}
    return Response(body, media_type=media_type, headers=named)
