"""Sentences in other languages: the catalogues, read from their sources. Pages and letters speak from the same ones."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "web" / "locale"
SOURCE_LANGUAGE = "en"


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark ``message`` for the catalogues; it is translated where it is said."""
    return message


@lru_cache(maxsize=32)
def load_translations(code: str) -> NullTranslations:
    """Read one catalogue from its source; the source language needs none.

    The ``.po`` file is compiled in memory, so that a fresh checkout needs no build step and no binary is committed.
    """
    path = CATALOGUES / code / "LC_MESSAGES" / "vitavault.po"
    if code == SOURCE_LANGUAGE or not path.is_file():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


@lru_cache(maxsize=1)
def list_catalogues() -> tuple[str, ...]:
    """Every language that can be spoken, the source language first."""
    found = sorted(path.parent.parent.name for path in CATALOGUES.glob("*/LC_MESSAGES/vitavault.po"))
    return (SOURCE_LANGUAGE, *found)
