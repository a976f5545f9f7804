"""Skills: the items of a skills section, whatever its look: lines, cells, columns, tags, or groups below labels.

It never takes running text, a label or a language for a skill.
"""

import re

from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.fields.skill_items import is_list, items_of, part_by_names
from intake.reading.fields.skill_rows import is_description, rows_of
from intake.reading.page import Line
from intake.reading.vocabulary import LANGUAGES, fold
from intake.reading.vocabulary.skill_names import find_skills


def _is_prose(text: str) -> bool:
    words = len(text.split())
    if "lorem ipsum" in text.lower():
        return True
    return words > 12 and len(re.findall(r"[,;•|·]", text)) < words / 6


def read_skills(lines: list[Line]) -> list[Found]:
    """The skills that a section lists."""
    rows = rows_of(lines)
    described = sum(is_description(row.text) for row in rows) >= 2
    large = max((row.size for row in rows), default=0.0)
    found: dict[str, Found] = {}
    for row in rows:
        if _is_prose(row.text):
            for name in _names_in(row.text):
                found.setdefault(fold(name), Found(name, 0.6, (place_of(row.line),)))
            continue
        if row.label or (described and row.size < 0.85 * large and not _is_listing(row.text)):
            continue
        items = [part for whole in items_of(row.text) for part in part_by_names(whole)]
        for item in items or _names_in(row.text):
            confidence = 0.9 if is_list(row.text) or len(row.line.cells) > 1 else 0.75
            if fold(item) not in LANGUAGES:
                found.setdefault(fold(item), Found(item, confidence, (place_of(row.line),)))
    return list(found.values())


def _names_in(text: str) -> list[str]:
    """Known skills in a sentence of the section; filler text names none."""
    return [] if "lorem ipsum" in text.lower() else [named.text for named in find_skills(text, listed=False)]


def _is_listing(text: str) -> bool:
    return is_list(text) or (
        len(text.split()) <= 3 and text[:1].isupper() and not text.rsplit(maxsplit=1)[-1].islower()
    )
