"""E-mail addresses and links: written plainly or not, broken, behind text; and whose they are."""

import pytest

from intake.reading.fields.addresses import mend_addresses
from intake.reading.page import Line, Link, Page, Sheets, Span
from intake.reading.readers.html import read_html
from intake.reading.structure import read_lines
from storage.profile import Profile
from tests.intake.reading.lines import make_line, make_lines

HEAD = ["** Jörg Beispielmann", "Leeds, UK"]


def read(*texts: str) -> Profile:
    return read_lines(make_lines(*texts), Sheets("txt", "test"))[0]


@pytest.mark.parametrize(
    "written",
    [
        "jo (at) example.org",
        "jo[at]example.org",
        "jo AT example.org",
        "jo (at) example (dot) org",
        "jo at example dot org",
        "jo @ example.org",
        "jo©example.org",
        "jo@example. org",
    ],
)
def test_veiled_and_misread_addresses_are_mended(written: str) -> None:
    """What hides from robots, or what recognition broke, is the address it means."""
    assert mend_addresses(f"Mail: {written}, Leeds") == "Mail: jo@example.org, Leeds"


def test_prose_is_not_mended_to_an_address() -> None:
    """A sentence about a site stays as it is."""
    assert mend_addresses("I looked at example.org. Net gains.") == "I looked at example.org. Net gains."


def test_links_at_the_foot_beside_an_address_are_the_persons() -> None:
    """Contacts may close a document, all on one line."""
    last = "Leeds jo@example.org www.jo-site.example.com"
    assert read("** Jo Example", "# Languages", "English – native", last).links == ("www.jo-site.example.com",)


def test_links_of_projects_and_employers_are_not_the_persons() -> None:
    """What does not bear the person's name stays out; what does is theirs wherever it stands."""
    profile = read(
        *HEAD,
        "# Experience",
        "Analyst, Example Ltd\t2019 – 2021",
        "- Built www.example.net and github.com/example-ltd/tool, see also github.com/beispielmann",
    )
    assert profile.links == ("github.com/beispielmann",)


def test_an_umlaut_in_a_name_meets_its_spelling_in_a_link() -> None:
    """Jörg is joerg."""
    texts = ("# Projects", "- Notes on https://joerg.example.com and elsewhere, kept for many years")
    assert read(*HEAD, *texts).links == ("https://joerg.example.com",)


def test_names_of_tools_with_dots_are_no_links() -> None:
    """ASP.NET is no site, and an e-mail's domain alone neither."""
    assert read("** Jo Example", "ASP.NET developer", "jo@mail.example.org", "example.org").links == ()


def test_a_break_is_mended_by_the_address_behind_the_text() -> None:
    """Where the true address is known, a hyphen at the break is kept or dropped as it says."""
    lines: list[Line] = [make_line("Jo Example", 0.0)]
    lines += [
        make_line("Leeds, linkedin.com/in/jo-exam-", 20.0),
        make_line("ple and more", 31.0),
    ]
    page = Page(1, 600.0, 800.0, links=[Link("https://linkedin.com/in/jo-example", 50, 20, 300, 41)])
    profile, _ = read_lines(lines, Sheets("pdf", "test", pages=[page]))
    assert profile.links == ("linkedin.com/in/jo-example",)


def test_a_link_without_text_shows_its_address() -> None:
    """An icon's address is kept; menus that lead around the page are not shown."""
    html = (
        b"<nav><a href='#work'>Work</a></nav><h1>Jo Example</h1><p>jo@example.org</p>"
        b"<p><a href='https://github.com/jo-example'><i class='icon'></i></a></p>"
    )
    sheets = read_html(html)
    profile, _ = read_lines(sheets.lines, sheets)
    assert profile.links == ("https://github.com/jo-example",)
    assert sheets.lines[0].text == "Jo Example"


def test_chips_in_markup_are_parted() -> None:
    """Elements of one kind with only spaces between them are items."""
    sheets = read_html(b"<p><code>Git</code> <code>Problem solving</code> <code>SQL</code></p>")
    assert sheets.lines[0].cells == ("Git", "Problem solving", "SQL")


def test_a_run_without_pages_carries_its_address() -> None:
    """In flowing formats the address behind a word of the head counts."""
    line = Line((Span("my page", 50.0, 100.0, url="https://jo.example.com"),), 1, 50.0, 20.0, 100.0, 30.0, ("my page",))
    profile, _ = read_lines([make_line("Jo Example", 0.0), line], Sheets("docx", "test"))
    assert profile.links == ("https://jo.example.com",)
