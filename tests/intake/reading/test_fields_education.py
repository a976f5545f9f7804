"""Institution, degree and level from the heads of entries."""

import pytest

from intake.reading.fields.education import read_education
from intake.reading.fields.entries import group_entries
from intake.reading.fields.scores import degree_level
from tests.intake.reading.lines import make_lines

WANTED = [("Marlborough College", "MSc Finance", "2018"), ("University of Western Lakes", "BA Economics", "2015")]
FORMS = {
    "one line": [
        "2015–2018\tMSc Finance, Marlborough College, Leeds",
        "2012–2015\tBA Economics, University of Western Lakes, York",
    ],
    "school first": [
        "Marlborough College, Leeds\t2018",
        "MSc Finance",
        "University of Western Lakes, York\t2015",
        "BA Economics",
    ],
    "dates last": [
        "** MSc Finance",
        "Marlborough College, Leeds",
        "2015 – 2018",
        "** BA Economics",
        "University of Western Lakes, York",
        "2012 – 2015",
    ],
    "at": ["MSc Finance at Marlborough College, 2015–2018", "BA Economics at University of Western Lakes, 2012–2015"],
    "grades": [
        "** MSc Finance\t2015 – 2018",
        "Marlborough College, Leeds",
        "Grade: 1.3",
        "** BA Economics\t2012 – 2015",
        "University of Western Lakes, York",
        "Thesis: On the price of tea",
    ],
}


@pytest.mark.parametrize("form", FORMS)
def test_every_usual_order_is_understood(form: str) -> None:
    """The same two courses of study are read from every form."""
    found = read_education(group_entries(make_lines(*FORMS[form])))
    assert [(e.values["institution"].value, e.values["degree"].value, e.values["end"].value) for e in found] == WANTED


def test_a_bare_degree_takes_its_field_of_study() -> None:
    """``PhD`` in one cell and the field in another make one degree."""
    (entry,) = read_education(group_entries(make_lines("PhD\tExample University, Computer Science\t2018 – 2023")))
    assert entry.values["degree"].value == "PhD in Computer Science"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Ph.D. in Physics", 8),
        ("Dipl.-Ing. Maschinenbau", 7),
        ("Laurea triennale in Economia", 6),
        ("inżynier, Informatyka", 6),
        ("DUT Informatique", 5),
        ("Abitur", 3),
        ("Statistics", None),
    ],
)
def test_degrees_have_an_isced_level(text: str, level: int | None) -> None:
    """Levels follow ISCED 2011 in all languages."""
    assert degree_level(text) == level
