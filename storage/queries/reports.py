"""Counts for the privacy office's reports: acts on record, ends by rule, nights, holds. Never a person."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from storage.models import AuditEntry, Ending, Hold, RetentionRun, RunState

Between = tuple[datetime, datetime]
"""The first instant, and the first one that no longer counts."""


def count_acts(session: Session, between: Between) -> dict[str, int]:
    """How often each act is on record."""
    rows = session.execute(
        select(AuditEntry.action, func.count())
        .where(AuditEntry.at >= between[0], AuditEntry.at < between[1])
        .group_by(AuditEntry.action)
    )
    return {action: count for action, count in rows}  # noqa: C416 - rows are not plain pairs to a type checker


def count_acts_by_actor(session: Session, between: Between, actions: Sequence[str]) -> dict[tuple[str, str], int]:
    """How often each actor did each of these acts."""
    rows = session.execute(
        select(AuditEntry.actor, AuditEntry.action, func.count())
        .where(AuditEntry.at >= between[0], AuditEntry.at < between[1], AuditEntry.action.in_(actions))
        .group_by(AuditEntry.actor, AuditEntry.action)
    )
    return {(actor, action): count for actor, action, count in rows}


def count_ends_by_rule(session: Session, between: Between) -> dict[tuple[str, str, str], int]:
    """How many records ended, by cause, rule and what became of them."""
    rows = session.execute(
        select(Ending.cause, Ending.rule, Ending.action, func.count())
        .where(Ending.ended_at >= between[0], Ending.ended_at < between[1])
        .group_by(Ending.cause, Ending.rule, Ending.action)
    )
    return {(cause.value, rule, action.value): count for cause, rule, action, count in rows}


def find_runs(session: Session, between: Between) -> list[RetentionRun]:
    """Real runs that finished, oldest first."""
    found = select(RetentionRun).where(
        RetentionRun.started_at >= between[0],
        RetentionRun.started_at < between[1],
        RetentionRun.state == RunState.FINISHED,
        RetentionRun.is_dry.is_(False),
    )
    return list(session.scalars(found.order_by(RetentionRun.started_at)))


def count_holds_at(session: Session, at: datetime) -> int:
    """How many holds stood at an instant, of those whose people are still on record."""
    stood = select(func.count()).select_from(Hold)
    return session.scalar(stood.where(Hold.placed_at < at, or_(Hold.lifted_at.is_(None), Hold.lifted_at >= at))) or 0
