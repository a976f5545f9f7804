"""Hostile RTF, pictures, text, HTML, JSON and XML, made deterministically."""

import struct
import zlib
from collections.abc import Iterator

_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"


def png_of(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG that says it is this large, whatever its data."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    packed = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in body
    )
    return b"\x89PNG\r\n\x1a\n" + packed


def _rtfs() -> Iterator[tuple[str, bytes]]:
    def rtf(body: bytes) -> bytes:
        return b"{\\rtf1\\ansi " + body + b"}"

    yield "rtf_sound.rtf", rtf(b"Jane Roe\\par jane@example.org")
    yield "rtf_backslashes.rtf", rtf(b"\\" * 400_000)
    yield "rtf_word.rtf", rtf(b"\\" + b"a" * 400_000)
    yield "rtf_groups.rtf", rtf(b"{" * 100_000)
    yield "rtf_closings.rtf", rtf(b"}" * 100_000)
    yield "rtf_fields.rtf", rtf(b'{\\field{\\*\\fldinst HYPERLINK "http://127.0.0.1:47009' * 8000)
    yield "rtf_hex.rtf", rtf(b"\\'e9" * 100_000)
    yield "rtf_paragraphs.rtf", rtf(b"\\par " * 100_000)
    yield "rtf_bin.rtf", rtf(b"\\bin2147483647 abc")
    yield "rtf_bin_negative.rtf", rtf(b"\\bin-5 abc")
    yield "rtf_digits.rtf", rtf(b"\\u" + b"9" * 5000 + b"?")
    yield "rtf_surrogate.rtf", rtf(b"\\u55357? alone \\u0? nul \\u-1? \\u70000?")
    yield "rtf_skip.rtf", rtf(b"\\uc100000000 \\u65?abc")
    yield "rtf_code_page.rtf", rtf(b"\\ansicpg99999 \\'e9")
    yield "rtf_nuls.rtf", rtf(b"Jane\x00Roe" * 100)
    yield "rtf_high_bytes.rtf", rtf(bytes(range(128, 256)) * 8)
    yield "rtf_object.rtf", rtf(b"{\\object\\objupdate{\\*\\objdata " + _EICAR.hex().encode() + b"}}text")
    yield "rtf_unclosed.rtf", b"{\\rtf1\\ansi Jane Roe"
    yield "rtf_tables.rtf", rtf(b"\\intbl a\\cell " * 20_000)
    for seed in range(4):
        mutated = bytearray(rtf(b"{\\fonttbl{\\f0 Arial;}}\\b Jane\\b0 \\tab Roe\\par " * 20))
        for step in range(30):
            mutated[6 + (seed * 7919 + step * 104_729) % (len(mutated) - 6)] = (seed * 91 + step * 37) % 256
        yield f"rtf_mutated_{seed}.rtf", bytes(mutated)


def _pictures() -> Iterator[tuple[str, bytes]]:
    pixel = (b"IDAT", zlib.compress(b"\x00\x00"))
    yield "png_sound.png", png_of(1, 1, pixel)
    yield "png_flood.png", png_of(50_000, 50_000, (b"IDAT", zlib.compress(bytes(1_000_000))), depth=1)
    yield "png_deep.png", png_of(6_200, 6_200, pixel, depth=16, colour=6)
    yield "png_negative.png", png_of(2**31 - 1, 2**31 - 1, pixel)
    yield "png_text.png", png_of(1, 1, (b"zTXt", b"a\x00\x00" + zlib.compress(bytes(50_000_000), 9)), pixel)
    yield "png_profile.png", png_of(1, 1, (b"iCCP", b"a\x00\x00" + zlib.compress(bytes(50_000_000), 9)), pixel)
    yield "png_cut.png", png_of(400, 400, (b"IDAT", b"x" * 500))[:300]
    yield "png_html.png", png_of(1, 1, pixel) + b"<script>1</script>"
    yield (
        "jpeg_flood.jpg",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x11\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
    )
    yield "jpeg_segments.jpg", b"\xff\xd8" + b"\xff\xe1\x00\x02" * 50_000
    yield "jpeg_short.jpg", b"\xff\xd8\xff\xe0"
    yield "gif.gif", b"GIF89a" + bytes(40)
    yield "tiff.tif", b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00"
    yield "svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"


def _texts() -> Iterator[tuple[str, bytes]]:
    yield "empty.pdf", b""
    yield "nul.bin", bytes(4096)
    yield "named.pdf", b"<html><body>Jane Roe</body></html>"
    yield "program.pdf.exe", b"MZ\x90\x00\x03" + bytes(200)
    yield "eicar.txt", _EICAR
    yield "text_sound.txt", b"Jane Roe\njane@example.org\n"
    yield "text_line.txt", b"a" * 900_000
    yield "text_lines.txt", b"a\n" * 100_000
    yield "text_spaces.txt", (b" " * 4000 + b"a\n") * 200
    yield "text_stars.txt", b"*_" * 50_000
    yield "text_brackets.txt", b"[" * 100_000
    yield "text_utf16.txt", "Jane Roe\ud800".encode("utf-16-le", "surrogatepass") * 20
    yield "html_nested.html", b"<html>" + b"<div>" * 50_000
    yield "html_table.html", b"<html><table>" + b"<tr><td><table>" * 3000
    yield "html_script.html", b"<html><script>" + b"x" * 100_000 + b"</script><p onload=x>Jane"
    yield "html_comment.html", b"<!--" * 20_000 + b"<html>"
    yield "json_deep.json", b'{"basics":' + b"[" * 200_000
    yield "json_number.json", b'{"basics":{"name":' + b"9" * 10_000 + b"}}"
    yield "json_other.json", b'{"a": 1}'
    yield "json_wide.json", b'{"basics":{"name":"Jane"},"work":[' + b'{"name":"a"},' * 20_000 + b'{"name":"b"}]}'
    laughs = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    yield (
        "europass_laughs.xml",
        b'<?xml version="1.0"?><!DOCTYPE SkillsPassport [<!ENTITY a0 "x">'
        + laughs
        + b"]>"
        + (b"<SkillsPassport>&a9;</SkillsPassport>"),
    )
    entity = (
        b"<?xml version='1.0'?><!DOCTYPE Candidate [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><Candidate>&x;</Candidate>"
    )
    yield "europass_entity.xml", entity


def make_others() -> Iterator[tuple[str, bytes]]:
    """Yield every other hostile file by name."""
    yield from _rtfs()
    yield from _pictures()
    yield from _texts()
