"""Documents by reader, and those that may be queued to be read again, on both databases."""

import pytest
from people_on_record import NOW, SEALED, add_person
from sqlalchemy.orm import Session

from storage.database import Database
from storage.identifiers import new_id
from storage.models import Document, DocumentState, WorkState
from storage.outbox import enqueue
from storage.queries.rereading import ReadBy, count_by_reader, find_read_by

pytestmark = pytest.mark.enable_socket


def add_document(session: Session, reader: str, state: DocumentState = DocumentState.READ) -> bytes:
    """A document that one reader left in one state; its id."""
    row_id, person = new_id(), add_person(session)
    session.add(
        Document(
            id=row_id, person_id=person.id, blob_id=row_id.hex(), size=1, state=state, reader=reader, received_at=NOW,
            content_digest=bytes(32), name=SEALED,
        )
    )  # fmt: skip
    session.flush()
    return row_id


def test_documents_are_found_by_their_reader_unless_they_wait_already(database: Database) -> None:
    """Neither those that were never read, nor those that wait under one of the topics; page by page, in order."""
    with database.writing() as session:
        old = sorted(add_document(session, "old") for _ in range(3))
        waiting, done = add_document(session, "old"), add_document(session, "older", DocumentState.UNREADABLE)
        add_document(session, "new")
        add_document(session, "", DocumentState.STORED)
        enqueue(session, "reread", waiting, {}, NOW)
        enqueue(session, "reread", done, {}, NOW).state = WorkState.DONE
        session.flush()

        first = find_read_by(session, ["old", "older", ""], ["read", "reread"], b"", 2)
        rest = find_read_by(session, ["old", "older", ""], ["read", "reread"], first[-1], 10)

        assert [*first, *rest] == sorted([*old, done])
        assert count_by_reader(session) == [
            ReadBy("", DocumentState.STORED, 1),
            ReadBy("new", DocumentState.READ, 1),
            ReadBy("old", DocumentState.READ, 4),
            ReadBy("older", DocumentState.UNREADABLE, 1),
        ]
