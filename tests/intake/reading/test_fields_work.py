"""Employer, title and dates from the heads of entries, in whatever order a document keeps."""

import pytest

from intake.reading.fields.entries import group_entries
from intake.reading.fields.experience import years_of_work
from intake.reading.fields.work import read_work
from storage.profile import Work
from tests.intake.reading.lines import make_lines

BODY = ["- Built a thing that works well for everyone", "- Led a team of five people"]
WANTED = [("Brightwell", "Senior Analyst", "2019", "2021"), ("Larkspur", "Analyst", "2017", "2019")]
FORMS = {
    "title, employer, town": [
        "Senior Analyst, Brightwell, Leeds\t2019 – 2021",
        *BODY,
        "Analyst, Larkspur, York\t2017 – 2019",
    ],
    "employer, town - title": [
        "** Brightwell, Leeds — Senior Analyst\t2019 – 2021",
        *BODY,
        "** Larkspur, York — Analyst\t2017 – 2019",
    ],
    "title - employer (town)": [
        "Senior Analyst – Brightwell (Leeds), 2019–2021",
        *BODY,
        "Analyst – Larkspur (York), 2017–2019",
    ],
    "dates first": ["2019–2021: Senior Analyst, Brightwell, Leeds", *BODY, "2017–2019: Analyst, Larkspur, York"],
    "three lines": [
        "** Brightwell",
        "Senior Analyst",
        "Leeds, UK | 2019 – 2021",
        *BODY,
        "** Larkspur",
        "Analyst",
        "York, UK | 2017 – 2019",
    ],
    "dates above": [
        "2019 – 2021",
        "** Senior Analyst",
        "Brightwell, Leeds",
        *BODY,
        "2017 – 2019",
        "** Analyst",
        "Larkspur, York",
        *BODY,
    ],
    "title at employer": ["Senior Analyst at Brightwell", "2019 – 2021", *BODY, "Analyst at Larkspur", "2017 – 2019"],
    "slashes": ["Senior Analyst / Brightwell / Leeds\t2019 – 2021", *BODY, "Analyst / Larkspur / York\t2017 – 2019"],
    "employer: title": ["2019–2021\tBrightwell: Senior Analyst", *BODY, "2017–2019\tLarkspur: Analyst"],
    "labels": [
        "Employer: Brightwell",
        "Position: Senior Analyst",
        "Period: 2019 – 2021",
        *BODY,
        "Employer: Larkspur",
        "Position: Analyst",
        "Period: 2017 – 2019",
    ],
    "run in": [
        "** Senior Analyst, Brightwell, Leeds (2019–2021). Built a thing that works and led a team of five for years.",
        "** Analyst, Larkspur, York (2017–2019). Worked on reports and kept the books for the whole department.",
    ],
    "dates last": [
        "** Senior Analyst",
        *BODY,
        "Brightwell, Leeds · 2019 – 2021",
        "** Analyst",
        *BODY,
        "Larkspur, York · 2017 – 2019",
    ],
    "unknown town": [
        "** Brightwell, Oxhollow\t2019 – 2021",
        "Senior Analyst",
        *BODY,
        "** Larkspur, Leeds\t2017 – 2019",
        "Analyst",
        *BODY,
    ],
    "pipes": ["Brightwell | Senior Analyst | Leeds | 2019 – 2021", *BODY, "Larkspur | Analyst | York | 2017 – 2019"],
}


def read(texts: list[str]) -> list[tuple[str | None, ...]]:
    found = read_work(group_entries(make_lines(*texts)))
    return [
        tuple(e.values[k].value if k in e.values else None for k in ("employer", "title", "start", "end"))
        for e in found
    ]


@pytest.mark.parametrize("form", FORMS)
def test_every_usual_order_is_understood(form: str) -> None:
    """The same two positions are read from every form."""
    assert read(FORMS[form]) == WANTED


def test_roles_inherit_their_employer() -> None:
    """A company's line above several roles lends its name to each, and is no position itself."""
    texts = [
        "** Brightwell, Leeds\t2015 – 2021",
        "Senior Analyst\t2019 – 2021",
        *BODY,
        "Analyst\t2017 – 2019",
        *BODY,
        "Clerk\t2015 – 2017",
        *BODY,
    ]
    assert [row[:2] for row in read(texts)] == [
        ("Brightwell", title) for title in ("Senior Analyst", "Analyst", "Clerk")
    ]


def test_order_is_voted_once_for_all_entries() -> None:
    """An entry whose words tell nothing follows the others."""
    texts = ["** Brightwell\tHead of Sales\t2019 – 2021", *BODY, "** Larkspur\tKeeper of Things\t2017 – 2019", *BODY]
    assert read(texts)[1][:2] == ("Larkspur", "Keeper of Things")


def test_years_count_overlapping_jobs_once() -> None:
    """Merged intervals: a month in two jobs is one month."""
    jobs = [
        Work(start="2010-01", end="2011-12"),
        Work(start="2011-01", end="2012-12"),
        Work(start="2020-01", current=True),
    ]
    assert years_of_work(jobs, today="2020-12") == 4.0


def test_years_without_months_run_from_january_to_january() -> None:
    """``2010 - 2012`` is two years, not three."""
    assert years_of_work([Work(start="2010", end="2012")], today="2020-12") == 2.0
