"""Signed heads as text: a C2SP signed note in tlog-checkpoint form, under Ed25519. Pure.

Origin, size and root, then one extension line with the time of signing, so that the time too is vouched for. A note
whose signature does not fit must never be read for what it says.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from storage.audit.entry import spell_time

_ED25519 = b"\x01"
_NOTE = re.compile(
    r"(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,15})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<at>[0-9T:.\-]{26}Z)\n)\n— (?P<name>\S+) (?P<signature>[A-Za-z0-9+/]+=*)\n"
)


class NotVouched(Exception):
    """The text is not a head signed by the key in question. ``code`` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(f"not a signed head of the record: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Head:
    """The record at one time: how many entries and the root over them, for the log named ``origin``."""

    origin: str
    size: int
    root: bytes
    at: datetime


def sign_head(head: Head, key: Ed25519PrivateKey) -> str:
    """The signed note of ``head``. Raises ``ValueError`` for an origin with spaces or plus."""
    if not re.fullmatch(r"[^\s+]+", head.origin):
        raise ValueError("an origin is a word without spaces or plus")
    root = base64.b64encode(head.root).decode()
    text = f"{head.origin}\n{head.size}\n{root}\ntime {spell_time(head.at)}\n"
    signature = key_id(head.origin, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {head.origin} {base64.b64encode(signature).decode()}\n"


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes that hint at the key (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def open_note(note: str, key: Ed25519PublicKey) -> Head:
    """The head that ``note`` vouches for under ``key``. Raises :class:`NotVouched`."""
    parts = _NOTE.fullmatch(note)
    if parts is None:
        raise NotVouched("malformed")
    signature = _decode(parts["signature"])
    if parts["name"] != parts["origin"] or signature[:4] != key_id(parts["name"], key):
        raise NotVouched("another_key")
    try:
        key.verify(signature[4:], parts["text"].encode())
    except InvalidSignature:
        raise NotVouched("wrong_signature") from None
    at = datetime.fromisoformat(parts["at"])
    return Head(parts["origin"], int(parts["size"]), base64.b64decode(parts["root"]), at)


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise NotVouched("malformed") from None


def split_notes(text: str) -> tuple[list[str], str]:
    """The complete notes that ``text`` begins with, each followed by an empty line, and what is left over."""
    notes, place = [], 0
    while found := _ENTRY.match(text, place):
        notes.append(found[1])
        place = found.end()
    return notes, text[place:]


_ENTRY = re.compile(r"((?:[^\n]+\n)+\n(?:— [^\n]+\n)+)\n")


def has_note(text: str) -> bool:
    """Whether a complete note stands anywhere in ``text``."""
    return _ENTRY.search(text) is not None
