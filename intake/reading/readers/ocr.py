"""The two ends of OCR inside the sandbox: a picture fit for recognition, and words turned into characters with boxes.

Pictures are drawn grey at a fixed resolution, turned as asked and straightened. Tesseract's table is taken as hostile.
"""

import io
import json
import re
import statistics
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PIL import Image

from intake.reading.drawing import open_upright
from intake.reading.page import Char, Page, Sheets

READER = "tesseract"
RESOLUTION = 200
"""Pixels per inch of the pictures that are recognised."""
_MAX_SIDE = 4200
_PAGE_WIDTH = 612.0
_STEEPEST, _STEP = 5.0, 0.5
_MAX_WORDS = 20_000
_SURE, _LIKELY, _SURE_MARK = 45.0, 20.0, 60.0
_BULLETS = frozenset("+*«»©®¢°•-–—=>~eo@")
_LOW = re.compile(r"[gjpqyQ,;()\[\]{}|/@$]")
_HIGH = re.compile(r"[A-ZÀ-Þbdfhklt0-9]")
_CAP_HEIGHT, _FULL_HEIGHT, _X_HEIGHT = 0.72, 0.93, 0.52


def draw_for_ocr(kind: str, data: bytes, page: int, turn: int) -> bytes:
    """Return one JSON line about the page, then the page as PGM; empty where there is no such page."""
    image, width = _draw_pdf(data, page) if kind == "pdf" else _draw_picture(data, page)
    if image is None:
        return b""
    if turn:
        image = image.rotate(-turn, expand=True, fillcolor=255)
    image = _straighten(image)
    points_per_pixel = width / (image.height if turn in (90, 270) else image.width)
    about = {"width": image.width, "height": image.height, "scale": points_per_pixel, "turn": turn}
    out = io.BytesIO()
    image.save(out, "PPM")
    return json.dumps(about).encode() + b"\n" + out.getvalue()


def _draw_pdf(data: bytes, page: int) -> tuple[Image.Image | None, float]:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if page > len(document):
        return None, 0.0
    leaf = document[page - 1]
    width, height = leaf.get_size()
    scale = min(RESOLUTION / 72, _MAX_SIDE / max(width, height, 1.0))
    return leaf.render(scale=scale, grayscale=True).to_pil().convert("L"), width


def _draw_picture(data: bytes, page: int) -> tuple[Image.Image | None, float]:
    if page > 1:
        return None, 0.0
    image = open_upright(data).convert("L")
    wanted = _PAGE_WIDTH / 72 * RESOLUTION
    scale = min(wanted / min(image.size), _MAX_SIDE / max(image.size))
    return image.resize((round(image.width * scale), round(image.height * scale))), _PAGE_WIDTH


def _straighten(image: Image.Image) -> Image.Image:
    """Turn back a small skew: rows of text give the sharpest profile when they lie level."""
    small = image.resize((500, max(1, round(500 * image.height / image.width))), Image.Resampling.BOX)
    steps = int(_STEEPEST / _STEP)
    angles = [step * _STEP for step in range(-steps, steps + 1)]
    sharpness = {angle: _sharpness(small.rotate(angle, fillcolor=255)) for angle in angles}
    best = max(angles, key=lambda angle: sharpness[angle])
    if not best or sharpness[best] < 1.05 * sharpness[0.0]:
        return image
    return image.rotate(best, Image.Resampling.BICUBIC, fillcolor=255)


def _sharpness(image: Image.Image) -> float:
    profile = image.resize((1, image.height), Image.Resampling.BOX).tobytes()
    return float(sum((above - below) ** 2 for above, below in pairwise(profile)))


@dataclass(frozen=True, slots=True)
class _Word:
    line: tuple[str, ...]
    left: int
    top: int
    right: int
    bottom: int
    text: str


def sheets_from_tables(kind: str, pages: list[dict[str, Any]]) -> Sheets:
    """Turn tesseract's tables into pages of words with boxes."""
    sheets = Sheets(kind=kind, reader=READER, page_count=len(pages), warnings=["read_by_ocr"])
    for number, page in enumerate(pages, 1):
        about = json.loads(page["about"])
        scale = float(about["scale"])
        leaf = Page(number, float(about["width"]) * scale, float(about["height"]) * scale, has_images=True)
        leaf.is_turned = bool(about.get("turn"))
        leaf.chars = _chars(_words(str(page["table"])), scale)
        sheets.pages.append(leaf)
    return sheets


def _words(table: str) -> list[_Word]:
    words: list[_Word] = []
    for row in table.split("\n"):
        parts = row.split("\t")
        if len(parts) != 12 or parts[0] != "5" or len(words) >= _MAX_WORDS:
            continue
        text = parts[11].strip()
        is_first = parts[5] == "1"
        if is_first and text in _BULLETS and not (text.isalpha() and float(parts[10]) > 80):
            text = "\u2022"
        elif not _is_word(text, float(parts[10])):
            continue
        left, top, width, height = (int(part) for part in parts[6:10])
        words.append(_Word(tuple(parts[1:5]), left, top, left + width, top + height, text))
    return words


def _is_word(text: str, belief: float) -> bool:
    """Tell words from what tesseract makes of icons, rules and pictures: the shorter, the surer it has to be."""
    letters = sum(char.isalnum() for char in text)
    if letters >= 5:
        return True
    if letters == 0 and len(text) > 1:
        return False
    return belief >= (_SURE_MARK if letters == 0 else _SURE if letters < 4 else _LIKELY)


def _chars(words: list[_Word], scale: float) -> list[Char]:
    lines: dict[tuple[str, ...], list[_Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    chars: list[Char] = []
    for line in lines.values():
        baseline, size = _measure(line)
        for word in line:
            box = [side * scale for side in (word.left, word.top, word.right, word.bottom)]
            chars.append(Char(word.text, box[0], box[1], box[2], box[3], baseline * scale, size * scale))
    return chars


def _measure(line: list[_Word]) -> tuple[float, float]:
    """Estimate a line's baseline and size of type in pixels, from words by whether they reach above and below."""
    sizes = [(word.bottom - word.top) / _height_of(word.text) for word in line]
    size = statistics.median(sizes)
    level = [word.bottom for word in line if not _LOW.search(word.text)]
    bottoms = level or [word.bottom - round(0.2 * size) for word in line]
    return statistics.median(bottoms), size


def _height_of(text: str) -> float:
    if _LOW.search(text):
        return _FULL_HEIGHT if _HIGH.search(text) else _X_HEIGHT + 0.21
    return _CAP_HEIGHT if _HIGH.search(text) else _X_HEIGHT
