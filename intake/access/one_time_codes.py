"""Codes of a second factor: time-based ones from an authenticator (RFC 6238) and recovery codes.

A time step is accepted once, and so is a recovery code. Secrets are sealed under the organisation's key, recovery codes
kept as keyed digests; neither ever reaches a log.
"""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
from sqlalchemy.orm import Session

from intake.installation import Installation
from storage.digests import keyed_digest
from storage.identifiers import new_id
from storage.models import RecoveryCode, Staff
from storage.queries import staff_security

STEP = 30
DRIFT = 1
"""Steps by which an authenticator's clock may be off, either way."""

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def derive_secret(house: Installation, staff: Staff, session_id: bytes) -> str:
    """The secret that this session may enrol: told by the server alone, kept nowhere until it is confirmed."""
    context = staff.totp_last_step.to_bytes(8, "big")
    drawn = keyed_digest(house.vault.secrets.token_key, "second factor", staff.id, session_id, context)
    return b32encode(drawn[:20]).decode()


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is, within the drift allowed; None for a code of no such step."""
    given = "".join(code.split())
    present = int(now.timestamp()) // STEP
    generator = pyotp.TOTP(secret, interval=STEP)
    steps = range(present - DRIFT, present + DRIFT + 1)
    found = [step for step in steps if hmac.compare_digest(generator.generate_otp(step).encode(), given.encode())]
    return max(found, default=None)


def accept_code(session: Session, house: Installation, staff: Staff, code: str) -> str:
    """Use a code up. Returns ``totp`` or ``recovery`` for what it was, empty when it is not right."""
    if staff.totp_secret is None or len(code) > 64:
        return ""
    secret = house.vault.open_organisation("staff.totp", staff.id, staff.totp_secret)
    step = find_step(secret, code, house.now())
    if step is not None:
        return "totp" if staff_security.use_step(session, staff.id, step) else ""
    digest = recovery_digest(house, staff.id, code)
    return "recovery" if staff_security.use_recovery_code(session, staff.id, digest, house.now()) else ""


def recovery_digest(house: Installation, staff_id: bytes, code: str) -> bytes:
    """What is kept of a recovery code. Spaces, hyphens and capitals do not matter."""
    plain = "".join(letter for letter in code.casefold() if letter in _LETTERS)
    return keyed_digest(house.vault.secrets.token_key, "recovery code", staff_id, plain.encode())


def draw_recovery_codes(session: Session, house: Installation, staff_id: bytes) -> tuple[str, ...]:
    """Ten fresh recovery codes of 50 bits; the former ones are worthless. Shown this once."""
    staff_security.delete_recovery_codes(session, staff_id)
    codes = tuple(_draw_code() for _ in range(RECOVERY_CODES))
    for code in codes:
        digest = recovery_digest(house, staff_id, code)
        session.add(RecoveryCode(id=new_id(), staff_id=staff_id, code_digest=digest, created_at=house.now()))
    return codes


def _draw_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"
