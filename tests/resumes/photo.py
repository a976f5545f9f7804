"""Draws the likeness of nobody: head and shoulders in flat colours, a different pair for each name."""

import io
import zlib

from PIL import Image, ImageDraw


def draw_photo(name: str) -> bytes:
    """A small PNG, the same for the same name."""
    hue = zlib.crc32(name.encode()) % 360
    image = Image.new("RGB", (240, 300), f"hsl({hue}, 25%, 82%)")
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 200, 220, 420), fill=f"hsl({(hue + 180) % 360}, 30%, 35%)")
    pen.ellipse((70, 60, 170, 190), fill="hsl(25, 45%, 68%)")
    pen.pieslice((66, 45, 174, 165), 180, 360, fill=f"hsl({hue}, 20%, 22%)")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
