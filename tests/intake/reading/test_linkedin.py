"""LinkedIn's PDF export, drawn here by its published look: no file of LinkedIn's was at hand."""

from pathlib import Path

import pytest
import typst

from intake.reading.fields.linkedin import is_linkedin_export
from intake.reading.page import Sheets
from intake.reading.readers.pdf import read_pdf
from intake.reading.sections import split_sections
from intake.reading.structure import read_lines, read_sheets
from storage.profile import Profile
from tests.intake.reading.lines import make_lines

LOOK = Path(__file__).with_name("linkedin.typ")


@pytest.fixture(scope="module")
def profile() -> Profile:
    return read_sheets(read_pdf(typst.compile(LOOK))).profile


def test_the_left_column_gives_contacts_skills_and_languages(profile: Profile) -> None:
    """Labels in brackets are dropped; an address broken over two lines is whole."""
    assert profile.name == "Jo van den Berg"
    assert profile.emails == ("jo.vandenberg@example.org",)
    assert profile.links == ("www.linkedin.com/in/jo-van-den-berg-demo", "jo.example.com")
    assert profile.location == "Greater Leeds Area, United Kingdom"
    assert profile.skills == ("Supply Chain Management", "Microsoft Power BI", "Lean Manufacturing")
    assert profile.languages == ("English", "Spanish")


def test_roles_stacked_under_an_employer_share_it(profile: Profile) -> None:
    """The total length below an employer is no date; each role has its own place and text."""
    roles = [(w.employer, w.title, w.start, w.end, w.current, w.location) for w in profile.work]
    assert roles == [
        ("Example Freight", "Head of Logistics", "2022-01", None, True, "Leeds, England, United Kingdom"),
        ("Example Freight", "Warehouse Manager", "2019-12", "2022-01", False, "Bradford, United Kingdom"),
        ("Acme Parcels Ltd", "Shift Supervisor", "2016-03", "2019-11", False, None),
    ]
    assert [w.summary for w in profile.work] == [
        "Ran four depots with 120 people.",
        None,
        "Planned rosters for two shifts.",
    ]


def test_courses_have_degree_field_and_years(profile: Profile) -> None:
    """Degree and field stand before the years in brackets; the last course stands on the next page."""
    courses = [(e.institution, e.area, e.start, e.end, e.level) for e in profile.education]
    assert courses == [
        ("University of Example", "Supply Chain Management", "2014", "2016", 7),
        ("Example College", "Business Administration", "2010", "2014", 6),
        ("Example School", "Mathematics", "2008", "2010", 3),
    ]
    assert profile.education[0].degree == "Master of Science - MS, Supply Chain Management"


def test_other_resumes_are_not_taken_for_the_export() -> None:
    """A LinkedIn address and lengths in brackets alone do not make one."""
    lines = make_lines(
        "** Jo Example", "linkedin.com/in/jo", "# Experience", "Analyst, Example Ltd", "2019 – 2021 (2 years)"
    )
    assert not is_linkedin_export(split_sections(lines))
    assert read_lines(lines, Sheets("txt", "test"))[0].work[0].employer == "Example Ltd"
