"""From words on pages to lines in reading order."""

from hypothesis import given
from hypothesis import strategies as st

from intake.reading.layout import lay_out
from intake.reading.page import Char, Page
from tests.intake.reading.lines import make_page

PROSE = "led the whole northern team and built many things"


def read(*words: tuple[str, float, float]) -> list[tuple[str, ...]]:
    return [line.cells for line in lay_out([make_page(words)])]


def test_right_hand_dates_stay_with_their_row() -> None:
    """A column of dates at the right is no column of text."""
    rows = [(f"Analyst at Example {i}", 50.0, 100 + 40.0 * i) for i in range(4)]
    dates = [(f"201{i} – 201{i + 1}", 450.0, 100 + 40.0 * i) for i in range(4)]
    body = [(PROSE, 50.0, 115 + 40.0 * i) for i in range(4)]
    assert ("Analyst at Example 0", "2010 – 2011") in read(*rows, *dates, *body)


def test_a_sidebar_is_read_apart() -> None:
    """Two columns that both carry headings and text are read one after the other."""
    left = [
        ("Skills", 40.0, 100.0),
        ("Python", 40.0, 117.0),
        ("Rust", 40.0, 134.0),
        ("Languages", 40.0, 163.0),
        ("English", 40.0, 180.0),
    ]
    right = [("Experience", 220.0, 103.0)] + [(PROSE, 220.0, 120 + 13.0 * i) for i in range(6)]
    texts = [cells[0] for cells in read(*left, *right)]
    assert texts.index("English") < texts.index("Experience") or texts.index("Experience") < texts.index("Skills")
    assert texts[texts.index("Skills") + 1] == "Python"


def test_left_labels_stay_with_their_rows() -> None:
    """Dates set to the left of entries belong to the entries' rows."""
    words = []
    for i in range(4):
        words += [
            (f"201{i} – 201{i + 1}", 40.0, 100 + 40.0 * i),
            ("Analyst", 180.0, 100 + 40.0 * i),
            (PROSE, 180.0, 113 + 40.0 * i),
        ]
    assert ("2012 – 2013", "Analyst") in read(*words)


def test_two_headings_on_one_line_open_two_columns() -> None:
    """Short sections side by side are told by their headings."""
    words = [("Skills", 50.0, 100.0), ("Languages", 330.0, 100.0), ("Python", 50.0, 115.0), ("Polish", 330.0, 115.0)]
    assert [cells[0] for cells in read(*words)] == ["Skills", "Python", "Languages", "Polish"]


def test_letter_spaced_words_are_put_together() -> None:
    """Single letters at even gaps are a word; wider gaps part words."""
    page = Page(1, 600.0, 800.0)
    at = 50.0
    for letter in "MILK SHAKE":
        if letter != " ":
            page.chars.append(Char(letter, at, 40.0, at + 12, 62.0, 60.0, 20.0))
        at += 20.0 if letter != " " else 18.0
    assert lay_out([page])[0].text == "MILK SHAKE"


def test_repeated_footers_come_once_and_last() -> None:
    """What stands at the foot of every page does not cut a section in two; page numbers go."""
    pages = []
    for number in (1, 2):
        body = [(f"{PROSE} {number}", 50.0, 300.0)]
        pages.append(
            make_page([*body, (f"Jo Example – page {number}", 250.0, 785.0), (str(number), 300.0, 760.0)], number)
        )
    texts = [line.text for line in lay_out(pages)]
    assert [text[:4] for text in texts] == ["led ", "led ", "Jo E"]


def test_a_date_that_wraps_in_its_column_is_put_together() -> None:
    """``2019 –`` above ``2021`` is one range."""
    words = []
    for i in range(3):
        top = 100 + 60.0 * i
        words += [
            ("March 201" + str(i) + " –", 40.0, top),
            ("May 2015", 40.0, top + 12),
            ("Analyst", 180.0, top),
            ("Example Ltd", 180.0, top + 12),
            (PROSE, 180.0, top + 24),
        ]
    assert ("March 2010 – May 2015", "Analyst") in read(*words)


box = st.tuples(
    st.text(st.characters(blacklist_categories=("Zs", "Cc")), min_size=1, max_size=8),
    st.floats(-50, 700),
    st.floats(-50, 900),
)


@given(st.lists(box, max_size=40))
def test_no_word_is_lost_or_made_up(words: list[tuple[str, float, float]]) -> None:
    """Laying out keeps letters, apart from bullets, doubles and page numbers."""
    page = Page(1, 600.0, 800.0)
    page.chars = [Char(t, x, y - 8, x + 5 * len(t), y + 2, y, 10.0) for t, x, y in words]
    shown = "".join(line.text for line in lay_out([page]))
    assert set(shown) <= set("".join(t for t, _, _ in words)) | {" ", "-"}
