"""People and what is known about them. Every table with a ``person_id`` is emptied of a person when they end."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.models.columns import (
    Model,
    UtcDateTime,
    coded,
    digest,
    fact,
    operational,
    pseudonym,
    sealed,
)
from storage.seal import Sealed
from storage.vocabulary import Action, Source


class PersonState(StrEnum):
    """Where a person's record stands. ``ending`` cannot be left: the key is gone or about to go."""

    LIVE = "live"
    RESTRICTED = "restricted"
    ENDING = "ending"


class DigestKind(StrEnum):
    """What a recognition digest was made of."""

    EMAIL = "email"


class Person(Model):
    """One data subject, under a key of their own. The id is random and never reused."""

    __tablename__ = "person"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    key_id: Mapped[bytes] = pseudonym(unique=True)
    log_name: Mapped[bytes] = pseudonym(unique=True)
    """The person's pseudonym in the audit log, derived from their key."""
    state: Mapped[PersonState] = coded(PersonState, default=PersonState.LIVE)
    created_at: Mapped[datetime] = operational(UtcDateTime())
    last_contact_on: Mapped[date] = fact(Date())
    erasure_asked_at: Mapped[datetime | None] = operational(UtcDateTime())
    suppressed: Mapped[bool] = operational(Boolean(), default=False)
    """Asked neither to be searched nor contacted while the record stays."""
    ends_on: Mapped[date | None] = fact(Date())
    """The last local day on which the record is kept. Empty while held."""
    ends_at: Mapped[datetime | None] = fact(UtcDateTime(), index=True)
    """The instant at which that day is over: the worker ends the record at its first run after it."""
    restricted_from: Mapped[date | None] = fact(Date())
    """After this day the record is kept by law alone: neither searched nor shown."""
    end_rule: Mapped[str] = operational(String(120), default="")
    end_action: Mapped[Action] = coded(Action, default=Action.PURGE)
    end_decision: Mapped[dict[str, Any]] = operational(JSON(), default=dict)
    """The rule that won and those that lost, in codes and dates."""
    policy_version: Mapped[str] = operational(String(40), default="")
    purpose_ends_on: Mapped[date | None] = fact(Date(), index=True)
    """The first day on which one of several purposes ends while the record goes on; empty where none does."""
    index_shard: Mapped[int] = operational(Integer(), default=0, index=True)


class PersonField(Model):
    """One field of a person's profile, sealed, with where it came from (C6: each field keeps its own source)."""

    __tablename__ = "person_field"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    name: Mapped[str] = operational(String(40))
    """The field's name in the registry of personal data."""
    value: Mapped[Sealed] = sealed("profile.*")
    source: Mapped[Source] = coded(Source)
    document_id: Mapped[bytes | None] = pseudonym()
    corrected: Mapped[bool] = operational(Boolean(), default=False)
    """True once the person corrected it: no later reading replaces it."""
    updated_at: Mapped[datetime] = operational(UtcDateTime())


class PersonDigest(Model):
    """A keyed digest by which the same address is recognised; ends with the person. Never merges anything."""

    __tablename__ = "person_digest"
    __table_args__ = (Index("ix_person_digest_value", "kind", "value"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    kind: Mapped[DigestKind] = coded(DigestKind)
    value: Mapped[bytes] = digest()
    proved_at: Mapped[datetime | None] = operational(UtcDateTime())


class Note(Model):
    """A note of staff on a contact with a person; part of that person's data (C12)."""

    __tablename__ = "note"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    staff_id: Mapped[bytes] = pseudonym()
    written_at: Mapped[datetime] = operational(UtcDateTime())
    text: Mapped[Sealed] = sealed("note_text")
