"""Resumes in Chinese, Japanese, Arabic and Russian that measure readers; whoever tunes one must not look at them."""

from pathlib import Path

from tests.resumes.layouts.kept_out.office import lay_stock
from tests.resumes.layouts.layout import Layout, list_typeset_scripts, typst_layout
from tests.resumes.layouts.web import fill_template
from tests.resumes.people import OTHER, Shows
from tests.resumes.writers.docx import write_docx

KEPT_OUT = True
HERE = Path(__file__).parent

LAYOUTS = (
    typst_layout(HERE / "casual.typ", Shows(("native: – ", "dot: - ")), "script_casual", list_typeset_scripts()),
    Layout("script_stock", "docx", Shows(("native: – ",)), lambda view: write_docx(lay_stock(view)), OTHER),
    Layout("script_cards", "html", Shows(("years: - ",)), fill_template(HERE / "html_cards.html"), OTHER),
)
