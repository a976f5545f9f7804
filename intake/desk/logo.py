"""The organisation's logo: a PNG taken apart and put together anew from its picture alone, never decoded here.

Whatever else a file carries (text, metadata, a second file behind it) is left out; what is no plain PNG is refused.
"""

import zlib
from collections.abc import Iterator
from struct import pack, unpack

from intake.access.actors import Actor
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage import audit
from storage.codes import Code
from storage.queries import setting_up

LARGEST = 200_000
"""Bytes that a logo may have."""
WIDEST, HIGHEST = 1200, 600
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type (PNG, 3rd edition, table 9)."""


def keep_logo(house: Installation, data: bytes, actor: Actor) -> None:
    """Keep a logo in place of the former one; nothing in ``data``: none from now on. Raises :class:`Refusal`."""
    picture = clean_png(data) if data else None
    with house.database.writing() as session:
        setting_up.keep_logo(session, picture)
        about: dict[str, Code] = {"setting": "logo", "bytes": len(picture or b"")}
        audit.record(session, at=house.now(), actor=actor.name, action="setting.changed", subject=None, about=about)


def find_logo(house: Installation) -> bytes | None:
    """The logo as PNG, or None."""
    with house.database.reading() as session:
        return setting_up.find_installation(session).logo


def clean_png(data: bytes) -> bytes:
    """The same picture in a file of nothing but that picture. Raises :class:`Refusal` for what is not plainly a PNG."""
    if len(data) > LARGEST or not data.startswith(_SIGNATURE):
        raise _refused()
    chunks = [(kind, body) for kind, body in _chunks(data) if kind in _KEPT]
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or len(chunks[0][1]) != 13:
        raise _refused()
    _check_pixels(chunks[0][1], b"".join(body for kind, body in chunks if kind == b"IDAT"))
    return _SIGNATURE + b"".join(_spell(kind, body) for kind, body in chunks)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != pack(">I", zlib.crc32(kind + body)):
            raise _refused()
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length


def _check_pixels(header: bytes, packed: bytes) -> None:
    """Refuse a picture that is too large, interlaced, or whose pixels do not fill exactly the size that it states."""
    width, height, depth, colour, method, filtering, interlaced = unpack(">IIBBBBB", header)
    is_small = 0 < width <= WIDEST and 0 < height <= HIGHEST
    if not is_small or colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16) or method or filtering or interlaced:
        raise _refused()
    expected = height * (1 + (width * depth * _CHANNELS[colour] + 7) // 8)
    unpacker = zlib.decompressobj()
    try:
        pixels = unpacker.decompress(packed, expected + 1)
    except zlib.error:
        raise _refused() from None
    if len(pixels) != expected or not unpacker.eof:
        raise _refused()


def _spell(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def _refused() -> Refusal:
    return Refusal("logo_refused", 422, "The logo must be a plain PNG of moderate size.", field="/logo")
