"""The one deletion path: every end, by night or by request, goes through here.

An end has stages, each resumable from the row that records it: *ended* (:func:`begin_end`: unfindable and unreadable
through the product at that commit), then the keeper destroys key and index entries, then :func:`remove_rows` empties
the tables and :func:`unlink_blobs` the blob store: *purged*. When every copy of the key is past its window the record
is *unrecoverable*. Nothing is reported ahead of its stage, and nothing here can open a seal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from storage import audit, outbox
from storage.blobs import Blobs
from storage.identifiers import new_id, new_reference
from storage.models import DoomedBlob, EndCause, Ending, Person, PersonState
from storage.queries import endings, people
from storage.queries.access import end_access
from storage.recorded_ends import note_end
from storage.vocabulary import Action

FORGET_TOPIC = "forget"
"""Outbox topic by which the keeper is asked to destroy a key and its index entries."""
BATCH = 200


class Held(Exception):
    """A legal hold stands in the way: nothing was changed."""

    code = "held"


class AlreadyEnding(Exception):
    """The record is ending already: nothing was changed."""

    code = "already_ending"


@dataclass(frozen=True, slots=True)
class End:
    """What a person's record ends for."""

    cause: EndCause
    action: Action
    rule: str
    decision: dict[str, Any]
    policy_version: str
    actor: str


def begin_end(session: Session, person_id: bytes, end: End, at: datetime, receipt: str = "") -> Ending:
    """Mark the record *ending*: from this commit on nobody finds or opens it, and there is no way back.

    The end stands on the forget list before it commits. ``receipt``: the number given when it ended before, for an end
    that is repeated after a restore. Holds are checked again under the lock. Raises :class:`Held`,
    :class:`AlreadyEnding`, ``LookupError``.
    """
    person = people.lock_person(session, person_id)
    if person is None:
        raise LookupError("no such person")
    if person.state is PersonState.ENDING:
        raise AlreadyEnding
    if endings.find_holds(session, person_id):
        raise Held
    person.state = PersonState.ENDING
    end_access(session, person_id)
    ending = Ending(
        id=new_id(),
        subject=person_id,
        receipt=receipt or new_reference("VE"),
        cause=end.cause,
        action=end.action,
        rule=end.rule,
        decision=end.decision,
        policy_version=end.policy_version,
        ended_at=at,
    )
    session.add(ending)
    note_end(session, person_id, ending.receipt, at)
    outbox.enqueue(session, FORGET_TOPIC, person_id, {}, at)
    _record(session, "person.ended", person, ending, end.actor, at)
    return ending


def _record(session: Session, action: str, person: Person, ending: Ending, actor: str, at: datetime) -> None:
    about = {"receipt": ending.receipt, "rule": ending.rule, "cause": ending.cause.value, "end": ending.action.value}
    audit.record(session, at=at, actor=actor, action=action, subject=person.log_name, about=about)


def end_of_record(person: Person, cause: EndCause, actor: str) -> End:
    """The end that the person's settled decision calls for."""
    return End(cause, person.end_action, person.end_rule, person.end_decision, person.policy_version, actor)


def remove_rows(session: Session, ready: Sequence[Ending], at: datetime) -> int:
    """Delete every row about people whose key and index entries are gone; their blobs are listed to be unlinked."""
    subjects = [ending.subject for ending in ready]
    for ending in ready:
        for blob_id in endings.find_blob_ids(session, [ending.subject]):
            session.add(DoomedBlob(blob_id=blob_id, ending_id=ending.id, doomed_at=at))
    session.flush()
    people.delete_person_rows(session, subjects)
    for ending in ready:
        ending.rows_gone_at = at
    return len(ready)


def unlink_blobs(session: Session, blobs: Blobs, limit: int = BATCH) -> int:
    """Unlink doomed blobs; one that will not go stays on the list for the next run."""
    doomed = endings.find_doomed(session, limit)
    gone = []
    for row in doomed:
        try:
            blobs.delete(row.blob_id)
        except OSError:
            continue
        gone.append(row.blob_id)
    endings.forget_doomed(session, gone)
    return len(gone)


def confirm_purged(session: Session, at: datetime, key_window: timedelta, actor: str) -> list[Ending]:
    """Report as *purged* every end of which no row and no blob is left; returns them."""
    confirmed = []
    for ending in endings.find_rowless(session, BATCH):
        if endings.count_doomed(session, ending.id) or any(people.rows_left(session, ending.subject)):
            continue
        ending.blobs_gone_at = ending.blobs_gone_at or at
        ending.purged_at = at
        ending.unrecoverable_on = (at + key_window).date()
        about = {"receipt": ending.receipt, "rule": ending.rule, "end": ending.action.value}
        audit.record(session, at=at, actor=actor, action="person.purged", subject=None, about=about)
        confirmed.append(ending)
    return confirmed
