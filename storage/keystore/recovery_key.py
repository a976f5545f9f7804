"""The recovery key: an X25519 pair whose private half is shown once, on paper, and never kept.

Its public half lies in the key folder (``recovery.json``) and encrypts escrows by HPKE (RFC 9180: X25519,
HKDF-SHA-256, AES-256-GCM). The private half must never be written to a disk, a log or the database by us.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from storage.keystore.contract import KeystoreError, WrongKey
from storage.keystore.folder import write_private

FILE = "recovery.json"
_PREFIX = "VITAVAULT-RECOVERY-1"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class RecoveryPublic:
    """The public half of a recovery key, with the time it was made (ISO, UTC)."""

    raw: bytes
    made_at: str

    @property
    def fingerprint(self) -> str:
        """How a person tells recovery keys apart: 16 hexadecimal digits."""
        return hashlib.sha256(b"vitavault recovery 1" + self.raw).hexdigest()[:16]


def make_recovery_pair() -> tuple[str, RecoveryPublic]:
    """A fresh pair: the private half as text to be shown once and written down, and the public half."""
    private = X25519PrivateKey.generate()
    public = RecoveryPublic(private.public_key().public_bytes_raw(), datetime.now(UTC).isoformat(timespec="seconds"))
    return print_private(private), public


def print_private(private: X25519PrivateKey) -> str:
    """The private half in groups of four letters, with a checksum against slips of the pen."""
    raw = private.private_bytes_raw()
    letters = base64.b32encode(raw + _checksum(raw)).decode().rstrip("=")
    groups = [letters[at : at + 4] for at in range(0, len(letters), 4)]
    return "-".join([_PREFIX, *groups])


def parse_private(text: str) -> X25519PrivateKey:
    """The private half as it was written down; case, spaces and dashes do not matter. Raises :class:`WrongKey`."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    letters = letters.removeprefix(_PREFIX.replace("-", ""))
    try:
        held = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        held = b""
    raw, checksum = held[:32], held[32:]
    if len(raw) != 32 or checksum != _checksum(raw):
        raise WrongKey("this is not a recovery key, or a letter of it is wrong: compare it with what was written down")
    return X25519PrivateKey.from_private_bytes(raw)


def fingerprint_of(private: X25519PrivateKey) -> str:
    """The fingerprint of a private half's public half."""
    return RecoveryPublic(private.public_key().public_bytes_raw(), "").fingerprint


def encrypt_to(public: RecoveryPublic, plaintext: bytes, context: bytes) -> bytes:
    """HPKE in base mode, ``context`` as its info. A fresh ephemeral key each time."""
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public.raw), context)


def decrypt_with(private: X25519PrivateKey, ciphertext: bytes, context: bytes) -> bytes:
    """The reverse. Raises :class:`WrongKey`."""
    try:
        return _SUITE.decrypt(ciphertext, private, context)
    except (InvalidTag, ValueError):
        raise WrongKey("this recovery key does not open this escrow, or the escrow is damaged") from None


def keep_recipients(keys_dir: Path, recipients: list[RecoveryPublic]) -> None:
    """Write the public halves to which everything is escrowed from now on."""
    held = [{"public": one.raw.hex(), "made_at": one.made_at, "fingerprint": one.fingerprint} for one in recipients]
    write_private(keys_dir / FILE, json.dumps(held, indent=1).encode())


def read_recipients(keys_dir: Path) -> list[RecoveryPublic]:
    """The public halves; empty where no recovery key was made. Raises :class:`KeystoreError` for a damaged file."""
    try:
        held = json.loads((keys_dir / FILE).read_text())
        return [RecoveryPublic(bytes.fromhex(one["public"]), one["made_at"]) for one in held]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError):
        raise KeystoreError(f"{keys_dir / FILE} is damaged: run vitavault keys recovery rotate") from None


def _checksum(raw: bytes) -> bytes:
    return hashlib.sha256(b"vitavault recovery check 1" + raw).digest()[:3]
