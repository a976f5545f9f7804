"""Makes records to be checked and tampered with."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage import audit
from storage.audit.triggers import drop_triggers
from storage.database import Database
from storage.models import AuditEntry

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
ORIGIN = "vitavault.example.org/record"
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC_KEY = KEY.public_key()
STAFF = "staff:" + "ab" * 16
SUBJECTS = [bytes([n]) * 16 for n in range(5)]


def write_entries(database: Database, count: int, *, since: int = 0) -> None:
    """Write ``count`` entries, a minute apart, by two actors about five people."""
    with database.writing() as session:
        for number in range(since, since + count):
            audit.record(
                session,
                at=START + timedelta(minutes=number),
                actor=STAFF if number % 2 else "worker",
                action="document.view" if number % 2 else "retention.due",
                subject=SUBJECTS[number % 5],
                about={"count": number, "purpose": "recruiting", "is_dry": False, "hits": None},
            )


def sequence_all(database: Database, batch: int = 2000) -> int:
    """Give every waiting entry its position."""
    placed = 0
    while True:
        with database.writing() as session:
            done = audit.sequence(session, batch)
        placed += done
        if not done:
            return placed


def fill(database: Database, count: int, *, since: int = 0) -> None:
    """Write entries and give them their positions."""
    write_entries(database, count, since=since)
    sequence_all(database)


def verify(database: Database, **kwargs: Any) -> audit.VerifyReport:
    """Check the record in a transaction of its own."""
    with database.reading() as session:
        return audit.verify(session, PUBLIC_KEY, **kwargs)


def tamper(database: Database, *statements: Any) -> None:
    """What somebody who owns the database can do: drop the triggers, then change what they like."""
    with database.writing() as session:
        drop_triggers(session.connection())
        for statement in statements:
            session.connection().execute(statement)


def entry_values(session: Session, number: int) -> dict[str, Any]:
    """The columns of one entry, to be written again elsewhere."""
    row = session.execute(select(*AuditEntry.__table__.columns).where(AuditEntry.id == number)).one()
    return dict(row._mapping)


def insert_copy(database: Database, number: int, **changes: Any) -> None:
    """Write a copy of an entry with some columns changed."""
    with database.reading() as session:
        values = entry_values(session, number) | changes
    tamper(database, insert(AuditEntry).values(**values))


def places(report: audit.VerifyReport) -> set[str]:
    """Where the report found faults."""
    return {fault.where for fault in report.faults}


def texts(faults: Iterable[audit.Fault]) -> str:
    """The faults as a person reads them."""
    return "\n".join(map(str, faults))
