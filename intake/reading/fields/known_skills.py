"""Skills told by their names: what the list of common names finds outside a section of skills, and inside one.

Only lines that hold hardly anything but known skills count as lists; running text is asked last and believed least. It
must never take a title, an employer or a heading's word for a skill.
"""

from collections.abc import Iterator

from intake.reading.fields.addresses import rows_of_section
from intake.reading.fields.found import Found
from intake.reading.fields.pieces import place_of
from intake.reading.fields.skill_items import is_parted, items_of, part_by_names
from intake.reading.page import Line
from intake.reading.sections import Section
from intake.reading.vocabulary import LANGUAGES, fold
from intake.reading.vocabulary.skill_names import common_name, find_skills, is_name_alone

_CLOSED = ("education", "languages", "references", "publications", "interests", "awards")
_PROSE = ("work", "projects", "summary", "other", "head", "volunteer")
_MIXED = ("languages", "interests")
_LISTED, _TOLD = 0.6, 0.45
_FEWEST = 3


def read_known_skills(sections: list[Section], listed: list[Found]) -> list[Found]:
    """Skills beyond those that a section lists: in lists elsewhere, and in running text where there are none at all."""
    known = {fold(item.value) for item in listed}
    found: dict[str, Found] = {}
    for item in (*_in_lists(sections), *_in_cells(sections)):
        if fold(item.value) not in known:
            found.setdefault(fold(item.value), item)
    if not listed and len(found) < _FEWEST:
        for item in _in_prose(sections):
            found.setdefault(fold(item.value), item)
    return list(found.values())


def _in_lists(sections: list[Section]) -> Iterator[Found]:
    for section in sections:
        if section.kind in ("skills", "work", "summary", *_CLOSED):
            continue
        for line in section.lines:
            for cell in filter(is_parted, line.cells or (line.text,)):
                items = [part for item in items_of(cell) for part in part_by_names(item)]
                if len(items) >= _FEWEST and _are_known(items, cell):
                    yield from (Found(item, _LISTED, (place_of(line),)) for item in items)


def _are_known(items: list[str], cell: str) -> bool:
    """Whether most items are known skills, and the text holds hardly any words beside them."""
    known = sum(common_name(item) is not None and fold(item) not in LANGUAGES for item in items)
    inside = sum(len(item.split()) for item in items)
    return known >= 0.6 * len(items) and inside >= 0.7 * len(cell.rpartition(": ")[2].split())


def _in_cells(sections: list[Section]) -> Iterator[Found]:
    """Known skills that fill cells beside other columns, or follow one that was taken for a heading."""
    for section in sections:
        led = section.heading is not None and common_name(section.title) is not None
        if section.kind not in _MIXED and not (section.kind == "other" and led):
            continue
        rows = rows_of_section(section) if led else section.lines
        named = [
            Found(cell, _LISTED, (place_of(line),))
            for line in rows
            for cell in line.cells or (line.text,)
            if common_name(cell) and is_name_alone(cell) and fold(cell) not in LANGUAGES
        ]
        if len(named) >= _FEWEST:
            yield from named


def _in_prose(sections: list[Section]) -> Iterator[Found]:
    for section in sections:
        for line in section.lines if section.kind in _PROSE else []:
            yield from _told_in(line)


def _told_in(line: Line) -> Iterator[Found]:
    if "@" in line.text or "://" in line.text or "www." in line.text:
        return
    for named in find_skills(line.text, listed=False):
        yield Found(named.text, _TOLD, (place_of(line),))
