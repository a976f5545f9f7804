"""The privacy office's monthly report, made to be printed, and who of the staff saw whom how often. Never a person."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import oversight
from intake.desk.refusals import not_found
from intake.web.privacy.views import EndedRow, Looks, ReportView, Verified
from intake.web.staff.frame import render_staff

router = APIRouter(prefix="/privacy/report")
Officer = Annotated[Actor, Depends(staff(Permission.RETENTION, Permission.AUDIT))]
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def looks_view(looks: Sequence[oversight.Looks]) -> tuple[Looks, ...]:
    """Who saw whom how often, with the length of each one's bar."""
    most = max((one.revealed for one in looks), default=0) or 1
    return tuple(Looks(one.who, one.role, one.revealed, one.documents, 100 * one.revealed / most) for one in looks)


def report_path(first: date) -> str:
    """Where the report of the month that begins on ``first`` is."""
    return f"/privacy/report/{first:%Y-%m}"


@router.get("/{month}")
def get_report(request: Request, actor: Officer, month: str) -> Response:
    """One month's figures. A month that lies ahead is not found."""
    house = house_of(request)
    present = house.today().replace(day=1)
    if not _MONTH.fullmatch(month) or (first := date.fromisoformat(f"{month}-01")) > present:
        raise not_found()
    found = oversight.report_month(house, first)
    before, after = (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=32)).replace(day=1)
    view = ReportView(
        first=first,
        made_at=found.made_at,
        is_over=found.is_over,
        received=found.received,
        by_source=tuple(found.by_source.items()),
        ended=tuple(EndedRow(*row) for row in found.ended),
        requests=tuple(found.requests.items()),
        holds_placed=found.holds_placed,
        holds_lifted=found.holds_lifted,
        holds_standing=found.holds_standing,
        incidents=found.incidents,
        past_due=found.past_due,
        ending=found.ending,
        people=found.people,
        nights=found.nights,
        nights_missed=found.nights_missed,
        failed=found.failed,
        looks=looks_view(found.looks),
        restores=found.restores,
        verified=tuple(Verified(one.at, one.is_sound) for one in found.verifications),
        policy_version=house.policy.version,
        previous_href=report_path(before),
        next_href=report_path(after) if after <= present else "",
    )
    return render_staff(request, actor, "privacy/report.html", view=view)
