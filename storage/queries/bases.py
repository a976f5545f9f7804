"""The ledger of lawful bases: what was given, withdrawn, objected to; what is live is derived, never stored."""

from datetime import date

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from storage.models import BasisEvent, Person, PersonState
from storage.vocabulary import BasisEvent as Kind

LIVE_KINDS = (Kind.GIVEN, Kind.RENEWED)


def append_event(session: Session, event: BasisEvent) -> BasisEvent:
    """Add one entry at the end of the person's ledger."""
    last = session.scalar(select(func.max(BasisEvent.position)).where(BasisEvent.person_id == event.person_id))
    event.position = (last or 0) + 1
    session.add(event)
    session.flush()
    return event


def live_events(today: date) -> Select[BasisEvent]:
    """Entries that give or renew a basis which nothing later ended and which has not run out on ``today``.

    Entries about a way of contact neither give nor end the purpose itself.
    """
    later = aliased(BasisEvent)
    superseded = exists().where(
        and_(
            later.person_id == BasisEvent.person_id,
            later.application_id == BasisEvent.application_id,
            later.purpose == BasisEvent.purpose,
            later.position > BasisEvent.position,
            later.contact == "",
        )
    )
    return select(BasisEvent).where(
        BasisEvent.event.in_(LIVE_KINDS),
        BasisEvent.contact == "",
        ~superseded,
        or_(BasisEvent.expires_on.is_(None), BasisEvent.expires_on >= today),
    )


def find_live(session: Session, person_id: bytes, today: date) -> list[BasisEvent]:
    """A person's live entries, oldest first."""
    return list(
        session.scalars(live_events(today).where(BasisEvent.person_id == person_id).order_by(BasisEvent.position))
    )


def find_ledger(session: Session, person_id: bytes) -> list[BasisEvent]:
    """A person's whole ledger in order."""
    return list(
        session.scalars(select(BasisEvent).where(BasisEvent.person_id == person_id).order_by(BasisEvent.position))
    )


def find_ways(session: Session, person_id: bytes) -> dict[tuple[str, str], Kind]:
    """The person's latest word on each purpose and way of contact."""
    said = select(BasisEvent).where(BasisEvent.person_id == person_id, BasisEvent.contact != "")
    return {(e.purpose, e.contact): e.event for e in session.scalars(said.order_by(BasisEvent.position))}


def count_by_basis(session: Session, today: date) -> dict[str, int]:
    """How many live entries rest on each basis."""
    live = live_events(today).subquery()
    rows = session.execute(select(live.c.basis, func.count()).group_by(live.c.basis))
    return {str(basis): count for basis, count in rows}


def count_without(session: Session, today: date) -> int:
    """How many people neither restricted nor ending have no live basis (normally none for more than a day)."""
    live = live_events(today).subquery()
    has_basis = exists().where(live.c.person_id == Person.id)
    counted = select(func.count()).select_from(Person).where(Person.state == PersonState.LIVE, ~has_basis)
    return session.scalar(counted) or 0


def find_without(session: Session, today: date, limit: int) -> list[Person]:
    """People neither restricted nor ending who have no live basis (normally none for more than a day)."""
    live = live_events(today).subquery()
    has_basis = exists().where(live.c.person_id == Person.id)
    return list(session.scalars(select(Person).where(Person.state == PersonState.LIVE, ~has_basis).limit(limit)))
