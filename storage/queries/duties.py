"""What people owe on a schedule, who has it, and when it was done."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Duty, DutyKind, Installation, Staff, utc_now


def find_begin(session: Session) -> datetime:
    """When this installation began."""
    return session.scalar(select(Installation.created_at).limit(1)) or utc_now()


def find_open(session: Session, kind: DutyKind, about: str) -> Duty | None:
    """The one that is not done yet, or None."""
    wanted = select(Duty).where(Duty.kind == kind, Duty.about == about, Duty.done_on.is_(None))
    return session.scalar(wanted.order_by(Duty.opened_at.desc()).limit(1))


def find_last_done(session: Session, kind: DutyKind, about: str) -> Duty | None:
    """The one done last, or None."""
    wanted = select(Duty).where(Duty.kind == kind, Duty.about == about, Duty.done_on.is_not(None))
    return session.scalar(wanted.order_by(Duty.done_on.desc(), Duty.opened_at.desc()).limit(1))


def find_assignee(session: Session, duty: Duty) -> Staff | None:
    """Who has it, or None."""
    return session.get(Staff, duty.assigned_to) if duty.assigned_to else None


def find_active_staff(session: Session, staff_id: bytes, today: date) -> Staff | None:
    """An account that may be used today, or None."""
    staff = session.get(Staff, staff_id)
    if staff is None or staff.disabled_at is not None or (staff.ends_on is not None and staff.ends_on < today):
        return None
    return staff


def list_active_staff(session: Session, today: date) -> list[Staff]:
    """Every account that may be used today, oldest first."""
    wanted = select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.created_at)
    return [staff for staff in session.scalars(wanted) if staff.ends_on is None or staff.ends_on >= today]
