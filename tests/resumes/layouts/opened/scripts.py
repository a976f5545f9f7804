"""Resumes in Chinese, Japanese, Arabic and Russian of a former kept-out half."""

from pathlib import Path

from tests.resumes.layouts.layout import Layout, list_typeset_scripts, typst_layout
from tests.resumes.layouts.opened.office import lay_ruled
from tests.resumes.layouts.web import fill_template
from tests.resumes.people import OTHER, Shows
from tests.resumes.writers.odt import write_odt

KEPT_OUT = False
HERE = Path(__file__).parent

LAYOUTS = (
    typst_layout(HERE / "gutter.typ", Shows(("native: – ", "slash: - ")), "script_gutter", list_typeset_scripts()),
    Layout("script_odt", "odt", Shows(("native: – ",)), lambda view: write_odt(lay_ruled(view)), OTHER),
    Layout("script_html", "html", Shows(("years: - ",)), fill_template(HERE / "html_table.html"), OTHER),
)
