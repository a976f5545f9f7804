"""The zip gate refuses what its directory betrays, and counts every byte that it inflates."""

import io
import struct
import zipfile
import zlib

import pytest

from intake.reading.archive import MAX_ENTRIES, open_archive
from intake.reading.verdicts import RefusedError


def _pack(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _claim(data: bytes, offset: int, form: str, value: int) -> bytes:
    out = bytearray(data)
    struct.pack_into(form, out, out.find(b"PK\x01\x02") + offset, value)
    return bytes(out)


def test_a_sound_archive_gives_its_parts_back() -> None:
    """Stored and deflated members read as they were written."""
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        archive = open_archive(_pack({"a.xml": b"jane" * 100, "b/c.xml": b""}, method))

        assert archive.read("a.xml") == b"jane" * 100
        assert archive.read("b/c.xml") == b""
        assert "b/c.xml" in archive


@pytest.mark.asvs("5.2.3")
@pytest.mark.parametrize(
    "data",
    [
        _pack({f"{number}": b"" for number in range(MAX_ENTRIES + 1)}),
        _pack({"a": bytes(26 * 1024 * 1024)}, zipfile.ZIP_STORED),
        _pack({"a": bytes(2 * 1024 * 1024)}),
    ],
    ids=["entries", "part", "ratio"],
)
def test_too_much_is_refused_before_anything_is_unpacked(data: bytes) -> None:
    """The directory alone shows too many members, too large a one, or too good a compression."""
    with pytest.raises(RefusedError) as refused:
        open_archive(data)

    assert refused.value.code == "too_large"


@pytest.mark.asvs("5.2.5")
@pytest.mark.parametrize("name", ["../a", "/a", "a\\b", "a/../../b"])
def test_names_that_climb_are_refused(name: str) -> None:
    """A member's name is never a path, and one that tries is the end of it."""
    with pytest.raises(RefusedError):
        open_archive(_pack({name.replace("\\", "?"): b""}).replace(b"a?b", b"a\\b"))


@pytest.mark.asvs("5.2.5")
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_than_store_and_deflate_are_refused(method: int) -> None:
    """What our own inflating does not count is not inflated."""
    with pytest.raises(RefusedError):
        open_archive(_pack({"a": b"b" * 100}, method))


@pytest.mark.asvs("5.2.5")
def test_encrypted_members_and_symbolic_links_are_refused() -> None:
    """Flags of the directory are enough to refuse both."""
    sound = _pack({"a": b"b"})

    with pytest.raises(RefusedError) as refused:
        open_archive(_claim(sound, 8, "<H", 1))
    assert refused.value.code == "encrypted"
    with pytest.raises(RefusedError):
        open_archive(_claim(sound, 38, "<L", 0o120777 << 16))


def test_a_size_that_lies_is_found_while_inflating() -> None:
    """The directory says little, the stream gives much: reading stops at the limit."""
    archive = open_archive(_claim(_pack({"a": bytes(900_000)}), 24, "<L", 10))

    with pytest.raises(RefusedError):
        archive.read("a")
    with pytest.raises(RefusedError) as refused:
        archive.read("a", 1000)
    assert refused.value.code == "too_large"


def test_a_wrong_checksum_is_refused() -> None:
    """A part that is not what the directory says is not read."""
    sound = _pack({"a": b"jane"})

    with pytest.raises(RefusedError):
        open_archive(_claim(sound, 16, "<L", zlib.crc32(b"other"))).read("a")


@pytest.mark.parametrize("change", [lambda data: data[:-30], lambda data: b"x" + data, lambda data: data + b"tail"])
def test_data_around_the_archive_is_refused(change) -> None:  # type: ignore[no-untyped-def]
    """A zip is a zip from its first byte to its last."""
    with pytest.raises(RefusedError):
        open_archive(change(_pack({"a": b"jane"})))
