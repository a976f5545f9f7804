"""The PDF designs that measure readers; whoever tunes a reader must not look at them, nor at their single scores."""

from pathlib import Path

from tests.resumes.layouts.layout import Layout, typst_layout
from tests.resumes.people import OTHER_CAREERS as CAREERS
from tests.resumes.people import Shows

KEPT_OUT = True
HERE = Path(__file__).parent


def _set(
    name: str, dates: tuple[str, ...], studies: tuple[str, ...] = (), place: str = "city", **more: object
) -> Layout:
    shows = Shows(dates, studies, place, careers=CAREERS, **more)  # type: ignore[arg-type]
    return typst_layout(HERE / f"{name}.typ", shows)


LAYOUTS = (
    _set("casual", ("short:–", "years:–", "slash:–", "open_year"), place="address"),
    _set("awesome", ("short: - ", "capitals: - ", "comma: - "), ("short: - ", "years: - ")),
    _set("narrow_left", ("short: – ", "long: – "), ("end_month", "end_year")),
    _set("tagged", ("long: – ", "short: – ", "open_end")),
    _set("plainline", ("short: – ", "season: – ", "until"), ("end_month", "short: – ")),
    _set("forms", ("slash: – ", "since", "dashed: - ", "words"), place="address"),
    _set("network", ("with_length",), ("years: - ",), most_skills=3),
    _set("personnel", ("slash: – ", "dot: – ", "open_end", "since"), place="address", photo=True),
    _set("ribbon", ("years: - ", "slash: - ", "until"), ("end_year", "years: - "), photo=True),
    _set("barline", ("slash: - ", "long: - ", "year_slash: - "), place="address"),
    _set("loyal", ("years:–", "short_years", "short:–"), ("end_year", "years:–")),
    _set("dossier", ("until", "slash: - ", "day: - "), place="address"),
    _set("airy", ("capitals: — ", "years: — ", "capitals: – ")),
    _set("halves", ("years: - ", "season: - ", "long: - ")),
    _set("scholar", ("years:–", "open_year", "short_years"), ("end_year", "years:–"), volunteering=False),
    _set("dashboard", ("year_dot: – ", "short: – ", "two_digits: – ")),
    _set("drive", ("long: - ", "short: - ", "year_slash: – ")),
    _set("college", ("long: – ", "short: – ", "season: – "), ("end_month", "season: – ")),
    _set("prose", ("years:–", "words", "slash:–"), place="address"),
    _set("ledger", ("dot: - ", "slash: - ", "short: - "), ("end_year", "dot: - ")),
    _set("monograph", ("short_years", "years:–", "apostrophe: – ")),
)
