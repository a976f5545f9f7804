"""How the system runs: work that follows a commit, leases, mail, repeated calls, the audit log, the installation."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, coded, digest, operational, pseudonym, sealed
from storage.seal import Sealed


class Installation(Model):
    """The one row that says whose database this is; the key folder must carry the same id."""

    __tablename__ = "installation"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    created_at: Mapped[datetime] = operational(UtcDateTime())
    policy_version: Mapped[str] = operational(String(40), default="")
    keys_confirmed_at: Mapped[datetime | None] = operational(UtcDateTime())
    """When an administrator confirmed that a copy of the keys is kept elsewhere."""
    zone_confirmed: Mapped[str] = operational(String(64), default="")
    """The time zone that an administrator confirmed to be the organisation's; empty until then."""
    logo: Mapped[bytes | None] = operational(LargeBinary())
    """The organisation's logo as a PNG picture that we drew anew; nothing else is kept of the file."""


class WorkState(StrEnum):
    """Where a piece of work stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"


class Outbox(Model):
    """Work that must follow a commit. ``subject`` is a row id; the payload holds ids and codes only."""

    __tablename__ = "outbox"
    # AUTOINCREMENT: a pruned row's number must never come back, or a stale worker's fence would fit a new row.
    __table_args__ = (Index("ix_outbox_due", "state", "not_before"), {"sqlite_autoincrement": True})

    id: Mapped[int] = operational(Integer(), primary_key=True, autoincrement=True)
    topic: Mapped[str] = operational(String(40))
    subject: Mapped[bytes | None] = pseudonym(index=True)
    payload: Mapped[dict[str, Any]] = operational(JSON(), default=dict)
    state: Mapped[WorkState] = coded(WorkState, default=WorkState.WAITING)
    attempts: Mapped[int] = operational(Integer(), default=0)
    created_at: Mapped[datetime] = operational(UtcDateTime())
    not_before: Mapped[datetime] = operational(UtcDateTime())
    leased_until: Mapped[datetime | None] = operational(UtcDateTime())
    lease_token: Mapped[int] = operational(Integer(), default=0)
    error: Mapped[str] = operational(String(80), default="")


class Lease(Model):
    """Who plays a role that only one may play; ``token`` grows with each new holder and fences the former one."""

    __tablename__ = "lease"

    name: Mapped[str] = operational(String(40), primary_key=True)
    holder: Mapped[str] = operational(String(64), default="")
    token: Mapped[int] = operational(Integer(), default=0)
    expires_at: Mapped[datetime] = operational(UtcDateTime())
    seen_at: Mapped[datetime] = operational(UtcDateTime())


class MailState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"


class Mail(Model):
    """A sealed message waiting to be sent, under the person's key (or the organisation's, for staff)."""

    __tablename__ = "mail"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes | None] = pseudonym(ForeignKey("person.id"), index=True)
    staff_id: Mapped[bytes | None] = pseudonym(ForeignKey("staff.id"))
    template: Mapped[str] = operational(String(40))
    message: Mapped[Sealed] = sealed("mail_message")
    state: Mapped[MailState] = coded(MailState, default=MailState.WAITING)
    attempts: Mapped[int] = operational(Integer(), default=0)
    created_at: Mapped[datetime] = operational(UtcDateTime())
    not_before: Mapped[datetime] = operational(UtcDateTime(), index=True)
    sent_at: Mapped[datetime | None] = operational(UtcDateTime())


class Bounce(Model):
    """A message that came back: whoever it was for was not told (RFC 3464). Ends with the person."""

    __tablename__ = "bounce"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes | None] = pseudonym(ForeignKey("person.id"), index=True)
    mail_id: Mapped[bytes] = pseudonym(unique=True)
    """Not a foreign key: a message is swept before what is known of its address."""
    address: Mapped[bytes] = digest(index=True)
    status: Mapped[str] = operational(String(16))
    """The enhanced status code (RFC 3463), such as ``5.1.1``."""
    at: Mapped[datetime] = operational(UtcDateTime())


class RepeatedCall(Model):
    """The sealed answer to a call that named an ``Idempotency-Key``; kept 24 hours."""

    __tablename__ = "repeated_call"

    key_digest: Mapped[bytes] = digest(primary_key=True)
    request_digest: Mapped[bytes] = digest()
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    row_id: Mapped[bytes] = pseudonym()
    answer: Mapped[Sealed] = sealed("idempotency_answer")
    created_at: Mapped[datetime] = operational(UtcDateTime())
    expires_at: Mapped[datetime] = operational(UtcDateTime(), index=True)


class AuditEntry(Model):
    """One entry of the record. ``position`` is given by the one sequencer after the commit (RFC 9162 leaf index).

    Every column is repeated in ``entry`` and so bound by its hash, the row's number too.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_actor", "actor", "at"),)

    id: Mapped[int] = operational(Integer(), primary_key=True, autoincrement=True)
    position: Mapped[int | None] = operational(Integer(), unique=True)
    at: Mapped[datetime] = operational(UtcDateTime(), index=True)
    actor: Mapped[str] = operational(String(64))
    action: Mapped[str] = operational(String(64), index=True)
    subject: Mapped[bytes | None] = pseudonym(index=True)
    entry: Mapped[str] = operational(Text())
    """The canonical JSON that is hashed: codes, counts, pseudonyms; never personal data."""
    leaf_hash: Mapped[bytes] = operational(LargeBinary(32))


class AuditNode(Model):
    """A full subtree's hash of the record's Merkle tree, so that heads and proofs need few reads."""

    __tablename__ = "audit_node"

    level: Mapped[int] = operational(Integer(), primary_key=True)
    index: Mapped[int] = operational(Integer(), primary_key=True)
    hash: Mapped[bytes] = operational(LargeBinary(32))


class AuditCheckpoint(Model):
    """A signed head of the record (C2SP tlog-checkpoint)."""

    __tablename__ = "audit_checkpoint"

    size: Mapped[int] = operational(Integer(), primary_key=True)
    root: Mapped[bytes] = operational(LargeBinary(32))
    note: Mapped[str] = operational(Text())
    at: Mapped[datetime] = operational(UtcDateTime())
