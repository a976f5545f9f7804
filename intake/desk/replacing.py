"""Replacing a resume: the new document takes the place of the former one, whose file is retired.

What only the former one said goes with it; what the person corrected, their name and their addresses stay. The file
is kept sealed, shown to nobody, while backups may still name it.
"""

from datetime import timedelta

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.desk.more import Received, enter_document, receive_document
from intake.desk.refusals import Refusal, not_found
from intake.desk.rights import person_of
from intake.installation import Installation
from storage import audit
from storage.models import Document, Person, PersonState
from storage.profile import Verdict
from storage.queries import people
from storage.queries.afterwards import retire_blob

KEPT_FIELDS = ("name", "emails")
"""Without these nobody could be answered."""


def find_own(session: Session, visitor: Visitor, document_id: bytes) -> tuple[Person, Document]:
    """The visitor's record and one of its documents. Raises :class:`Refusal`."""
    person = person_of(session, visitor)
    document = people.find_document(session, document_id)
    if document is None or document.person_id != person.id:
        raise not_found()
    if visitor.application_id not in (None, document.application_id):
        raise not_found()
    if person.state is not PersonState.LIVE:
        raise Refusal("restricted", 409, "This record is locked; nothing can be added to it.")
    return person, document


def replace_document(house: Installation, visitor: Visitor, document_id: bytes, data: bytes, file_name: str) -> None:
    """Put a new document in the place of one. Raises :class:`Refusal`; then nothing has changed."""
    with house.database.reading() as session:
        person, _ = find_own(session, visitor, document_id)
    received = receive_document(house, person, data, file_name)
    with house.database.writing() as session:
        person, former = find_own(session, visitor, document_id)
        application_id, blob_id = former.application_id, former.blob_id
        if received.reading.verdict is Verdict.OK:
            _drop_what_it_said(session, person, former, received)
        session.delete(former)
        session.flush()
        enter_document(session, house, person, received, application_id)
        now = house.now()
        retire_blob(
            session, person.id, blob_id, at=now, kept_until=now + timedelta(days=house.settings.key_window_days)
        )
        about = {"document": received.id.hex(), "from": document_id.hex()}
        audit.record(session, at=now, actor="person", action="document.replaced", subject=person.log_name, about=about)
    house.wake()


def _drop_what_it_said(session: Session, person: Person, former: Document, received: Received) -> None:
    for row in people.find_fields(session, person.id):
        is_said_again = getattr(received.reading.profile, row.name) not in (None, ())
        if row.document_id == former.id and not row.corrected and not is_said_again and row.name not in KEPT_FIELDS:
            session.delete(row)
