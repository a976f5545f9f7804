"""Passkeys of staff: made, listed, removed, and signed in with.

What is kept of one is sealed under the organisation's key; it is found by a keyed digest of its id. A passkey proves
its owner to their own device first, so no code is asked beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from intake.access import ceremonies
from intake.access.actors import Actor, is_active, open_staff_session
from intake.access.ceremonies import Ceremony, CeremonyFailed, Party
from intake.desk.refusals import Refusal, not_found
from intake.desk.second_factor import own_account
from intake.installation import Installation
from storage import audit
from storage.digests import keyed_digest
from storage.identifiers import new_id
from storage.models import Passkey, Staff
from storage.queries import access, staff_security

SEALED = "staff.webauthn"
MOST = 10
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    id: bytes
    name: str
    created_at: datetime
    used_at: datetime | None


def list_own(session: Session, house: Installation, staff_id: bytes) -> tuple[OwnPasskey, ...]:
    """Somebody's passkeys, the oldest first."""
    rows = staff_security.find_passkeys(session, staff_id)
    return tuple(OwnPasskey(row.id, str(_open(house, row)["name"]), row.created_at, row.used_at) for row in rows)


def offer_new(house: Installation, actor: Actor, party: Party) -> Ceremony:
    """What the browser of whoever is signed in is asked for a new passkey."""
    with house.database.reading() as session:
        staff = own_account(session, actor)
        rows = staff_security.find_passkeys(session, staff.id)
        known = tuple(base64url_to_bytes(str(_open(house, row)["id"])) for row in rows)
    name = house.vault.open_organisation("staff.email", staff.id, staff.email)
    return ceremonies.ask_for_new(
        house, party, staff_id=staff.id, name=name, known=known, bound_to=actor.session_id or b""
    )


def add_passkey(house: Installation, actor: Actor, party: Party, ticket: str, answer: str, name: str) -> None:
    """Keep a new passkey. Raises :class:`Refusal` when the answer is not to our challenge in this session."""
    try:
        made = ceremonies.verify_new(house, party, ticket, answer, bound_to=actor.session_id or b"")
    except CeremonyFailed:
        raise _refused() from None
    row_id = new_id()
    said = {
        "id": bytes_to_base64url(made.credential_id),
        "public_key": bytes_to_base64url(made.public_key),
        "name": " ".join(name.split())[:LONGEST_NAME] or "Passkey",
    }
    with house.database.writing() as session:
        staff, digest = own_account(session, actor), _digest(house, made.credential_id)
        if len(staff_security.find_passkeys(session, staff.id)) >= MOST:
            raise Refusal("passkeys_full", 409, f"You have {MOST} passkeys. Remove one first.")
        if staff_security.find_passkey(session, digest) is not None:
            raise _refused()
        session.add(
            Passkey(
                id=row_id,
                staff_id=staff.id,
                credential_digest=digest,
                credential=house.vault.sealer.seal_json(house.vault.secrets.organisation, SEALED, row_id, said),
                sign_count=made.sign_count,
                created_at=house.now(),
            )
        )
        _record(session, house, actor.name, "staff.passkey_added", staff)


def remove_passkey(house: Installation, actor: Actor, passkey_id: bytes) -> None:
    """Remove a passkey of one's own. Raises :class:`Refusal` for any other."""
    with house.database.writing() as session:
        staff = own_account(session, actor)
        if not staff_security.delete_passkey(session, staff.id, passkey_id):
            raise not_found()
        _record(session, house, actor.name, "staff.passkey_removed", staff)


def sign_in_with_passkey(house: Installation, party: Party, ticket: str, answer: str) -> str:
    """Open a session for whose passkey answers our challenge. Returns its token.

    Raises :class:`Refusal`, the same for a passkey that is unknown, wrong, or of a closed account.
    """
    try:
        challenge = ceremonies.use_ticket(house, ticket, answer)
        digest = _digest(house, ceremonies.read_credential_id(answer))
        with house.database.writing() as session:
            staff, row = _find_owner(session, house, digest)
            key = base64url_to_bytes(str(_open(house, row)["public_key"]))
            row.sign_count = ceremonies.verify_known(
                party, challenge, answer, public_key=key, sign_count=row.sign_count
            )
            row.used_at = house.now()
            audit.record(
                session, at=house.now(), actor=f"staff:{staff.id.hex()}", action="staff.sign_in", subject=None,
                about={"staff": staff.id.hex(), "kind": "passkey"},
            )  # fmt: skip
            return open_staff_session(session, house, staff, house.now())
    except CeremonyFailed:
        _record_refusal(house)
        raise Refusal("sign_in_failed", 401, "This passkey opens no account here.") from None


def _find_owner(session: Session, house: Installation, digest: bytes) -> tuple[Staff, Passkey]:
    row = staff_security.find_passkey(session, digest)
    staff = access.find_staff(session, row.staff_id) if row else None
    if row is None or staff is None or not is_active(house, staff):
        raise CeremonyFailed
    return staff, row


def _record_refusal(house: Installation) -> None:
    with house.database.writing() as session:
        audit.record(
            session, at=house.now(), actor="visitor", action="staff.sign_in", subject=None, outcome="refused",
            about={"kind": "passkey"},
        )  # fmt: skip


def _digest(house: Installation, credential_id: bytes) -> bytes:
    return keyed_digest(house.vault.secrets.token_key, "passkey", credential_id)


def _open(house: Installation, row: Passkey) -> dict[str, Any]:
    opened: dict[str, Any] = house.vault.sealer.open_json(
        house.vault.secrets.organisation, SEALED, row.id, row.credential
    )
    return opened


def _refused() -> Refusal:
    return Refusal("passkey_refused", 422, "The passkey was not made. Please try again.", field="/passkey")


def _record(session: Session, house: Installation, actor: str, action: str, staff: Staff) -> None:
    audit.record(session, at=house.now(), actor=actor, action=action, subject=None, about={"staff": staff.id.hex()})
