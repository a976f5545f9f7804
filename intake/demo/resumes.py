"""Typesets fictional people's resumes as PDF, in layouts as people use them.

Each layout is a Typst file in ``layouts/`` that reads one value, the view made by :func:`describe`.
Typst is the optional extra ``demo``. Must never be given a real person's data: nothing here is sealed.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from intake.demo.people import CAREERS, DemoJob, DemoPerson, DemoStudy, Month, Pack, load_pack

FOLDER = Path(__file__).parent / "layouts"
LAYOUTS = ("classic", "sidebar", "labels", "tabular", "spaced", "roles")

WriteRange = Callable[[Month, Month | None, Pack], str]
View = dict[str, Any]

SANS = ["Liberation Sans", "Noto Sans", "DejaVu Sans", "Libertinus Serif"]
SERIF = ["Libertinus Serif"]
FACES = (SANS, SERIF, ["New Computer Modern"], ["Carlito", "Open Sans", *SANS], ["DejaVu Sans", *SANS])
ACCENTS = ("#1f4e79", "#7a1f3d", "#2f5d50", "#333333", "#b5541c", "#4b3f72", "#00708a")
PRELUDE = """
#let d = json(bytes(sys.inputs.view))
#let accent = rgb(d.style.accent)
#set text(font: d.style.font, size: d.style.size * 1pt, lang: d.lang)
#set page(paper: d.style.paper)
#let of(kind) = d.contact.filter(item => item.kind == kind)
#let contact(item) = if item.href == none { item.text } else { link(item.href, item.text) }
"""


def render_resume(person: DemoPerson, layout: str) -> bytes:
    """The person's resume as a PDF. ``layout`` is one of :data:`LAYOUTS`; needs the extra ``demo``."""
    source = (FOLDER / f"{layout}.typ").read_text(encoding="utf-8")
    return typeset(source, describe(person, write_months))


def typeset(source: str, view: View, fonts: Sequence[Path] = ()) -> bytes:
    """One Typst source and its view as a PDF, the same bytes for the same input; ``fonts`` are further font folders."""
    import typst

    given, inputs = {"main.typ": (PRELUDE + source).encode()}, {"view": json.dumps(view)}
    return bytes(typst.compile(given, font_paths=_find_fonts(*fonts), sys_inputs=inputs, timestamp=0))


def find_font_families() -> set[str]:
    """The font families that Typst can use here."""
    return set(_find_fonts().families())


@cache
def _find_fonts(*folders: Path) -> Any:
    import typst

    return typst.Fonts(font_paths=list(folders))


def write_months(start: Month, end: Month | None, pack: Pack) -> str:
    """``Mar 2015 – Jun 2018``, in the language of the pack."""
    last = _write_month(end, pack) if end else pack["present"][0]
    return f"{_write_month(start, pack)} – {last}"


def _write_month(month: Month, pack: Pack) -> str:
    return f"{pack['months_short'][month[1] - 1]} {month[0]}"


def describe(
    person: DemoPerson,
    write_range: WriteRange,
    write_study: WriteRange | None = None,
    seed: str = "",
    folder: Path = CAREERS,
) -> View:
    """All that a layout prints, as plain strings; ``seed`` varies type, colour and the choice of headings."""
    pack, rng = load_pack(person.language, folder), Random(f"{person.name}/{seed}")  # noqa: S311 — repeatable, guards nothing
    upper = rng.random() < 0.35
    heads = {key: rng.choice(words) for key, words in pack["headings"].items()}
    return {
        "lang": person.language,
        "name": person.name,
        "given": person.given,
        "family": person.family,
        "headline": person.headline,
        "summary": person.summary,
        "contact": _list_contacts(person),
        "born": f"{person.born[2]:02}.{person.born[1]:02}.{person.born[0]}",
        "heads": {key: text.upper() if upper else text for key, text in heads.items()},
        "words": {**pack["labels"], "at": pack["at"], "page": pack["page"], "references": pack["references"]},
        "jobs": [_describe_job(job, write_range, pack) for job in person.jobs],
        "employers": _group_employers(person.jobs, write_range, pack),
        "studies": [_describe_study(study, write_study or write_range, pack) for study in person.studies],
        "skills": [{"group": group, "members": list(members)} for group, members in person.skills],
        "languages": [{"name": name, "level": level, "cefr": cefr} for name, level, cefr in person.languages],
        "certificates": [{"text": text, "year": str(year)} for text, year in person.certificates],
        "volunteering": list(person.volunteering or ()),
        "interests": list(person.interests),
        "style": _choose_style(rng, pack, person.language),
    }


def _choose_style(rng: Random, pack: Pack, language: str) -> View:
    return {
        "accent": rng.choice(ACCENTS),
        "font": pack.get("fonts") or rng.choice(FACES),
        "size": rng.choice((9.5, 10, 10, 10.5, 11)),
        "paper": "us-letter" if language == "en" else "a4",
        "bullet": rng.choice(("•", "–", "▪", "•")),
        "title_first": rng.random() < 0.5,
    }


def _list_contacts(person: DemoPerson) -> list[dict[str, str | None]]:
    links: list[dict[str, str | None]] = [
        {"kind": "link", "text": link, "href": link if link.startswith("http") else f"https://{link}"}
        for link in person.links
    ]
    return [
        {"kind": "place", "text": f"{person.city}, {person.country}", "href": None},
        {"kind": "email", "text": person.email, "href": f"mailto:{person.email}"},
        {"kind": "phone", "text": person.phone, "href": None},
        *links,
    ]


def _describe_job(job: DemoJob, write_range: WriteRange, pack: Pack) -> View:
    dates = write_range(job.start, job.end, pack)
    return {
        "employer": job.employer,
        "title": job.title,
        "dates": dates,
        "city": job.city,
        "bullets": list(job.bullets),
    }


def _describe_study(study: DemoStudy, write_range: WriteRange, pack: Pack) -> View:
    dates = write_range(study.start, study.end, pack)
    return {"institution": study.institution, "degree": study.degree, "dates": dates, "city": study.city}


def _group_employers(jobs: Sequence[DemoJob], write_range: WriteRange, pack: Pack) -> list[View]:
    """Neighbouring jobs at one employer together, under the employer's whole period."""
    groups = []
    for employer, members in groupby(jobs, key=lambda job: job.employer):
        roles = list(members)
        dates = write_range(roles[-1].start, roles[0].end, pack)
        described = [_describe_job(job, write_range, pack) for job in roles]
        groups.append({"employer": employer, "city": roles[0].city, "dates": dates, "roles": described})
    return groups
