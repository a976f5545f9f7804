"""Which lines make an entry, and which dates are its own."""

from intake.reading.fields.education import read_education
from intake.reading.fields.entries import group_entries
from intake.reading.fields.work import read_work
from intake.reading.sections import split_sections
from tests.intake.reading.lines import make_line, make_lines


def work(*texts: str) -> list[tuple[str | None, str | None]]:
    found = read_work(group_entries(make_lines(*texts)))
    return [tuple(e.values[k].value if k in e.values else None for k in ("employer", "title")) for e in found]  # type: ignore[misc]


def test_entries_may_end_with_their_dates() -> None:
    """Where each entry opens with one look and the dates come last, the dates close it."""
    found = work(
        *("** Brightwell Bank", "Leeds", "Senior Analyst", "Built a thing", "Led a team", "2019 – 2021"),
        *("** Larkspur Ltd", "York", "Analyst", "Wrote reports", "2017 – 2019"),
    )
    assert found == [("Brightwell Bank", "Senior Analyst"), ("Larkspur Ltd", "Analyst")]


def test_dates_that_a_text_mentions_open_no_entry() -> None:
    """A year at the end of a sentence is no position beside ranges in cells of their own."""
    found = work(
        *("** Senior Analyst\t2019 – 2021", "Brightwell Bank", "Grew the revenue of the house in 2020."),
        *(
            "** Analyst\t2017 – 2019",
            "Larkspur Ltd",
            "Reports in Python (since 2018), Excel and other tools of the house.",
        ),
    )
    assert found == [("Brightwell Bank", "Senior Analyst"), ("Larkspur Ltd", "Analyst")]


def test_a_date_that_breaks_over_lines_is_one() -> None:
    """A range begun at the end of one line and ended on the next dates one entry."""
    lines = make_lines("Analyst | Brightwell Bank | Leeds | March 2014 –", "May 2016", "- Built a thing that works")
    (entry,) = group_entries(lines)
    assert entry.span is not None
    assert (entry.span.start, entry.span.end) == ("2014-03", "2016-05")


def test_a_town_before_a_date_does_not_become_its_month() -> None:
    """A line of another look that ends like a month (``La Paz``) keeps its words."""
    lines = [make_line("Hospital La Paz", 40, bold=True), make_line("2018 – 2020", 53, size=8.0)]
    (entry,) = group_entries([make_line("Nurse", 27), *lines])
    assert entry.span is not None
    assert entry.span.start == "2018"


def test_the_part_that_is_the_title_is_one_for_the_whole_document() -> None:
    """Entries whose words tell nothing follow those whose words do."""
    found = work(
        *("** Brightwell", "Rotation Twelve", "Senior Analyst | 2019 – 2021", "- Built a thing"),
        *("** Larkspur", "Rotation Nine", "Wayfinder | 2017 – 2019", "- Led a team"),
        *("** Harbour", "Rotation One", "Junior Analyst | 2015 – 2017", "- Led a team"),
    )
    assert [title for _, title in found] == ["Senior Analyst", "Wayfinder", "Junior Analyst"]


def test_a_degree_in_the_list_below_its_school_is_found() -> None:
    """A head that names only a school and a town takes its degree from the list below."""
    lines = make_lines("** Weingarten\tHochschule Ravensburg\t2012 – 2016", "- Bachelor of Engineering Maschinenbau")
    (course,) = read_education(group_entries(lines))
    assert course.values["degree"].value == "Bachelor of Engineering Maschinenbau"


def test_a_kind_of_school_with_a_name_is_a_school() -> None:
    """``Gymnasium`` alone may be a degree, with a name it is none."""
    (course,) = read_education(group_entries(make_lines("Gymnasium Rodenkirchen\t2003 – 2011", "Abitur")))
    assert course.values["institution"].value == "Gymnasium Rodenkirchen"
    assert course.values["degree"].value == "Abitur"


def test_heads_of_entries_in_the_look_of_headings_open_no_section() -> None:
    """A position set like a heading stays in its section, with its dates."""
    lines = [
        *make_lines(
            "# Jane Roe", "# Experience", "# Senior Analyst – Brightwell Bank", "2019 – 2021", "- Built a thing"
        ),
        *make_lines("# Larkspur", "2017 – 2019", "- Led a team", "# Education", "Bachelor of Arts, 2016"),
    ]
    sections = {section.kind: section for section in split_sections(lines)}
    assert sections["work"].lines[0].text == "Senior Analyst – Brightwell Bank"
    assert "Larkspur" in [line.text for line in sections["work"].lines]


def test_a_branch_in_a_country_is_no_place() -> None:
    """``Larkspur Poland`` is an employer, not a town."""
    assert work("Analyst\t2019 – 2021", "Larkspur Poland", "- Built a thing") == [("Larkspur Poland", "Analyst")]
