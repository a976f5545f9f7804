"""The installation's own secrets: its id, the organisation's key, and the keys for digests, tokens and the audit log.

They lie wrapped by the root in ``installation.keys`` in the key folder, made once at the first start, and are
escrowed with the generations. The word index's key lies apart, in ``index.key``: it is never escrowed nor backed up,
and a fresh one replaces it at each re-seal. None of them may ever reach the database, the data folder or a log.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.keystore.contract import KeystoreError, MissingKey, WrongKey
from storage.keystore.folder import destroy_file, write_private
from storage.keystore.roots import Root, check_root
from storage.seal import DataKey, new_data_key

SECRETS_FILE = "installation.keys"
INDEX_FILE = "index.key"


@dataclass(frozen=True, slots=True)
class InstallationSecrets:
    """What an installation knows that nobody else does. Nothing but its id shows in a repr.

    ``digest_key``: keyed digests of addresses and queries. ``token_key``: HMAC of session and link tokens.
    ``audit_seed``: the Ed25519 seed that signs tree heads of the audit log.
    """

    installation: bytes
    organisation: DataKey = field(repr=False)
    digest_key: bytes = field(repr=False)
    token_key: bytes = field(repr=False)
    audit_seed: bytes = field(repr=False)

    @property
    def audit_key(self) -> Ed25519PrivateKey:
        """The key that signs tree heads (RFC 8032)."""
        return Ed25519PrivateKey.from_private_bytes(self.audit_seed)


def has_installation(keys_dir: Path) -> bool:
    """Whether the key folder holds an installation already."""
    return (keys_dir / SECRETS_FILE).exists()


def create_installation(keys_dir: Path, root: Root) -> InstallationSecrets:
    """Draw the secrets of a new installation and keep them; durable on return. Raises ``FileExistsError``."""
    drawn = draw_secrets()
    keep_installation(keys_dir, root, drawn)
    return drawn


def draw_secrets() -> InstallationSecrets:
    """Fresh secrets, kept nowhere yet."""
    return InstallationSecrets(os.urandom(16), new_data_key(), os.urandom(32), os.urandom(32), os.urandom(32))


def keep_installation(keys_dir: Path, root: Root, secrets: InstallationSecrets, file: str = SECRETS_FILE) -> None:
    """Write an installation's secrets, wrapped by the root; durable on return. Raises ``FileExistsError``."""
    held = {
        "format": 1,
        "installation": secrets.installation.hex(),
        "root": root.provider,
        "check": root.check_value().hex(),
        "wrapped": root.wrap(print_secrets(secrets), _context(secrets.installation)).hex(),
    }
    write_private(keys_dir / file, json.dumps(held, indent=1).encode(), replace=False)


def open_installation_keys(keys_dir: Path, root: Root, file: str = SECRETS_FILE) -> InstallationSecrets:
    """The secrets of the installation in this key folder.

    Raises :class:`MissingKey` or :class:`WrongKey`, each with what to do.
    """
    path = keys_dir / file
    try:
        held = json.loads(path.read_text())
        installation, check = bytes.fromhex(held["installation"]), bytes.fromhex(held["check"])
        wrapped, provider = bytes.fromhex(held["wrapped"]), held["root"]
    except FileNotFoundError:
        raise MissingKey(f"{path} is missing. Put it back, or, if it is lost, run: vitavault keys recover") from None
    except (ValueError, KeyError, TypeError):
        raise WrongKey(f"{path} is damaged. Put a whole copy back, or run: vitavault keys recover") from None
    if provider != root.provider:
        raise WrongKey(f"this installation's root provider is {provider!r}, not {root.provider!r}: set root_provider")
    check_root(root, check)
    return parse_secrets(root.unwrap(wrapped, _context(installation)))


def print_secrets(secrets: InstallationSecrets) -> bytes:
    """The secrets in clear, to be wrapped or escrowed at once."""
    return json.dumps(
        {
            "installation": secrets.installation.hex(),
            "organisation_id": secrets.organisation.id.hex(),
            "organisation": secrets.organisation.secret.hex(),
            "digest_key": secrets.digest_key.hex(),
            "token_key": secrets.token_key.hex(),
            "audit_seed": secrets.audit_seed.hex(),
        }
    ).encode()


def parse_secrets(text: bytes) -> InstallationSecrets:
    """What :func:`print_secrets` printed."""
    held = {name: bytes.fromhex(value) for name, value in json.loads(text).items()}
    return InstallationSecrets(
        held["installation"],
        DataKey(held["organisation_id"], held["organisation"]),
        held["digest_key"],
        held["token_key"],
        held["audit_seed"],
    )


def renew_index_key(keys_dir: Path, root: Root, installation: bytes) -> DataKey:
    """A fresh key for the sealed word index, durable on return; the former is destroyed first, for good."""
    destroy_file(keys_dir / INDEX_FILE)
    key = new_data_key()
    wrapped = root.wrap(key.secret, _index_context(installation, key.id))
    write_private(keys_dir / INDEX_FILE, key.id + wrapped)
    return key


def find_index_key(keys_dir: Path, root: Root, installation: bytes) -> DataKey | None:
    """The word index's key; ``None`` when there is none that opens: the index is then built anew."""
    try:
        held = (keys_dir / INDEX_FILE).read_bytes()
        return DataKey(held[:16], root.unwrap(held[16:], _index_context(installation, held[:16])))
    except (FileNotFoundError, KeystoreError):
        return None


def _context(installation: bytes) -> str:
    return f"installation {installation.hex()}"


def _index_context(installation: bytes, key_id: bytes) -> str:
    return f"index {installation.hex()} {key_id.hex()}"
