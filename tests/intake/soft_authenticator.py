"""An authenticator in software (WebAuthn Level 3): makes passkeys and answers challenges as a browser would send them.

It answers whatever it is asked, so that tests can forge: another origin, another challenge, no word of its owner.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def spell(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class SoftAuthenticator:
    """One passkey for one host."""

    host: str
    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, options: str) -> str:
        """Answer a request for a new passkey."""
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor2.dumps(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._authenticator_data(ATTESTED) + about}
        said = self._client_data("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": spell(said), "attestationObject": spell(cbor2.dumps(attestation))})

    def sign(self, options: str) -> str:
        """Answer a request for a known passkey."""
        self.count += 1
        said, data = self._client_data("webauthn.get", json.loads(options)["challenge"]), self._authenticator_data(0)
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        return self._answer({name: spell(part) for name, part in parts.items()})

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _authenticator_data(self, further: int) -> bytes:
        flags = (self.flags | further).to_bytes(1, "big")
        return hashlib.sha256(self.host.encode()).digest() + flags + self.count.to_bytes(4, "big")

    def _answer(self, response: dict[str, str]) -> str:
        spelled = spell(self.credential_id)
        whole = {"id": spelled, "rawId": spelled, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(whole | {"response": response})
