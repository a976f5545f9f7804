"""Leftovers whose time is over: expired answers, sent mail, done work, rate windows."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from storage.models import Bounce, Mail, MailState, Person, RepeatedCall, RetentionRun, RunState


def sweep_repeated_calls(session: Session, now: datetime) -> int:
    """Delete sealed answers to repeated calls that are past their day."""
    return _rows(session.execute(delete(RepeatedCall).where(RepeatedCall.expires_at <= now)))


def sweep_mail(session: Session, before: datetime) -> int:
    """Delete messages that were sent or cancelled before ``before``, and returns of those that were staff's."""
    session.execute(delete(Bounce).where(Bounce.person_id.is_(None), Bounce.at <= before))
    over = or_(Mail.sent_at <= before, (Mail.state == MailState.CANCELLED) & (Mail.created_at <= before))
    return _rows(session.execute(delete(Mail).where(over)))


def find_open_runs(session: Session) -> list[RetentionRun]:
    """Runs that began and neither finished nor were stopped: their process died."""
    return list(session.scalars(select(RetentionRun).where(RetentionRun.state == RunState.RUNNING)))


def find_people_after(session: Session, after: bytes, limit: int) -> list[Person]:
    """People in the order of their ids, for walking through all of them in batches."""
    return list(session.scalars(select(Person).where(Person.id > after).order_by(Person.id).limit(limit)))


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
