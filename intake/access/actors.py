"""Who is asking: found from a cookie, a bearer token, or nobody at all. Never trusts what the caller says of itself."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.access.permissions import IDENTIFYING, Permission, parse_roles, permissions_of
from intake.installation import Installation
from retention.calendar import add_length
from storage.digests import keyed_digest, token_digest
from storage.identifiers import new_id, new_token
from storage.models import ApiToken, PersonSession, Role, Staff, StaffSession
from storage.queries import access
from storage.queries.openings import find_given

STAFF_COOKIE = "vitavault_staff"
PERSON_COOKIE = "vitavault_me"
PERSON_SESSION_HOURS = 2
TOKEN_MARK = "vv"  # noqa: S105 - the public prefix of machine tokens, no secret


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who may do something. ``name`` is how the record speaks of them: a role word and a pseudonym."""

    name: str
    permissions: frozenset[Permission] = frozenset()
    roles: frozenset[Role] = frozenset()
    staff_id: bytes | None = None
    session_id: bytes | None = None
    csrf: str = field(default="", repr=False)
    purpose: str = ""
    proved_at: datetime | None = None
    display_name: str = field(default="", repr=False)
    openings: frozenset[bytes] = frozenset()
    is_trained: bool = True
    """False where the policy asks for a privacy training and none counts today: identified data stays closed (D2)."""

    @property
    def bound_to(self) -> frozenset[bytes] | None:
        """The openings whose applicants alone they may see; None: every opening's (recruiters, other programs)."""
        return None if self.staff_id is None or Role.RECRUITER in self.roles else self.openings


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who opened a link of their own. Bounded to one application unless the address was proved."""

    person_id: bytes
    application_id: bytes | None
    csrf: str = field(default="", repr=False)


def digest_of(house: Installation, token: str) -> bytes:
    """What is kept of a token."""
    return token_digest(house.vault.secrets.token_key, token)


def csrf_of(house: Installation, token: str) -> str:
    """The token against forged requests that belongs to a session token."""
    return keyed_digest(house.vault.secrets.token_key, "csrf", token.encode()).hex()


def open_staff_session(session: Session, house: Installation, staff: Staff, now: datetime) -> str:
    """Sign a member of staff in under a new, random session id. Returns the token for the cookie."""
    token = new_token()
    session.add(
        StaffSession(
            id=new_id(),
            token_digest=digest_of(house, token),
            staff_id=staff.id,
            created_at=now,
            seen_at=now,
            proved_at=now,
        )
    )
    return token


def find_actor(session: Session, house: Installation, token: str) -> Actor | None:
    """The member of staff behind a session cookie, or None when it is unknown, idle, over, or the account ended."""
    row = access.find_staff_session(session, digest_of(house, token))
    now = house.now()
    if row is None or not _is_fresh(house, row, now):
        return None
    staff = access.find_staff(session, row.staff_id)
    if staff is None or not is_active(house, staff):
        return None
    roles, is_trained = parse_roles(staff.roles), has_training(house, staff)
    return Actor(
        name=f"staff:{staff.id.hex()}",
        permissions=permissions_of(roles) - (frozenset() if is_trained else IDENTIFYING),
        roles=roles,
        staff_id=staff.id,
        session_id=row.id,
        csrf=csrf_of(house, token),
        purpose=row.purpose,
        proved_at=row.proved_at,
        display_name=house.vault.open_organisation("staff.name", staff.id, staff.name),
        openings=find_given(session, staff.id),
        is_trained=is_trained,
    )


def has_training(house: Installation, staff: Staff) -> bool:
    """Whether a privacy training counts today, or the policy asks for none (D2)."""
    lasts = house.policy.staff.training_lasts
    if lasts is None:
        return True
    return staff.trained_on is not None and add_length(staff.trained_on, lasts) >= house.today()


def _is_fresh(house: Installation, row: StaffSession, now: datetime) -> bool:
    idle = timedelta(minutes=house.settings.session_idle_minutes)
    return now - row.seen_at <= idle and now - row.created_at <= timedelta(hours=house.settings.session_hours)


def is_active(house: Installation, staff: Staff) -> bool:
    """Whether an account may be used today (D16: one with an end date closes by itself)."""
    return staff.disabled_at is None and (staff.ends_on is None or staff.ends_on >= house.today())


def touch_session(session: Session, row_id: bytes, now: datetime) -> None:
    """Note that a session was used; at most once a minute, so that reading pages costs no write."""
    row = session.get(StaffSession, row_id)
    if row is not None and now - row.seen_at > timedelta(minutes=1):
        row.seen_at = now


def make_api_token(
    session: Session, house: Installation, *, label: str, scopes: frozenset[Permission], lasts: timedelta
) -> str:
    """Make a machine token. Only its digest is kept; the token is returned this once: ``vv_prefix_secret``."""
    prefix, secret = new_id().hex()[:12], new_token()
    token = f"{TOKEN_MARK}_{prefix}_{secret}"
    now = house.now()
    session.add(
        ApiToken(
            id=new_id(),
            prefix=prefix,
            token_digest=digest_of(house, token),
            label=label,
            scopes=",".join(sorted(scope.value for scope in scopes)),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    return token


def find_machine(session: Session, house: Installation, token: str) -> Actor | None:
    """The machine client behind a bearer token, or None when it is unknown, over or revoked."""
    mark, _, rest = token.partition("_")
    prefix = rest.partition("_")[0]
    row = access.find_token(session, prefix) if mark == TOKEN_MARK else None
    if row is None or row.token_digest != digest_of(house, token):
        return None
    if row.revoked_at is not None or row.expires_at <= house.now():
        return None
    scopes = frozenset(Permission(word) for word in row.scopes.split(",") if word)
    return Actor(name=f"token:{row.prefix}", permissions=scopes)


def open_person_session(session: Session, house: Installation, person_id: bytes, application_id: bytes | None) -> str:
    """Exchange an accepted link for a session. Returns the token for the cookie."""
    token, now = new_token(), house.now()
    session.add(
        PersonSession(
            id=new_id(),
            token_digest=digest_of(house, token),
            person_id=person_id,
            application_id=application_id,
            created_at=now,
            expires_at=now + timedelta(hours=PERSON_SESSION_HOURS),
        )
    )
    return token


def find_visitor(session: Session, house: Installation, token: str) -> Visitor | None:
    """The person behind a session cookie, or None."""
    row = access.find_person_session(session, digest_of(house, token), house.now())
    if row is None:
        return None
    return Visitor(row.person_id, row.application_id, csrf_of(house, token))
