"""Dates as resumes of eight languages write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.reading.fields.dates import find_dates, is_only_dates, without_dates

RANGES = [
    ("Sept 2018 – May 2023", "2018-09", "2023-05"),
    ("2011–13", "2011", "2013"),
    ("1577–78", "1577", "1578"),
    ("10/1992–09/1994", "1992-10", "1994-09"),
    ("01.10.2014 – 31.12.2016", "2014-10", "2016-12"),
    ("2012-09-01 to 2014-05-01", "2012-09", "2014-05"),
    ("Juin-Août 2015", "2015-06", "2015-08"),
    ("du 01/2015 au 02/2016", "2015-01", "2016-02"),
    ("od września 2018 do maja 2020", "2018-09", "2020-05"),
    ("dal 2015 al 2019", "2015", "2019"),
    ("Fall 2019 - Spring 2020", "2019", "2020"),
    ("aug2015 - jul2019", "2015-08", "2019-07"),
    ("de agosto 2015 a julho 2018", "2015-08", "2018-07"),
    ("5 de mayo de 2019 - 30 de junio de 2020", "2019-05", "2020-06"),
    ("2020年3月 – 2021年4月", "2020-03", "2021-04"),
    ("Jan. '09 - Feb. '11", "2009-01", "2011-02"),
]


@pytest.mark.parametrize(("text", "start", "end"), RANGES)
def test_ranges_of_every_form_are_normalised(text: str, start: str, end: str) -> None:
    """A written range becomes its start and end, and nothing of the text is left over."""
    (span,) = find_dates(text)
    assert (span.start, span.end, span.current) == (start, end, False)
    assert is_only_dates(text)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("March 2021 – Present", "2021-03"),
        ("seit 03/2019", "2019-03"),
        ("septembre 2015 à aujourd’hui", "2015-09"),
        ("maj 2014 – obecnie", "2014-05"),
        ("2012 - Ongoing", "2012"),
        ("2019 –", "2019"),
        ("since 1862", "1862"),
        ("04/2014 – actualidad", "2014-04"),
        ("10/2017 – tuttora", "2017-10"),
        ("Dec 2020 – nog steeds", "2020-12"),
    ],
)
def test_open_ends_are_current(text: str, start: str) -> None:
    """A range without an end is still held."""
    (span,) = find_dates(text)
    assert (span.start, span.end, span.current) == (start, None, True)


def test_a_single_date_is_marked_as_such() -> None:
    """One point in time is no range."""
    (span,) = find_dates("2016 / 09")
    assert (span.start, span.single) == ("2016-09", True)


@pytest.mark.parametrize(
    "text", ["Served 1800 users in 2 markets", "07534563401", "+49 30 23125 170", "GPA: 3.97/4.00"]
)
def test_other_numbers_are_no_dates(text: str) -> None:
    """Phone numbers, counts and grades are left alone."""
    assert not find_dates(text)


def test_what_is_left_has_neither_brackets_nor_durations() -> None:
    """Taking a date out takes what only belonged to it."""
    assert without_dates("Engineer (Aug 2013 - Present)") == "Engineer"
    assert without_dates("May 2019 – Aug 2019    4 months") == ""
    assert without_dates("Senior Analyst, Brightwell, 2019–2021") == "Senior Analyst, Brightwell"


@given(st.text(max_size=200))
def test_no_text_makes_dates_fail(text: str) -> None:
    """Whatever the text, spans lie inside it and years are plausible."""
    for span in find_dates(text):
        assert 0 <= span.begin <= span.finish <= len(text)
        assert all(1500 <= int(date[:4]) <= 2040 for date in (span.start, span.end) if date)
