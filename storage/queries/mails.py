"""The sealed mail outbox, and what came back of it."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from storage.models import Bounce, Mail, MailState


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


def count_by_state(session: Session) -> dict[MailState, int]:
    """How many messages stand in each state."""
    rows = session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {state: count for state, count in rows}  # noqa: C416 - rows are not plain pairs to a type checker


def find_bounces(session: Session, person_id: bytes) -> list[Bounce]:
    """Messages to one person that came back, latest first."""
    return list(session.scalars(select(Bounce).where(Bounce.person_id == person_id).order_by(Bounce.at.desc())))


def find_bounce_of(session: Session, mail_id: bytes) -> Bounce | None:
    """What is known of a message's return, or None while it did not come back."""
    return session.scalar(select(Bounce).where(Bounce.mail_id == mail_id))


def find_latest_bounces(session: Session, limit: int) -> list[Bounce]:
    """The latest messages that came back, whoever they were for."""
    return list(session.scalars(select(Bounce).order_by(Bounce.at.desc()).limit(limit)))


def count_bounced_people(session: Session) -> int:
    """How many people have an address at which messages came back."""
    return session.scalar(select(func.count(Bounce.person_id.distinct()))) or 0


def forget_bounces(session: Session, person_id: bytes, address: bytes) -> None:
    """A message reached this address: what came back from it before no longer counts."""
    session.execute(delete(Bounce).where(Bounce.person_id == person_id, Bounce.address == address))


def has_bounced(session: Session, person_id: bytes, address: bytes) -> bool:
    """Whether a message to this address of the person came back and none has reached it since."""
    found = exists().where(Bounce.person_id == person_id, Bounce.address == address)
    return bool(session.scalar(select(found)))


def was_told(session: Session, mail_id: bytes) -> bool:
    """Whether a message was taken by the mail server and did not come back. Nothing else counts as told."""
    mail = session.get(Mail, mail_id)
    came_back = session.scalar(select(exists().where(Bounce.mail_id == mail_id)))
    return mail is not None and mail.state is MailState.SENT and not came_back
