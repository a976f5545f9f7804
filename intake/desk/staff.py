"""Accounts of staff: created, signed in and out, disabled. Their data is sealed under the organisation's key."""

from datetime import timedelta

from sqlalchemy.orm import Session

from intake.access.actors import Actor, is_active, open_staff_session
from intake.access.passwords import is_password
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage import audit
from storage.digests import keyed_digest
from storage.identifiers import new_id
from storage.models import Staff, StaffSession
from storage.queries import access
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

    Wrong tries are counted per account *and* network address together, and per network address alone: nobody can
    lock somebody else out from elsewhere.
    """
    _count_try(house, "sign-in", address, TRIES * 3)
    _count_try(house, "sign-in account", f"{house.vault.address_digest(email).hex()} {address}", TRIES)
    with house.database.reading() as session:
        staff = access.find_staff_by_email(session, house.vault.address_digest(email))
    is_right = is_password(staff.password_hash if staff else "", password)
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
