"""Reads a document again, with more time than an upload waits for. What a person corrected is never replaced."""

from sqlalchemy.orm import Session

from intake.desk.profiles import take_over_reading
from intake.desk.submit import apply_reading
from intake.desk.suppression import is_from_list, is_suppressed, record_refusal
from intake.installation import Installation
from intake.keeper.suppressing import SUPPRESSED_RULE
from retention.erasure import End, begin_end
from storage import audit, outbox
from storage.blobs import BlobGone
from storage.keystore import KeyGone
from storage.models import Application, EndCause, Person
from storage.outbox import Work
from storage.profile import Reading
from storage.queries import people
from storage.queries.applications import find_application
from storage.vocabulary import Action, Source

PATIENCE = 30.0
"""Seconds that a document may take when nobody waits."""


def reread_document(house: Installation, work: Work) -> None:
    """Read one document and put what was found into the record, in one transaction."""
    opened = _open_document(house, work.subject or b"")
    reading = None
    if opened is not None:
        with house.reader.reserve():
            reading = house.reader.read(opened, timeout=PATIENCE)
    with house.database.writing() as session:
        document = people.find_document(session, work.subject or b"")
        person = people.find_present(session, document.person_id) if document else None
        if document is not None and person is not None and reading is not None:
            key = house.vault.key_of(person)
            apply_reading(house, key, document, reading)
            taken_in = find_application(session, document.application_id or b"")
            source = taken_in.source if taken_in else Source.PERSON
            if taken_in is not None and _end_brought_back(session, house, person, taken_in, reading):
                outbox.finish(session, work)
                return
            take_over_reading(session, house, person, reading.profile, source=source, document_id=document.id)
            about = {"document": document.id.hex(), "verdict": reading.verdict.value}
            audit.record(
                session, at=house.now(), actor="keeper", action="document.read", subject=person.log_name, about=about
            )
        outbox.finish(session, work)


def _end_brought_back(
    session: Session, house: Installation, person: Person, taken_in: Application, reading: Reading
) -> bool:
    """End at once, by the one way to erase, whom a list brought in though they were erased: only now it is known."""
    source, channel = taken_in.source, taken_in.channel
    if not is_from_list(source, channel) or not is_suppressed(session, house, reading.profile.emails):
        return False
    end = End(EndCause.RETENTION, Action.PURGE, SUPPRESSED_RULE, {}, house.policy.version, "keeper")
    begin_end(session, person.id, end, house.now())
    record_refusal(session, house, source=source, channel=channel, actor="keeper")
    return True


def _open_document(house: Installation, document_id: bytes) -> bytes | None:
    with house.database.reading() as session:
        document = people.find_document(session, document_id)
        person = people.find_present(session, document.person_id) if document else None
        if document is None or person is None:
            return None
        try:
            key = house.vault.key_of(person)
            sealed = house.blobs.read(document.blob_id)
        except (KeyGone, BlobGone):
            return None
    return house.vault.sealer.open_object(key, "document_file", document_id, sealed)
