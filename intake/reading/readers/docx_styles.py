"""Styles of Word documents: what a paragraph or run looks like, inherited with a bound on depth."""

import re
from dataclasses import dataclass, replace

from intake.reading.readers.xml import Element, find_attribute, name_of

_MAX_INHERIT = 12
_HEADING_NAME = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|nagłówek|berschrift)\s*([1-6])$", re.IGNORECASE
)
_LIST_NAME = re.compile(r"^list (?:bullet|number|paragraph)|^aufzählung|^liste à puces", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """The look that readers care for. ``heading`` is 0 or 1-6; ``size`` in points."""

    heading: int = 0
    listed: bool = False
    bold: bool = False
    italic: bool = False
    caps: bool = False
    hidden: bool = False
    size: float = 10.0

    def with_properties(self, properties: Element) -> "Style":
        """Return this look changed by a pPr or rPr element."""
        style = self
        for item in properties:
            style = _apply(style, item, name_of(item))
        return style


_SWITCHES = {"b": "bold", "i": "italic", "caps": "caps", "vanish": "hidden"}


def _apply(style: Style, item: Element, name: str) -> Style:
    if name in _SWITCHES:
        return replace(style, **{_SWITCHES[name]: find_attribute(item, "val") not in ("0", "false", "off", "none")})
    if name == "sz":
        half_points = _number(find_attribute(item, "val"))
        return replace(style, size=half_points / 2) if 2 <= half_points <= 400 else style
    if name == "numPr":
        return replace(style, listed=_is_numbered(item))
    if name == "outlineLvl":
        level = _number(find_attribute(item, "val"))
        return replace(style, heading=level + 1 if 0 <= level <= 5 else 0)
    return style


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else -1


def _is_numbered(properties: Element) -> bool:
    return not any(name_of(item) == "numId" and find_attribute(item, "val") == "0" for item in properties)


def read_styles(root: Element | None) -> dict[str, Style]:
    """Return the looks by style id; the document's default under the empty id."""
    if root is None:
        return {"": Style()}
    elements = {find_attribute(item, "styleId"): item for item in root if name_of(item) == "style"}
    defaults = Style()
    for item in root:
        if name_of(item) == "docDefaults":
            for inner in item.iter():
                defaults = _apply(defaults, inner, name_of(inner))
    styles = {key: _resolve(key, elements, defaults, 0) for key in elements}
    normal = next((key for key, item in elements.items() if _is_default_paragraph(item)), None)
    return styles | {"": styles[normal] if normal is not None else defaults}


def _is_default_paragraph(item: Element) -> bool:
    return find_attribute(item, "type") == "paragraph" and find_attribute(item, "default") in ("1", "true")


def _resolve(key: str, elements: dict[str, Element], defaults: Style, depth: int) -> Style:
    item = elements.get(key)
    if item is None or depth > _MAX_INHERIT:
        return defaults
    parts = {name_of(child): child for child in item}
    based_on = find_attribute(parts["basedOn"], "val") if "basedOn" in parts else ""
    style = _resolve(based_on, elements, defaults, depth + 1) if based_on else defaults
    for name in ("pPr", "rPr"):
        if name in parts:
            style = style.with_properties(parts[name])
    title = find_attribute(parts["name"], "val") if "name" in parts else key
    named = _HEADING_NAME.search(title)
    if named:
        style = replace(style, heading=int(named[1]))
    elif title.casefold() == "title":
        style = replace(style, heading=1)
    return replace(style, listed=True) if _LIST_NAME.match(title) and "Paragraph" not in title else style
