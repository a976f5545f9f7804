"""What an administrator is asked to see to first: counts and dates, nothing about a person."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage.models import Installation, Mail, Opening

TEST_TEMPLATE = "test"


def find_installation(session: Session) -> Installation:
    """The row of this installation."""
    return session.scalars(select(Installation)).one()


def confirm_keys(session: Session, at: datetime) -> None:
    """Note that somebody confirmed that a copy of the keys is kept elsewhere."""
    session.execute(update(Installation).values(keys_confirmed_at=at))


def confirm_zone(session: Session, zone: str) -> None:
    """Note that an administrator confirmed the time zone."""
    session.execute(update(Installation).values(zone_confirmed=zone))


def keep_logo(session: Session, picture: bytes | None) -> None:
    """Keep a logo, or none."""
    session.execute(update(Installation).values(logo=picture))


def count_openings(session: Session) -> int:
    """How many openings were ever made."""
    return session.scalar(select(func.count()).select_from(Opening)) or 0


def find_test_mail(session: Session) -> Mail | None:
    """The latest test message, or None."""
    tests = select(Mail).where(Mail.template == TEST_TEMPLATE)
    return session.scalar(tests.order_by(Mail.created_at.desc()).limit(1))
