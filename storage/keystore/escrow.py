"""Escrows: each generation's key and the installation's secrets, encrypted to the recovery keys, in a depot.

An escrow opens only with the private half of a recovery key, which nobody keeps but the person who wrote it down.
Without a recovery key there is no escrow, and that is said; nothing here ever falls back to something weaker.
"""

import json
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.keystore.contract import Escrow, KeystoreError, NewGeneration, WrongKey
from storage.keystore.depot import Depot, DepotEntry
from storage.keystore.recovery_key import RecoveryPublic, decrypt_with, encrypt_to, fingerprint_of
from storage.keystore.window import Stored
from storage.seal import join_lengths
from storage.secrets import InstallationSecrets, parse_secrets, print_secrets


class NoRecoveryKey(KeystoreError):
    """Escrow is set up, but there is nobody to escrow to."""

    code = "no_recovery_key"


def escrow_to(depot: Depot, recipients: list[RecoveryPublic]) -> Escrow:
    """What a rewrite calls with its fresh generation: returns once the escrow lies in the depot and was read back."""
    _require(recipients)

    def put(fresh: NewGeneration) -> None:
        held = {
            "format": 1,
            "installation": fresh.installation.hex(),
            "generation": fresh.number,
            "generation_id": fresh.id.hex(),
            "recipients": _encrypt(recipients, fresh.secret, _generation_context(fresh)),
        }
        name = f"escrow-{fresh.installation.hex()[:8]}-{fresh.number:06d}-{fresh.id.hex()}.json"
        depot.put(name, json.dumps(held).encode())

    return put


def escrow_secrets(depot: Depot, recipients: list[RecoveryPublic], secrets: InstallationSecrets) -> None:
    """Escrow the installation's secrets, one file for all recipients, replacing the former."""
    _require(recipients)
    context = _secrets_context(secrets.installation)
    held = {
        "format": 1,
        "installation": secrets.installation.hex(),
        "recipients": _encrypt(recipients, print_secrets(secrets), context),
    }
    depot.put(f"secrets-{secrets.installation.hex()}.json", json.dumps(held).encode())


def open_escrow(content: bytes, private: X25519PrivateKey) -> NewGeneration:
    """The generation in an escrow. Raises :class:`WrongKey`."""
    held = _parse(content)
    bare = NewGeneration(
        bytes.fromhex(held["installation"]), held["generation"], bytes.fromhex(held["generation_id"]), b""
    )
    secret = _decrypt(held, private, _generation_context(bare))
    return NewGeneration(bare.installation, bare.number, bare.id, secret)


def open_secrets(content: bytes, private: X25519PrivateKey) -> InstallationSecrets:
    """The secrets in an escrow. Raises :class:`WrongKey`."""
    held = _parse(content)
    return parse_secrets(_decrypt(held, private, _secrets_context(bytes.fromhex(held["installation"]))))


def copy_name(installation: bytes, generation: int, generation_id: bytes, made_at: datetime) -> str:
    """The name of a copy of the keystore in a depot."""
    when = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"copy-{installation.hex()[:8]}-{generation:06d}-{generation_id.hex()}-{when}.db"


def forget_name(installation: bytes) -> str:
    """The name of the forget list in a depot."""
    return f"forget-{installation.hex()}.txt"


def list_stored(depot: Depot, installation: bytes) -> list[Stored]:
    """The escrows and copies of one installation in a depot; whatever else lies there is not ours."""
    prefix = installation.hex()[:8]
    found = (_recognise(entry, prefix) for entry in depot.list_entries())
    return [one for one in found if one is not None]


def _recognise(entry: DepotEntry, prefix: str) -> Stored | None:
    parts = entry.name.rpartition(".")[0].split("-")
    if len(parts) < 4 or parts[0] not in {"escrow", "copy"} or parts[1] != prefix:
        return None
    try:
        return Stored(entry.name, parts[0], int(parts[2]), bytes.fromhex(parts[3]), entry.written_at)
    except ValueError:
        return None


def _require(recipients: list[RecoveryPublic]) -> None:
    if not recipients:
        raise NoRecoveryKey(
            "there is no recovery key to escrow to: run vitavault keys recovery rotate (vitavault init makes the first)"
        )


def _encrypt(recipients: list[RecoveryPublic], secret: bytes, context: bytes) -> dict[str, str]:
    return {one.fingerprint: encrypt_to(one, secret, context).hex() for one in recipients}


def _decrypt(held: Any, private: X25519PrivateKey, context: bytes) -> bytes:
    sealed = held["recipients"].get(fingerprint_of(private))
    if sealed is None:
        raise WrongKey(f"this escrow was made for other recovery keys: {', '.join(held['recipients'])}")
    return decrypt_with(private, bytes.fromhex(sealed), context)


def _parse(content: bytes) -> Any:
    try:
        held = json.loads(content)
        _ = bytes.fromhex(held["installation"]), held["recipients"].items()
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WrongKey("an escrow in the depot is damaged") from None
    return held


def _generation_context(fresh: NewGeneration) -> bytes:
    number = fresh.number.to_bytes(8, "big")
    return join_lengths(b"vitavault escrow 1", fresh.installation, number, fresh.id)


def _secrets_context(installation: bytes) -> bytes:
    return join_lengths(b"vitavault secrets escrow 1", installation)
