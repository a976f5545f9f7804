"""Writes periods in the many ways that resumes do, and says what of them a reader can know.

Must never label more than the text tells: a form that writes years alone is labelled in years alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from intake.demo.people import LATEST, Month, Pack


@dataclass(frozen=True, slots=True)
class Written:
    """A period as it is printed, with its ends as labels: ``YYYY``, ``YYYY-MM`` or ``None`` where not stated."""

    text: str
    start: str | None
    end: str | None


Single = Callable[[Month, Pack], str]

SINGLES: dict[str, Single] = {
    "long": lambda month, pack: f"{pack['months'][month[1] - 1]} {month[0]}",
    "short": lambda month, pack: f"{pack['months_short'][month[1] - 1]} {month[0]}",
    "glued": lambda month, pack: f"{pack['months_short'][month[1] - 1].rstrip('.')}{month[0]}",
    "apostrophe": lambda month, pack: f"{pack['months_short'][month[1] - 1]} ’{month[0] % 100:02}",
    "slash": lambda month, _: f"{month[1]:02}/{month[0]}",
    "dot": lambda month, _: f"{month[1]:02}.{month[0]}",
    "two_digits": lambda month, _: f"{month[1]:02}/{month[0] % 100:02}",
    "iso": lambda month, _: f"{month[0]}-{month[1]:02}",
    "iso_spaced": lambda month, _: f"{month[0]} / {month[1]:02}",
    "day": lambda month, _: f"01.{month[1]:02}.{month[0]}",
    "years": lambda month, _: str(month[0]),
    "native": lambda month, pack: pack["month_form"].format(
        year=month[0], month=month[1], name=pack["months"][month[1] - 1]
    ),
    "year_dot": lambda month, _: f"{month[0]}.{month[1]:02}",
    "year_slash": lambda month, _: f"{month[0]}/{month[1]:02}",
    "comma": lambda month, pack: f"{pack['months'][month[1] - 1]}, {month[0]}",
    "capitals": lambda month, pack: f"{pack['months_short'][month[1] - 1].rstrip('.').upper()} {month[0]}",
    "dashed": lambda month, _: f"{month[1]:02}-{month[0]}",
    "season": lambda month, pack: f"{pack['seasons'][month[1] % 12 // 3]} {month[0]}",
}
YEARS_ONLY = {"years", "season"}


def write_period(form: str, start: Month, end: Month | None, pack: Pack, present: int = 0) -> Written:
    """A period in one form: ``<single>[:<joiner>]`` or a special one; ``present`` picks the open end's word."""
    special = SPECIAL.get(form)
    if special:
        return special(start, end, pack)
    single, _, joiner = form.partition(":")
    write, precise = SINGLES[single], single not in YEARS_ONLY
    words = pack["present"]
    first, last = write(start, pack), write(end, pack) if end else words[present % len(words)]
    text = first if first == last else f"{first}{joiner or ' – '}{last}"
    return Written(text, _label(start, precise), _label(end, precise))


def _label(month: Month | None, precise: bool) -> str | None:
    if month is None:
        return None
    return f"{month[0]}-{month[1]:02}" if precise else str(month[0])


def _write_short_years(start: Month, end: Month | None, pack: Pack) -> Written:
    """``2011–13``, and ``since 2015`` where it goes on."""
    if end is None:
        return Written(f"{pack['since']} {start[0]}", str(start[0]), None)
    same = start[0] == end[0] or start[0] // 100 != end[0] // 100
    text = str(start[0]) if start[0] == end[0] else f"{start[0]}–{end[0] if same else f'{end[0] % 100:02}'}"
    return Written(text, str(start[0]), str(end[0]))


def _write_since(start: Month, end: Month | None, pack: Pack) -> Written:
    """``03/2012 - 06/2014``, and ``since 03/2015`` where it goes on."""
    if end is None:
        return Written(f"{pack['since']} {start[1]:02}/{start[0]}", _label(start, True), None)
    return write_period("slash: - ", start, end, pack)


def _write_words(start: Month, end: Month | None, pack: Pack) -> Written:
    """``from March 2012 to June 2014``."""
    if end is None:
        return Written(f"{pack['since']} {SINGLES['long'](start, pack)}", _label(start, True), None)
    first, last = pack["from_to"]
    text = f"{first} {SINGLES['long'](start, pack)} {last} {SINGLES['long'](end, pack)}"
    return Written(text, _label(start, True), _label(end, True))


def _write_end_year(start: Month, end: Month | None, pack: Pack) -> Written:
    """The year of graduation alone."""
    return Written(str((end or start)[0]), None, str((end or start)[0]))


def _write_end_month(start: Month, end: Month | None, pack: Pack) -> Written:
    """The month of graduation alone."""
    return Written(SINGLES["long"](end or start, pack), None, _label(end or start, True))


def _write_open_end(start: Month, end: Month | None, pack: Pack) -> Written:
    """``03/2012 – 06/2014``, and ``03/2015 –`` where it goes on."""
    if end is None:
        return Written(f"{SINGLES['slash'](start, pack)} –", _label(start, True), None)
    return write_period("slash", start, end, pack)


def _write_open_year(start: Month, end: Month | None, pack: Pack) -> Written:
    """``2012 – 2014``, and ``2015 –`` where it goes on."""
    if end is None:
        return Written(f"{start[0]} –", str(start[0]), None)
    return write_period("years", start, end, pack)


def _write_until(start: Month, end: Month | None, pack: Pack) -> Written:
    """``March 2012 to June 2014``, and ``since March 2015`` where it goes on."""
    if end is None:
        return _write_words(start, end, pack)
    return write_period(f"long: {pack['from_to'][1]} ", start, end, pack)


def _write_with_length(start: Month, end: Month | None, pack: Pack) -> Written:
    """``January 2020 - June 2021 (1 year 6 months)``, both months counted, as networks export it."""
    last = end or LATEST
    years, months = divmod((last[0] - start[0]) * 12 + last[1] - start[1] + 1, 12)
    year, many_years, month, many_months = pack["durations"]
    told = [f"{years} {year if years == 1 else many_years}"] if years else []
    told += [f"{months} {month if months == 1 else many_months}"] if months else []
    written = write_period("long: - ", start, end, pack)
    return Written(f"{written.text} ({' '.join(told)})", written.start, written.end)


SPECIAL: dict[str, Callable[[Month, Month | None, Pack], Written]] = {
    "short_years": _write_short_years,
    "since": _write_since,
    "words": _write_words,
    "open_end": _write_open_end,
    "open_year": _write_open_year,
    "until": _write_until,
    "with_length": _write_with_length,
    "end_year": _write_end_year,
    "end_month": _write_end_month,
}
