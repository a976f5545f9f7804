"""Openings, applications, documents, and the ledger of lawful bases on which they are held."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, coded, digest, fact, operational, pseudonym, sealed
from storage.profile import Verdict
from storage.seal import Sealed
from storage.vocabulary import Basis, Channel, Source, Stage
from storage.vocabulary import BasisEvent as BasisEventKind


class OpeningState(StrEnum):
    """Whether an opening takes applications."""

    OPEN = "open"
    CLOSED = "closed"


class Opening(Model):
    """A job opening, public as long as it is open (C14)."""

    __tablename__ = "opening"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    slug: Mapped[str] = operational(String(80), unique=True)
    title: Mapped[str] = operational(String(200))
    place: Mapped[str] = operational(String(200), default="")
    state: Mapped[OpeningState] = coded(OpeningState, default=OpeningState.OPEN)
    created_at: Mapped[datetime] = operational(UtcDateTime())
    closed_on: Mapped[date | None] = operational(Date())


class OpeningManager(Model):
    """A hiring manager to whom an opening was given: they reach its applicants, and nobody else's."""

    __tablename__ = "opening_manager"

    opening_id: Mapped[bytes] = pseudonym(ForeignKey("opening.id"), primary_key=True)
    staff_id: Mapped[bytes] = pseudonym(ForeignKey("staff.id"), primary_key=True, index=True)
    given_at: Mapped[datetime] = operational(UtcDateTime())


class BasisEvent(Model):
    """One entry of the append-only ledger of lawful bases (Art. 5(2), 7(1) GDPR). What is live is derived."""

    __tablename__ = "basis_event"
    __table_args__ = (Index("ix_basis_event_live", "person_id", "application_id", "purpose", "position"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id", deferrable=True, initially="DEFERRED"), index=True)
    application_id: Mapped[bytes] = pseudonym()
    position: Mapped[int] = operational(Integer())
    """Grows by one within a person: the order of the ledger, whatever the clock did."""
    purpose: Mapped[str] = fact(String(40))
    basis: Mapped[Basis] = coded(Basis)
    event: Mapped[BasisEventKind] = coded(BasisEventKind)
    at: Mapped[datetime] = fact(UtcDateTime())
    expires_on: Mapped[date | None] = fact(Date())
    channel: Mapped[Channel] = coded(Channel)
    notice_version: Mapped[str] = operational(String(40))
    notice_digest: Mapped[str] = operational(String(64))
    wording_digest: Mapped[str] = operational(String(64), default="")
    language: Mapped[str] = fact(String(16))
    global_privacy_control: Mapped[bool] = fact(Boolean(), default=False)
    contact: Mapped[str] = fact(String(16), default="")
    """The way of contact that the entry is about (``Contact``); empty: the purpose by whatever way."""


class Application(Model):
    """One application to an opening, or to the pool where ``opening_id`` is empty.

    ``basis_id`` names the ledger entry it was taken in on: the database refuses an application without one, and
    without source and channel (C5, N3).
    """

    __tablename__ = "application"
    __table_args__ = (CheckConstraint("length(notice_digest) = 64", name="notice_digest_present"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    reference: Mapped[str] = operational(String(20), unique=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    opening_id: Mapped[bytes | None] = pseudonym(ForeignKey("opening.id"), index=True)
    basis_id: Mapped[bytes] = pseudonym(
        ForeignKey("basis_event.id", deferrable=True, initially="DEFERRED"), nullable=False
    )
    stage: Mapped[Stage] = coded(Stage, default=Stage.DRAFT)
    received_at: Mapped[datetime] = operational(UtcDateTime())
    touched_at: Mapped[datetime] = operational(UtcDateTime())
    decision_on: Mapped[date | None] = fact(Date())
    decision_reason: Mapped[Sealed | None] = sealed("decision_reason")
    decided_by: Mapped[bytes | None] = pseudonym()
    source: Mapped[Source] = coded(Source)
    channel: Mapped[Channel] = coded(Channel)
    source_detail: Mapped[Sealed | None] = sealed("source_detail")
    country: Mapped[str] = fact(String(8))
    """ISO 3166-1 alpha-2, with the region where law differs (``US-CA``)."""
    language: Mapped[str] = fact(String(16))
    notice_version: Mapped[str] = operational(String(40))
    notice_digest: Mapped[str] = operational(String(64))
    age_confirmed: Mapped[bool] = operational(Boolean(), default=False)


class DocumentState(StrEnum):
    """Whether a document has been read."""

    STORED = "stored"
    READ = "read"
    UNREADABLE = "unreadable"


class Document(Model):
    """An uploaded file. Its bytes lie sealed in the blob store; its name, text and reading are sealed here."""

    __tablename__ = "document"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    application_id: Mapped[bytes | None] = pseudonym(ForeignKey("application.id"), index=True)
    blob_id: Mapped[str] = operational(String(64), unique=True)
    size: Mapped[int] = operational(Integer())
    kind: Mapped[str] = operational(String(16), default="")
    state: Mapped[DocumentState] = coded(DocumentState, default=DocumentState.STORED)
    verdict: Mapped[Verdict | None] = coded(Verdict, nullable=True)
    attempts: Mapped[int] = operational(Integer(), default=0)
    reader: Mapped[str] = operational(String(40), default="")
    pages: Mapped[int] = operational(Integer(), default=0)
    received_at: Mapped[datetime] = operational(UtcDateTime())
    content_digest: Mapped[bytes] = digest()
    name: Mapped[Sealed] = sealed("document_name")
    text: Mapped[Sealed | None] = sealed("document_text")
    reading: Mapped[Sealed | None] = sealed("document_reading")
