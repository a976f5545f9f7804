"""A stand-in for the Transit engine of HashiCorp Vault or OpenBao, as far as a root needs it.

It follows the documented HTTP interface (create, read, rotate, config, trim, encrypt, decrypt) with real AES-256-GCM,
key versions and refusals. It is no Vault: what only a real one can show was not shown here.
"""

import base64
import binascii
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class RefusedError(Exception):
    """An answer other than success, with its status."""


@dataclass
class TransitKey:
    """One named key with all its versions."""

    versions: dict[int, bytes] = field(default_factory=lambda: {1: os.urandom(32)})
    made: dict[int, int] = field(default_factory=lambda: {1: int.from_bytes(os.urandom(4), "big")})
    min_decryption: int = 1
    min_encryption: int = 0
    min_available: int = 0

    @property
    def latest(self) -> int:
        """The newest version."""
        return max(self.versions)

    def rotate(self, _body: dict[str, Any]) -> None:
        """Add a version."""
        self.made[self.latest + 1] = int.from_bytes(os.urandom(4), "big")
        self.versions[self.latest + 1] = os.urandom(32)

    def configure(self, body: dict[str, Any]) -> None:
        """Raise the floors."""
        if max(body.get("min_decryption_version", 0), body.get("min_encryption_version", 0)) > self.latest:
            raise RefusedError(400)
        decryption = body.get("min_decryption_version") or self.min_decryption
        encryption = body.get("min_encryption_version") or self.min_encryption
        if encryption and encryption < decryption:
            raise RefusedError(400)
        self.min_decryption, self.min_encryption = decryption, encryption

    def trim(self, body: dict[str, Any]) -> None:
        """Destroy versions; only below both floors, as Vault demands."""
        floor = body["min_available_version"]
        if floor > self.min_decryption or not self.min_encryption or floor > self.min_encryption:
            raise RefusedError(400)
        for version in [version for version in self.versions if version < floor]:
            del self.versions[version]
        self.min_available = floor

    def encrypt(self, body: dict[str, Any]) -> dict[str, Any]:
        """With the newest version."""
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(self.versions[self.latest]).encrypt(nonce, base64.b64decode(body["plaintext"]), b"")
        return {"ciphertext": f"vault:v{self.latest}:{base64.b64encode(sealed).decode()}"}

    def decrypt(self, body: dict[str, Any]) -> dict[str, Any]:
        """With the version that the ciphertext names, unless it is below the floor."""
        try:
            _, version, text = body["ciphertext"].split(":")
            number, sealed = int(version[1:]), base64.b64decode(text, validate=True)
            if number < self.min_decryption:
                raise RefusedError(400)
            plaintext = AESGCM(self.versions[number]).decrypt(sealed[:12], sealed[12:], b"")
        except (InvalidTag, ValueError, KeyError, binascii.Error):
            raise RefusedError(400) from None
        return {"plaintext": base64.b64encode(plaintext).decode()}

    def read(self) -> dict[str, Any]:
        """What may be known of a key."""
        held = {str(version): self.made[version] for version in self.versions}
        return {"keys": held, "latest_version": self.latest, "type": "aes256-gcm96"}


class Engine:
    """The engine: keys by name, one token that may use them."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.keys: dict[str, TransitKey] = {}

    def check(self, token: str | None) -> None:
        """Refuse another token."""
        if token != self.token:
            raise RefusedError(403)

    def answer(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """The data of one call."""
        match [method, *path.removeprefix("/v1/transit/").split("/")]:
            case ["POST", "keys", name]:
                self.keys.setdefault(name, TransitKey())
                return None
            case ["GET", "keys", name]:
                return self._key(name, 404).read()
            case ["POST", "keys", name, ("rotate" | "config" | "trim") as verb]:
                key = self._key(name, 400)
                {"rotate": key.rotate, "config": key.configure, "trim": key.trim}[verb](body)
                return None
            case ["POST", ("encrypt" | "decrypt") as verb, name]:
                key = self._key(name, 400)
                return key.encrypt(body) if verb == "encrypt" else key.decrypt(body)
        raise RefusedError(404)

    def _key(self, name: str, status: int) -> TransitKey:
        if name not in self.keys:
            raise RefusedError(status)
        return self.keys[name]


@contextmanager
def serve_transit(token: str) -> Iterator[str]:
    """The address of a stand-in that accepts one token."""
    engine = Engine(token)

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            try:
                engine.check(self.headers.get("X-Vault-Token"))
                status, data = 200, engine.answer(self.command, self.path, body)
            except RefusedError as refused:
                status, data = refused.args[0], None
            content = json.dumps({"data": data} if status == 200 else {"errors": ["refused"]}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 (the standard library's names)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
