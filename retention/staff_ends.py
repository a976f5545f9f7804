"""The end of staff data: accounts that closed longer ago than the policy's period for staff are erased by the night.

Name, address, password and everything by which somebody signed in go; what they did stays on record under their
pseudonym, which then means nobody. No key is needed. An open account must never end here.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from retention.calendar import add_length, local_date
from retention.policy.policy import Policy
from storage import audit
from storage.models import Staff
from storage.queries import access, staff_ends


def last_day_kept(staff: Staff, policy: Policy) -> date | None:
    """The last local day on which an account's data is kept; None while the account has no end."""
    closed_on = local_date(staff.disabled_at, policy.zone) if staff.disabled_at else None
    days = [day for day in (closed_on, staff.ends_on) if day is not None]
    return add_length(min(days), policy.staff.kept_after_end, policy.holidays) if days else None


def end_staff(session: Session, policy: Policy, now: datetime, actor: str) -> int:
    """Erase every account whose time is over. Returns how many; safe to repeat."""
    today, ended = local_date(now, policy.zone), 0
    for staff in access.find_all_staff(session):
        kept_until = last_day_kept(staff, policy)
        if kept_until is None or kept_until >= today:
            continue
        staff_ends.erase_staff(session, staff.id)
        about = {"staff": staff.id.hex()}
        audit.record(session, at=now, actor=actor, action="staff.erased", subject=None, about=about)
        ended += 1
    return ended
