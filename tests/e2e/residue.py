"""Looks for planted words in every byte under a folder, in every encoding in which they could have been left."""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

MOST_INFLATED = 20_000_000
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_FLATE_IN_PDF = re.compile(rb"stream\r?\n")
_ZIP_ENTRY = re.compile(rb"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class Trace:
    """A planted word that was found: where, and in which encoding."""

    file: str
    word: str
    encoding: str


def encodings_of(word: str) -> dict[str, bytes]:
    """The byte forms of a word, by name. Base64 at its three alignments, without what its neighbours decide."""
    said = word.encode()
    forms = {
        "utf-8": said,
        "utf-16le": word.encode("utf-16-le"),
        "utf-16be": word.encode("utf-16-be"),
        "utf-32le": word.encode("utf-32-le"),
        "hex": said.hex().encode(),
        "hex of utf-16be": word.encode("utf-16-be").hex().encode(),
        "url": quote(word, safe="").encode(),
        "url, every byte": "".join(f"%{byte:02x}" for byte in said).encode(),
        "json": json.dumps(word)[1:-1].encode(),
        "reversed": said[::-1],
    }
    for kind, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
        for shift in range(3):
            coded = encode(b"\0" * shift + said + b"\0" * (-(len(said) + shift) % 3))
            first, last = -(-shift * 8 // 6), (shift + len(said)) * 8 // 6
            forms[f"{kind} at {shift}"] = coded[first:last]
    return forms


def find_traces(roots: Iterable[Path], words: Iterable[str]) -> list[Trace]:
    """Every trace of ``words`` in names and bytes of all files under ``roots``, compressed streams included."""
    wanted = [(word, name, form) for word in words for name, form in encodings_of(word).items()]
    return [trace for path in _files(roots) for trace in _traces_in(path, wanted)]


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        yield from [root] if root.is_file() else (path for path in sorted(root.rglob("*")) if path.is_file())


def _traces_in(path: Path, wanted: list[tuple[str, str, bytes]]) -> Iterator[Trace]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return  # a running server may remove a file while we look
    for place, data in (("", content), ("inflated ", inflate_all(content)), ("name ", path.name.encode())):
        lowered = data.lower()
        for word, name, form in wanted:
            if form in data or form.lower() in lowered:
                yield Trace(str(path), word, place + name)


def inflate_all(content: bytes) -> bytes:
    """What the compressed streams in these bytes hold: zlib, gzip, raw deflate of PDF streams and ZIP entries."""
    found: list[bytes] = []
    view = memoryview(content)
    for pattern, bits in ((_ZLIB, 15), (_GZIP, 31)):
        found += [_inflate(view[match.start() :], bits) for match in pattern.finditer(content)]
    found += [_inflate(view[match.end() :], 15) for match in _FLATE_IN_PDF.finditer(content)]
    for match in _ZIP_ENTRY.finditer(content):
        header = content[match.start() : match.start() + 30]
        body = match.start() + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        found.append(_inflate(view[body:], -15))
    return b"\n".join(found)


def _inflate(data: memoryview, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(data[:MOST_INFLATED], MOST_INFLATED)
    except zlib.error:
        return b""
