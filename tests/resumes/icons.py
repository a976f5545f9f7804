"""Builds a tiny TrueType font of five icons in the private-use area, as icon fonts in resumes have them.

Must never need a font tool: the tables are packed by hand, after the OpenType specification 1.9.
"""

import struct
import tempfile
from functools import cache
from pathlib import Path

FAMILY = "Small Icons"
ICONS = {"place": "\uf3c5", "email": "\uf0e0", "phone": "\uf095", "link": "\uf0c1", "star": "\uf005"}
UNITS = 1000

Outline = list[tuple[int, int]]
SHAPES: dict[str, Outline] = {
    "place": [(500, 0), (150, 550), (300, 850), (700, 850), (850, 550)],
    "email": [(50, 100), (50, 700), (500, 400), (950, 700), (950, 100)],
    "phone": [(200, 50), (200, 850), (600, 850), (600, 50)],
    "link": [(50, 300), (350, 600), (950, 600), (650, 300)],
    "star": [(500, 850), (620, 520), (950, 500), (690, 300), (790, 0), (500, 190), (210, 0), (310, 300), (50, 500)],
}


@cache
def write_icon_font() -> Path:
    """A folder that holds the font and lasts as long as the process; the font's bytes never change."""
    folder = Path(tempfile.mkdtemp(prefix="icons-"))
    (folder / "icons.ttf").write_bytes(build_font())
    return folder


def build_font() -> bytes:
    """The font file."""
    points = sorted((ord(character), name) for name, character in ICONS.items())
    missing: Outline = [(100, 0), (100, 700), (600, 700), (600, 0)]
    glyphs = [_pack_glyph(shape) for shape in (missing, *(SHAPES[name] for _, name in points))]
    offsets = [sum(len(glyph) for glyph in glyphs[:place]) for place in range(len(glyphs) + 1)]
    count = len(glyphs)
    return _pack_tables(
        {
            b"OS/2": _pack_os2(points[0][0], points[-1][0]),
            b"cmap": _pack_cmap([code for code, _ in points]),
            b"glyf": b"".join(glyphs),
            b"head": struct.pack(
                ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, UNITS, 0, 0, 0, 0, 1000, 900, 0, 8, 2, 1, 0
            ),
            b"hhea": struct.pack(">IhhhHhhhhh", 0x10000, 900, -100, 0, 1000, 0, 0, 1000, 1, 0)
            + bytes(12)
            + struct.pack(">H", count),
            b"hmtx": struct.pack(">Hh", 1000, 0) * count,
            b"loca": struct.pack(f">{count + 1}I", *offsets),
            b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, count, 12, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
            b"name": _pack_names(),
            b"post": struct.pack(">IIhhIIIII", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
        }
    )


def _pack_glyph(outline: Outline) -> bytes:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    head = struct.pack(">hhhhh", 1, min(xs), min(ys), max(xs), max(ys))
    body = struct.pack(">HH", len(outline) - 1, 0) + b"\x01" * len(outline)
    for values in (xs, ys):
        steps = [now - before for before, now in zip([0, *values], values, strict=False)]
        body += struct.pack(f">{len(steps)}h", *steps)
    glyph = head + body
    return glyph + b"\0" * (-len(glyph) % 4)


def _pack_cmap(codes: list[int]) -> bytes:
    groups = b"".join(struct.pack(">III", code, code, place + 1) for place, code in enumerate(codes))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _pack_names() -> bytes:
    names = {1: FAMILY, 2: "Regular", 3: FAMILY, 4: FAMILY, 5: "Version 1.0", 6: FAMILY.replace(" ", "")}
    records, strings = b"", b""
    for key, text in names.items():
        raw = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, key, len(raw), len(strings))
        strings += raw
    return struct.pack(">HHH", 0, len(names), 6 + len(records)) + records + strings


def _pack_os2(first: int, last: int) -> bytes:
    sizes = (4, 500, 400, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 250, 0)
    metrics = struct.pack(">hhHHHHH", 900, -100, 90, 900, 100, 0, 0)
    return (
        struct.pack(">HhHHH", *sizes[:5])
        + struct.pack(">hhhhhhhhhhh", *sizes[5:])
        + bytes(10)
        + struct.pack(">IIII", 0, 0, 0, 0)
        + b"NONE"
        + struct.pack(">HHH", 0x40, first, last)
        + metrics[:-4]
        + struct.pack(">II", 1, 0)
        + struct.pack(">hhHHH", 500, 700, 0, 32, 1)
    )


def _pack_tables(tables: dict[bytes, bytes]) -> bytes:
    count, offset = len(tables), 12 + 16 * len(tables)
    head, body = struct.pack(">IHHHH", 0x10000, count, 128, 3, count * 16 - 128), b""
    for tag, data in sorted(tables.items()):
        padded = data + b"\0" * (-len(data) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        head += struct.pack(">4sIII", tag, checksum, offset + len(body), len(data))
        body += padded
    return head + body
