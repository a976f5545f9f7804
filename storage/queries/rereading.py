"""Documents by which reader read them, and which of them wait to be read again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from storage.models import Document, DocumentState
from storage.models.operations import Outbox, WorkState


@dataclass(frozen=True, slots=True)
class ReadBy:
    """How many documents of one state one reader left; ``reader`` is empty where none is on record."""

    reader: str
    state: DocumentState
    count: int


def count_by_reader(session: Session) -> list[ReadBy]:
    """All documents, by reader and state."""
    counted = select(Document.reader, Document.state, func.count()).group_by(Document.reader, Document.state)
    rows = session.execute(counted.order_by(Document.reader, Document.state)).all()
    return [ReadBy(reader, state, count) for reader, state, count in rows]


def find_read_by(
    session: Session, readers: Collection[str], topics: Sequence[str], after: bytes, limit: int
) -> list[bytes]:
    """Ids after ``after``, in order, of documents that one of ``readers`` left and that wait under no topic yet."""
    work = aliased(Outbox)
    waits = (work.subject == Document.id) & work.topic.in_(topics) & (work.state == WorkState.WAITING)
    wanted = select(Document.id).where(
        Document.reader.in_(readers),
        Document.state != DocumentState.STORED,
        Document.id > after,
        ~select(work.id).where(waits).exists(),
    )
    return list(session.scalars(wanted.order_by(Document.id).limit(limit)))
