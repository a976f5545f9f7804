"""Zip containers (DOCX, ODT), read with limits and without trust in what they say of themselves.

The gate reads the central directory only; nothing is unpacked by it. Members are inflated one at a time in memory and
every byte is counted while inflating. Nothing here ever writes a file or uses a member's name as a path.
Limits: safety, 4.4, which pass every ordinary document measured.
"""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

MAX_ENTRIES: Final = 2000
MAX_PART: Final = 25 * 1024 * 1024
MAX_TOTAL: Final = 60 * 1024 * 1024
MAX_RATIO: Final = 150
RATIO_FROM: Final = 1024 * 1024
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _UTF8 = 0x0001, 0x0800
_STORED, _DEFLATED = 0, 8
_SYMLINK = 0o120000


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the central directory, all of it claimed by the file."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int
    mode: int


def _malformed(code: str = "malformed") -> RefusedError:
    return RefusedError(Verdict.MALFORMED, code)


def _too_large() -> RefusedError:
    return RefusedError(Verdict.TOO_LARGE, "too_large")


def _find_end(data: bytes) -> tuple[int, int, int]:
    """Return offset of the directory, its end and its entry count; refuse data before, after or spread over disks."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if at < 0 or at + _END.size > len(data):
        raise _malformed()
    _, disk, first, here, count, size, offset, comment = _END.unpack_from(data, at)
    if disk or first or here != count or offset + size != at:
        raise _malformed()
    if at + _END.size + comment != len(data):
        raise _malformed("ambiguous")
    return offset, at, count


def _members(data: bytes) -> list[Member]:
    at, end, count = _find_end(data)
    if count > MAX_ENTRIES:
        raise _too_large()
    found: list[Member] = []
    while at < end:
        if len(found) >= count or at + _CENTRAL.size > end:
            raise _malformed()
        head = _CENTRAL.unpack_from(data, at)
        if head[0] != b"PK\x01\x02":
            raise _malformed()
        name_end = at + _CENTRAL.size + head[10]
        name = data[at + _CENTRAL.size : name_end].decode("utf-8" if head[3] & _UTF8 else "cp437", "replace")
        found.append(Member(name, head[4], head[3], head[7], head[8], head[9], head[16], head[15] >> 16))
        at = name_end + head[11] + head[12]
    if len(found) != count or not found:
        raise _malformed()
    return found


def _is_unsafe_name(name: str) -> bool:
    return not name or "\x00" in name or "\\" in name or name.startswith("/") or ".." in name.split("/")


def _check_member(member: Member) -> None:
    if member.flags & _ENCRYPTED:
        raise RefusedError(Verdict.ENCRYPTED, "encrypted")
    if member.method not in (_STORED, _DEFLATED) or _is_unsafe_name(member.name):
        raise _malformed()
    if member.mode & 0o170000 == _SYMLINK:
        raise _malformed()
    if member.size > MAX_PART:
        raise _too_large()
    if member.size > RATIO_FROM and member.size > MAX_RATIO * max(member.packed, 1):
        raise _too_large()


def _check_layout(members: list[Member], data: bytes) -> None:
    """Refuse members that share bytes: one local file listed many times is a bomb."""
    taken = 0
    for member in sorted(members, key=lambda item: item.offset):
        if member.offset < taken or member.offset + _LOCAL.size + member.packed > len(data):
            raise _malformed()
        taken = member.offset + _LOCAL.size + member.packed


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip that passed the gate."""

    data: bytes
    members: Mapping[str, Member]

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def read(self, name: str, limit: int = MAX_PART) -> bytes:
        """Return a member's bytes, at most ``limit``; refuse what is longer, overlong or does not match its CRC."""
        member = self.members.get(name)
        if member is None:
            raise _malformed()
        packed = self._packed(member)
        plain = packed if member.method == _STORED else _inflate(packed, min(limit, MAX_PART))
        if len(plain) > limit:
            raise _too_large()
        if len(plain) != member.size or zlib.crc32(plain) != member.crc:
            raise _malformed()
        return plain

    def _packed(self, member: Member) -> bytes:
        head = _LOCAL.unpack_from(self.data, member.offset)
        if head[0] != b"PK\x03\x04":
            raise _malformed()
        start = member.offset + _LOCAL.size + head[9] + head[10]
        packed = self.data[start : start + member.packed]
        if len(packed) != member.packed:
            raise _malformed()
        return packed


def _inflate(packed: bytes, limit: int) -> bytes:
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = machine.decompress(packed, limit + 1)
    except zlib.error as error:
        raise _malformed() from error
    if len(plain) > limit:
        raise _too_large()
    if not machine.eof:
        raise _malformed()
    return plain


def open_archive(data: bytes) -> Archive:
    """Gate a zip by its central directory. Raises RefusedError; never unpacks, never writes."""
    if data[:4] != b"PK\x03\x04":
        raise _malformed()
    members = _members(data)
    for member in members:
        _check_member(member)
    if sum(member.size for member in members) > MAX_TOTAL:
        raise _too_large()
    names = {member.name.casefold() for member in members}
    if len(names) != len(members):
        raise _malformed("ambiguous")
    _check_layout(members, data)
    return Archive(data, MappingProxyType({member.name: member for member in members}))
