"""The corpus is what it says: the same each time, labelled by what its documents print, halved between designs."""

import json
from functools import cache
from pathlib import Path

from tests.resumes.generate import BOTH, Document, make_documents, plan_documents, write_corpus
from tests.resumes.layouts.catalogue import list_layouts
from tests.resumes.people import LATIN, OTHER
from tests.resumes.plain_text import find_text, squeeze

TENTH = 9
"""Every ninth document: it shares no factor with the eight documents of a layout, so it meets each of their places."""


@cache
def some_documents() -> tuple[Document, ...]:
    """A part of both halves that meets every layout, drawn once."""
    return tuple(make_documents(step=TENTH))


def list_strings(document: Document) -> list[str]:
    """All strings that the label claims, dates apart."""
    label = document.label
    entries = [*label["work"], *label["education"], *label["work_optional"]]
    told = [entry[key] for entry in entries for key in ("employer", "title", "institution", "degree") if key in entry]
    lists = [*label["emails"], *label["phones"], *label["links"], *(label["skills"] or []), *label["languages"]]
    place = [label["location"]] if label["location"] else []
    return [*label["name"].replace(",", "").split(), *place, *told, *lists]


def list_years(document: Document) -> list[str]:
    """The years of all labelled dates, as two digits, which is the least that any form of date prints."""
    entries = [*document.label["work"], *document.label["education"]]
    return [entry[key][2:4] for entry in entries for key in ("start", "end") if entry[key]]


def test_label_strings_stand_in_their_documents() -> None:
    """Whatever a label claims, the document prints or links to."""
    for document in some_documents():
        text = squeeze(find_text(document.content, document.format))
        assert not [string for string in list_strings(document) if squeeze(string) not in text], document.file


def test_label_years_stand_in_their_documents() -> None:
    """Each labelled year is printed, at least by its last two digits."""
    for document in some_documents():
        text = find_text(document.content, document.format)
        assert not [year for year in list_years(document) if year not in text], document.file


def test_same_code_writes_same_corpus() -> None:
    """Two runs give the same bytes, in every format."""
    assert tuple(make_documents(step=TENTH)) == some_documents()
    assert {document.format for document in some_documents()} == {"pdf", "docx", "odt", "rtf", "html", "txt"}


def test_half_of_the_designs_is_kept_out() -> None:
    """No family is on both sides, the sides are of like size, and the corpus is large enough to measure with."""
    tuning, kept = list_layouts(kept_out=False), list_layouts(kept_out=True)
    assert not {layout.family for layout in tuning} & {layout.family for layout in kept}
    assert abs(len(tuning) - len(kept)) <= 3
    assert len(plan_documents(("kept-out",))) >= 120


def test_every_language_is_written() -> None:
    """Both halves hold all languages of the plan, other scripts included."""
    for split in BOTH:
        assert {*LATIN, *OTHER} == {language for _, _, language, _ in plan_documents((split,))}


def test_corpus_is_written_with_manifest_and_labels(tmp_path: Path) -> None:
    """Each row of the manifest has its file and its label."""
    count = write_corpus(tmp_path, step=TENTH)
    rows = (tmp_path / "manifest.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "file,split,family,format,language"
    assert len(rows) == count + 1 > 40
    for row in rows[1:]:
        path = row.split(",")[0]
        assert (tmp_path / path).stat().st_size > 0
        label = tmp_path / "labels" / f"{path.removeprefix('files/')}.json"
        assert json.loads(label.read_text(encoding="utf-8"))["name"]
