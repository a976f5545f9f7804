"""Years of experience, computed from the positions held: overlapping jobs count once, gaps not at all."""

from collections.abc import Iterable
from datetime import UTC, datetime

from storage.profile import Work


def years_of_work(work: Iterable[Work], today: tuple[int, int] | None = None) -> float:
    """Years covered by at least one position. ``today`` is (year, month), the present unless given.

    A start without a month counts from January, an end without one to December; a position without a start counts
    nothing.
    """
    now = datetime.now(UTC)
    present = today or (now.year, now.month)
    spans = sorted(span for item in work if (span := _span(item, present)))
    months, reached = 0, 0
    for start, end in spans:
        months += max(0, end - max(start, reached))
        reached = max(reached, end)
    return months / 12


def _span(item: Work, present: tuple[int, int]) -> tuple[int, int] | None:
    start = _month(item.start, 1)
    end = present[0] * 12 + present[1] if item.current else _month(item.end, 12)
    if start is None or end is None or end < start:
        return None
    return start - 1, end


def _month(text: str | None, missing: int) -> int | None:
    """Months since year 0 of ``YYYY`` or ``YYYY-MM``."""
    if not text:
        return None
    year, _, month = text.partition("-")
    return int(year) * 12 + (int(month) if month else missing)
