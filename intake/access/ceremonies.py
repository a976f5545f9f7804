"""Passkeys' ceremonies (WebAuthn Level 3): challenges that are used once, and what an authenticator must have proved.

Nothing is kept of a challenge but that it was used. A challenge is bound to what it is for, and to the session that
asked where there is one. Whatever an authenticator answers is untrusted until the library has verified it.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from intake.installation import Installation
from storage.digests import keyed_digest
from storage.rates import hit

LASTS = timedelta(minutes=5)
LONGEST = 20_000
"""Characters that an authenticator's answer may have."""

_CHOSEN = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
)


class CeremonyFailed(Exception):
    """An answer that is not the one asked for: too late, used before, forged, of another key. It never says which."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks: the address as browsers name it, and its host, to which passkeys are bound."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a browser is asked, as JSON, and the ticket that comes back with its answer."""

    options: str
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that was verified."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def party_of(house: Installation, asked_at: str) -> Party | None:
    """Who asks: the address in the settings, else localhost as it was ``asked_at``.

    None where there is no name to bind a passkey to: browsers refuse bare numbers.
    """
    parts = urlsplit(house.settings.base_url or asked_at)
    host = parts.hostname or ""
    if not host or _is_number(host) or (not house.settings.base_url and host != "localhost"):
        return None
    return Party(f"{parts.scheme}://{parts.netloc}", host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def ask_for_new(
    house: Installation, party: Party, *, staff_id: bytes, name: str, known: tuple[bytes, ...], bound_to: bytes
) -> Ceremony:
    """Ask for a new passkey that the authenticator keeps and asks its owner for. ``known`` ones are not made again."""
    challenge, ticket = _draw_challenge(house, b"new", bound_to)
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=house.organisation,
        user_id=staff_id,
        user_name=name,
        challenge=challenge,
        authenticator_selection=_CHOSEN,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return Ceremony(webauthn.options_to_json(options), ticket)


def verify_new(house: Installation, party: Party, ticket: str, answer: str, *, bound_to: bytes) -> NewPasskey:
    """The passkey that a browser made for our challenge. Raises :class:`CeremonyFailed`."""
    challenge = _use_challenge(house, b"new", bound_to, ticket, answer)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise CeremonyFailed from error
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def ask_for_known(house: Installation, party: Party) -> Ceremony:
    """Ask for any passkey of ours: the authenticator says whose."""
    challenge, ticket = _draw_challenge(house, b"known", b"")
    options = webauthn.generate_authentication_options(
        rp_id=party.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Ceremony(webauthn.options_to_json(options), ticket)


def read_credential_id(answer: str) -> bytes:
    """Which passkey an answer says that it is. Raises :class:`CeremonyFailed`; nothing is verified yet."""
    if len(answer) > LONGEST:
        raise CeremonyFailed
    try:
        return parse_authentication_credential_json(answer).raw_id
    except (WebAuthnException, ValueError) as error:
        raise CeremonyFailed from error


def use_ticket(house: Installation, ticket: str, answer: str) -> bytes:
    """The challenge of a sign-in, used up. Raises :class:`CeremonyFailed`."""
    return _use_challenge(house, b"known", b"", ticket, answer)


def verify_known(party: Party, challenge: bytes, answer: str, *, public_key: bytes, sign_count: int) -> int:
    """Verify a known passkey's answer. Returns its new count of uses. Raises :class:`CeremonyFailed`."""
    try:
        found = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise CeremonyFailed from error
    return found.new_sign_count


def _draw_challenge(house: Installation, use: bytes, bound_to: bytes) -> tuple[bytes, str]:
    challenge, until = secrets.token_bytes(32), int((house.now() + LASTS).timestamp())
    said = f"{webauthn.helpers.bytes_to_base64url(challenge)}.{until}"
    return challenge, f"{said}.{_sign(house, use, bound_to, said)}"


def _sign(house: Installation, use: bytes, bound_to: bytes, said: str) -> str:
    return keyed_digest(house.vault.secrets.token_key, "passkey challenge", use, bound_to, said.encode()).hex()


def _use_challenge(house: Installation, use: bytes, bound_to: bytes, ticket: str, answer: str) -> bytes:
    said, _, signature = ticket.rpartition(".")
    spelled, _, until = said.partition(".")
    if len(answer) > LONGEST or not hmac.compare_digest(signature.encode(), _sign(house, use, bound_to, said).encode()):
        raise CeremonyFailed
    bucket = keyed_digest(house.vault.secrets.digest_key, "passkey challenge used", spelled.encode())
    with house.database.writing() as session:
        verdict = hit(session, bucket, 1, int(LASTS.total_seconds()), house.now())
    if not verdict.allowed or int(until) < house.now().timestamp():
        raise CeremonyFailed
    return base64url_to_bytes(spelled)
