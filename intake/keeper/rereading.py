"""Reads a document again, with more time than an upload waits for. What a person corrected is never replaced.

A document whose file is gone ends as unreadable, with a verdict: nothing waits for ever. A worse answer never takes
the place of a good one.
"""

from dataclasses import fields, replace
from typing import Any

from sqlalchemy.orm import Session

from intake.desk.profiles import take_over_reading
from intake.desk.submit import apply_reading
from intake.desk.suppression import is_from_list, is_suppressed, record_refusal
from intake.installation import Installation
from intake.keeper.suppressing import SUPPRESSED_RULE
from intake.reading.verdicts import refused_reading
from retention.erasure import End, begin_end
from storage import audit, outbox
from storage.blobs import BlobGone
from storage.keystore import KeyGone
from storage.models import Application, Document, DocumentState, EndCause, Person
from storage.outbox import Work
from storage.profile import Profile, Reading, Verdict
from storage.queries import people
from storage.queries.applications import find_application
from storage.seal import Unsealable
from storage.vocabulary import Action, Source

PATIENCE = 30.0
"""Seconds that a document may take when nobody waits."""


def reread_document(house: Installation, work: Work) -> None:
    """Read one document and put what was found into the record, in one transaction."""
    reading = _read(house, work.subject or b"")
    with house.database.writing() as session:
        document = people.find_document(session, work.subject or b"")
        person = people.find_present(session, document.person_id) if document else None
        if document is not None and person is not None and reading is not None:
            _keep(session, house, person, document, reading)
        outbox.finish(session, work)


def _read(house: Installation, document_id: bytes) -> Reading | None:
    """What the document says, or how reading it ended; None where its person has gone."""
    with house.database.reading() as session:
        document = people.find_document(session, document_id)
        person = people.find_present(session, document.person_id) if document else None
        if document is None or person is None:
            return None
        kind = document.kind
        try:
            key = house.vault.key_of(person)
            sealed = house.blobs.read(document.blob_id)
        except KeyGone:
            return None
        except BlobGone:
            return refused_reading(Verdict.EMPTY, "file_gone", kind)
    try:
        content = house.vault.sealer.open_object(key, "document_file", document_id, sealed)
    except Unsealable:
        return refused_reading(Verdict.MALFORMED, "malformed", kind)
    with house.reader.reserve():
        return house.reader.read(content, timeout=PATIENCE)


def _keep(session: Session, house: Installation, person: Person, document: Document, reading: Reading) -> None:
    was_read = document.state is DocumentState.READ
    if was_read and reading.verdict is not Verdict.OK:
        document.attempts += 1
    else:
        apply_reading(house, house.vault.key_of(person), document, reading)
        taken_in = find_application(session, document.application_id or b"")
        source = taken_in.source if taken_in else Source.PERSON
        if not was_read and taken_in is not None and _end_brought_back(session, house, person, taken_in, reading):
            return
        read = _of_this_document(session, person, document, reading.profile) if was_read else reading.profile
        take_over_reading(session, house, person, read, source=source, document_id=document.id)
    about = {"document": document.id.hex(), "verdict": reading.verdict.value}
    audit.record(session, at=house.now(), actor="keeper", action="document.read", subject=person.log_name, about=about)


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


def _of_this_document(session: Session, person: Person, document: Document, read: Profile) -> Profile:
    """What was read without the fields that came from elsewhere: an old document never takes a newer one's place."""
    rows = {row.name: row for row in people.find_fields(session, person.id)}
    foreign = {name for name, row in rows.items() if row.document_id != document.id}
    nothing: dict[str, Any] = {item.name: item.default for item in fields(Profile) if item.name in foreign}
    return replace(read, **nothing)
