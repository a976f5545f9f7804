"""Scans and photographs, read by Debian's tesseract where it is installed, each step in a jail of its own.

Three kinds of children: one draws a page of the document, one becomes tesseract (no files but its own program and
models, no network, no other program), one turns the words back into a Reading. This module only carries bytes from
one to the next and never looks into them.
"""

import json
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from intake.reading.sandbox.client import Ending, Sandbox
from intake.reading.sandbox.limits import Limits
from intake.reading.sandbox.programs import find_program
from intake.reading.verdicts import refused_reading
from intake.reading.wire import WireError, decode_reading
from storage.profile import Reading, Verdict

MAX_PAGES = 5
"""Most pages of a scan that are read."""
_PICTURE_BYTES = 48 * 1024 * 1024
_WORDS_BYTES = 4 * 1024 * 1024
_MEMORY_MIB, _CPU_SECONDS = 1024, 60
_TURN_BELOW = 55.0
"""A page whose words are believed less than this on average is tried in another orientation."""
_MODELS = ("/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata")
_LANGUAGES = ("eng", "deu", "fra", "spa", "ita", "nld", "por", "pol")
_MOST_LANGUAGES = 3


@cache
def find_languages() -> tuple[str, ...]:
    """Return the models to use: the one for Latin script, or up to three of our languages; empty without OCR."""
    if find_program("tesseract") is None:
        return ()
    folder = next((Path(name) for name in _MODELS if Path(name).is_dir()), None)
    if folder is None:
        return ()
    if (folder / "script" / "Latin.traineddata").is_file():
        return ("script/Latin",)
    return tuple(name for name in _LANGUAGES if (folder / f"{name}.traineddata").is_file())[:_MOST_LANGUAGES]


@dataclass(frozen=True, slots=True)
class _Scan:
    sandbox: Sandbox
    data: bytes
    deadline: float
    limits: Limits

    def left(self) -> float:
        return max(0.0, self.deadline - time.monotonic())


@dataclass(frozen=True, slots=True)
class _Words:
    """One page's words: what the drawing child said of the page, and tesseract's table."""

    about: str
    table: str
    belief: float


def read_scan(sandbox: Sandbox, data: bytes, kind: str, deadline: float, limits: Limits) -> Reading:
    """Read a scan before ``deadline`` (monotonic seconds). Never raises for what the document holds."""
    scan = _Scan(sandbox, data, deadline, limits)
    pages: list[_Words] = []
    for number in range(1, MAX_PAGES + 1):
        words = _read_page(scan, number)
        if words is None:
            break
        pages.append(words)
    if not pages:
        verdict, code = (Verdict.NEEDS_OCR, "needs_ocr") if scan.left() else (Verdict.TIMEOUT, "timeout")
        return refused_reading(verdict, code, kind)
    return _assemble(scan, pages, kind)


def _read_page(scan: _Scan, number: int) -> _Words | None:
    upright = _recognise(scan, number, 0)
    if upright is None or upright.belief >= _TURN_BELOW:
        return upright
    turned = [_recognise(scan, number, angle) for angle in (90, 270, 180)]
    return max([upright, *(words for words in turned if words is not None)], key=lambda words: words.belief)


def _recognise(scan: _Scan, number: int, turn: int) -> _Words | None:
    limits = replace(scan.limits, output_bytes=_PICTURE_BYTES)
    params = {"page": number, "turn": turn}
    drawn = scan.sandbox.run("picture", params, scan.data, wall=scan.left(), limits=limits)
    about, found, picture = drawn.output.partition(b"\n")
    if drawn.ending is not Ending.DONE or not found or len(about) > 1000:
        return None
    limits = Limits(_MEMORY_MIB, _CPU_SECONDS, output_bytes=_WORDS_BYTES)
    languages = {"languages": "+".join(find_languages())}
    told = scan.sandbox.run("ocr", languages, picture, wall=scan.left(), limits=limits, jail="program")
    if told.ending is not Ending.DONE:
        return None
    table = told.output.decode("utf-8", "replace")
    return _Words(about.decode("ascii", "replace"), table, _belief(table))


def _belief(table: str) -> float:
    """Return the mean of the words' confidences, from the last but one column; 0 where there are few words."""
    beliefs = [row.rsplit("\t", 2)[1] for row in table.split("\n") if row.startswith("5\t") and row.count("\t") == 11]
    numbers = [float(text) for text in beliefs if text.replace(".", "", 1).isdigit()]
    return sum(numbers) / len(numbers) if len(numbers) > 5 else 0.0


def _assemble(scan: _Scan, pages: list[_Words], kind: str) -> Reading:
    message = json.dumps({"kind": kind, "pages": [{"about": page.about, "table": page.table} for page in pages]})
    wall = max(scan.left(), 2.0)
    outcome = scan.sandbox.run("assemble", {}, message.encode(), wall=wall, limits=scan.limits)
    if outcome.ending is not Ending.DONE:
        return refused_reading(Verdict.CRASHED, "crashed", kind)
    try:
        return replace(decode_reading(outcome.output), kind=kind)
    except WireError:
        return refused_reading(Verdict.CRASHED, "crashed", kind)
