"""What a backup says of itself, signed with the record's key: whose it is, when, how much, and every file's digest.

A manifest whose signature does not fit must never be read for what it says.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = 1
NAME_PREFIX = "vitavault-"
MANIFEST_FILE = "manifest.json"
SIGNATURE_FILE = "manifest.sig"
_SIGNED_AS = b"vitavault backup manifest 1\n"
_PIECE = 1 << 20


class BackupDamaged(Exception):
    """A backup is not whole, was altered, or is another installation's. The text says which; nothing was changed."""

    code = "backup_damaged"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup: how many rows or blobs it lists, and its SHA-256 in hex."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``made_at`` is aware UTC; ``missing`` counts blobs that had gone while it was made."""

    installation: bytes
    revision: str
    made_at: datetime
    audit_size: int
    audit_root: bytes
    people: int
    erasures: int
    tables: Mapping[str, Part]
    blobs: Part
    blob_mode: str
    blob_bytes: int
    missing: int


def write_manifest(folder: Path, manifest: Manifest, key: Ed25519PrivateKey) -> None:
    """Sign the manifest and put it into the backup's folder."""
    content = json.dumps(_spell(manifest), sort_keys=True, indent=1).encode()
    (folder / MANIFEST_FILE).write_bytes(content)
    (folder / SIGNATURE_FILE).write_text(key.sign(_SIGNED_AS + content).hex() + "\n", "ascii")


def read_manifest(folder: Path, key: Ed25519PublicKey, installation: bytes) -> Manifest:
    """The manifest, once its signature fits. Raises :class:`BackupDamaged`."""
    try:
        content = (folder / MANIFEST_FILE).read_bytes()
        signature = bytes.fromhex((folder / SIGNATURE_FILE).read_text("ascii"))
        key.verify(signature, _SIGNED_AS + content)
    except OSError:
        raise BackupDamaged(f"{folder} is not a backup: it has no signed manifest") from None
    except (InvalidSignature, ValueError):
        raise BackupDamaged(f"the manifest of {folder} was altered, or is another installation's") from None
    said = json.loads(content)
    if said["format"] != FORMAT or said["installation"] != installation.hex():
        raise BackupDamaged(f"{folder} is another installation's backup, or of a newer format")
    return _parse(said)


def _spell(manifest: Manifest) -> dict[str, Any]:
    return {
        **asdict(manifest),
        "format": FORMAT,
        "installation": manifest.installation.hex(),
        "audit_root": manifest.audit_root.hex(),
        "made_at": manifest.made_at.isoformat(),
    }


def _parse(said: dict[str, Any]) -> Manifest:
    return Manifest(
        installation=bytes.fromhex(said["installation"]),
        revision=said["revision"],
        made_at=datetime.fromisoformat(said["made_at"]),
        audit_size=said["audit_size"],
        audit_root=bytes.fromhex(said["audit_root"]),
        people=said["people"],
        erasures=said["erasures"],
        tables={name: Part(**part) for name, part in said["tables"].items()},
        blobs=Part(**said["blobs"]),
        blob_mode=said["blob_mode"],
        blob_bytes=said["blob_bytes"],
        missing=said["missing"],
    )


def find_backups(folder: Path) -> list[Path]:
    """Finished backups in a folder, oldest first; their names begin with the time."""
    return sorted(path.parent for path in folder.glob(f"{NAME_PREFIX}*/{MANIFEST_FILE}"))


def digest_file(path: Path) -> str:
    """SHA-256 of a file in hex. Raises :class:`BackupDamaged` where it is missing."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except FileNotFoundError:
        raise BackupDamaged(f"{path} is missing") from None
    return digest.hexdigest()
