"""The kinds of documents that pages name are those that readers take."""

from intake.reading.kinds import accepted_suffixes, kinds_read, names_of_kinds
from intake.reading.ocr import find_languages
from intake.reading.sniff import KINDS
from intake.reading.tasks import PICTURES, READERS


def test_every_reader_is_named_and_nothing_else() -> None:
    """A reader that comes or goes changes what pages say; pictures are offered where recognition is installed."""
    assert set(kinds_read()) == {*READERS, *(PICTURES if find_languages() else ())}
    assert set(kinds_read()) <= set(KINDS)


def test_names_and_suffixes_are_told_for_every_kind() -> None:
    """People see a name, and their file dialogue the suffixes."""
    assert len(names_of_kinds()) == len(kinds_read())
    assert {".pdf", ".docx", ".odt", ".rtf", ".txt", ".html", ".json", ".xml"} <= set(accepted_suffixes().split(","))
    assert ".doc" not in accepted_suffixes().split(",")
