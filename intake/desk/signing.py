"""Signs what people take away, with the key that signs the heads of the record, and publishes that key.

A signature is a JWS with detached content (RFC 7515, appendix F) by Ed25519 (RFC 8037) over the document's canonical
JSON without its ``jws``: whoever holds the document and the published key can check it. Never signs what came in.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from intake.installation import Installation

SIGNATURE = "jws"


def published_key(house: Installation) -> dict[str, str]:
    """The public key as a JWK (RFC 8037); its id is its thumbprint (RFC 7638)."""
    raw = house.vault.secrets.audit_key.public_key().public_bytes_raw()
    key = {"crv": "Ed25519", "kty": "OKP", "x": _encode(raw)}
    thumbprint = hashlib.sha256(_canonical(key)).digest()
    return {**key, "alg": "EdDSA", "use": "sig", "kid": _encode(thumbprint)}


def sign_document(house: Installation, document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its signature."""
    header = _encode(_canonical({"alg": "EdDSA", "kid": published_key(house)["kid"], "typ": "jose+json"}))
    signature = house.vault.secrets.audit_key.sign(f"{header}.{_encode(_canonical(document))}".encode())
    return {**document, SIGNATURE: f"{header}..{_encode(signature)}"}


def is_signed_by(key: Mapping[str, str], signed: Mapping[str, Any]) -> bool:
    """Whether a document carries a signature of its own content by a published key."""
    content = {name: value for name, value in signed.items() if name != SIGNATURE}
    header, _, signature = str(signed.get(SIGNATURE, "")).partition("..")
    try:
        Ed25519PublicKey.from_public_bytes(_decode(key["x"])).verify(
            _decode(signature), f"{header}.{_encode(_canonical(content))}".encode()
        )
    except (InvalidSignature, ValueError, KeyError):
        return False
    return True


def _canonical(content: Mapping[str, Any]) -> bytes:
    """One spelling for one content: keys sorted, no spaces, UTF-8 (RFC 8785 for what has no fractions)."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
