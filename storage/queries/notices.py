"""Published notices and the policies behind them: what was said, and from when it holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import NoticeVersion


def find_notice(session: Session, version: str, language: str) -> NoticeVersion | None:
    """One notice word for word, or None."""
    return session.get(NoticeVersion, (version, language))


def find_notices(session: Session, language: str) -> Sequence[NoticeVersion]:
    """Every notice ever published in a language, the latest to take effect first."""
    return session.scalars(
        select(NoticeVersion)
        .where(NoticeVersion.language == language)
        .order_by(NoticeVersion.in_force_from.desc(), NoticeVersion.version)
    ).all()


def find_posted(session: Session, at: datetime) -> Sequence[NoticeVersion]:
    """Notices that are posted and do not hold yet, the first to take effect first."""
    return session.scalars(
        select(NoticeVersion)
        .where(NoticeVersion.in_force_from > at)
        .order_by(NoticeVersion.in_force_from, NoticeVersion.version, NoticeVersion.language)
    ).all()


def find_published_policy(session: Session, at: datetime) -> NoticeVersion | None:
    """The published policy that holds at an instant: of those that have taken effect the latest; None: none has."""
    return session.scalars(
        select(NoticeVersion)
        .where(NoticeVersion.in_force_from <= at, NoticeVersion.policy_toml != "")
        .order_by(NoticeVersion.in_force_from.desc(), NoticeVersion.published_at.desc())
        .limit(1)
    ).first()
