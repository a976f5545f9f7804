"""Which kinds of documents are read here, as pages name them: derived from the readers that are installed.

Must never name a kind that no reader takes.
"""

from functools import cache

from intake.reading.ocr import find_languages
from intake.reading.tasks import PICTURES, READERS

_NAMES = {
    "pdf": ("PDF", (".pdf",)),
    "docx": ("DOCX", (".docx",)),
    "odt": ("ODT", (".odt",)),
    "rtf": ("RTF", (".rtf",)),
    "txt": ("TXT", (".txt",)),
    "html": ("HTML", (".html", ".htm")),
    "json": ("JSON Resume", (".json",)),
    "europass": ("Europass XML", (".xml",)),
    "png": ("PNG", (".png",)),
    "jpeg": ("JPEG", (".jpg", ".jpeg")),
}


@cache
def kinds_read() -> tuple[str, ...]:
    """The kinds that this installation reads; pictures only where recognition is installed."""
    kinds = (*READERS, *(PICTURES if find_languages() else ()))
    return tuple(kind for kind in _NAMES if kind in kinds)


def names_of_kinds() -> tuple[str, ...]:
    """What pages call the kinds that are read."""
    return tuple(_NAMES[kind][0] for kind in kinds_read())


def accepted_suffixes() -> str:
    """The value of a file field's ``accept``: a help for choosing, never a check."""
    return ",".join(suffix for kind in kinds_read() for suffix in _NAMES[kind][1])
