"""Pictures of documents: pages of PDFs, photographs scaled down, and a plain sheet drawn from the lines of the rest.

Runs inside the sandbox only. The picture's resolution (pHYs) tells how many pixels a point of the page takes, so that
places can be marked on it.
"""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from intake.reading.page import Line
from intake.reading.readers.flow import LEADING, MARGIN, PAGE_WIDTH

_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "/usr/share/fonts/TTF/DejaVuSans.ttf")
_MAX_HEIGHT = 16_000
_POINTS_PER_INCH = 72.0
_FONT_BYTES: list[bytes] = []

PngImagePlugin.MAX_TEXT_CHUNK = 64 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024


def preload_fonts() -> None:
    """Read a font with many scripts while files can still be read; Pillow's own serves where there is none."""
    for name in _FONTS:
        if not _FONT_BYTES and Path(name).is_file():
            _FONT_BYTES.append(Path(name).read_bytes())
    Image.init()


def _font(size: float) -> Any:
    if _FONT_BYTES:
        return ImageFont.truetype(io.BytesIO(_FONT_BYTES[0]), size)
    return ImageFont.load_default(size)


def save_png(image: Image.Image, width_points: float) -> bytes:
    """Return the picture as PNG without any metadata but its resolution."""
    out = io.BytesIO()
    per_inch = image.width / width_points * _POINTS_PER_INCH
    image.save(out, "PNG", dpi=(per_inch, per_inch), compress_level=6)
    return out.getvalue()


def draw_pdf_page(data: bytes, page: int, width_px: int) -> bytes:
    """Return page ``page`` (from 1) of a PDF. Raises IndexError where there is none."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if not 1 <= page <= len(document):
        raise IndexError
    leaf = document[page - 1]
    width, height = leaf.get_size()
    scale = min(width_px / width, _MAX_HEIGHT / height)
    image = leaf.render(scale=scale).to_pil().convert("RGB")
    return save_png(image.quantize(64) if image.width * image.height > 4_000_000 else image, width)


def draw_picture(data: bytes, width_px: int) -> bytes:
    """Return a photograph or scan, upright and scaled to the width."""
    image = open_upright(data)
    height = max(1, min(_MAX_HEIGHT, round(image.height * width_px / image.width)))
    return save_png(image.resize((width_px, height)), PAGE_WIDTH)


def open_upright(data: bytes) -> Image.Image:
    """Decode a picture as the camera's orientation mark says; its size was checked from its header before."""
    from PIL import ImageOps

    image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
    image.load()
    return ImageOps.exif_transpose(image).convert("RGB")


def draw_lines(lines: list[Line], width_px: int) -> bytes:
    """Return one long sheet with the lines where their boxes say."""
    scale = width_px / PAGE_WIDTH
    height = min(_MAX_HEIGHT, round((lines[-1].bottom + MARGIN if lines else 4 * MARGIN) * scale))
    image = Image.new("L", (width_px, height), 255)
    draw = ImageDraw.Draw(image)
    plain, strong = _font(9.5 * scale), _font(11.5 * scale)
    for line in lines:
        if line.top * scale > height:
            break
        font = strong if line.heading else plain
        text = ("\u2022 " if line.listed else "") + "    ".join(line.cells or (line.text,))
        rows = _wrap(text, font, (PAGE_WIDTH - MARGIN - line.left) * scale, line)
        for number, row in enumerate(rows):
            place = (line.left * scale, (line.top + number * LEADING) * scale)
            draw.text(place, row, font=font, fill=0)
    return save_png(image, PAGE_WIDTH)


def _wrap(text: str, font: Any, width: float, line: Line) -> list[str]:
    """Break a line into as many rows as its box is high; the last takes what is left."""
    most = max(1, round((line.bottom - line.top) / LEADING))
    rows = [""]
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and len(rows) < most and font.getlength(longer) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows
