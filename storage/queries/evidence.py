"""Figures that show a promise kept, or broken: counts only, from the live tables. Nothing here names a person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from storage.models import (
    AnonymousFact,
    Application,
    AuditEntry,
    BasisEvent,
    Ending,
    Enquiry,
    Hold,
    Note,
    NoticeVersion,
    Person,
    PersonDigest,
    PersonField,
    PersonState,
    RateWindow,
    RepeatedCall,
    Staff,
    StaffSession,
    Suppression,
    Tally,
)
from storage.vocabulary import Basis, Purpose, Stage
from storage.vocabulary import BasisEvent as Kind


def _count(session: Session, table: Any, *wheres: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*wheres)) or 0


def count_fields(session: Session) -> tuple[int, int]:
    """Sealed fields on record, and how many of them do not say where they came from."""
    return _count(session, PersonField), _count(session, PersonField, PersonField.source.is_(None))


def sample_fields(session: Session, limit: int) -> list[bytes]:
    """Some sealed fields, as they lie in the database."""
    return [bytes(value) for value in session.scalars(select(PersonField.value).limit(limit))]


def count_applications(session: Session) -> int:
    """How many applications are on record, drafts included."""
    return _count(session, Application)


def count_drafts(session: Session, before: datetime) -> tuple[int, int]:
    """Drafts on record, and how many of them were over at ``before`` and are still there unheld."""
    is_draft = exists().where(Application.person_id == Person.id, Application.stage == Stage.DRAFT)
    is_late = and_(Person.ends_at <= before, Person.state != PersonState.ENDING, ~_has_hold())
    return _count(session, Application, Application.stage == Stage.DRAFT), _count(session, Person, is_draft, is_late)


def _has_hold() -> ColumnElement[bool]:
    return exists().where(Hold.person_id == Person.id, Hold.lifted_at.is_(None))


def count_ages_unconfirmed(session: Session) -> int:
    """Applications taken in without a confirmed age."""
    return _count(session, Application, Application.age_confirmed.is_(False))


def count_notices_lost(session: Session) -> tuple[int, int]:
    """Versions of the notice under which records came, and how many of them can no longer be read."""
    versions = select(Application.notice_version).distinct()
    lost = versions.where(~exists().where(NoticeVersion.version == Application.notice_version))
    return _rows(session, versions), _rows(session, lost)


def _rows(session: Session, question: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(question.subquery())) or 0


def count_consents(session: Session) -> tuple[dict[str, int], int]:
    """Entries of the ledger about consent by kind, and how many consents were given without the wording's digest."""
    asked = BasisEvent.basis.in_((Basis.CONSENT, Basis.DEEMED_CONSENT))
    rows = session.execute(select(BasisEvent.event, func.count()).where(asked).group_by(BasisEvent.event))
    bare = _count(
        session, BasisEvent, BasisEvent.basis == Basis.CONSENT, BasisEvent.event == Kind.GIVEN,
        BasisEvent.wording_digest == "",
    )  # fmt: skip
    return {str(kind): count for kind, count in rows}, bare


def count_signals(session: Session) -> int:
    """Entries of the ledger that were made under Global Privacy Control."""
    return _count(session, BasisEvent, BasisEvent.global_privacy_control.is_(True))


def find_choosers(session: Session, purpose: str) -> list[bytes]:
    """People who ended another purpose than ``purpose`` and whose record is neither restricted nor ending."""
    ended = exists().where(
        BasisEvent.person_id == Person.id,
        BasisEvent.purpose != purpose,
        BasisEvent.event.in_((Kind.WITHDRAWN, Kind.REFUSED, Kind.OBJECTED)),
    )
    return list(session.scalars(select(Person.id).where(Person.state == PersonState.LIVE, ended)))


def count_baseless(session: Session, now: datetime, today: date) -> int:
    """People neither restricted nor ending nor held whose every basis ended, and whose end is past."""
    later = BasisEvent.__table__.alias()
    superseded = exists().where(
        later.c.person_id == BasisEvent.person_id,
        later.c.application_id == BasisEvent.application_id,
        later.c.purpose == BasisEvent.purpose,
        later.c.position > BasisEvent.position,
    )
    live = exists().where(
        BasisEvent.person_id == Person.id,
        BasisEvent.event.in_((Kind.GIVEN, Kind.RENEWED)),
        ~superseded,
        or_(BasisEvent.expires_on.is_(None), BasisEvent.expires_on >= today),
    )
    return _count(session, Person, Person.state == PersonState.LIVE, Person.ends_at <= now, ~live, ~_has_hold())


def count_restricted(session: Session, today: date) -> tuple[int, int]:
    """Records that only law keeps, and how many of them are not restricted though they ought to be."""
    late = and_(Person.state == PersonState.LIVE, Person.restricted_from < today)
    return _count(session, Person, Person.state == PersonState.RESTRICTED), _count(session, Person, late)


def count_held(session: Session) -> tuple[int, int]:
    """People under a hold, and how many of them are ending all the same."""
    held = select(Hold.person_id).where(Hold.lifted_at.is_(None)).distinct()
    return _rows(session, held), _count(session, Person, Person.state == PersonState.ENDING, _has_hold())


def count_asked_to_go(session: Session) -> tuple[int, int]:
    """People who asked for erasure and are still on record, and how many of them are neither restricted nor ending."""
    asked = Person.erasure_asked_at.is_not(None)
    return _count(session, Person, asked), _count(session, Person, asked, Person.state == PersonState.LIVE)


def count_anonymous(session: Session) -> tuple[int, int]:
    """Coarse facts kept, and how many carry an id of an ended record."""
    tied = exists().where(or_(Ending.subject == AnonymousFact.id, Ending.id == AnonymousFact.id))
    return _count(session, AnonymousFact), _count(session, AnonymousFact, tied)


def count_ends(session: Session, before: datetime) -> tuple[int, int]:
    """Ends confirmed as purged, and ends begun before ``before`` whose key is not destroyed yet."""
    late = and_(Ending.key_gone_at.is_(None), Ending.ended_at < before)
    return _count(session, Ending, Ending.purged_at.is_not(None)), _count(session, Ending, late)


def count_enquiries(session: Session, now: datetime) -> tuple[int, int, int]:
    """Questions on record, how many of them wait for an answer, and how many should have ended by ``now``."""
    over = exists().where(Person.id == Enquiry.person_id, Person.ends_at <= now, Person.state != PersonState.ENDING)
    waiting = _count(session, Enquiry, Enquiry.answered_at.is_(None))
    return _count(session, Enquiry), waiting, _count(session, Enquiry, over)


def count_decisions(session: Session) -> tuple[int, int]:
    """Rejections, and how many of them no person signed."""
    rejected = Application.stage == Stage.REJECTED
    return _count(session, Application, rejected), _count(
        session, Application, rejected, Application.decided_by.is_(None)
    )


def count_sessions(session: Session, now: datetime) -> tuple[int, int]:
    """Sessions of staff, and how many belong to accounts that are disabled or over."""
    closed = exists().where(
        Staff.id == StaffSession.staff_id, or_(Staff.disabled_at.is_not(None), Staff.ends_on < now.date())
    )
    return _count(session, StaffSession), _count(session, StaffSession, closed)


def find_entries(session: Session, actions: tuple[str, ...], limit: int) -> list[str]:
    """The newest entries of the record about these actions, as they were hashed."""
    newest = select(AuditEntry.entry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.id.desc()).limit(limit)
    return list(session.scalars(newest))


def count_technical(session: Session, now: datetime, first_day: date) -> tuple[int, int]:
    """Rows of technical data (rate windows, tallies), and how many of them outlived their clock."""
    rows = _count(session, RateWindow) + _count(session, Tally)
    late = _count(session, RateWindow, RateWindow.ends_at <= now) + _count(session, Tally, Tally.day < first_day)
    return rows, late


def find_stages(session: Session, person_id: bytes) -> list[tuple[bytes, Stage]]:
    """The stage of each of a person's applications, by the application's id."""
    rows = session.execute(select(Application.id, Application.stage).where(Application.person_id == person_id))
    return [(row_id, stage) for row_id, stage in rows]


def count_notes(session: Session) -> tuple[int, int]:
    """Notes of staff, and how many of them belong to nobody on record."""
    return _count(session, Note), _count(session, Note, ~exists().where(Person.id == Note.person_id))


def count_actions(session: Session, actions: tuple[str, ...]) -> dict[str, int]:
    """How often each of these stands in the record of what was done."""
    rows = session.execute(
        select(AuditEntry.action, func.count()).where(AuditEntry.action.in_(actions)).group_by(AuditEntry.action)
    )
    return {str(action): int(count) for action, count in rows}


def count_repeated(session: Session, now: datetime) -> tuple[int, int]:
    """Answers kept for repeated calls, and how many of them outlived their time."""
    return _count(session, RepeatedCall), _count(session, RepeatedCall, RepeatedCall.expires_at <= now)


def count_digests(session: Session, today: date) -> tuple[int, int]:
    """Keyed digests of erased people, and how many of them outlived their time."""
    return _count(session, Suppression), _count(session, Suppression, Suppression.ends_on < today)


def count_proved(session: Session) -> tuple[int, int]:
    """Addresses that were proved, and all."""
    return _count(session, PersonDigest, PersonDigest.proved_at.is_not(None)), _count(session, PersonDigest)


def count_wishes(session: Session) -> tuple[int, int]:
    """Entries of the ledger about ways of contact, and objections to advertising or sale."""
    against = BasisEvent.purpose.in_((Purpose.MARKETING, Purpose.SALE))
    return (
        _count(session, BasisEvent, BasisEvent.contact != ""),
        _count(session, BasisEvent, against, BasisEvent.event == Kind.OBJECTED),
    )
