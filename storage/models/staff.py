"""Who works with the records, and how they and machines prove who they are. Staff data is sealed under the
organisation's key; of tokens, sessions and links only keyed digests are kept."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, coded, digest, network, operational, pseudonym, sealed, staff
from storage.seal import Sealed


class Role(StrEnum):
    """What a member of staff may do. The matrix stands in ``intake.access.permissions``."""

    RECRUITER = "recruiter"
    HIRING_MANAGER = "hiring_manager"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Staff(Model):
    """A member of staff. Roles are a comma-separated list of :class:`Role` values."""

    __tablename__ = "staff"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    name: Mapped[Sealed] = sealed("staff.name")
    email: Mapped[Sealed] = sealed("staff.email")
    email_digest: Mapped[bytes] = digest(unique=True)
    roles: Mapped[str] = staff(String(120))
    password_hash: Mapped[str] = staff(String(200), default="")
    totp_secret: Mapped[Sealed | None] = sealed("staff.totp")
    totp_last_step: Mapped[int] = staff(Integer(), default=0)
    created_at: Mapped[datetime] = staff(UtcDateTime())
    ends_on: Mapped[date | None] = staff(Date())
    disabled_at: Mapped[datetime | None] = staff(UtcDateTime())
    trained_on: Mapped[date | None] = staff(Date())


class RecoveryCode(Model):
    """A code by which a member of staff signs in without their authenticator, once (ASVS v5.0.0-6.5.1)."""

    __tablename__ = "recovery_code"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    staff_id: Mapped[bytes] = pseudonym(ForeignKey("staff.id"), index=True)
    code_digest: Mapped[bytes] = digest(unique=True)
    created_at: Mapped[datetime] = staff(UtcDateTime())
    used_at: Mapped[datetime | None] = staff(UtcDateTime())


class Passkey(Model):
    """A passkey by which a member of staff signs in (WebAuthn). Found by the digest of its id; the rest is sealed."""

    __tablename__ = "passkey"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    staff_id: Mapped[bytes] = pseudonym(ForeignKey("staff.id"), index=True)
    credential_digest: Mapped[bytes] = digest(unique=True)
    credential: Mapped[Sealed] = sealed("staff.webauthn")
    """Its id and public key, as its authenticator gave them, and the name that its owner gave it."""
    sign_count: Mapped[int] = staff(Integer(), default=0)
    created_at: Mapped[datetime] = staff(UtcDateTime())
    used_at: Mapped[datetime | None] = staff(UtcDateTime())


class StaffSession(Model):
    """A signed-in session of staff (ASVS v5.0.0-7.2.3: only the digest of its token is kept)."""

    __tablename__ = "staff_session"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    token_digest: Mapped[bytes] = digest(unique=True)
    staff_id: Mapped[bytes] = pseudonym(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime] = staff(UtcDateTime())
    seen_at: Mapped[datetime] = staff(UtcDateTime())
    proved_at: Mapped[datetime] = staff(UtcDateTime())
    """When the password was last given: what fresh sign-in is measured from."""
    purpose: Mapped[str] = staff(String(40), default="")


class LinkKind(StrEnum):
    """What a one-time link opens."""

    FIRST_ADMINISTRATOR = "first_administrator"
    INVITATION = "invitation"
    APPLICATION = "application"
    PERSON = "person"
    DRAFT = "draft"
    """Names a draft while it is being filled in; opens until the draft is sent or ends."""


class Link(Model):
    """A one-time link. Accepted once, behind a button, exchanged for a session, never logged."""

    __tablename__ = "link"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    token_digest: Mapped[bytes] = digest(unique=True)
    kind: Mapped[LinkKind] = coded(LinkKind)
    person_id: Mapped[bytes | None] = pseudonym(ForeignKey("person.id"), index=True)
    application_id: Mapped[bytes | None] = pseudonym(ForeignKey("application.id"))
    staff_id: Mapped[bytes | None] = pseudonym(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = operational(UtcDateTime())
    expires_at: Mapped[datetime] = operational(UtcDateTime())
    used_at: Mapped[datetime | None] = operational(UtcDateTime())
    proves: Mapped[bytes | None] = digest()
    """Digest of the address that it was sent to, and which opening it proves; empty where it was sent to none."""


class PersonSession(Model):
    """What a person's accepted link was exchanged for; bounded to one application unless an address was proved."""

    __tablename__ = "person_session"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    token_digest: Mapped[bytes] = digest(unique=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    application_id: Mapped[bytes | None] = pseudonym(ForeignKey("application.id"))
    created_at: Mapped[datetime] = operational(UtcDateTime())
    expires_at: Mapped[datetime] = operational(UtcDateTime())


class StaffSearch(Model):
    """A search somebody ran, sealed under the organisation's key, so that its words stand in no address."""

    __tablename__ = "staff_search"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    staff_id: Mapped[bytes] = pseudonym(ForeignKey("staff.id"), index=True)
    query: Mapped[Sealed] = sealed("staff.query")
    created_at: Mapped[datetime] = staff(UtcDateTime(), index=True)


class ApiToken(Model):
    """A machine client's token: a public prefix, the digest of the rest, scopes, an end."""

    __tablename__ = "api_token"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    prefix: Mapped[str] = operational(String(16), unique=True)
    token_digest: Mapped[bytes] = digest(unique=True)
    label: Mapped[str] = operational(String(80))
    scopes: Mapped[str] = operational(String(300))
    created_at: Mapped[datetime] = operational(UtcDateTime())
    expires_at: Mapped[datetime] = operational(UtcDateTime())
    revoked_at: Mapped[datetime | None] = operational(UtcDateTime())


class RateWindow(Model):
    """How often a keyed name (network address, account) was seen in one window. Rows end with their window."""

    __tablename__ = "rate_window"

    bucket: Mapped[bytes] = network(LargeBinary(32), primary_key=True)
    window: Mapped[int] = network(Integer(), primary_key=True)
    count: Mapped[int] = network(Integer(), default=0)
    ends_at: Mapped[datetime] = network(UtcDateTime(), index=True)
