"""Plain factories: people, applications and bases as rows, without any key (retention never has one)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from retention.policy.load import load_policy
from retention.records import settle_end
from retention.worker import Night
from storage.blobs import FolderBlobs
from storage.database import Database
from storage.identifiers import new_id, new_reference
from storage.models import Application, BasisEvent, Document, Ending, Person
from storage.queries.bases import append_event
from storage.seal import Sealed
from storage.vocabulary import Basis, Channel, Source, Stage
from storage.vocabulary import BasisEvent as Kind

POLICY = load_policy("default")
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SEALED = Sealed(b"ciphertext")
DIGEST = "0" * 64


def add_person(
    session: Session,
    *,
    at: datetime = NOW - timedelta(days=900),
    country: str = "DE",
    stage: Stage = Stage.REJECTED,
    decision_on: date | None = None,
    pool: bool = False,
    blob_id: str = "",
) -> Person:
    """One person with one application, by default one that ended long ago."""
    person = Person(id=new_id(), key_id=new_id(), log_name=new_id(), created_at=at, last_contact_on=at.date())
    session.add(person)
    session.flush()
    application = Application(
        id=new_id(), reference=new_reference(), person_id=person.id, stage=stage, received_at=at, touched_at=at,
        decision_on=decision_on or (at.date() if stage.is_decided else None), source=Source.PERSON,
        channel=Channel.FORM, country=country, language="en", notice_version="1", notice_digest=DIGEST,
    )  # fmt: skip
    application.basis_id = add_basis(session, application, "application", Basis.CONTRACT, at).id
    if pool:
        add_basis(session, application, "pool", Basis.CONSENT, at)
    session.add(application)
    if blob_id:
        session.add(
            Document(
                id=new_id(), person_id=person.id, application_id=application.id, blob_id=blob_id, size=1,
                received_at=at, content_digest=b"d" * 32, name=SEALED,
            )
        )  # fmt: skip
    session.flush()
    settle_end(session, person, POLICY, NOW)
    return person


def add_basis(
    session: Session, application: Application, purpose: str, basis: Basis, at: datetime, event: Kind = Kind.GIVEN
) -> BasisEvent:
    """One entry of the ledger."""
    entry = BasisEvent(
        id=new_id(), person_id=application.person_id, application_id=application.id, purpose=purpose, basis=basis,
        event=event, at=at, channel=Channel.FORM, notice_version="1", notice_digest=DIGEST, language="en",
    )  # fmt: skip
    return append_event(session, entry)


def keeper_did_its_part(database: Database) -> None:
    """What the keeper reports once key and index entries are gone."""
    with database.writing() as session:
        for ending in session.query(Ending):
            ending.key_gone_at = ending.index_gone_at = NOW


def night_over(database: Database, folder: Path, **given: object) -> Night:
    """The worker's parts over a database and a blob folder."""
    parts = {"database": database, "blobs": FolderBlobs(folder), "policy": POLICY, "clock": lambda: NOW, "holder": "t"}
    return Night(**{**parts, **given})  # type: ignore[arg-type]
