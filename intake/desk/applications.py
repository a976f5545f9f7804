"""One application: what it answers with, how it stands, how staff move it on."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.access.permissions import Permission
from intake.desk.ends import end_of
from intake.desk.reach import find_viewable, is_within_reach
from intake.desk.refusals import Refusal, not_found
from intake.desk.submit import Taken
from intake.installation import Installation
from intake.reading.verdicts import sentence_for
from retention.records import settle_end
from storage import audit, outbox
from storage.identifiers import find_id
from storage.models import Application, Document, DocumentState, Person
from storage.profile import PROFILE_FIELDS, Reading
from storage.profile_json import field_to_json
from storage.queries import bases, people
from storage.queries.applications import find_application, find_document_of
from storage.queries.searching import INDEX_TOPIC, is_person_findable
from storage.vocabulary import Purpose, Stage

STATES = {DocumentState.STORED: "pending", DocumentState.READ: "read", DocumentState.UNREADABLE: "unreadable"}


def answer_for(house: Installation, taken: Taken, language: str) -> dict[str, Any]:
    """What the API answers to a new application. It holds no link."""
    reading = None if taken.is_pending else taken.reading
    return _answer(house, taken.person, taken.application, taken.document, reading, language)


def _answer(
    house: Installation,
    person: Person,
    application: Application,
    document: Document | None,
    reading: Reading | None,
    language: str,
) -> dict[str, Any]:
    end = end_of(house, person, language)
    return {
        "id": application.id.hex(),
        "reference": application.reference,
        "stage": application.stage.value,
        "received_at": application.received_at.isoformat(),
        "profile": _profile_answer(application, document, reading),
        "retain_until": {
            "on": end.on.isoformat() if end.on else None,
            "rule": end.rule,
            "reason": end.reason,
            "action": end.action,
        },
    }


def _profile_answer(application: Application, document: Document | None, reading: Reading | None) -> dict[str, Any]:
    state = STATES[document.state] if document else "unreadable"
    said: dict[str, Any] = {
        "state": state,
        "verdict": document.verdict.value if document and document.verdict else None,
        "message": "",
        "fields": {},
        "confidence": {},
        "status_url": f"/api/v1/applications/{application.id.hex()}" if state == "pending" else None,
    }
    if reading is not None:
        said["message"] = sentence_for(reading)
        said["confidence"] = {path: round(e.confidence, 3) for path, e in reading.evidence.items()}
        said["fields"] = _fields(reading)
    return said


def _fields(reading: Reading) -> dict[str, Any]:
    found = {}
    for name in PROFILE_FIELDS:
        value = field_to_json(reading.profile, name)
        if value not in (None, []):
            told = [e.confidence for path, e in reading.evidence.items() if path.partition("/")[0] == name]
            found[name] = {"value": value, "confidence": round(min(told), 3) if told else None}
    return found


def look_at(session: Session, house: Installation, application_id: str, actor: Actor) -> dict[str, Any]:
    """How an application stands. What was read is shown to ``candidates:read`` while a basis lives, on record."""
    row_id = find_id(application_id)
    application = find_application(session, row_id) if row_id else None
    person = people.find_present(session, application.person_id) if application else None
    if application is None or person is None:
        raise not_found()
    document = find_document_of(session, application.id)
    reading = None
    may_read = Permission.VIEW in actor.permissions and is_person_findable(session, person.id, house.scope())
    if may_read and document is not None:
        reading = house.vault.open_reading(house.vault.key_of(person), document)
        audit.record(
            session, at=house.now(), actor=actor.name, action="application.viewed", subject=person.log_name,
            about={"application": application.id.hex(), "via": "api"},
        )  # fmt: skip
    return _answer(house, person, application, document, reading, application.language)


def _require_live(session: Session, house: Installation, application: Application) -> None:
    """An application that nothing permits to consider is moved nowhere (N3)."""
    live = bases.find_live(session, application.person_id, house.today())
    if all(e.application_id != application.id or e.purpose != Purpose.APPLICATION for e in live):
        raise Refusal("no_live_basis", 409, "Nothing permits considering this application any more.")


def move_stage(
    session: Session,
    house: Installation,
    application_id: bytes,
    *,
    stage: Stage,
    reason: str,
    actor: Actor,
    decided_on: date | None = None,
) -> Application:
    """Move an application on. A decision needs a human and a reason (L5); its day anchors how long data is kept."""
    application = find_application(session, application_id)
    person = people.lock_person(session, application.person_id) if application else None
    if application is None or person is None or application.stage is Stage.DRAFT:
        raise not_found()
    if actor.bound_to is not None:
        refuse_out_of_reach(session, house, actor, application)
    _require_live(session, house, application)
    if stage in (Stage.DRAFT, Stage.WITHDRAWN) or application.stage is Stage.WITHDRAWN:
        raise Refusal("stage_not_allowed", 422, "This application cannot be moved to that stage.", field="/stage")
    if stage.is_decided and not reason.strip():
        raise Refusal("reason_needed", 422, "Enter the reason of the decision.", field="/reason")
    former, application.stage = application.stage, stage
    application.decision_on = (decided_on or house.today()) if stage.is_decided else None
    application.decided_by = actor.staff_id if stage.is_decided else None
    if reason.strip():
        application.decision_reason = house.vault.sealer.seal_text(
            house.vault.key_of(person), "decision_reason", application.id, reason.strip()
        )
    person.last_contact_on = house.today()
    session.flush()
    settle_end(session, person, house.policy, house.now())
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, house.now())
    audit.record(
        session, at=house.now(), actor=actor.name, action="application.moved", subject=person.log_name,
        about={"application": application.id.hex(), "from": former.value, "to": stage.value},
    )  # fmt: skip
    return application


def refuse_out_of_reach(session: Session, house: Installation, actor: Actor, application: Application) -> None:
    """Answer as for an unknown application, unless it is to an opening of the actor's own and the person is seen."""
    if not is_within_reach(actor, application.opening_id):
        raise not_found()
    find_viewable(session, house, actor, application.person_id)


def person_and_reference(session: Session, application_id: bytes) -> tuple[bytes, str]:
    """Whose application this is, and its reference. Raises :class:`Refusal` when there is none."""
    application = find_application(session, application_id)
    if application is None:
        raise not_found()
    return application.person_id, application.reference
