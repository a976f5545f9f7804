"""Openings, to whom they were given, and how many applied to each."""

from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.models import Application, Opening, OpeningManager, OpeningState, Person, PersonState
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


def find_given(session: Session, staff_id: bytes) -> frozenset[bytes]:
    """Ids of the openings that were given to a hiring manager."""
    return frozenset(session.scalars(select(OpeningManager.opening_id).where(OpeningManager.staff_id == staff_id)))


def find_managers(session: Session) -> dict[bytes, list[bytes]]:
    """Ids of the managers to whom each opening was given, the first one first."""
    found: dict[bytes, list[bytes]] = {}
    for row in session.scalars(select(OpeningManager).order_by(OpeningManager.given_at, OpeningManager.staff_id)):
        found.setdefault(row.opening_id, []).append(row.staff_id)
    return found


def take_opening(session: Session, opening_id: bytes, staff_id: bytes) -> bool:
    """Take an opening from a manager. False when it was not theirs."""
    gone = session.execute(
        delete(OpeningManager).where(OpeningManager.opening_id == opening_id, OpeningManager.staff_id == staff_id)
    )
    return bool(getattr(gone, "rowcount", 0))


def find_slugs(session: Session, opening_ids: Collection[bytes]) -> list[str]:
    """The public names of these openings, by which the word index knows them."""
    return list(session.scalars(select(Opening.slug).where(Opening.id.in_(opening_ids)).order_by(Opening.slug)))
