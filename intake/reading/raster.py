"""The size of a picture, read from its header alone, so that a decoder never meets a pixel flood.

No decoding happens here.
"""

import struct

MAX_PIXELS = 40_000_000
"""Largest picture decoded (safety, 4.4)."""
MAX_DEPTH_BYTES = 200_000_000
"""Largest decoded picture in bytes: pixels times channels times bytes of each."""

_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_JPEG_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_MAX_SEGMENTS = 1000


def png_size(data: bytes) -> tuple[int, int, int] | None:
    """Return width, height and bytes of each pixel; None when the header is broken."""
    if len(data) < 33 or data[12:16] != b"IHDR":
        return None
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    channels = _PNG_CHANNELS.get(colour)
    if not width or not height or channels is None or depth not in (1, 2, 4, 8, 16):
        return None
    return width, height, channels * max(1, depth // 8)


def jpeg_size(data: bytes) -> tuple[int, int, int] | None:
    """Return width, height and bytes of each pixel from the first frame header; None when there is none."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        if at + 4 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _JPEG_FRAMES:
            return _jpeg_frame(data, at)
        if length < 2:
            return None
        at += 2 + length
    return None


def _jpeg_frame(data: bytes, at: int) -> tuple[int, int, int] | None:
    if at + 10 > len(data):
        return None
    height, width = struct.unpack_from(">HH", data, at + 5)
    channels = data[at + 9]
    return (width, height, channels) if width and height and channels in (1, 3, 4) else None


def is_too_large(size: tuple[int, int, int]) -> bool:
    """Tell whether decoding a picture of this size would cost more than we allow."""
    width, height, depth = size
    return width * height > MAX_PIXELS or width * height * depth > MAX_DEPTH_BYTES
