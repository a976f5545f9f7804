"""What the sandboxed child does: read a document to a Reading, render a page, put an OCR's answer together.

Runs inside the sandbox only. Every task takes its parameters, reads its document from standard input and returns the
bytes for the pipe; `preload` runs in the zygote before any document is near.
"""

import importlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import intake
import storage
from intake.reading.extents import measure_pages
from intake.reading.narrowing import narrow_places
from intake.reading.page import Sheets
from intake.reading.raster import jpeg_size, png_size
from intake.reading.sandbox.programs import find_program
from intake.reading.sandbox.zygote import read_input
from intake.reading.sniff import sniff
from intake.reading.verdicts import RefusedError, refused_reading
from intake.reading.wire import encode_reading
from storage.profile import Reading, Verdict

SOURCES = [str(package.__file__) for package in (intake, storage)]
"""Packages whose folders the child may read."""
PROGRAMS = [path for path in (find_program("tesseract"),) if path]
"""Programs that the jail for programs may start."""

READERS = {
    "pdf": ("intake.reading.readers.pdf", "read_pdf"),
    "docx": ("intake.reading.readers.docx", "read_docx"),
    "odt": ("intake.reading.readers.odt", "read_odt"),
    "rtf": ("intake.reading.readers.rtf", "read_rtf"),
    "html": ("intake.reading.readers.html", "read_html"),
    "txt": ("intake.reading.readers.text", "read_text"),
    "json": ("intake.reading.structured", "read_json_resume"),
    "europass": ("intake.reading.structured", "read_europass"),
}
PICTURES = ("png", "jpeg")
_LEAST_SIDE = 200


def preload(kinds: list[str]) -> None:
    """Import the readers of these kinds (all when none is named) and what turns their lines into a profile."""
    for kind in kinds or READERS:
        if kind in READERS:
            importlib.import_module(READERS[kind][0])
    structure = importlib.import_module("intake.reading.structure")
    if not kinds or "pdf" in kinds:
        structure.read_sheets(importlib.import_module(READERS["pdf"][0]).warm_up())
    if not kinds:
        importlib.import_module("intake.reading.drawing").preload_fonts()
        importlib.import_module("intake.reading.readers.ocr")


def run_read(params: dict[str, Any]) -> bytes:
    """Read a document to a profile; the answer is a Reading on the wire, whatever the document does.

    ``params["pdf_reader"]`` names the PDF reader that is asked first.
    """
    data = read_input()
    found = sniff(data)
    if found.verdict is not Verdict.OK:
        return encode_reading(refused_reading(found.verdict, found.code, found.kind))
    return encode_reading(_guarded(found.kind, lambda: _read(found.kind, data, str(params.get("pdf_reader", "")))))


def _guarded(kind: str, work: Callable[[], Reading]) -> Reading:
    try:
        return work()
    except RefusedError as refusal:
        return refused_reading(refusal.verdict, refusal.code, kind)
    except MemoryError:
        return refused_reading(Verdict.TOO_LARGE, "too_large", kind)
    except Exception:  # noqa: BLE001 - parsers raise anything on broken input; the child answers with a verdict
        return refused_reading(Verdict.MALFORMED, "malformed", kind)


def _read(kind: str, data: bytes, pdf_reader: str) -> Reading:
    if kind in PICTURES:
        if _is_too_small(kind, data):
            return refused_reading(Verdict.EMPTY, "no_text", kind)
        return refused_reading(Verdict.NEEDS_OCR, "needs_ocr", kind)
    sheets = read_sheets_of(kind, data, pdf_reader)
    if sheets.structured is None and _is_blank(sheets):
        pictured = any(page.has_images for page in sheets.pages)
        if pictured:
            return refused_reading(Verdict.NEEDS_OCR, "needs_ocr", kind)
        return refused_reading(Verdict.EMPTY, "no_text", kind)
    return _structure(sheets)


def _is_too_small(kind: str, data: bytes) -> bool:
    """Tell whether a picture has too few pixels to hold a page of text."""
    size = png_size(data) if kind == "png" else jpeg_size(data)
    return size is None or min(size[:2]) < _LEAST_SIDE


def _structure(sheets: Sheets) -> Reading:
    from intake.reading.structure import read_sheets

    return replace(narrow_places(read_sheets(sheets), sheets), extents=measure_pages(sheets))


def _is_blank(sheets: Sheets) -> bool:
    return not any(page.chars for page in sheets.pages) and not any(line.text.strip() for line in sheets.lines)


def read_sheets_of(kind: str, data: bytes, pdf_reader: str = "") -> Sheets:
    """Ask the reader of this kind. Raises RefusedError and whatever its parser raises."""
    module, function = READERS[kind]
    reader: Callable[..., Sheets] = getattr(importlib.import_module(module), function)
    return reader(data, prefer=pdf_reader) if kind == "pdf" and pdf_reader else reader(data)


def run_render(params: dict[str, Any]) -> bytes:
    """Draw one page as PNG; empty where there is no such page."""
    from intake.reading import drawing

    data = read_input()
    kind, page, width = sniff(data).kind, int(params["page"]), int(params["width_px"])
    if kind == "pdf":
        return drawing.draw_pdf_page(data, page, width)
    if page != 1:
        return b""
    if kind in PICTURES:
        return drawing.draw_picture(data, width)
    return drawing.draw_lines(read_sheets_of(kind, data).lines, width)


def run_picture(params: dict[str, Any]) -> bytes:
    """Draw one page for recognition: a JSON line about it, then the picture."""
    from intake.reading.readers.ocr import draw_for_ocr

    data = read_input()
    return draw_for_ocr(sniff(data).kind, data, int(params["page"]), int(params["turn"]))


def run_ocr(params: dict[str, Any]) -> bytes:
    """Become tesseract: the picture is on standard input, its table of words goes to standard output."""
    options = ["stdin", "stdout", "-l", params["languages"], "--dpi", "200", "--psm", "3", "tsv"]
    os.execve(PROGRAMS[0], ["tesseract", *options], {"OMP_THREAD_LIMIT": "1", "LANG": "C.UTF-8"})  # noqa: S606
    return b""


def run_assemble(_params: dict[str, Any]) -> bytes:
    """Turn tesseract's tables into a Reading."""
    from intake.reading.readers.ocr import sheets_from_tables

    message = json.loads(read_input())

    def work() -> Reading:
        sheets = sheets_from_tables(str(message["kind"]), message["pages"])
        if _is_blank(sheets):
            return refused_reading(Verdict.EMPTY, "no_text", sheets.kind)
        return _structure(sheets)

    return encode_reading(_guarded(str(message["kind"]), work))
