"""One person, many things: another application or another resume on the record that is there already.

Only for a visitor whose address was proved; the link of one application never reaches further than that application.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.desk.profiles import take_over_reading
from intake.desk.refusals import Refusal
from intake.desk.rights import person_of
from intake.desk.submit import Submission, apply_reading, check_file, enter_application, find_taking
from intake.installation import Installation
from retention.records import settle_end
from storage import audit, outbox
from storage.identifiers import new_id
from storage.models import Application, Document, Person, PersonState
from storage.profile import Reading
from storage.queries import people
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import Source


def person_who_may_add(session: Session, visitor: Visitor) -> Person:
    """The visitor's record, if it may grow. Raises :class:`Refusal`."""
    person = person_of(session, visitor)
    if visitor.application_id is not None:
        raise Refusal("address_not_proved", 403, "Open the link that was sent to your address first.")
    if person.state is not PersonState.LIVE:
        raise Refusal("restricted", 409, "This record is locked; nothing can be added to it.")
    return person


def apply_again(session: Session, house: Installation, visitor: Visitor, submission: Submission) -> Application:
    """Another application of the same person, with the resume on record. Raises :class:`Refusal` at the limit."""
    person = person_who_may_add(session, visitor)
    there = people.find_applications(session, person.id)
    if len(there) >= house.settings.applications_per_person:
        raise Refusal("too_many_applications", 409, "You have as many applications here as one person may have.")
    opening = find_taking(session, submission.opening)
    application = enter_application(session, house, person, house.vault.key_of(person), submission, opening)
    person.last_contact_on = house.today()
    session.flush()
    settle_end(session, person, house.policy, house.now())
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, house.now())
    return application


@dataclass(frozen=True, slots=True)
class Received:
    """A document sealed under the person's key and read, not yet on record."""

    id: bytes
    data: bytes = field(repr=False)
    file_name: str = field(repr=False)
    kind: str
    blob_id: str
    reading: Reading = field(repr=False)


def receive_document(house: Installation, person: Person, data: bytes, file_name: str) -> Received:
    """Seal a person's further document, make it durable, and read it. Raises :class:`Refusal`."""
    told = check_file(house, data)
    key, document_id = house.vault.key_of(person), new_id()
    blob_id = house.blobs.write(house.vault.sealer.seal_object(key, "document_file", document_id, data))
    reading = house.reader.read(data, timeout=house.settings.reading_seconds)
    return Received(document_id, data, file_name, told.kind, blob_id, reading)


def enter_document(
    session: Session, house: Installation, person: Person, received: Received, application_id: bytes | None = None
) -> Document:
    """Put a received document on record; what it says fills what the person has not corrected."""
    key, vault = house.vault.key_of(person), house.vault
    document = Document(
        id=received.id,
        person_id=person.id,
        application_id=application_id,
        blob_id=received.blob_id,
        size=len(received.data),
        kind=received.kind,
        received_at=house.now(),
        content_digest=hmac.digest(vault.secrets.digest_key, received.data, hashlib.sha256),
        name=vault.sealer.seal_text(key, "document_name", received.id, received.file_name),
    )
    apply_reading(house, key, document, received.reading)
    session.add(document)
    session.flush()
    take_over_reading(session, house, person, received.reading.profile, source=Source.PERSON, document_id=document.id)
    return document


def add_document(house: Installation, visitor: Visitor, data: bytes, file_name: str) -> Document:
    """Keep another resume beside those on record. Raises :class:`Refusal`."""
    with house.database.reading() as session:
        person = person_who_may_add(session, visitor)
        _check_room(session, house, person)
    received = receive_document(house, person, data, file_name)
    with house.database.writing() as session:
        person = person_who_may_add(session, visitor)
        _check_room(session, house, person)
        document = enter_document(session, house, person, received)
        about = {"document": document.id.hex(), "verdict": received.reading.verdict.value, "bytes": len(data)}
        audit.record(
            session, at=house.now(), actor="person", action="document.added", subject=person.log_name, about=about
        )
    return document


def _check_room(session: Session, house: Installation, person: Person) -> None:
    if len(people.find_documents(session, person.id)) >= house.settings.documents_per_person:
        raise Refusal("too_many_documents", 409, "You have as many documents here as one person may have.")
