"""Applications by id and reference."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.models import Application, Document
from storage.vocabulary import Stage


def find_application(session: Session, application_id: bytes) -> Application | None:
    """One application, or None."""
    return session.get(Application, application_id)


def find_by_reference(session: Session, reference: str) -> Application | None:
    """The application with this reference, or None."""
    return session.scalar(select(Application).where(Application.reference == reference.strip().upper()))


def find_document_of(session: Session, application_id: bytes) -> Document | None:
    """The latest document of an application, or None."""
    found = select(Document).where(Document.application_id == application_id)
    return session.scalar(found.order_by(Document.received_at.desc()).limit(1))


def count_by(session: Session, column: str) -> dict[str, int]:
    """How many applications that were sent there are by a coded column (source, country, stage)."""
    code = getattr(Application, column)
    rows = session.execute(select(code, func.count()).where(Application.stage != Stage.DRAFT).group_by(code))
    return {str(value): count for value, count in rows}
