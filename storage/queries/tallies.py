"""Counts of visits by day and word: added to, summed, and ended by their own clock. Never a row for one visitor."""

from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.models import Tally
from storage.upserts import insert_into


def add_one(session: Session, day: date, what: str, word: str) -> None:
    """Count one more."""
    counted = insert_into(session, Tally).values(day=day, what=what, word=word, count=1)
    session.execute(
        counted.on_conflict_do_update(
            index_elements=[Tally.day, Tally.what, Tally.word], set_={"count": Tally.count + 1}
        )
    )


def count_words(session: Session, day: date, what: str) -> int:
    """How many words were counted on a day."""
    return session.scalar(select(func.count()).select_from(Tally).where(Tally.day == day, Tally.what == what)) or 0


def is_known(session: Session, day: date, what: str, word: str) -> bool:
    """Whether this word was counted on this day before."""
    return session.get(Tally, (day, what, word)) is not None


def sum_by_word(session: Session, what: str, first: date) -> dict[str, int]:
    """How often each word was counted since a day."""
    rows = session.execute(
        select(Tally.word, func.sum(Tally.count)).where(Tally.what == what, Tally.day >= first).group_by(Tally.word)
    )
    return {word: int(count) for word, count in rows}


def sweep(session: Session, first: date) -> int:
    """Delete what was counted before a day; how many rows."""
    return int(getattr(session.execute(delete(Tally).where(Tally.day < first)), "rowcount", 0))
