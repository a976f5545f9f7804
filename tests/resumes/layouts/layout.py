"""What a layout generator is, and how the Typst ones are made from their sources."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from intake.demo.people import load_pack
from intake.demo.resumes import View, find_font_families, typeset
from tests.resumes.icons import ICONS, write_icon_font
from tests.resumes.people import OTHER, SCRIPTS, Shows
from tests.resumes.photo import draw_photo


@dataclass(frozen=True, slots=True)
class Layout:
    """One design of resume: its family name, file format, what it prints and how to write it."""

    family: str
    format: str
    shows: Shows
    render: Callable[[View], bytes]
    languages: tuple[str, ...] = ()
    """Only these languages, one document each; empty for the mixture of all."""


def typst_layout(source: Path, shows: Shows, family: str = "", languages: tuple[str, ...] = ()) -> Layout:
    """A PDF layout from a Typst source; its family is the file's name unless given."""
    return Layout(family or source.stem, "pdf", shows, lambda view: _typeset(source, view, shows), languages)


def _typeset(source: Path, view: View, shows: Shows) -> bytes:
    photo = {"photo": list(draw_photo(view["name"]))} if shows.photo else {}
    return typeset(source.read_text(encoding="utf-8"), {**view, "icons": ICONS, **photo}, (write_icon_font(),))


def list_typeset_scripts() -> tuple[str, ...]:
    """The languages in other scripts that the fonts of this machine can typeset; Cyrillic is always among them."""
    families = find_font_families()
    return tuple(tongue for tongue in OTHER if families.intersection(load_pack(tongue, SCRIPTS)["fonts"]))
