"""Dates of law: lengths of time, months, business days, and when a local day ends.

Every date here is a local date in the policy's IANA zone. Months clamp to the month's end, a period ends when its
last day has ended there (Regulation 1182/71 Art. 3), floors round up and ceilings down. Never uses the machine's zone
or the time now.
"""

import calendar
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Unit(StrEnum):
    """Units in which a policy may state a length of time."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    BUSINESS_DAYS = "business days"


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as a policy states it. ``amount`` is at least 0; a month is a calendar month."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"

    @property
    def shortest_days(self) -> int:
        """The fewest calendar days that this length can span, for comparing lengths of unlike units."""
        return _FEWEST[self.unit](self.amount)

    @property
    def longest_days(self) -> int:
        """The most calendar days that this length can span, holidays apart."""
        return _MOST[self.unit](self.amount)


_Count = Callable[[int], int]
_FEWEST: dict[Unit, _Count] = {
    Unit.DAYS: lambda n: n,
    Unit.WEEKS: lambda n: 7 * n,
    Unit.MONTHS: lambda n: (n // 12) * 365 + (n % 12) * 28,
    Unit.YEARS: lambda n: 365 * n,
    Unit.BUSINESS_DAYS: lambda n: n + 2 * (max(n - 1, 0) // 5),
}
_MOST: dict[Unit, _Count] = _FEWEST | {
    Unit.MONTHS: lambda n: (n // 12) * 366 + (n % 12) * 31,
    Unit.YEARS: lambda n: 366 * n,
    Unit.BUSINESS_DAYS: lambda n: n + 2 * ((n + 4) // 5),
}

_LENGTH = re.compile(r"(\d{1,5}) (day|week|month|year|business day)s?")


def parse_length(text: str) -> Length:
    """Read ``6 months``, ``1 day``, ``30 business days``. Raises ValueError for anything else."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise ValueError("is not a length of time: write a number and days, weeks, months, years or business days")
    return Length(int(match[1]), Unit(match[2] + "s"))


def add_months(day: date, months: int) -> date:
    """The same day of the month, ``months`` later; the last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_business_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """The ``count``-th day after ``day`` that is neither Saturday, Sunday nor a holiday; ``day`` itself for 0."""
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            count -= 1
    return day


def add_length(day: date, length: Length, holidays: Collection[date] = ()) -> date:
    """The last day of a period of ``length`` that an event on ``day`` began (the day of the event not counted)."""
    match length.unit:
        case Unit.DAYS:
            return day + timedelta(days=length.amount)
        case Unit.WEEKS:
            return day + timedelta(weeks=length.amount)
        case Unit.MONTHS:
            return add_months(day, length.amount)
        case Unit.YEARS:
            return add_months(day, 12 * length.amount)
        case _:
            return add_business_days(day, length.amount, holidays)


def last_day_within(day: date, length: Length, holidays: Collection[date] = ()) -> date:
    """The last whole day before ``length`` is over, for an event at any hour of ``day``: a ceiling, rounded down."""
    return max(day, add_length(day, length, holidays) - timedelta(days=1))


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The date on the wall in ``zone`` at an aware instant. Raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware of its zone")
    return instant.astimezone(zone).date()


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant at which ``day`` has ended in ``zone``, also where midnight is skipped or comes twice."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone).astimezone(UTC)
