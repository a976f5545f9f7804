"""Seal and open: authenticated encryption of everything personal, bound to where it belongs.

A sealed value says which version, algorithm and key made it, and opens only under that key, in that row, under that
name of the registry and in that installation. Whatever else is tried fails with one generic error.

It must never say why a value did not open, never hand out part of one, and never put clear bytes on a disk.
The format stands in ``docs/decisions/sealing.md``; versions that were ever written decode for ever.
"""

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.profile import REGISTRY

ORGANISATION_NAMES = frozenset(
    {
        "staff.name",
        "staff.email",
        "staff.totp",
        "staff.query",
        "staff.webauthn",
        "staff.recovery",
        "session.detail",
        "token.label",
        "duty.finding",
        "hold.reason",
        "hold.owner",
        "opening.note",
        "outbox.payload",
        "mail.message",
        "request.contact",
        "restriction.reason",
        "recipient.contact",
        "disclosure.detail",
        "incident.text",
        "agreement.contact",
        "webhook.secret",
        "setting.secret",
        "index.segment",
        "policy.reason",
    }
)
"""What is sealed under the organisation's own key, not a person's. Stable for ever, like the registry's names."""

VERSION = 1
ALGORITHM_WHOLE = 1
"""AES-256-GCM, one random 96-bit nonce (NIST SP 800-38D)."""
ALGORITHM_STREAM = 2
"""AES-256-GCM in the STREAM construction over 64 KiB chunks, under a subkey of its own for each object."""

CHUNK = 64 * 1024
_HEADER = 19
_NONCE = 12
_TAG = 16
_SALT = 32
_LENIENT = "surrogatepass"
"""An encoding error would carry the text that could not be encoded; so there is none."""

SHAPES: dict[str, tuple[Callable[[Any], Any], ...]] = {}
"""For each name, the functions that bring its JSON from shape 0 to 1, 1 to 2 and so on. Append, never change."""


class Unsealable(Exception):
    """A sealed value did not open. Says nothing of the reason, on purpose (ASVS 5.0 11.2.5)."""

    def __init__(self) -> None:
        super().__init__("a sealed value could not be opened")


class UnknownName(ValueError):
    """A name that is neither in the registry nor declared for the organisation: nothing may be sealed under it."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """A 256-bit key of one person (or of the organisation). The secret never shows in a repr."""

    id: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse sizes that would weaken what is sealed."""
        if len(self.id) != 16 or len(self.secret) != 32:
            raise ValueError("a data key has an id of 16 bytes and a secret of 32")

    def __repr__(self) -> str:
        """Name the key, never show it."""
        return f"DataKey(id={self.id.hex()})"


class Sealed(bytes):
    """Bytes that were sealed: the only thing that a sealed column accepts."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Say how much is sealed, not what."""
        return f"Sealed({len(self)} bytes)"


@dataclass(frozen=True, slots=True)
class Header:
    """What a sealed value says of itself in clear. ``shape`` is the number of its JSON's layout."""

    version: int
    algorithm: int
    shape: int
    key_id: bytes


def new_data_key(key_id: bytes | None = None) -> DataKey:
    """Draw a fresh key from the operating system's generator."""
    return DataKey(key_id or os.urandom(16), os.urandom(32))


def read_header(sealed: bytes) -> Header:
    """What a sealed value says of itself; not authenticated until it is opened. Raises :class:`Unsealable`."""
    if len(sealed) < _HEADER:
        raise Unsealable
    return Header(sealed[0], sealed[1], sealed[2], bytes(sealed[3:_HEADER]))


def needs_reseal(sealed: bytes, name: str | None = None, shapes: Mapping[str, Sequence[Any]] = SHAPES) -> bool:
    """Whether a newer version of the format exists, or (with ``name``) a newer shape of what is inside."""
    header = read_header(sealed)
    newest = header.shape if name is None else len(shapes.get(name, ()))
    return header.version != VERSION or header.shape != newest


def encrypt(secret: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """AES-256-GCM with a 96-bit nonce and a 128-bit tag, nothing else. The caller answers for the nonce."""
    if len(secret) != 32 or len(nonce) != _NONCE:
        raise ValueError("AES-256-GCM here takes a key of 32 bytes and a nonce of 12")
    return AESGCM(secret).encrypt(nonce, plaintext, aad)


def decrypt(secret: bytes, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    """The reverse of :func:`encrypt`. Raises :class:`Unsealable` for whatever is wrong."""
    if len(secret) != 32 or len(nonce) != _NONCE:
        raise Unsealable
    try:
        return AESGCM(secret).decrypt(nonce, ciphertext, aad)
    except InvalidTag:
        raise Unsealable from None


def join_lengths(*parts: bytes) -> bytes:
    """Join parts so that no two lists of parts give the same bytes: each is preceded by its length."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def seal(key: DataKey, name: str, row_id: bytes, plaintext: bytes, *, installation: bytes, shape: int = 0) -> Sealed:
    """Seal ``plaintext`` so that it opens only in this place.

    ``name`` is a stable name of the registry (or of :data:`ORGANISATION_NAMES`); ``row_id`` the row's own random id;
    ``installation`` the installation's id. Raises :class:`UnknownName`.
    """
    _require_name(name)
    head = _head(ALGORITHM_WHOLE, shape, key.id)
    nonce = os.urandom(_NONCE)
    return Sealed(head + nonce + encrypt(key.secret, nonce, plaintext, _place(head, name, row_id, installation)))


def open_sealed(key: DataKey, name: str, row_id: bytes, sealed: bytes, *, installation: bytes) -> bytes:
    """The bytes that :func:`seal` was given. Raises :class:`Unsealable` for anything that is not exactly in place."""
    header = read_header(sealed)
    opener = _OPENERS.get((header.version, header.algorithm))
    if opener is None or header.key_id != key.id:
        raise Unsealable
    return opener(key, name, row_id, sealed, installation)


def seal_stream(
    key: DataKey, name: str, row_id: bytes, source: bytes | BinaryIO, *, installation: bytes
) -> Iterator[bytes]:
    """Seal a large object chunk by chunk: one header, then chunks of 64 KiB with a tag each.

    STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the subkey is used for this object only, the nonce is the
    chunk's number and whether it is the last, so that nothing can be cut, moved, doubled or swapped unseen.
    """
    _require_name(name)
    head = _head(ALGORITHM_STREAM, 0, key.id)
    salt = os.urandom(_SALT)
    cipher = AESGCM(_subkey(key, salt, _place(head, name, row_id, installation)))
    yield head + salt
    for number, chunk, is_last in _numbered(_as_file(source), CHUNK):
        yield cipher.encrypt(_stream_nonce(number, is_last), chunk, head)


def open_stream(
    key: DataKey, name: str, row_id: bytes, source: bytes | BinaryIO, *, installation: bytes
) -> Iterator[bytes]:
    """The chunks that :func:`seal_stream` was given, each checked before it is handed out.

    Raises :class:`Unsealable`, at the latest at the end: what was handed out is whole only once this is exhausted.
    """
    file = _as_file(source)
    start = file.read(_HEADER + _SALT)
    header = read_header(start)
    known = (header.version, header.algorithm) == (VERSION, ALGORITHM_STREAM)
    if not known or header.key_id != key.id or len(start) != _HEADER + _SALT:
        raise Unsealable
    head, salt = start[:_HEADER], start[_HEADER:]
    secret = _subkey(key, salt, _place(head, name, row_id, installation))
    for number, chunk, is_last in _numbered(file, CHUNK + _TAG):
        yield decrypt(secret, _stream_nonce(number, is_last), chunk, head)


def seal_object(key: DataKey, name: str, row_id: bytes, plaintext: bytes, *, installation: bytes) -> Sealed:
    """:func:`seal_stream` for bytes that are in memory already."""
    return Sealed(b"".join(seal_stream(key, name, row_id, plaintext, installation=installation)))


def open_object(key: DataKey, name: str, row_id: bytes, sealed: bytes, *, installation: bytes) -> bytes:
    """All of what :func:`seal_object` was given, or :class:`Unsealable`; never a part."""
    return b"".join(open_stream(key, name, row_id, sealed, installation=installation))


def derive(key: DataKey, purpose: str) -> bytes:
    """32 bytes for one purpose (a pseudonym, say) that end with the key they come from (HKDF, RFC 5869)."""
    return _hkdf(key.secret, b"", join_lengths(b"vitavault derive 1", key.id, purpose.encode()))


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seal and open in one installation, as text and as JSON.

    JSON is opened in today's shape whatever shape it was sealed in: ``shapes`` holds the steps between.
    """

    installation: bytes
    shapes: Mapping[str, Sequence[Callable[[Any], Any]]] = field(default_factory=lambda: SHAPES)

    def seal_bytes(self, key: DataKey, name: str, row_id: bytes, value: bytes) -> Sealed:
        """Seal bytes. Raises :class:`UnknownName`."""
        return seal(key, name, row_id, value, installation=self.installation)

    def open_bytes(self, key: DataKey, name: str, row_id: bytes, sealed: bytes) -> bytes:
        """Open bytes. Raises :class:`Unsealable`."""
        return open_sealed(key, name, row_id, sealed, installation=self.installation)

    def seal_text(self, key: DataKey, name: str, row_id: bytes, value: str) -> Sealed:
        """Seal text (UTF-8). Raises :class:`UnknownName`."""
        return self.seal_bytes(key, name, row_id, value.encode(errors=_LENIENT))

    def open_text(self, key: DataKey, name: str, row_id: bytes, sealed: bytes) -> str:
        """Open text. Raises :class:`Unsealable`."""
        try:
            return self.open_bytes(key, name, row_id, sealed).decode(errors=_LENIENT)
        except UnicodeDecodeError:
            raise Unsealable from None

    def seal_json(self, key: DataKey, name: str, row_id: bytes, value: Any) -> Sealed:
        """Seal a JSON value in the newest shape of its name. Raises :class:`UnknownName`."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        shape = len(self.shapes.get(name, ()))
        return seal(key, name, row_id, text.encode(errors=_LENIENT), installation=self.installation, shape=shape)

    def open_json(self, key: DataKey, name: str, row_id: bytes, sealed: bytes) -> Any:
        """Open a JSON value, brought to the newest shape. Raises :class:`Unsealable`."""
        text = self.open_text(key, name, row_id, sealed)
        shape = read_header(sealed).shape
        steps = self.shapes.get(name, ())
        if shape > len(steps):
            raise Unsealable
        value = _parse_json(text)
        for upgrade in steps[shape:]:
            value = upgrade(value)
        return value

    def seal_object(self, key: DataKey, name: str, row_id: bytes, value: bytes) -> Sealed:
        """Seal a document. Raises :class:`UnknownName`."""
        return seal_object(key, name, row_id, value, installation=self.installation)

    def open_object(self, key: DataKey, name: str, row_id: bytes, sealed: bytes) -> bytes:
        """Open a document, whole or not at all. Raises :class:`Unsealable`."""
        return open_object(key, name, row_id, sealed, installation=self.installation)

    def reseal(self, key: DataKey, name: str, row_id: bytes, sealed: bytes) -> Sealed:
        """The same value in today's version and shape. Raises :class:`Unsealable`."""
        if self.shapes.get(name):
            return self.seal_json(key, name, row_id, self.open_json(key, name, row_id, sealed))
        return self.seal_bytes(key, name, row_id, self.open_bytes(key, name, row_id, sealed))

    def needs_reseal(self, name: str, sealed: bytes) -> bool:
        """Whether sealing the same value today would give a newer version or shape."""
        return needs_reseal(sealed, name, self.shapes)


def _require_name(name: str) -> None:
    if name not in REGISTRY and name not in ORGANISATION_NAMES:
        raise UnknownName(f"{name!r} is not a name in the registry of personal data")


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Unsealable from None


def _head(algorithm: int, shape: int, key_id: bytes) -> bytes:
    return bytes((VERSION, algorithm, shape)) + key_id


def _place(head: bytes, name: str, row_id: bytes, installation: bytes) -> bytes:
    return join_lengths(installation, name.encode(), row_id, head[3:], head[:3])


def _open_whole_1(key: DataKey, name: str, row_id: bytes, sealed: bytes, installation: bytes) -> bytes:
    head, nonce, body = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
    return decrypt(key.secret, nonce, body, _place(head, name, row_id, installation))


def _open_stream_1(key: DataKey, name: str, row_id: bytes, sealed: bytes, installation: bytes) -> bytes:
    return open_object(key, name, row_id, sealed, installation=installation)


_OPENERS: dict[tuple[int, int], Callable[[DataKey, str, bytes, bytes, bytes], bytes]] = {
    (1, ALGORITHM_WHOLE): _open_whole_1,
    (1, ALGORITHM_STREAM): _open_stream_1,
}


def _subkey(key: DataKey, salt: bytes, place: bytes) -> bytes:
    return _hkdf(key.secret, salt, join_lengths(b"vitavault stream 1", place))


def _hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _stream_nonce(number: int, is_last: bool) -> bytes:
    return bytes(7) + number.to_bytes(4, "big") + bytes((is_last,))


def _as_file(source: bytes | BinaryIO) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source


def _numbered(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Chunks of exactly ``size`` but for the last, which may be shorter and is always there, even when empty."""
    number = 0
    chunk = _read_full(file, size)
    while True:
        following = _read_full(file, size) if len(chunk) == size else b""
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def _read_full(file: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
