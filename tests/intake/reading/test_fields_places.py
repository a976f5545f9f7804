"""What is a place, what is not, and which of a document's places is the person's."""

import pytest

from intake.reading.fields.places import is_place, place_strength, split_place
from intake.reading.page import Sheets
from intake.reading.structure import read_lines
from tests.intake.reading.lines import make_lines


def read_location(*texts: str) -> str | None:
    """The location of a document of these lines."""
    return read_lines(make_lines(*texts), Sheets("txt", "test"))[0].location


@pytest.mark.parametrize(
    "text",
    [
        "Springfield, IL 62704",
        "Toronto, ON M5V 2T6",
        "Sydney NSW 2000",
        "D-50667 Köln",
        "Paris (75)",
        "Bologna (BO)",
        "San Francisco Bay Area",
        "Greater Boston Area",
        "Umgebung Stuttgart",
        "Kraków, woj. małopolskie",
        "São Paulo - SP",
        "Leeds UK",
        "Kigali",
    ],
)
def test_places_in_their_many_forms_are_told(text: str) -> None:
    """Codes, postcodes, brackets and words for surroundings belong to a place."""
    assert is_place(text)


@pytest.mark.parametrize("text", ["QQ", "Springfield, QQ", "Acme, AG", "Marketing, PR", "Python, SQL", "Area Manager"])
def test_letters_alone_make_no_place(text: str) -> None:
    """Two capitals count only where they are a region's code, and rare codes only after a known town."""
    assert not is_place(text)


def test_a_place_with_a_code_is_cut_off_an_employer() -> None:
    """Town and state stay together."""
    assert split_place("Example Ltd, Springfield, IL") == ("Example Ltd", "Springfield, IL")
    assert place_strength("Example Ltd") == 0


def test_an_address_on_several_lines_is_put_together() -> None:
    """Street, town and country, each on its own line."""
    assert read_location("** Jo Example", "12 Mill Road", "20121 Milano", "Italy", "jo@example.org") == (
        "12 Mill Road, 20121 Milano, Italy"
    )


def test_labels_on_lines_of_their_own_tell_the_address() -> None:
    """A label above its value counts like one before it."""
    texts = ("** Jo Example", "# Contact", "Address", "920 Orchard Street", "Postal code & city", "78701 Springfield")
    assert read_location(*texts, "Region", "Texas") == "920 Orchard Street, 78701 Springfield, Texas"


def test_an_unknown_town_beside_contacts_is_believed_little() -> None:
    """A plain name between contacts is taken for a place; the person's name and a network's are not."""
    profile, evidence = read_lines(
        make_lines("** Jo Example", "Smalltown | jo@example.org | LinkedIn | +44 1632 960 001"), Sheets("txt", "test")
    )
    assert profile.location == "Smalltown"
    assert evidence["location"].confidence < 0.8


def test_places_of_work_are_not_the_persons() -> None:
    """Where only entries name places, there is no location."""
    assert (
        read_location("** Jo Example", "jo@example.org", "# Experience", "Analyst, Example Ltd, Leeds, UK\t2019 – 2021")
        is None
    )


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Via Garibaldi 5 - 10122 Torino (TO)", "Via Garibaldi 5 - 10122 Torino (TO)"),
        ("Rua das Flores, 45, 4000-123 Porto", "Rua das Flores, 45, 4000-123 Porto"),
        ("Hauptstr. 12 · 80331 München · Tel.: 089 / 1234567", "Hauptstr. 12, 80331 München"),
        ("Dublin 8, Ireland", "Dublin 8, Ireland"),
        ("Currently based in Berlin, Germany (Blue Card)", "Berlin, Germany (Blue Card)"),
        ("Paris (75011) – mobile", "Paris (75011)"),
    ],
)
def test_addresses_of_many_lands_are_read_whole(line: str, place: str) -> None:
    """House numbers and postcodes are no phone numbers; districts, brackets and words around belong."""
    assert read_location("** Jo Example", line, "jo@example.org") == place


def test_a_company_with_a_country_in_its_name_is_no_place() -> None:
    """An unknown name before a country's is an organisation's branch."""
    assert not is_place("Examplo Deutschland")
