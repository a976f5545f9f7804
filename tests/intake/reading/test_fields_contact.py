"""Name, addresses, phones, links, place, languages and skills of the person."""

import pytest

from intake.reading.page import Line, Sheets
from intake.reading.structure import read_lines
from storage.profile import Profile
from tests.intake.reading.lines import make_line, make_lines

HEAD = ["** Jo van der Example", "12 Mill Road, Leeds, UK | jo@example.org | +44 1632 960 001"]


def read(*texts: str) -> Profile:
    return read_lines(make_lines(*texts), Sheets("txt", "test"))[0]


def test_a_head_gives_name_and_contacts() -> None:
    """The usual first lines are understood."""
    profile = read(*HEAD, "# Experience", "Analyst, Example Ltd\t2019 – 2021")
    assert (profile.name, profile.emails, profile.phones) == (
        "Jo van der Example",
        ("jo@example.org",),
        ("+441632960001",),
    )
    assert profile.location == "12 Mill Road, Leeds, UK"


def test_contacts_may_close_a_document() -> None:
    """Lines beside the e-mail address are the person's, wherever they stand."""
    profile = read(
        "# Experience", "Analyst, Example Ltd\t2019 – 2021", "# Interests", "Chess", "jo@example.org", "(555) 555-0123"
    )
    assert profile.phones == ("(555) 555-0123",)


def test_referees_contacts_are_not_the_persons() -> None:
    """What stands under references is left out."""
    profile = read(*HEAD, "# References", "Sam Other, sam@example.net, +44 1632 960 002")
    assert profile.emails == ("jo@example.org",)
    assert profile.phones == ("+441632960001",)


@pytest.mark.parametrize("text", ["2012 - 2014", "1100-048 Lisboa", "ISBN 978 3 16 148410 0 12345678"])
def test_other_numbers_are_no_phones(text: str) -> None:
    """Years and postcodes are not taken for phone numbers."""
    assert not read("** Jo Example", text).phones


def test_an_address_broken_by_a_narrow_column_is_put_together() -> None:
    """A link that wraps is one link."""
    lines: list[Line] = [
        make_line("Jo Example", 0.0),
        make_line("linkedin.com/in/jo-", 20.0),
        make_line("example-demo", 31.0),
    ]
    profile, _ = read_lines(lines, Sheets("txt", "test"))
    assert profile.links == ("linkedin.com/in/jo-example-demo",)


def test_headings_and_titles_are_no_names() -> None:
    """The largest line may be the document's title."""
    assert read("# Curriculum Vitae", "Jo Example", "jo@example.org").name == "Jo Example"


def test_languages_are_found_with_their_levels_and_without() -> None:
    """Names of languages count once each, in the document's own words."""
    profile = read("# Sprachen", "Deutsch: Muttersprache", "Englisch (C1), Polnisch", "# Kenntnisse", "Python, Rust")
    assert profile.languages == ("Deutsch", "Englisch", "Polnisch")
    assert profile.skills == ("Python", "Rust")


def test_labels_levels_and_brackets_are_no_skills() -> None:
    """A label before a colon and a level in brackets are dropped."""
    profile = read("# Skills", "Databases: PostgreSQL, SQLite (advanced)", "Tools: Git, CI/CD, AWS (Lambda, S3)")
    assert profile.skills == ("PostgreSQL", "SQLite", "Git", "CI/CD", "AWS", "Lambda", "S3")


def test_every_value_has_evidence_with_a_place() -> None:
    """Confidence and place stand beside each value under its path."""
    profile, evidence = read_lines(make_lines(*HEAD, "# Skills", "Python, Rust"), Sheets("txt", "test"))
    assert set(evidence) == {"name", "emails/0", "phones/0", "location", "skills/0", "skills/1"}
    assert all(0 < e.confidence <= 1 and e.places[0].page == 1 for e in evidence.values())
    assert profile.skills == ("Python", "Rust")


def test_degrees_before_a_name_do_not_hide_it() -> None:
    """Academic and other titles in front are no words of the name's form."""
    assert read("** Dr. med. Anna-Lena Beispiel", "anna@example.org").name == "Dr. med. Anna-Lena Beispiel"
