"""Dates and numbers as a reader of one language writes them. Never prints a UTC instant as if it were local."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes values in one locale and one IANA zone."""

    locale: Locale
    zone: ZoneInfo

    def day(self, value: date | datetime) -> Markup:
        """A date in words, in a ``<time>``; an aware instant becomes the local date of the policy's zone."""
        local = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return _time(local.isoformat(), format_date(local, "long", self.locale))

    def short_day(self, value: date) -> Markup:
        """Day and month, for the axis of a chart."""
        return _time(value.isoformat(), format_date(value, "d MMM", self.locale))

    def month(self, value: date) -> str:
        """A month and its year in words."""
        return format_date(value, "LLLL y", self.locale)

    def moment(self, value: datetime) -> Markup:
        """Date and time of day, local to the policy's zone."""
        local = value.astimezone(self.zone)
        return _time(local.isoformat(timespec="minutes"), format_datetime(local, "d MMM y, HH:mm", locale=self.locale))

    def number(self, value: float) -> str:
        """A number with the locale's digits and separators."""
        return format_decimal(value, locale=self.locale)

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters that templates use."""
        return {
            "day": self.day,
            "short_day": self.short_day,
            "month": self.month,
            "moment": self.moment,
            "number": self.number,
            "isolate": isolate,
            "link_runs": link_runs,
        }


_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;:!?]")


def link_runs(text: str) -> tuple[tuple[str, str], ...]:
    """A text in pieces, each with the address of another site that it spells, or with none."""
    runs, end = [], 0
    for found in _ADDRESS.finditer(text):
        runs += [(text[end : found.start()], ""), (found.group(), found.group())]
        end = found.end()
    return tuple(run for run in (*runs, (text[end:], "")) if run[0])


def isolate(value: str) -> str:
    """Keep a name of unknown script from turning the sentence around it (Unicode FSI … PDI, UAX #9)."""
    return f"\u2068{value}\u2069"


def _time(machine: str, human: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, human)
