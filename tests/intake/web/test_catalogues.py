"""The catalogues say everything, in every language, with the same facts in each sentence."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from intake.catalogues import CATALOGUES

ROOT = Path(__file__).parents[3]
LANGUAGES = [path.name for path in sorted(CATALOGUES.iterdir()) if path.is_dir()]
PLACEHOLDER = re.compile(r"%\([a-z]+\)s|%%|%(?!\()")


def read_messages(language: str) -> list[Message]:
    """Every translated sentence of one language."""
    with (CATALOGUES / language / "LC_MESSAGES" / "vitavault.po").open("rb") as source:
        return [message for message in read_po(source, locale=language) if message.id]


def forms_of(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A sentence, or all its plural forms."""
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_sentence_for_people_is_translated_and_none_is_left_over() -> None:
    """The command that updates the catalogues has nothing to say."""
    done = subprocess.run(
        [sys.executable, "script/catalogues.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_carry_the_same_facts_and_no_markup(language: str) -> None:
    """Every placeholder of the sentence stands in each of its forms, and nothing reads as markup."""
    for message in read_messages(language):
        wanted = sorted(PLACEHOLDER.findall(forms_of(message.id)[-1]))
        for form in forms_of(message.string):
            assert sorted(PLACEHOLDER.findall(form)) == wanted, message.id
            assert "<" not in form


def test_the_languages_that_were_promised_are_there() -> None:
    """German, and Arabic from right to left."""
    assert {"de", "ar"} <= set(LANGUAGES)
