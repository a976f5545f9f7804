"""Years of work, from merged intervals: months in which any position was held count once."""

from collections.abc import Iterable
from datetime import UTC, datetime

from storage.profile import Work


def _month_number(date: str, *, end: bool) -> int:
    year, _, month = date.partition("-")
    return int(year) * 12 + (int(month) - 1 if month else (11 if end else 0))


def _interval(position: Work, now: int) -> tuple[int, int] | None:
    if not position.start:
        return None
    start = _month_number(position.start, end=False)
    if position.current or not position.end:
        return (start, now) if position.current else (start, start)
    end = _month_number(position.end, end=True)
    if len(position.end) == 4 and len(position.start) == 4 and position.end > position.start:
        end = _month_number(position.end, end=False) - 1
    return start, max(start, min(end, now))


def years_of_work(work: Iterable[Work], today: str | None = None) -> float:
    """Years in which at least one position was held, to a tenth.

    ``today`` (``YYYY-MM``) closes positions still held. Years without months count from January to January.
    """
    now = _month_number(today or datetime.now(UTC).strftime("%Y-%m"), end=False)
    months = 0
    reached = -1
    for start, end in sorted(i for i in (_interval(p, now) for p in work) if i):
        months += max(0, end - max(start, reached + 1) + 1)
        reached = max(reached, end)
    return round(months / 12, 1)
