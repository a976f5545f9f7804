"""The privacy office: counts, dates and references, never a name. What is due, what is late, what is held."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.installation import Installation
from intake.keeper.record import verify_record
from intake.night import is_run_missed, last_night
from retention.calendar import end_of_day
from storage import audit
from storage.audit.tree import tree_size
from storage.models import Ending, RetentionRun
from storage.queries import applications, bases, endings, people

AHEAD = 30
LISTED = 50


@dataclass(frozen=True, slots=True)
class State:
    """The state of every promise about the end of data."""

    today: date
    due_tonight: int
    past_due: int
    ending: int
    oldest_ending_hours: int
    holds: int
    people: int
    without_basis: int
    next_days: tuple[tuple[date, int], ...]
    by_source: dict[str, int]
    by_basis: dict[str, int]
    by_country: dict[str, int]
    last_run: RetentionRun | None
    next_run_at: datetime
    is_missed: bool
    under_way: tuple[Ending, ...] = ()
    """Ends that are not purged yet, the oldest first; at most :data:`LISTED`."""


def next_run_at(house: Installation) -> datetime:
    """When the next nightly run is to begin."""
    return last_night(house, house.now()) + timedelta(days=1)


def look_over(house: Installation) -> State:
    """Everything at one glance."""
    now, today = house.now(), house.today()
    begins = last_night(house, now)
    with house.database.reading() as session:
        unfinished = endings.find_unfinished(session)
        ahead = endings.ends_by_day(session, today, today + timedelta(days=AHEAD - 1))
        return State(
            today=today,
            due_tonight=endings.count_due(session, end_of_day(today, house.policy.zone)),
            past_due=endings.count_due(session, begins),
            ending=len(unfinished),
            oldest_ending_hours=int((now - unfinished[0].ended_at).total_seconds() // 3600) if unfinished else 0,
            holds=len(endings.find_all_holds(session)),
            people=people.count_people(session),
            without_basis=bases.count_without(session, today),
            next_days=tuple((today + timedelta(days=n), ahead.get(today + timedelta(days=n), 0)) for n in range(AHEAD)),
            by_source=applications.count_by(session, "source"),
            by_basis=bases.count_by_basis(session, today),
            by_country=applications.count_by(session, "country"),
            last_run=endings.find_last_run(session),
            next_run_at=next_run_at(house),
            is_missed=is_run_missed(house, now),
            under_way=tuple(unfinished[:LISTED]),
        )


def step_of(ending: Ending) -> str:
    """What an end that is under way waits for: the key's destruction, the index, rows, files, or to be confirmed."""
    steps = (("key", ending.key_gone_at), ("index", ending.index_gone_at), ("rows", ending.rows_gone_at),
             ("blobs", ending.blobs_gone_at))  # fmt: skip
    return next((name for name, done_at in steps if done_at is None), "confirmation")


def count_entries(house: Installation) -> int:
    """How many entries of the record have a position."""
    with house.database.reading() as session:
        return tree_size(session)


def verify(house: Installation, actor: str) -> audit.VerifyReport:
    """Check the whole record; that it was checked is on record too."""
    report = verify_record(house)
    with house.database.writing() as session:
        _note(session, house, actor, is_sound=report.ok)
    return report


def _note(session: Session, house: Installation, actor: str, *, is_sound: bool) -> None:
    outcome = "ok" if is_sound else "unsound"
    audit.record(session, at=house.now(), actor=actor, action="audit.verified", subject=None, outcome=outcome)
