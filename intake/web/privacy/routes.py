"""The privacy office's pages."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import holds, office, oversight
from intake.desk.ends import rules_of
from intake.desk.refusals import Refusal
from intake.desk.requests import count_late
from intake.desk.violations import list_violations
from intake.desk.why import find_why
from intake.desk.words import EndingRow, RunRow
from intake.web.apply.pages import country_name, end_view, language_of
from intake.web.apply.routes import see_other
from intake.web.charts import draw_bars, draw_columns
from intake.web.privacy import mail
from intake.web.privacy.reports import looks_view, report_path
from intake.web.privacy.views import (
    AuditResult,
    AuditView,
    Hold,
    HoldsView,
    HomeView,
    Rule,
    Run,
    Way,
    Why,
    WhyView,
)
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError

router = APIRouter(prefix="/privacy")
router.include_router(mail.router)
Officer = Annotated[Actor, Depends(staff(Permission.RETENTION, Permission.AUDIT))]
Holder = Annotated[Actor, Depends(staff(Permission.HOLDS))]
Auditor = Annotated[Actor, Depends(staff(Permission.AUDIT))]


@router.get("")
def get_home(request: Request, actor: Officer) -> Response:
    """What is due, what is late, what is held."""
    house = house_of(request)
    state = office.look_over(house)
    run = state.last_run
    late, nearly = count_late(house)
    view = HomeView(
        today=state.today,
        due_tonight=state.due_tonight,
        past_due=state.past_due,
        ending=state.ending,
        holds=state.holds,
        next_days=draw_columns(state.next_days),
        by_source=draw_bars(list(state.by_source.items()), "source"),
        by_basis=draw_bars(list(state.by_basis.items()), "basis"),
        by_country=draw_bars([(country_name(language_of(request), code), n) for code, n in state.by_country.items()]),
        last_run=_run_view(run) if run else None,
        next_run_at=state.next_run_at,
        missed=state.is_missed,
        oldest_ending_hours=state.oldest_ending_hours,
        people=state.people,
        without_basis=state.without_basis,
        requests_late=late,
        requests_nearly=nearly,
        violations=len(list_violations(house)),
        holds_href="/privacy/holds",
        why_href="/privacy/why",
        audit_href="/privacy/audit",
        report_href=report_path(state.today),
        under_way=tuple(_way(ending, house.now()) for ending in state.under_way),
        looks=looks_view(oversight.count_recent_looks(house)),
    )
    return render_staff(request, actor, "privacy/home.html", view=view)


def _way(ending: EndingRow, now: datetime) -> Way:
    hours = int((now - ending.ended_at).total_seconds() // 3600)
    return Way(ending.receipt, ending.ended_at, hours, office.step_of(ending))


def _run_view(run: RunRow) -> Run:
    figures = run.figures
    took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0.0
    counted = {name: int(figures.get(name, 0)) for name in ("scanned", "anonymised", "purged", "failed", "held")}
    return Run(at=run.started_at, seconds=took, **counted)


@router.get("/holds")
def get_holds(request: Request, actor: Holder) -> Response:
    """Holds that stand, and the form to place one."""
    return _holds(request, actor)


def _holds(request: Request, actor: Actor, given: dict[str, Any] | None = None, *errors: FieldError) -> Response:
    house = house_of(request)
    zone = house.policy.zone
    rows = tuple(
        Hold(
            reference=hold.reference,
            reason=hold.reason,
            owner=hold.owner,
            placed_on=hold.placed_at.astimezone(zone).date(),
            until=hold.ends_on,
            lift_action=f"/privacy/holds/{hold.id.hex()}/lift",
        )
        for hold in holds.list_standing(house)
    )
    view = HoldsView("/privacy/holds", actor.csrf, rows, errors=errors, **(given or {}))
    return render_staff(request, actor, "privacy/holds.html", status=422 if errors else 200, view=view)


@router.post("/holds")
def post_hold(
    request: Request,
    actor: Holder,
    reference: Annotated[str, Form(max_length=30)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
    owner: Annotated[str, Form(max_length=200)] = "",
    until: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Place a hold."""
    given = {"reference": reference, "reason": reason, "owner": owner, "until": until}
    errors = [
        FieldError(name, code)
        for name, code in (("reference", "reference_missing"), ("reason", "reason_missing"), ("owner", "owner_missing"))
        if not given[name].strip()
    ]
    try:
        day = date.fromisoformat(until)
    except ValueError:
        errors.append(FieldError("until", "date_past"))
    if errors:
        return _holds(request, actor, given, *errors)
    try:
        holds.place(house_of(request), reference, reason=reason, owner=owner, ends_on=day, actor=actor.name)
    except Refusal as refusal:
        fault = ("until", "date_past") if refusal.code == "hold_end_passed" else ("reference", "reference_unknown")
        return _holds(request, actor, given, FieldError(*fault))
    return see_other("/privacy/holds")


@router.post("/holds/{hold}/lift")
def post_lift(request: Request, actor: Holder, hold: str) -> Response:
    """Lift a hold."""
    holds.lift(house_of(request), hold, actor=actor.name)
    return see_other("/privacy/holds")


@router.get("/why")
def get_why(request: Request, actor: Officer) -> Response:
    """The question by reference."""
    return render_staff(request, actor, "privacy/why.html", view=WhyView("/privacy/why", actor.csrf))


@router.post("/why")
def post_why(request: Request, actor: Officer, reference: Annotated[str, Form(max_length=30)] = "") -> Response:
    """Why a record is still here and when it goes."""
    house, language = house_of(request), language_of(request)
    try:
        found = find_why(house, reference, language, actor=actor.name)
    except Refusal:
        code = "reference_unknown" if reference.strip() else "reference_missing"
        view = WhyView("/privacy/why", actor.csrf, reference, errors=(FieldError("reference", code),))
        return render_staff(request, actor, "privacy/why.html", status=422, view=view)
    rules = tuple(Rule(rule.rule, rule.on, rule.won, rule.reason) for rule in rules_of(house, found.decision, language))
    answer = Why(found.reference, found.state, (end_view(found.end),), rules, bearings=found.bearings)
    view = WhyView("/privacy/why", actor.csrf, found.reference, answer)
    return render_staff(request, actor, "privacy/why.html", view=view)


@router.get("/audit")
def get_audit(request: Request, actor: Auditor) -> Response:
    """The button that verifies the record."""
    view = AuditView("/privacy/audit", actor.csrf, office.count_entries(house_of(request)))
    return render_staff(request, actor, "privacy/audit.html", view=view)


@router.post("/audit")
def post_audit(request: Request, actor: Auditor) -> Response:
    """Verify the whole record."""
    house = house_of(request)
    report = office.verify(house, actor.name)
    fault = str(report.faults[0]) if report.faults else ""
    result = AuditResult(report.ok, report.size, report.root.hex(), house.now(), fault)
    view = AuditView("/privacy/audit", actor.csrf, report.size, result)
    return render_staff(request, actor, "privacy/audit.html", view=view)
