"""Accounts of staff: created, signed in and out, disabled. Their data is sealed under the organisation's key."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from intake.access.actors import Actor, is_active, open_staff_session
from intake.access.passwords import PasswordRefused, check_password, hash_password, is_password
from intake.desk.letters import address_of, post_to_staff
from intake.desk.links import find_usable, link_refused, make_link
from intake.desk.refusals import Refusal
from intake.desk.second_factor import CodeNeeded, make_half
from intake.installation import Installation
from storage import audit
from storage.digests import keyed_digest
from storage.identifiers import new_id
from storage.models import LinkKind, Role, Staff, StaffSession
from storage.queries import access, staff_security
from storage.rates import hit

TRIES = 10
TRY_WINDOW = timedelta(minutes=15)


def make_staff(
    session: Session, house: Installation, *, name: str, email: str, roles: str, password_hash: str, actor: str
) -> Staff:
    """Create an account. Raises :class:`Refusal` when the address has one."""
    digest = house.vault.address_digest(email)
    if access.find_staff_by_email(session, digest) is not None:
        raise Refusal("email_taken", 409, "There is an account with this address.", field="/email")
    row_id = new_id()
    staff = Staff(
        id=row_id,
        name=house.vault.seal_organisation("staff.name", row_id, name.strip()),
        email=house.vault.seal_organisation("staff.email", row_id, email.strip()),
        email_digest=digest,
        roles=roles,
        password_hash=password_hash,
        created_at=house.now(),
    )
    session.add(staff)
    session.flush()
    about = {"staff": row_id.hex(), "roles": roles}
    audit.record(session, at=house.now(), actor=actor, action="staff.created", subject=None, about=about)
    return staff


def sign_in(house: Installation, email: str, password: str, address: str) -> str:
    """Check a password and open a session. Returns its token. Known and unknown accounts look the same.

    Raises :class:`CodeNeeded` where the password is right and a second factor is on.

    Wrong tries are counted per account *and* network address together, and per network address alone: nobody can
    lock somebody else out from elsewhere.
    """
    _count_try(house, "sign-in", address, TRIES * 3)
    _count_try(house, "sign-in account", f"{house.vault.address_digest(email).hex()} {address}", TRIES)
    with house.database.reading() as session:
        staff = access.find_staff_by_email(session, house.vault.address_digest(email))
    is_right = is_password(staff.password_hash if staff else "", password)
    if staff is not None and is_right and is_active(house, staff) and staff.totp_secret is not None:
        raise CodeNeeded(make_half(house, staff))
    with house.database.writing() as session:
        if staff is None or not is_right or not is_active(house, staff):
            audit.record(
                session, at=house.now(), actor="visitor", action="staff.sign_in", subject=None, outcome="refused"
            )
            token = ""
        else:
            audit.record(session, at=house.now(), actor=f"staff:{staff.id.hex()}", action="staff.sign_in", subject=None)
            token = open_staff_session(session, house, staff, house.now())
    if not token:
        raise Refusal("sign_in_failed", 401, "E-mail address or password is not right.")
    return token


def _count_try(house: Installation, rule: str, who: str, limit: int) -> None:
    bucket = keyed_digest(house.vault.secrets.digest_key, f"rate {rule}", who.encode())
    with house.database.writing() as session:
        verdict = hit(session, bucket, limit, int(TRY_WINDOW.total_seconds()), house.now())
    if not verdict.allowed:
        raise Refusal("too_many_requests", 429, "Too many tries. Please wait.", retry_after=verdict.retry_after)


def sign_out(session: Session, house: Installation, actor: Actor) -> None:
    """End the session on the server."""
    row = session.get(StaffSession, actor.session_id)
    if row is not None:
        session.delete(row)
    audit.record(session, at=house.now(), actor=actor.name, action="staff.sign_out", subject=None)


def disable_staff(session: Session, house: Installation, staff_id: bytes, actor: Actor) -> None:
    """Close an account and end its sessions at once. Nobody disables themselves."""
    staff = access.find_staff(session, staff_id)
    if staff is None or staff_id == actor.staff_id:
        raise Refusal("not_permitted", 403, "You cannot disable this account.")
    staff.disabled_at = house.now()
    access.end_staff_sessions(session, staff_id)
    about = {"staff": staff_id.hex()}
    audit.record(session, at=house.now(), actor=actor.name, action="staff.disabled", subject=None, about=about)


ROLES = tuple(role.value for role in Role)


@dataclass(frozen=True, slots=True)
class Account:
    """An account in words, for administrators."""

    id: bytes
    name: str
    email: str
    roles: tuple[str, ...]
    has_two_factor: bool
    disabled_on: date | None


def list_staff(house: Installation) -> list[Account]:
    """Every account."""
    with house.database.reading() as session:
        keepers = staff_security.find_keepers(session)
        return [
            Account(
                row.id,
                house.vault.open_organisation("staff.name", row.id, row.name),
                house.vault.open_organisation("staff.email", row.id, row.email),
                tuple(row.roles.split(",")),
                row.totp_secret is not None or row.id in keepers,
                row.disabled_at.astimezone(house.policy.zone).date() if row.disabled_at else None,
            )
            for row in access.find_all_staff(session)
        ]


def invite(session: Session, house: Installation, *, email: str, role: str, actor: str) -> str:
    """Make an account without a password and the one-time link that sets one.

    With a mail server the link is mailed and nothing is returned; without one, the link's token, to be handed over.
    """
    if role not in ROLES:
        raise Refusal("role_needed", 422, "Choose a role.", field="/role")
    staff = make_staff(session, house, name="", email=email, roles=role, password_hash="", actor=actor)
    token = make_link(session, house, LinkKind.INVITATION, staff_id=staff.id)
    if not house.settings.smtp_host:
        return token
    link, subject = address_of(house, f"/invitation/{token}"), f"{house.organisation}: your account"
    text = (
        f"{house.organisation} gives you an account. Set your password here; the link works once, within"
        f" {house.settings.link_hours} hours:\n\n{link}\n\nIf you expected no account, leave it be.\n"
    )
    post_to_staff(session, house, staff, template="invitation", subject=subject, text=text)
    return ""


def check_invitation(house: Installation, token: str) -> tuple[str, str]:
    """Whom an invitation is for: address and role. Raises :class:`Refusal` once it was used or ran out."""
    with house.database.reading() as session:
        link = find_usable(session, house, token, LinkKind.INVITATION)
        staff = access.find_staff(session, link.staff_id or b"")
        if staff is None or not is_active(house, staff):
            raise link_refused()
        return house.vault.open_organisation("staff.email", staff.id, staff.email), staff.roles


def accept_invitation(house: Installation, token: str, *, name: str, password: str) -> str:
    """Set name and password and sign in. Returns the session's token. Raises :class:`Refusal`."""
    email, _ = check_invitation(house, token)
    try:
        check_password(password, (name, email))
    except PasswordRefused as refused:
        raise Refusal(f"password_{refused.code}", 422, "Choose another password.", field="/password") from None
    with house.database.writing() as session:
        link = find_usable(session, house, token, LinkKind.INVITATION)
        staff = access.find_staff(session, link.staff_id or b"")
        if staff is None or not access.use_link(session, link, house.now()):
            raise link_refused()
        staff.name = house.vault.seal_organisation("staff.name", staff.id, name.strip())
        staff.password_hash = hash_password(password)
        actor = f"staff:{staff.id.hex()}"
        audit.record(session, at=house.now(), actor=actor, action="staff.invitation_accepted", subject=None)
        return open_staff_session(session, house, staff, house.now())
