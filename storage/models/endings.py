"""Holds, ends and what may outlive them: the record that somebody was erased, and facts nobody can be found by."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, coded, fact, operational, pseudonym, sealed
from storage.seal import Sealed
from storage.vocabulary import Action


class Hold(Model):
    """A legal hold: nothing under it changes until it is lifted or its end has passed (R3)."""

    __tablename__ = "hold"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    reason: Mapped[Sealed] = sealed("hold.reason")
    owner: Mapped[str] = operational(String(64))
    placed_at: Mapped[datetime] = operational(UtcDateTime())
    ends_on: Mapped[date] = operational(Date())
    lifted_at: Mapped[datetime | None] = operational(UtcDateTime())
    lifted_by: Mapped[str] = operational(String(64), default="")


class EndCause(StrEnum):
    """What brought an end about."""

    RETENTION = "retention"
    REQUEST = "request"
    MINOR = "minor"


class Ending(Model):
    """The end of one person's record, from *ended* to *purged*; survives the person and names nobody.

    ``subject`` is the erased person's random row id (not a foreign key: the row is gone). ``decision`` records the
    rule that won and those that lost.
    """

    __tablename__ = "ending"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    subject: Mapped[bytes] = pseudonym(unique=True)
    receipt: Mapped[str] = operational(String(20), unique=True)
    cause: Mapped[EndCause] = coded(EndCause)
    action: Mapped[Action] = coded(Action)
    rule: Mapped[str] = operational(String(120))
    decision: Mapped[dict[str, Any]] = operational(JSON(), default=dict)
    policy_version: Mapped[str] = operational(String(40), default="")
    ended_at: Mapped[datetime] = operational(UtcDateTime(), index=True)
    facts_kept_at: Mapped[datetime | None] = operational(UtcDateTime())
    """When coarse facts were put aside, for an anonymising end."""
    key_gone_at: Mapped[datetime | None] = operational(UtcDateTime())
    index_gone_at: Mapped[datetime | None] = operational(UtcDateTime())
    rows_gone_at: Mapped[datetime | None] = operational(UtcDateTime())
    blobs_gone_at: Mapped[datetime | None] = operational(UtcDateTime())
    purged_at: Mapped[datetime | None] = operational(UtcDateTime(), index=True)
    unrecoverable_on: Mapped[date | None] = operational(Date())
    digest_until: Mapped[date | None] = operational(Date())
    """The last day of the suppression digest, where the policy has one kept; written when it is made."""


class DoomedBlob(Model):
    """A blob that must go: commit first, then unlink, retried from this row."""

    __tablename__ = "doomed_blob"

    blob_id: Mapped[str] = operational(String(64), primary_key=True)
    ending_id: Mapped[bytes | None] = pseudonym(ForeignKey("ending.id"), index=True)
    doomed_at: Mapped[datetime] = operational(UtcDateTime())


class AnonymousFact(Model):
    """What may outlive a person in coarse form (R6): a fresh id, years and bands, no link to anything."""

    __tablename__ = "anonymous_fact"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    year: Mapped[int] = fact(Integer())
    country: Mapped[str] = fact(String(2))
    stage: Mapped[str] = fact(String(32))
    source: Mapped[str] = fact(String(32))
    experience: Mapped[str] = fact(String(16), default="")
    education: Mapped[str] = fact(String(16), default="")
    languages: Mapped[str] = fact(String(8), default="")


class RunState(StrEnum):
    """How a nightly run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


class RetentionRun(Model):
    """One run of the retention worker, with its figures as evidence."""

    __tablename__ = "retention_run"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    as_of: Mapped[datetime] = operational(UtcDateTime())
    started_at: Mapped[datetime] = operational(UtcDateTime(), index=True)
    finished_at: Mapped[datetime | None] = operational(UtcDateTime())
    state: Mapped[RunState] = coded(RunState)
    is_dry: Mapped[bool] = operational(Boolean(), default=False)
    figures: Mapped[dict[str, Any]] = operational(JSON(), default=dict)


class NoticeVersion(Model):
    """A published notice, word for word, with the time from which it holds (N2)."""

    __tablename__ = "notice_version"

    version: Mapped[str] = operational(String(40), primary_key=True)
    language: Mapped[str] = operational(String(16), primary_key=True)
    digest: Mapped[str] = operational(String(64))
    text: Mapped[str] = operational(Text())
    policy_toml: Mapped[str] = operational(Text(), default="")
    described: Mapped[dict[str, Any]] = operational(JSON(), default=dict)
    """The notice in DPV terms, from which receipts of its time are made."""
    published_at: Mapped[datetime] = operational(UtcDateTime())
    in_force_from: Mapped[datetime] = operational(UtcDateTime(), index=True)
