"""Dates of law: months, leap days, business days, zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retention.calendar import (
    Length,
    Unit,
    add_business_days,
    add_length,
    add_months,
    end_of_day,
    last_day_within,
    local_date,
    parse_length,
)

DAYS = st.dates(date(1971, 1, 1), date(2099, 12, 31))
MODERN_DAYS = st.dates(date(2012, 1, 1), date(2050, 12, 31))
ZONES = st.sampled_from(sorted(z for z in available_timezones() if "/" in z and not z.startswith(("posix", "right"))))
LENGTHS = st.builds(Length, st.integers(0, 120), st.sampled_from(Unit))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_months_clamp_to_the_end_of_a_shorter_month(day: date, months: int, expected: date) -> None:
    """A period of months that began on a day the last month lacks ends on that month's last day."""
    assert add_months(day, months) == expected


@given(DAYS, st.integers(0, 600), st.integers(0, 600))
def test_more_months_never_end_sooner(day: date, fewer: int, more: int) -> None:
    """Adding months keeps order, clamped or not."""
    fewer, more = sorted((fewer, more))
    assert add_months(day, fewer) <= add_months(day, more)


@given(DAYS, DAYS, LENGTHS)
def test_a_later_start_never_ends_sooner(one: date, other: date, length: Length) -> None:
    """Every unit is monotone in the day on which the clock starts."""
    earlier, later = sorted((one, other))
    assert add_length(earlier, length) <= add_length(later, length)


@given(DAYS, LENGTHS)
def test_a_length_spans_no_fewer_and_no_more_days_than_it_claims(day: date, length: Length) -> None:
    """The bounds by which lengths of unlike units are compared hold for every start."""
    spanned = (add_length(day, length) - day).days
    assert length.shortest_days <= spanned <= length.longest_days


@given(DAYS, LENGTHS)
def test_a_ceiling_is_rounded_down_and_never_before_its_start(day: date, length: Length) -> None:
    """A maximum ends on a day that is wholly within the length, for an event at any hour."""
    last = last_day_within(day, length)
    assert day <= last <= add_length(day, length)
    assert last == day or last < add_length(day, length)


def test_business_days_leave_out_weekends_and_holidays() -> None:
    """Thirty business days are counted as the notice counts them."""
    friday = date(2026, 7, 3)
    assert add_business_days(friday, 1) == date(2026, 7, 6)
    assert add_business_days(friday, 1, {date(2026, 7, 6)}) == date(2026, 7, 7)
    assert add_business_days(friday, 0) == friday
    assert add_length(friday, Length(5, Unit.BUSINESS_DAYS), (date(2026, 7, 6),)) == date(2026, 7, 13)


@pytest.mark.parametrize("text", ["6 months", "1 day", "30 business days", "4 weeks", "2 years"])
def test_a_length_is_written_as_it_is_read(text: str) -> None:
    """What a policy states is what a notice repeats."""
    assert str(parse_length(text)) == text


@pytest.mark.parametrize("text", ["", "6", "six months", "-1 day", "6 months and a day", "1.5 years", "999999 days"])
def test_what_is_no_length_is_refused(text: str) -> None:
    """A length that could be misread is not read at all."""
    with pytest.raises(ValueError, match="is not a length of time"):
        parse_length(text)


@given(MODERN_DAYS, ZONES)
def test_a_day_has_ended_when_the_wall_says_so(day: date, name: str) -> None:
    """At the end of a day the local date is later, and just before it was not, in every zone, across every change."""
    zone = ZoneInfo(name)
    end = end_of_day(day, zone)
    assert end.tzinfo is UTC
    assert local_date(end, zone) > day
    assert local_date(end - timedelta(seconds=1), zone) <= day


def test_a_day_whose_midnight_is_skipped_ends_at_the_change() -> None:
    """Where clocks jump from 00:00 to 01:00 the day before ends at the jump, not an hour around it."""
    cairo = ZoneInfo("Africa/Cairo")
    end = end_of_day(date(2024, 4, 25), cairo)
    assert end == datetime(2024, 4, 25, 22, tzinfo=UTC)
    assert end.astimezone(cairo).hour == 1


def test_a_naive_instant_is_refused() -> None:
    """An instant without a zone could mean any day."""
    with pytest.raises(ValueError, match="aware"):
        local_date(datetime(2026, 1, 1), ZoneInfo("UTC"))  # noqa: DTZ001 - that is the point
