"""The second factor of staff: turned on with a code that proves it, asked at sign-in, turned off, reset by another."""

import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from pyotp import TOTP
from sqlalchemy.orm import Session

from intake.access.actors import Actor, is_active, open_staff_session
from intake.access.one_time_codes import accept_code, derive_secret, draw_recovery_codes, find_step
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage import audit
from storage.digests import keyed_digest
from storage.models import Staff
from storage.queries import access, staff_security
from storage.rates import hit

HALF_WAY = timedelta(minutes=5)
"""How long a right password waits for its code."""

TRIES = 8
TRY_WINDOW = timedelta(minutes=15)


class CodeNeeded(Refusal):
    """The password is right and a code is asked. ``half`` proves the password for five minutes."""

    def __init__(self, half: str) -> None:
        super().__init__("code_needed", 401, "Enter the code from your authenticator.", field="/code")
        self.half = half


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is told: the secret, and the same as an ``otpauth`` address."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


def own_account(session: Session, actor: Actor) -> Staff:
    """The account of whoever is signed in. Raises :class:`Refusal` for a machine."""
    staff = access.find_staff(session, actor.staff_id or b"")
    if staff is None:
        raise Refusal("not_permitted", 403, "Only staff have an account.")
    return staff


def offer(house: Installation, actor: Actor) -> Enrolment:
    """The secret that this session may enrol. Nothing is kept until it is confirmed."""
    with house.database.reading() as session:
        staff = own_account(session, actor)
    secret = derive_secret(house, staff, actor.session_id or b"")
    email = house.vault.open_organisation("staff.email", staff.id, staff.email)
    return Enrolment(secret, TOTP(secret).provisioning_uri(name=email, issuer_name=house.organisation))


def enrol(house: Installation, actor: Actor, code: str) -> tuple[str, ...]:
    """Turn the second factor on, once a code proves that the secret arrived. Returns the recovery codes, this once.

    Every other session of the account ends.
    """
    count_try(house, actor.staff_id or b"")
    with house.database.writing() as session:
        staff = own_account(session, actor)
        if staff.totp_secret is not None:
            raise Refusal("second_factor_on", 409, "Your second factor is on already.")
        secret = derive_secret(house, staff, actor.session_id or b"")
        step = find_step(secret, code, house.now())
        if step is None:
            raise code_refused()
        staff.totp_secret = house.vault.seal_organisation("staff.totp", staff.id, secret)
        staff.totp_last_step = step
        ended = staff_security.end_other_sessions(session, staff.id, actor.session_id or b"")
        _record(session, house, actor.name, "staff.second_factor_on", staff, count=ended)
        return draw_recovery_codes(session, house, staff.id)


def renew_codes(house: Installation, actor: Actor, code: str) -> tuple[str, ...]:
    """Fresh recovery codes, for a code; the former ones are worthless."""
    count_try(house, actor.staff_id or b"")
    with house.database.writing() as session:
        staff = _own_proved(session, house, actor, code)
        _record(session, house, actor.name, "staff.recovery_codes_renewed", staff)
        return draw_recovery_codes(session, house, staff.id)


def turn_off(house: Installation, actor: Actor, code: str) -> None:
    """Turn the second factor off, for a code."""
    count_try(house, actor.staff_id or b"")
    with house.database.writing() as session:
        staff = _own_proved(session, house, actor, code)
        forget_factor(session, staff)
        _record(session, house, actor.name, "staff.second_factor_off", staff)


def _own_proved(session: Session, house: Installation, actor: Actor, code: str) -> Staff:
    staff = own_account(session, actor)
    if not accept_code(session, house, staff, code):
        raise code_refused()
    return staff


def forget_factor(session: Session, staff: Staff) -> None:
    """Drop the secret and every recovery code."""
    staff.totp_secret = None
    staff_security.delete_recovery_codes(session, staff.id)


def code_refused() -> Refusal:
    """The answer to a code that is wrong, too old, or was used."""
    return Refusal("code_refused", 422, "This code is not right, or was used already.", field="/code")


def count_try(house: Installation, staff_id: bytes) -> None:
    """Count a try at a code. Only who knows the password gets here, so nobody else can use the limit up."""
    bucket = keyed_digest(house.vault.secrets.digest_key, "rate second factor", staff_id)
    with house.database.writing() as session:
        verdict = hit(session, bucket, TRIES, int(TRY_WINDOW.total_seconds()), house.now())
    if not verdict.allowed:
        raise Refusal("too_many_requests", 429, "Too many tries. Please wait.", retry_after=verdict.retry_after)


def make_half(house: Installation, staff: Staff) -> str:
    """What proves a right password while the code is asked: account and end, under our own key."""
    until = int((house.now() + HALF_WAY).timestamp())
    said = f"{staff.id.hex()}.{until}"
    return f"{said}.{_sign_half(house, staff, said)}"


def _sign_half(house: Installation, staff: Staff, said: str) -> str:
    # Bound to the password's hash and to the last step: a changed password or a used code ends it.
    state = f"{staff.password_hash}.{staff.totp_last_step}".encode()
    return keyed_digest(house.vault.secrets.token_key, "half signed in", said.encode(), state).hex()


def _open_half(session: Session, house: Installation, half: str) -> Staff:
    account, _, rest = half.partition(".")
    until, _, signature = rest.partition(".")
    try:
        staff = access.find_staff(session, bytes.fromhex(account))
        is_late = int(until) < house.now().timestamp()
    except (ValueError, OverflowError):
        raise _start_again() from None
    if staff is None or is_late or not is_active(house, staff):
        raise _start_again()
    if not hmac.compare_digest(signature.encode(), _sign_half(house, staff, f"{account}.{until}").encode()):
        raise _start_again()
    return staff


def _start_again() -> Refusal:
    return Refusal("sign_in_failed", 401, "E-mail address or password is not right.")


def finish_sign_in(house: Installation, half: str, code: str) -> str:
    """Check the code of somebody whose password was right, and open a session. Returns its token."""
    with house.database.reading() as session:
        staff = _open_half(session, house, half)
    count_try(house, staff.id)
    with house.database.writing() as session:
        staff = _open_half(session, house, half)
        used = accept_code(session, house, staff, code)
        about = {"staff": staff.id.hex(), "kind": used or "none"}
        if used:
            audit.record(
                session, at=house.now(), actor=f"staff:{staff.id.hex()}", action="staff.sign_in", subject=None,
                about=about,
            )  # fmt: skip
            return open_staff_session(session, house, staff, house.now())
        audit.record(
            session, at=house.now(), actor="visitor", action="staff.sign_in", subject=None, outcome="refused",
            about=about,
        )  # fmt: skip
    raise code_refused()


def _record(session: Session, house: Installation, actor: str, action: str, staff: Staff, **about: int) -> None:
    audit.record(
        session, at=house.now(), actor=actor, action=action, subject=None, about={"staff": staff.id.hex(), **about}
    )
