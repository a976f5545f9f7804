"""People, their fields and what belongs to them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from storage.models import (
    Application,
    DigestKind,
    Document,
    Model,
    Note,
    Person,
    PersonDigest,
    PersonField,
    PersonState,
    RepeatedCall,
)


def find_person(session: Session, person_id: bytes) -> Person | None:
    """The person with this id, whatever their state, or None."""
    return session.get(Person, person_id)


def find_present(session: Session, person_id: bytes) -> Person | None:
    """The person unless they are ending: what every page and call may still show."""
    person = session.get(Person, person_id)
    return None if person is None or person.state is PersonState.ENDING else person


def lock_person(session: Session, person_id: bytes) -> Person | None:
    """The person, locked against others until the transaction ends (SQLite locks as a whole)."""
    return session.scalar(select(Person).where(Person.id == person_id).with_for_update())


def find_fields(session: Session, person_id: bytes) -> list[PersonField]:
    """The person's sealed profile fields."""
    return list(session.scalars(select(PersonField).where(PersonField.person_id == person_id)))


def find_documents(session: Session, person_id: bytes) -> list[Document]:
    """The person's documents, oldest first."""
    return list(session.scalars(select(Document).where(Document.person_id == person_id).order_by(Document.received_at)))


def find_document(session: Session, document_id: bytes) -> Document | None:
    """One document, or None."""
    return session.get(Document, document_id)


def find_applications(session: Session, person_id: bytes) -> list[Application]:
    """The person's applications, oldest first."""
    return list(
        session.scalars(select(Application).where(Application.person_id == person_id).order_by(Application.received_at))
    )


def find_notes(session: Session, person_id: bytes) -> list[Note]:
    """Notes about the person, oldest first."""
    return list(session.scalars(select(Note).where(Note.person_id == person_id).order_by(Note.written_at)))


def find_repeated_calls(session: Session, person_id: bytes) -> list[RepeatedCall]:
    """Answers kept for repeated calls about the person."""
    return list(session.scalars(select(RepeatedCall).where(RepeatedCall.person_id == person_id)))


def find_digests(session: Session, person_id: bytes) -> list[PersonDigest]:
    """The person's recognition digests."""
    return list(session.scalars(select(PersonDigest).where(PersonDigest.person_id == person_id)))


def count_people(session: Session) -> int:
    """How many people are on record."""
    return session.scalar(select(func.count()).select_from(Person)) or 0


def count_not_ending(session: Session) -> int:
    """How many people are on record who are not ending."""
    return session.scalar(select(func.count()).select_from(Person).where(Person.state != PersonState.ENDING)) or 0


def known_keys(session: Session, key_ids: Sequence[bytes]) -> set[bytes]:
    """Which of these key ids belong to a person on record."""
    return set(session.scalars(select(Person.key_id).where(Person.key_id.in_(key_ids))))


def tables_about_a_person() -> list[Table]:
    """Every table with a ``person_id``, children before the tables they point to: the list that erasure follows.

    Derived from the models, so that a new table about people is emptied from the day it exists.
    """
    return [table for table in reversed(Model.metadata.sorted_tables) if "person_id" in table.columns]


def delete_person_rows(session: Session, person_ids: Sequence[bytes]) -> int:
    """Delete every row about these people in every table, then the people. Returns how many people went."""
    for table in tables_about_a_person():
        session.execute(delete(table).where(table.c.person_id.in_(person_ids)))
    result = session.execute(delete(Person).where(Person.id.in_(person_ids)))
    return int(getattr(result, "rowcount", 0))


def rows_left(session: Session, person_id: bytes) -> Iterator[str]:
    """Names of tables that still hold a row about this person (normally none after an end)."""
    for table in tables_about_a_person():
        if session.scalar(select(func.count()).select_from(table).where(table.c.person_id == person_id)):
            yield table.name
    if session.get(Person, person_id) is not None:
        yield Person.__tablename__


def find_by_digest(session: Session, value: bytes, limit: int) -> list[Person]:
    """People on record who gave this address, newest first; they are never merged."""
    named = select(PersonDigest.person_id).where(PersonDigest.kind == DigestKind.EMAIL, PersonDigest.value == value)
    found = select(Person).where(Person.id.in_(named), Person.state != PersonState.ENDING)
    return list(session.scalars(found.order_by(Person.created_at.desc()).limit(limit)))
