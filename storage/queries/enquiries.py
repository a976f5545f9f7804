"""Questions that people asked: found by person, by reference, and by whether they wait for an answer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import Enquiry, Person, PersonState


def find_of(session: Session, person_id: bytes) -> list[Enquiry]:
    """One person's questions, oldest first."""
    return list(session.scalars(select(Enquiry).where(Enquiry.person_id == person_id).order_by(Enquiry.asked_at)))


def list_present(session: Session) -> list[Enquiry]:
    """Every question of people who are not ending: unanswered ones first, each part oldest first."""
    wanted = select(Enquiry).join(Person, Person.id == Enquiry.person_id).where(Person.state != PersonState.ENDING)
    return list(session.scalars(wanted.order_by(Enquiry.answered_at.is_not(None), Enquiry.asked_at)))


def find_by_reference(session: Session, reference: str) -> Enquiry | None:
    """One question, or None."""
    return session.scalar(select(Enquiry).where(Enquiry.reference == reference))
