"""What is due, what is ending, what is held, and what has gone."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from storage.models import (
    Document,
    DoomedBlob,
    Ending,
    Hold,
    Opening,
    Person,
    PersonState,
    RetentionRun,
    RetiredBlob,
    RunState,
)


def find_holds(session: Session, person_id: bytes) -> list[Hold]:
    """The person's holds that are not lifted."""
    return list(session.scalars(select(Hold).where(Hold.person_id == person_id, Hold.lifted_at.is_(None))))


def find_all_holds(session: Session) -> list[Hold]:
    """Every hold that is not lifted, the one to be reviewed first on top."""
    return list(session.scalars(select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.ends_on)))


def find_hold(session: Session, hold_id: bytes) -> Hold | None:
    """One hold, or None."""
    return session.get(Hold, hold_id)


def was_ever_held(session: Session, person_id: bytes) -> bool:
    """Whether a hold was ever placed on this person, lifted or not."""
    return session.scalar(select(func.count()).select_from(Hold).where(Hold.person_id == person_id)) != 0


def _is_held() -> ColumnElement[bool]:
    return exists().where(Hold.person_id == Person.id, Hold.lifted_at.is_(None))


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Person.ends_at.is_not(None), Person.ends_at <= now, Person.state != PersonState.ENDING, ~_is_held())


def find_due(session: Session, now: datetime, limit: int) -> list[Person]:
    """People whose record is over and who are neither held nor already ending, longest overdue first."""
    return list(session.scalars(select(Person).where(_is_due(now)).order_by(Person.ends_at, Person.id).limit(limit)))


def count_due(session: Session, now: datetime) -> int:
    """How many people :func:`find_due` would find without its limit."""
    return session.scalar(select(func.count()).select_from(Person).where(_is_due(now))) or 0


def count_held_due(session: Session, now: datetime) -> int:
    """How many would be due were they not held."""
    held = and_(_is_held(), or_(Person.ends_at.is_(None), Person.ends_at <= now))
    return session.scalar(select(func.count()).select_from(Person).where(held)) or 0


def ends_by_day(session: Session, first: date, last: date) -> dict[date, int]:
    """How many records end on each day from ``first`` to ``last``."""
    rows = session.execute(
        select(Person.ends_on, func.count())
        .where(Person.ends_on >= first, Person.ends_on <= last, Person.state != PersonState.ENDING)
        .group_by(Person.ends_on)
    )
    return {day: count for day, count in rows if day is not None}


def find_newly_restricted(session: Session, today: date, limit: int) -> list[Person]:
    """Live people whom only the law keeps by now: to be restricted."""
    return list(
        session.scalars(
            select(Person).where(Person.state == PersonState.LIVE, Person.restricted_from < today).limit(limit)
        )
    )


def find_passing(session: Session, today: date, limit: int) -> list[Person]:
    """Live, unheld people of whom one purpose is over while the record goes on."""
    passing = select(Person).where(Person.state == PersonState.LIVE, Person.purpose_ends_on < today, ~_is_held())
    return list(session.scalars(passing.order_by(Person.id).limit(limit)))


def find_settled_otherwise(session: Session, version: str, after: bytes, limit: int) -> list[Person]:
    """People whose end was last worked out under another version of the policy, in the order of their ids."""
    stale = select(Person).where(
        Person.policy_version != version, Person.state != PersonState.ENDING, Person.id > after
    )
    return list(session.scalars(stale.order_by(Person.id).limit(limit)))


def find_ending(session: Session, subject: bytes) -> Ending | None:
    """The record of one person's end, or None."""
    return session.scalar(select(Ending).where(Ending.subject == subject))


def find_unfinished(session: Session) -> list[Ending]:
    """Ends that are not yet *purged*, oldest first."""
    return list(session.scalars(select(Ending).where(Ending.purged_at.is_(None)).order_by(Ending.ended_at)))


def find_keyless(session: Session, limit: int) -> list[Ending]:
    """Ends whose key and index entries are gone and whose rows may follow."""
    ready = and_(Ending.key_gone_at.is_not(None), Ending.index_gone_at.is_not(None), Ending.rows_gone_at.is_(None))
    return list(session.scalars(select(Ending).where(ready).order_by(Ending.ended_at).limit(limit)))


def find_rowless(session: Session, limit: int) -> list[Ending]:
    """Ends whose rows are gone and whose blobs are not all confirmed gone."""
    ready = and_(Ending.rows_gone_at.is_not(None), Ending.purged_at.is_(None))
    return list(session.scalars(select(Ending).where(ready).order_by(Ending.ended_at).limit(limit)))


def find_blob_ids(session: Session, person_ids: Sequence[bytes]) -> list[str]:
    """Blobs of these people's documents, and of those that they replaced."""
    named = session.scalars(select(Document.blob_id).where(Document.person_id.in_(person_ids)))
    retired = session.scalars(select(RetiredBlob.blob_id).where(RetiredBlob.person_id.in_(person_ids)))
    return list(dict.fromkeys([*named, *retired]))


def find_doomed(session: Session, limit: int) -> list[DoomedBlob]:
    """Blobs to unlink, oldest first."""
    return list(session.scalars(select(DoomedBlob).order_by(DoomedBlob.doomed_at).limit(limit)))


def forget_doomed(session: Session, blob_ids: Sequence[str]) -> None:
    """Strike unlinked blobs off the list."""
    session.execute(delete(DoomedBlob).where(DoomedBlob.blob_id.in_(blob_ids)))


def count_doomed(session: Session, ending_id: bytes) -> int:
    """How many blobs of one end are still to be unlinked."""
    return session.scalar(select(func.count()).select_from(DoomedBlob).where(DoomedBlob.ending_id == ending_id)) or 0


def known_blobs(session: Session, blob_ids: Sequence[str]) -> set[str]:
    """Which of these blobs a document, or the list of replaced or of doomed ones names."""
    named = set(session.scalars(select(Document.blob_id).where(Document.blob_id.in_(blob_ids))))
    named |= set(session.scalars(select(RetiredBlob.blob_id).where(RetiredBlob.blob_id.in_(blob_ids))))
    return named | set(session.scalars(select(DoomedBlob.blob_id).where(DoomedBlob.blob_id.in_(blob_ids))))


def find_openings_closed(session: Session, opening_ids: Sequence[bytes]) -> dict[bytes, date]:
    """The closing days of those openings that are closed."""
    rows = session.execute(
        select(Opening.id, Opening.closed_on).where(Opening.id.in_(opening_ids), Opening.closed_on.is_not(None))
    )
    return {row_id: day for row_id, day in rows if day is not None}


def find_last_run(session: Session) -> RetentionRun | None:
    """The last real run that finished."""
    return session.scalar(
        select(RetentionRun)
        .where(RetentionRun.state == RunState.FINISHED, RetentionRun.is_dry.is_(False))
        .order_by(RetentionRun.started_at.desc())
        .limit(1)
    )


def find_ended_since(session: Session, since: datetime) -> list[datetime]:
    """When each record ended that ended since an instant, oldest first."""
    return list(session.scalars(select(Ending.ended_at).where(Ending.ended_at >= since).order_by(Ending.ended_at)))


def count_endings(session: Session) -> int:
    """How many ends were ever recorded."""
    return session.scalar(select(func.count()).select_from(Ending)) or 0
