"""The HTML and plain text designs that readers may be tuned on."""

from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from intake.demo.resumes import View
from tests.resumes.layouts.layout import Layout
from tests.resumes.people import Shows

KEPT_OUT = False
HERE = Path(__file__).parent
HTML = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
TEXT = Environment(autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 — text


def fill_template(source: Path) -> Callable[[View], bytes]:
    """A renderer of one Jinja template, escaping unless it writes plain text."""
    filling = (TEXT if source.suffix == ".txt" else HTML).from_string(source.read_text(encoding="utf-8"))
    return lambda view: filling.render(d=view).encode()


LAYOUTS = (
    Layout("html_sections", "html", Shows(("short", "long: - ", "iso")), fill_template(HERE / "html_sections.html")),
    Layout(
        "html_aside",
        "html",
        Shows(("slash: – ", "years"), ("end_year", "years")),
        fill_template(HERE / "html_aside.html"),
    ),
    Layout(
        "txt_headings", "txt", Shows(("short: - ", "slash:-"), (), "address"), fill_template(HERE / "txt_headings.txt")
    ),
)
