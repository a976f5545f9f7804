"""Legal holds: nothing under one changes until it is lifted (promise R3). Its reason arrives already sealed."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from retention.policy.policy import Policy
from retention.records import settle_end
from storage import audit
from storage.identifiers import new_id
from storage.models import Hold, PersonState
from storage.queries import endings, people
from storage.seal import Sealed


class HoldRefused(Exception):
    """A hold could not be placed or lifted. ``code`` is stable: ``not_found``, ``already_ending``, ``end_passed``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def place_hold(
    session: Session,
    policy: Policy,
    person_id: bytes,
    *,
    hold_id: bytes | None = None,
    reason: Sealed,
    owner: str,
    ends_on: date,
    at: datetime,
) -> Hold:
    """Put a hold on a person's record. ``ends_on`` is when it must be reviewed; it never lapses by itself."""
    person = people.lock_person(session, person_id)
    if person is None:
        raise HoldRefused("not_found")
    if person.state is PersonState.ENDING:
        raise HoldRefused("already_ending")
    if ends_on <= at.astimezone(policy.zone).date():
        raise HoldRefused("end_passed")
    hold = Hold(id=hold_id or new_id(), person_id=person_id, reason=reason, owner=owner, placed_at=at, ends_on=ends_on)
    session.add(hold)
    session.flush()
    settle_end(session, person, policy, at)
    audit.record(
        session, at=at, actor=owner, action="hold.placed", subject=person.log_name, about={"hold": hold.id.hex()}
    )
    return hold


def lift_hold(session: Session, policy: Policy, hold_id: bytes, *, by: str, at: datetime) -> Hold:
    """Lift a hold; the record's end is worked out anew at once."""
    hold = endings.find_hold(session, hold_id)
    if hold is None or hold.lifted_at is not None:
        raise HoldRefused("not_found")
    hold.lifted_at, hold.lifted_by = at, by
    session.flush()
    person = people.lock_person(session, hold.person_id)
    if person is not None:
        settle_end(session, person, policy, at)
        audit.record(
            session, at=at, actor=by, action="hold.lifted", subject=person.log_name, about={"hold": hold.id.hex()}
        )
    return hold
