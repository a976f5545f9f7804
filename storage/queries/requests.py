"""Requests of people under their rights, with their clocks."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.models import RequestOutcome, RightsRequest


def find_of(session: Session, person_id: bytes) -> Sequence[RightsRequest]:
    """One person's requests, the oldest first."""
    return session.scalars(
        select(RightsRequest).where(RightsRequest.person_id == person_id).order_by(RightsRequest.arrived_on)
    ).all()


def find_open(session: Session) -> Sequence[RightsRequest]:
    """Every request that is not answered, the one due first on top."""
    still = select(RightsRequest).where(RightsRequest.outcome == RequestOutcome.OPEN)
    return session.scalars(still.order_by(RightsRequest.due_on, RightsRequest.id)).all()


def find_request(session: Session, request_id: bytes) -> RightsRequest | None:
    """One request, or None."""
    return session.get(RightsRequest, request_id)
