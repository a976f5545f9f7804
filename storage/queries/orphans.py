"""What names blobs and keys, for comparing both sides; and work that was given up."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Document, DoomedBlob, Outbox, Person, PersonState, RetiredBlob, WorkState


def blob_ids(session: Session) -> tuple[set[str], set[str]]:
    """Blobs that documents of people who are not ending name, and blobs that others, or are on their way out."""
    present = select(Document.blob_id).join(Person, Person.id == Document.person_id)
    named = set(session.scalars(present.where(Person.state != PersonState.ENDING)))
    going = set(session.scalars(present.where(Person.state == PersonState.ENDING)))
    waiting = set(session.scalars(select(DoomedBlob.blob_id))) | set(session.scalars(select(RetiredBlob.blob_id)))
    return named, going | waiting


def key_ids(session: Session) -> tuple[set[bytes], set[bytes]]:
    """Keys of people who must have one, and of people who are ending and may have lost theirs already."""
    named = set(session.scalars(select(Person.key_id).where(Person.state != PersonState.ENDING)))
    return named, set(session.scalars(select(Person.key_id).where(Person.state == PersonState.ENDING)))


def count_dead_work(session: Session) -> dict[str, int]:
    """Work that was given up after its last attempt, by topic."""
    rows = session.execute(
        select(Outbox.topic, func.count()).where(Outbox.state == WorkState.DEAD).group_by(Outbox.topic)
    )
    return {topic: count for topic, count in rows}  # noqa: C416 - a row is no pair to dict()
