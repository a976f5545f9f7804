"""Openings and how many applied to each."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Application, Opening, OpeningState, Person, PersonState
from storage.vocabulary import Stage


def find_opening(session: Session, opening_id: bytes) -> Opening | None:
    """One opening, or None."""
    return session.get(Opening, opening_id)


def find_opening_by_slug(session: Session, slug: str) -> Opening | None:
    """The opening of this public name, or None."""
    return session.scalar(select(Opening).where(Opening.slug == slug))


def find_open(session: Session) -> list[Opening]:
    """Openings that take applications, newest first."""
    return list(
        session.scalars(
            select(Opening).where(Opening.state == OpeningState.OPEN).order_by(Opening.created_at.desc(), Opening.slug)
        )
    )


def find_all(session: Session) -> list[Opening]:
    """Every opening, newest first."""
    return list(session.scalars(select(Opening).order_by(Opening.created_at.desc(), Opening.slug)))


def count_applications(session: Session) -> dict[bytes, int]:
    """How many applications that were sent each opening has."""
    rows = session.execute(
        select(Application.opening_id, func.count())
        .where(Application.opening_id.is_not(None), Application.stage != Stage.DRAFT)
        .group_by(Application.opening_id)
    )
    return {row_id: count for row_id, count in rows if row_id is not None}


def find_applicants(session: Session, opening_id: bytes) -> list[Person]:
    """Everybody on record who applied to this opening."""
    applied = select(Application.person_id).where(Application.opening_id == opening_id)
    return list(session.scalars(select(Person).where(Person.id.in_(applied), Person.state != PersonState.ENDING)))
