"""What parts a page: dates, labels, cells and headings decide over mere gaps."""

from intake.reading.layout import lay_out
from intake.reading.page import Line, Page
from tests.intake.reading.lines import make_page

PROSE = "led the whole northern team and built many things"
TOWNS = ("Leeds", "York", "Hull", "Bath")
Words = list[tuple[str, float, float]]


def embolden(page: Page, *words: str) -> Page:
    for char in page.chars:
        char.bold = char.text in words
    return page


def read(words: Words, *bold: str) -> list[Line]:
    return lay_out([embolden(make_page(words), *bold)])


def cells(lines: list[Line]) -> list[tuple[str, ...]]:
    return [line.cells for line in lines]


def test_dates_with_towns_below_them_belong_to_the_rows_on_their_left() -> None:
    """A right-hand stack of dates and towns is no column, though it holds more than dates."""
    words: Words = [("Experience", 50, 80)]
    for number, town in enumerate(TOWNS):
        y = 100 + 45.0 * number
        words += [("Analyst", 50, y), (f"201{number} – 201{number + 1}", 460, y), ("Brightwell", 50, y + 13)]
        words += [(town, 460, y + 12.5), (PROSE, 50, y + 26)]
    assert ("Analyst", "2012 – 2013") in cells(read(words, "Experience"))


def test_dates_and_headings_at_the_left_belong_to_the_rows_on_their_right() -> None:
    """A left column of headings and dates is read with what stands beside it."""
    words: Words = [("Experience", 40, 80)]
    for number in range(3):
        y = 100 + 40.0 * number
        words += [(f"201{number} – 201{number + 1}", 40, y), ("Analyst", 180, y), (PROSE, 180, y + 13)]
    words += [("Skills", 40, 240), ("Python", 180, 240), ("Rust", 180, 253), ("Excel", 180, 266)]
    assert ("2011 – 2012", "Analyst") in cells(read(words, "Experience", "Skills"))


def test_entries_side_by_side_are_read_one_after_the_other_below_their_heading() -> None:
    """Dates that stand beside dates are two entries of one section, not a row."""
    words: Words = [("Experience", 40, 80)]
    for left, year in ((50.0, 2015), (320.0, 2010)):
        for row in range(2):
            y = 100 + 60.0 * row
            words += [(f"{year - row} – {year - row + 1}", left, y), (f"Analyst {year - row}", left, y + 13)]
            words += [("Brightwell Bank", left, y + 26)]
    texts = [line.text for line in read(words, "Experience")]
    assert texts[0] == "Experience"
    assert texts.index("Analyst 2014") < texts.index("Analyst 2010")


def test_a_section_named_right_of_its_text_is_named_before_it() -> None:
    """Labels at the right edge become lines of their own, before their first row; halves are put together."""
    words: Words = [(PROSE, 50, 100), (PROSE, 50, 113), ("Professional", 480, 100), ("Summary", 480, 113)]
    words += [("2014 – 2016 Analyst at Brightwell Bank", 50, 160), (PROSE, 50, 173), ("Experience", 480, 160)]
    texts = [line.text for line in read(words, "Professional", "Summary", "Experience")]
    assert texts[0] == "Professional Summary"
    assert texts[texts.index("Experience") + 1].startswith("2014 – 2016")


def test_a_cell_that_wraps_is_put_together() -> None:
    """What a narrow cell has no room for belongs to it, not to the row below."""
    words: Words = [("2014 – 2016", 50, 100), ("University of the", 150, 100), ("Master of Science", 250, 100)]
    words += [("Northern Isles", 150, 113), ("2010 – 2014", 50, 140), ("Leeds College", 150, 140), (PROSE, 50, 170)]
    assert ("2014 – 2016", "University of the Northern Isles", "Master of Science") in cells(read(words))


def test_a_narrow_gap_parts_cells_where_others_begin() -> None:
    """A gap as narrow as a wide space ends a cell at an edge that cells of other rows share."""
    words: Words = []
    for number, dates in enumerate(("2014 – now", "2012 – 2014", "2011 – 2012", "2008 – 02 – 2011")):
        words += [(dates, 50, 100 + 20.0 * number), ("Brightwell", 136, 100 + 20.0 * number)]
    assert all(len(line.cells) == 2 for line in read(words))


def test_spaced_letters_are_joined_beside_other_text() -> None:
    """A letter-spaced heading is a word even where a column stands beside it."""
    words: Words = [(letter, 40 + 9.0 * at, 100) for at, letter in enumerate("SKILLS")]
    words += [(PROSE, 220, 100), (PROSE, 220, 113)]
    assert any("SKILLS" in line.text for line in read(words))


def test_centred_headings_stand_above_both_columns() -> None:
    """Headings in the middle of the page never make a column of what stands at its right."""
    words: Words = [("Experience", 275, 80), ("Brightwell", 50, 100), ("Leeds", 520, 100)]
    words += [("Analyst", 50, 113), ("2014 – 2016", 490, 113), ("Larkspur", 50, 140), ("York", 525, 140)]
    words += [("Education", 277, 180), ("Leeds College", 50, 200), ("Leeds", 520, 200)]
    words += [("Bachelor of Arts", 50, 213), ("2010 – 2014", 490, 213), ("Skills", 285, 250), (PROSE, 50, 265)]
    found = cells(read(words, "Experience", "Education", "Skills"))
    assert ("Analyst", "2014 – 2016") in found
    assert ("Bachelor of Arts", "2010 – 2014") in found


def test_a_first_column_goes_on_over_the_page_before_the_second_is_read() -> None:
    """A page that fills only the first column goes on with that of the page before."""
    first: Words = [("Experience", 40, 80), ("Education", 360, 80)]
    first += [(f"{PROSE} {n}", 40, 100 + 13.0 * n) for n in range(8)]
    first += [(f"School {n} of the north", 360, 100 + 13.0 * n) for n in range(8)]
    pages = [embolden(make_page(first), "Experience", "Education"), make_page([("Analyst", 40, 60)], 2)]
    texts = [line.text for line in lay_out(pages)]
    assert texts.index("Analyst") < texts.index("Education")
