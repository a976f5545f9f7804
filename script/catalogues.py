"""Bring the catalogues up to date with the sentences on the pages for people.

Run ``uv run python script/catalogues.py`` after changing a sentence, then fill what is empty or marked fuzzy in
``intake/web/locale/*/LC_MESSAGES/vitavault.po``. Nothing needs compiling: pages read these files at start.
``--check`` changes nothing and fails where a sentence has no translation or a translation has no sentence.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from intake.desk.ends import BUILT_IN_REASONS
from intake.policy_words import find_texts
from intake.reading.verdicts import SENTENCES
from retention.policy.load import bundled_names, load_policy

WEB = Path(__file__).parents[1] / "intake" / "web"
POLICY = Path(__file__).parents[1] / "retention" / "policy"
DESK = Path(__file__).parents[1] / "intake" / "desk"
HEADER = "# Sentences of Vitavault in one language. Licence: Apache-2.0."
IDLE_HEADERS = (b'"Report-Msgid', b'"POT-Creation', b'"PO-Revision', b'"Last-Translator', b'"Language-Team')
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
STAFF_ONLY = (
    "templates/recruit/",
    "templates/privacy/",
    "templates/admin/",
    "templates/account/",
    "templates/demo/",
    "templates/api.html",
    "templates/charts.html",
    "templates/staff.html",
)
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}


def extract_sentences() -> Catalog:
    """Every sentence that a person may read on the pages for people, with the files it stands in."""
    catalogue = Catalog(project="Vitavault", version="1", charset="utf-8", header_comment="# Sentences of Vitavault.")
    for name, _, message, comments, context in extract_from_dir(
        WEB, METHODS, OPTIONS, KEYWORDS, strip_comment_tags=True
    ):
        if not name.startswith(STAFF_ONLY):
            catalogue.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    for folder in (POLICY, DESK):
        for name, _, message, comments, _ in extract_from_dir(
            folder, [("**.py", "python")], {}, KEYWORDS, strip_comment_tags=True
        ):
            catalogue.add(message, None, [(f"{folder.name}/{name}", 0)], auto_comments=comments)
    for profile in bundled_names():
        for text in find_texts(load_policy(profile)):
            catalogue.add(text.by_language[0][1], None, [(f"profile {profile}", 0)])
    for sentence in (*SENTENCES.values(), *BUILT_IN_REASONS.values()):
        catalogue.add(sentence, None, [("sentences of reading and of ends", 0)])
    return catalogue


def read_catalogue(path: Path) -> Catalog:
    """One language's catalogue; an empty one where there is none yet."""
    code = path.parent.parent.name
    if not path.is_file():
        return Catalog(locale=code, project="Vitavault", version="1", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=code)


def list_gaps(path: Path, sentences: Catalog) -> list[str]:
    """What is missing, fuzzy or left over in one language, in words."""
    catalogue = read_catalogue(path)
    gaps = []
    for message in sentences:
        known = catalogue.get(message.id) if message.id else None
        if message.id and (known is None or known.fuzzy or not is_filled(known)):
            gaps.append(f"{path.parent.parent.name}: not translated: {message.id!r}")
    left = [message.id for message in catalogue if message.id and message.id not in sentences]
    return gaps + [f"{path.parent.parent.name}: no longer used: {identifier!r}" for identifier in left]


def is_filled(message: Message) -> bool:
    """Whether every plural form of a message has a translation."""
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return bool(forms) and all(forms)


def update_catalogue(path: Path, sentences: Catalog) -> None:
    """Add new sentences and drop unused ones in one language; translations stay."""
    catalogue = read_catalogue(path)
    catalogue.update(sentences, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = HEADER
    written = BytesIO()
    write_po(written, catalogue, width=110, sort_output=True, include_lineno=False)
    kept = [line for line in written.getvalue().splitlines(keepends=True) if not line.startswith(IDLE_HEADERS)]
    path.write_bytes(b"".join(kept))


def main() -> int:
    """Update or check every language."""
    sentences = extract_sentences()
    paths = [
        folder / "LC_MESSAGES" / "vitavault.po" for folder in sorted((WEB / "locale").iterdir()) if folder.is_dir()
    ]
    if "--check" not in sys.argv:
        for path in paths:
            update_catalogue(path, sentences)
    gaps = [gap for path in paths for gap in list_gaps(path, sentences)]
    print("\n".join(gaps) or f"{len(sentences)} sentences, {len(paths)} languages, nothing missing")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
