"""Evidence is drawn from the line in which a value stood to the words that say it."""

from dataclasses import replace

import pytest

from intake.reading.narrowing import MOST_CHARS, MOST_NEAR, narrow_places
from intake.reading.page import Char, Line, Page, Sheets
from storage.profile import Evidence, Place, Profile, Reading, Verdict, Work

LINE = "Clerk, Acme GmbH Jan 2019 - 2021 example.org/jane"
WHOLE = Place(1, 100.0, 50.0, 100.0 + 6 * len(LINE), 60.0)


def page_of(*lines: str, cut: int = 1) -> Page:
    """A page of lines whose letters are six points wide, in pieces of ``cut`` letters."""
    page = Page(1, 595.0, 842.0)
    for number, line in enumerate(lines):
        top, left = 50.0 + 12 * number, 100.0
        for word in line.split(" "):
            for start in range(0, len(word), cut):
                piece = word[start : start + cut]
                right = left + 6 * len(piece)
                page.chars.append(Char(piece, left, top, right, top + 10.0, top + 8.0, 10.0))
                left = right
            left += 6
    return page


def place_of(profile: Profile, path: str, page: Page, place: Place = WHOLE) -> Place:
    """Where one value is said to stand, after its line was given."""
    reading = Reading(Verdict.OK, "pdf", "test", profile, {path: Evidence(0.9, (place,))})
    return narrow_places(reading, Sheets("pdf", "test", pages=[page])).evidence[path].places[0]


def words_at(place: Place) -> str:
    """The words of the line that a box covers."""
    return LINE[round((place.left - 100) / 6) : round((place.right - 100) / 6)]


@pytest.mark.parametrize("cut", [1, 4, 40], ids=["letters", "pieces", "words"])
@pytest.mark.parametrize(
    ("job", "part", "words"),
    [
        (Work(title="Clerk"), "title", ("Clerk", "Clerk,")),
        (Work(employer="ACME GmbH"), "employer", ("Acme GmbH",)),
        (Work(start="2019-01"), "start", ("Jan 2019", "2019")),
        (Work(end="2021"), "end", ("2021", "- 2021")),
    ],
)
def test_a_value_is_found_in_its_line(job: Work, part: str, words: tuple[str, ...], cut: int) -> None:
    """However finely a reader cuts, the box covers the words that say the value; a month goes with its year."""
    place = place_of(Profile(work=(job,)), f"work/0/{part}", page_of(LINE, "Clerk at another place", cut=cut))

    assert words_at(place).strip() in words
    assert (place.top, place.bottom) == (WHOLE.top, WHOLE.bottom)


def test_a_year_that_stands_twice_is_a_start_and_an_end() -> None:
    """Of a position that began and ended in one year, each end has its own month."""
    year, page = Work(start="2019-01", end="2019-12"), page_of("Jan 2019 - Dec 2019")

    start, end = (place_of(Profile(work=(year,)), f"work/0/{part}", page) for part in ("start", "end"))

    assert [(place.left, place.right) for place in (start, end)] == [(100.0, 148.0), (166.0, 214.0)]


def test_an_address_is_found_without_its_scheme() -> None:
    """What reading added to an address does not stand in the document."""
    place = place_of(Profile(links=("https://example.org/jane",)), "links/0", page_of(LINE))

    assert words_at(place) == "example.org/jane"


def test_a_value_in_one_of_two_lines_is_found_there() -> None:
    """A place of two lines, as of contacts that were broken, narrows to the line of the value."""
    both = replace(WHOLE, bottom=72.0)

    place = place_of(Profile(emails=("jane@example.org",)), "emails/0", page_of("Berlin", "jane@example.org"), both)

    assert (place.left, place.top, place.bottom) == (100.0, 62.0, 72.0)


def test_what_is_not_found_again_keeps_its_line() -> None:
    """A year that stands thrice, a value in other words or inside another, and a line too long to be one."""
    assert place_of(Profile(work=(Work(start="2019"),)), "work/0/start", page_of("2019 to 2019, 2019")) == WHOLE
    assert place_of(Profile(name="Joan"), "name", page_of(LINE)) == WHOLE
    assert place_of(Profile(skills=("Go",)), "skills/0", page_of("Google Analytics")) == WHOLE
    assert place_of(Profile(name="Clerk"), "name", page_of("Clerk, Acme" + " x" * MOST_NEAR)) == WHOLE
    wide = replace(WHOLE, right=9000.0)
    assert place_of(Profile(name="Clerk"), "name", page_of("Clerk" + " x" * MOST_CHARS), wide) == wide
    assert place_of(Profile(name=None), "emails/3", page_of(LINE)) == WHOLE


def test_lines_of_flowing_formats_stay_whole() -> None:
    """Where the format has no boxes of its own there is nothing to draw closer."""
    line = Line((), 1, 0.0, 0.0, 1.0, 1.0)
    reading = Reading(Verdict.OK, evidence={"name": Evidence(0.9, (WHOLE,))}, profile=Profile(name="Clerk"))

    assert narrow_places(reading, Sheets("txt", "test", lines=[line])) is reading
