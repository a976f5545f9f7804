"""Ends again, in a restored database, whoever the forget list says was erased: by row id, through the one path.

Safe to repeat. A hold that stands in the restored database is never stepped over: its person is restricted, reported,
and ended by the first night after it is lifted. Nothing here can open a seal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from retention import erasure
from storage import audit
from storage.database import Database
from storage.forget import Erasure, Event
from storage.identifiers import new_id
from storage.models import EndCause, Ending, Person, PersonState
from storage.queries import endings
from storage.recorded_ends import find_people_of, find_unrecorded
from storage.vocabulary import Action

ACTOR = "restore"
BATCH = 200
RULE = "forget_list"
"""The rule that stands in the record of an end whose person the restored database never knew."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay did: people ended again, ends merely put on record, and people whom a hold keeps."""

    ended: int = 0
    recorded: int = 0
    held: tuple[bytes, ...] = ()

    def __add__(self, other: "Replayed") -> "Replayed":
        return Replayed(self.ended + other.ended, self.recorded + other.recorded, self.held + other.held)


def find_brought_back(session: Session, erased: Sequence[Erasure]) -> list[Erasure]:
    """Confirmed erasures that the database knows nothing of: it is older than the list. Those a hold suspends aside."""
    unrecorded = find_unrecorded(session, [e for e in erased if e.event is Event.CONFIRMED])
    present = find_people_of(session, unrecorded)
    return [e for e in unrecorded if not is_suspended(session, present.get(e.row_id))]


def is_suspended(session: Session, person: Person | None) -> bool:
    """Whether a replay left this person because of a hold (perhaps lifted since)."""
    return person is not None and person.state is PersonState.RESTRICTED and endings.was_ever_held(session, person.id)


def replay_forget_list(
    database: Database, erased: Sequence[Erasure], clock: Callable[[], datetime], actor: str = ACTOR
) -> Replayed:
    """End everybody in ``erased`` of whom the database has no end on record. Commits in batches; safe to repeat."""
    with database.reading() as session:
        unrecorded = find_unrecorded(session, erased)
    done = Replayed()
    for start in range(0, len(unrecorded), BATCH):
        with database.writing() as session:
            for one in unrecorded[start : start + BATCH]:
                done += _end_again(session, one, clock(), actor)
    return done


def _end_again(session: Session, one: Erasure, at: datetime, actor: str) -> Replayed:
    person = session.get(Person, one.row_id)
    if endings.find_ending(session, one.row_id) is not None:
        return Replayed()
    if person is None:
        _put_on_record(session, one, at, actor)
        return Replayed(recorded=1)
    cause = EndCause.REQUEST if person.erasure_asked_at else EndCause.RETENTION
    end = replace(erasure.end_of_record(person, cause, actor), action=Action.PURGE)
    try:
        erasure.begin_end(session, person.id, end, at, one.receipt)
    except erasure.Held:
        _suspend(session, person, one, at, actor)
        return Replayed(held=(person.id,))
    return Replayed(ended=1)


def _put_on_record(session: Session, one: Erasure, at: datetime, actor: str) -> None:
    """The restored database is older than the person: nothing of them is in it, but the end must be on record."""
    session.add(
        Ending(
            id=new_id(), subject=one.row_id, receipt=one.receipt, cause=EndCause.RETENTION, action=Action.PURGE,
            rule=RULE, decision={}, ended_at=one.at, key_gone_at=at, index_gone_at=at, rows_gone_at=at,
            blobs_gone_at=at, purged_at=at,
        )
    )  # fmt: skip
    about = {"receipt": one.receipt, "rule": RULE}
    audit.record(session, at=at, actor=actor, action="ending.recorded", subject=None, about=about)


def _suspend(session: Session, person: Person, one: Erasure, at: datetime, actor: str) -> None:
    if is_suspended(session, person):
        return
    person.state = PersonState.RESTRICTED
    about = {"receipt": one.receipt, "reason": "hold"}
    audit.record(
        session, at=at, actor=actor, action="ending.suspended", subject=person.log_name, outcome="refused", about=about
    )
