"""The sealed mail outbox."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Mail, MailState


def find_waiting(session: Session, now: datetime, limit: int) -> list[Mail]:
    """Messages that are due, oldest first."""
    due = select(Mail).where(Mail.state == MailState.WAITING, Mail.not_before <= now)
    return list(session.scalars(due.order_by(Mail.not_before).limit(limit)))


def find_latest(session: Session, limit: int) -> list[Mail]:
    """The latest messages, whatever became of them."""
    return list(session.scalars(select(Mail).order_by(Mail.created_at.desc()).limit(limit)))


def find_of(session: Session, person_id: bytes) -> list[Mail]:
    """Messages to one person, oldest first."""
    return list(session.scalars(select(Mail).where(Mail.person_id == person_id).order_by(Mail.created_at)))
