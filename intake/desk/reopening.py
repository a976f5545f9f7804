"""Undoing a decision: the application goes back under review with a reason, and its clock is set anew.

A decided application may leave nobody with a reason to see the candidate, so it is found by its reference alone and
nothing of the person is shown here.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.desk.reach import is_within_reach
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.records import settle_end
from storage import audit, outbox
from storage.models import Application, Person, PersonState
from storage.queries import people
from storage.queries.applications import find_by_reference
from storage.queries.openings import find_opening
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that can be undone, without anything of the person."""

    reference: str
    opening: str
    stage: Stage
    decided_on: date


def find_decided(session: Session, actor: Actor, reference: str) -> Decided:
    """The decision on an application. Raises :class:`Refusal` where there is none within the actor's reach."""
    application, _ = _find(session, actor, reference)
    opening = find_opening(session, application.opening_id) if application.opening_id else None
    day = application.decision_on
    if day is None:
        raise not_found()
    return Decided(application.reference, opening.title if opening else "", application.stage, day)


def _find(session: Session, actor: Actor, reference: str) -> tuple[Application, Person]:
    application = find_by_reference(session, reference)
    person = people.lock_person(session, application.person_id) if application else None
    if application is None or person is None or person.state is PersonState.ENDING:
        raise not_found()
    if not is_within_reach(actor, application.opening_id) or application.stage is Stage.WITHDRAWN:
        raise not_found()
    if not application.stage.is_decided:
        raise Refusal("not_decided", 409, "Nothing has been decided about this application.")
    return application, person


def reopen_decision(session: Session, house: Installation, actor: Actor, reference: str, reason: str) -> Application:
    """Put a decided application back under review. Raises :class:`Refusal` without a reason or once it is locked.

    The reason is kept under the decision's; who did it and when is on record, as the decision itself still is.
    """
    if not reason.strip():
        raise Refusal("reason_needed", 422, "Enter the reason of the decision.", field="/reason")
    application, person = _find(session, actor, reference)
    if person.state is not PersonState.LIVE:
        raise Refusal("restricted", 409, "This record is locked; nothing can be added to it.")
    former, now = application.stage, house.now()
    _keep_reason(house, person, application, reason.strip())
    application.stage, application.decision_on, application.decided_by = Stage.REVIEW, None, None
    person.last_contact_on = house.today()
    session.flush()
    settle_end(session, person, house.policy, now)
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, now)
    about = {"application": application.id.hex(), "from": former.value, "to": Stage.REVIEW.value}
    audit.record(session, at=now, actor=actor.name, action="application.reopened", subject=person.log_name, about=about)
    return application


def _keep_reason(house: Installation, person: Person, application: Application, reason: str) -> None:
    key, sealer = house.vault.key_of(person), house.vault.sealer
    said = [f"{house.today().isoformat()}: {reason}"]
    if application.decision_reason is not None:
        said.insert(0, sealer.open_text(key, "decision_reason", application.id, application.decision_reason))
    application.decision_reason = sealer.seal_text(key, "decision_reason", application.id, "\n\n".join(said))
