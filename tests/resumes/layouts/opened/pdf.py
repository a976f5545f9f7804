"""The PDF designs of a former kept-out half."""

from pathlib import Path

from tests.resumes.layouts.layout import typst_layout
from tests.resumes.people import Shows

KEPT_OUT = False
HERE = Path(__file__).parent

LAST_FIRST = "{family}, {given}"

LAYOUTS = (
    typst_layout(HERE / "timeline.typ", Shows(("slash:–", "years: – ", "short: – "), photo=True)),
    typst_layout(HERE / "cards.typ", Shows(("long: – ", "iso_spaced: – ", "short"), ("years:–", "end_month"))),
    typst_layout(HERE / "strip.typ", Shows(("glued: - ", "short: – ", "two_digits: - "))),
    typst_layout(HERE / "runin.typ", Shows(("years:–", "words", "short_years"), place="address")),
    typst_layout(HERE / "foot.typ", Shows(("short: – ", "season: – ", "slash: - "))),
    typst_layout(HERE / "gutter.typ", Shows(("long: – ", "dot: – ", "short:–"), ("end_year", "years"), "address")),
    typst_layout(HERE / "boxed.typ", Shows(("slash: – ", "day: – ", "iso: – "), (), "address", photo=True)),
    typst_layout(
        HERE / "functional.typ",
        Shows(
            ("years: - ", "since", "apostrophe:–"),
            place="address",
            volunteering=True,
            name_forms=("{name}", LAST_FIRST),
        ),
    ),
    typst_layout(HERE / "swiss.typ", Shows(("short_years", "slash:–", "short: → "))),
)
