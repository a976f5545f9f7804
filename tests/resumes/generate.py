"""Writes the corpus: ``python -m tests.resumes.generate OUT_DIR [--tuning | --kept-out]``.

Files go to ``OUT_DIR/files``, labels to ``OUT_DIR/labels``, and ``OUT_DIR/manifest.csv`` lists them. The same
code writes the same corpus. Must never be used to tune a reader with the kept-out half: that half measures.
"""

import argparse
import csv
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.resumes.layouts.catalogue import list_layouts
from tests.resumes.layouts.layout import Layout
from tests.resumes.people import LATIN, Label, draft_resume

BOTH = ("tuning", "kept-out")
PER_LAYOUT = {"tuning": (3, 5), "kept-out": (2, 3)}
"""How many documents of a layout are in English, and how many in other languages."""
COLUMNS = ("file", "split", "family", "format", "language")


@dataclass(frozen=True, slots=True)
class Document:
    """One written resume with its label and its row in the manifest."""

    file: str
    split: str
    family: str
    format: str
    language: str
    label: Label
    content: bytes


def make_documents(splits: tuple[str, ...] = BOTH, step: int = 1) -> Iterator[Document]:
    """The documents of the splits named, every ``step``-th of them, in a fixed order."""
    for layout, split, language, number in plan_documents(splits)[::step]:
        yield _make_document(layout, split, language, number)


def plan_documents(splits: tuple[str, ...] = BOTH) -> list[tuple[Layout, str, str, int]]:
    """Layout, split, language and number of each document, in a fixed order."""
    return [
        (layout, split, language, number)
        for split in splits
        for layout in list_layouts(split == "kept-out")
        for number, language in enumerate(_choose_languages(layout, *PER_LAYOUT[split]))
    ]


def _choose_languages(layout: Layout, english: int, foreign: int) -> list[str]:
    """So many in English and in others, different ones for each layout; never dependent on the other layouts."""
    if layout.languages:
        return list(layout.languages)
    first, others = zlib.crc32(layout.family.encode()), LATIN[1:]
    return ["en"] * english + [others[(first + turn) % len(others)] for turn in range(foreign)]


def _make_document(layout: Layout, split: str, language: str, number: int) -> Document:
    draft = draft_resume(language, f"{layout.family}/{number}", layout.shows)
    file = f"{layout.family}_{number}_{language}.{layout.format}"
    return Document(file, split, layout.family, layout.format, language, draft.label, layout.render(draft.view))


def write_corpus(folder: Path, splits: tuple[str, ...] = BOTH, step: int = 1) -> int:
    """Writes the corpus, or every ``step``-th document of it, below ``folder``; says how many documents those are."""
    for name in ("files", "labels"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rows = []
    for document in make_documents(splits, step):
        (folder / "files" / document.file).write_bytes(document.content)
        label = json.dumps(document.label, ensure_ascii=False, indent=1)
        (folder / "labels" / f"{document.file}.json").write_text(label, encoding="utf-8")
        rows.append([f"files/{document.file}", *(getattr(document, column) for column in COLUMNS[1:])])
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as written:
        csv.writer(written).writerows([COLUMNS, *rows])
    return len(rows)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the corpus of fictional resumes.")
    parser.add_argument("folder", type=Path)
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--tuning", action="store_const", const=("tuning",), dest="splits")
    half.add_argument("--kept-out", action="store_const", const=("kept-out",), dest="splits")
    given = parser.parse_args()
    print(f"{write_corpus(given.folder, given.splits or BOTH)} documents")


if __name__ == "__main__":
    main()
