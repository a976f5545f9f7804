"""Writes entries of the record and answers questions about them: who looked, what did one actor do.

An entry is written in the transaction of the business change it tells of: both happen or neither. It must never be
changed afterwards, except for the position that the sequencer gives it once.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from storage.audit.entry import compose, leaf_hash
from storage.codes import Code
from storage.models.operations import AuditEntry

PAGE = 1000
"""How many entries a question reads at a time; memory stays flat however long the record is."""


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: bytes | None,
    outcome: str = "ok",
    about: Mapping[str, Code] | None = None,
) -> AuditEntry:
    """Write one entry in the caller's transaction and send it to the database at once.

    ``actor`` is a role word (``worker``), a role and a pseudonym in hex (``staff:…32 hex…``) or ``token:prefix``;
    ``action`` dotted lower-case words (``document.view``); ``about`` codes under the keys of ``entry.ABOUT``.
    Raises ``NotAnEntry``/``NotACode`` (nothing is written) and whatever the database says: the business change
    then fails too.
    """
    number = _next_number(session)
    entry = compose(
        number=number, at=at, actor=actor, action=action, subject=subject, outcome=outcome, about=about or {}
    )
    row = AuditEntry(
        id=number, at=at, actor=actor, action=action, subject=subject, entry=entry, leaf_hash=leaf_hash(entry)
    )
    session.add(row)
    session.flush()
    return row


def _next_number(session: Session) -> int:
    # The number is hashed with the entry, so it must be known before the row is written.
    if session.get_bind().dialect.name == "postgresql":
        return int(session.execute(text("SELECT nextval(pg_get_serial_sequence('audit_entry', 'id'))")).scalar_one())
    # One writer at a time: nobody else can take the same number before this transaction ends.
    return int(session.execute(select(func.coalesce(func.max(AuditEntry.id), 0) + 1)).scalar_one())


def entries_for(session: Session, subject: bytes) -> Iterator[AuditEntry]:
    """Everything recorded about one person, oldest first: who looked, what was done, who received."""
    return entries_by(session, subject=subject)


def entries_by(
    session: Session,
    *,
    actor: str | None = None,
    action: str | None = None,
    subject: bytes | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[AuditEntry]:
    """Entries that fit every condition given, oldest first; ``since`` is included, ``until`` is not (Art. 33 GDPR)."""
    conditions: list[ColumnElement[bool]] = []
    if actor is not None:
        conditions.append(AuditEntry.actor == actor)
    if action is not None:
        conditions.append(AuditEntry.action == action)
    if subject is not None:
        conditions.append(AuditEntry.subject == subject)
    if since is not None:
        conditions.append(AuditEntry.at >= since)
    if until is not None:
        conditions.append(AuditEntry.at < until)
    return _stream(session, select(AuditEntry).where(*conditions))


def find_newest_at(session: Session) -> datetime | None:
    """The time of the newest entry; None when nothing is on record."""
    return session.execute(select(func.max(AuditEntry.at))).scalar_one_or_none()


def _stream(session: Session, question: Select[AuditEntry]) -> Iterator[AuditEntry]:
    """The answers in order of time, a page at a time, each page let go before the next is read."""
    page = question.order_by(AuditEntry.at, AuditEntry.id).limit(PAGE)
    while rows := session.scalars(page).all():
        last = rows[-1]
        for row in rows:
            session.expunge(row)
            yield row
        after = (AuditEntry.at > last.at) | ((AuditEntry.at == last.at) & (AuditEntry.id > last.id))
        page = question.where(after).order_by(AuditEntry.at, AuditEntry.id).limit(PAGE)
