"""The PDF designs that readers may be tuned on: those of the demo, and more."""

from pathlib import Path

from intake.demo.resumes import FOLDER
from tests.resumes.layouts.layout import typst_layout
from tests.resumes.people import Shows

KEPT_OUT = False
HERE = Path(__file__).parent

MIDDLE = "{given} T. {family}"

LAYOUTS = (
    typst_layout(
        FOLDER / "classic.typ",
        Shows(("short", "long: - ", "short:—", "season"), ("end_year", "short"), name_forms=("{name}", MIDDLE)),
    ),
    typst_layout(FOLDER / "sidebar.typ", Shows(("slash", "years", "long"), photo=True)),
    typst_layout(FOLDER / "labels.typ", Shows(("slash:–", "iso", "words", "short"), place="address")),
    typst_layout(
        FOLDER / "tabular.typ",
        Shows(
            ("slash: - ", "dot: – ", "since", "day: - "), (), "address", photo=True, name_forms=("{name}", "Dr. {name}")
        ),
    ),
    typst_layout(FOLDER / "spaced.typ", Shows(("years:–", "short_years", "short"))),
    typst_layout(FOLDER / "roles.typ", Shows(("short", "slash", "glued: - "))),
    typst_layout(HERE / "sidebar_right.typ", Shows(("short", "slash: – ", "years: - "), photo=True)),
    typst_layout(HERE / "two_columns.typ", Shows(("slash:-", "years", "short"), ("end_year", "years"))),
    typst_layout(HERE / "academic.typ", Shows(("short_years", "years:–", "dot:–"), place="address", volunteering=True)),
    typst_layout(HERE / "iconic.typ", Shows(("short: - ", "slash", "apostrophe"), ("years", "end_month"))),
)
