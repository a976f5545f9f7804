"""Puts ends on the forget list in step with the commit that makes them so: intent before it, confirmation after it.

Whoever ends a record calls :func:`note_end` in their transaction; the sessions of ``Database.writing`` do the rest.
An intent that cannot be put on disk stops the commit. A confirmation that cannot is left out: the intent stands, and
what stands unsettled counts as erased until the database was asked (:func:`settle_intents`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import structlog
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from storage.audit.tree import root, tree_size
from storage.forget import Erasure, ForgetList, Position
from storage.models import Ending, Person

FORGET_LIST = "forget list"
"""Key of ``Session.info`` under which a writing session finds the list."""
_NOTED = "ends noted"
_INTENDED = "ends intended"
_CHUNK = 500

IN_WORK = timedelta(minutes=5)
"""A commit takes no longer: what is still open after this was cut short."""
KeyCheck = Callable[[Collection[bytes]], set[bytes]]
"""Tells which of these keys are there."""

log = structlog.get_logger("vitavault.forget_list")


class RecordingSession(Session):
    """A session that puts the ends noted in it on the forget list."""


@dataclass(frozen=True, slots=True)
class _Intended:
    pairs: list[tuple[bytes, str]]
    position: Position
    at: datetime


def note_end(session: Session, row_id: bytes, receipt: str, at: datetime) -> None:
    """Have this end stand on the forget list before the transaction commits; nothing where no list is kept."""
    if session.info.get(FORGET_LIST) is not None:
        session.info.setdefault(_NOTED, {})[receipt] = (row_id, at)


@event.listens_for(RecordingSession, "before_commit")
def _intend(session: Session) -> None:
    noted: dict[str, tuple[bytes, datetime]] = session.info.get(_NOTED, {})
    if not noted or session.in_nested_transaction():
        return
    session.flush()
    kept = select(Ending.receipt).where(Ending.receipt.in_(list(noted)))
    pairs = [(noted[receipt][0], receipt) for receipt in session.scalars(kept)]  # a savepoint may have undone some
    position = Position(tree_size(session), root(session))
    intended = _Intended(pairs, position, max(at for _, at in noted.values()))
    if pairs:
        _list_of(session).intend(pairs, position, intended.at)
    session.info[_NOTED] = {}
    session.info[_INTENDED] = intended


@event.listens_for(RecordingSession, "after_commit")
def _confirm(session: Session) -> None:
    if session.in_nested_transaction():
        return
    intended: _Intended | None = session.info.pop(_INTENDED, None)
    if intended is None or not intended.pairs:
        return
    try:
        _list_of(session).confirm(intended.pairs, intended.position, intended.at)
    except OSError as error:
        log.error("forget_list.unconfirmed", error=type(error).__name__, count=len(intended.pairs))


@event.listens_for(RecordingSession, "after_rollback")
def _drop(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_NOTED, None)
        session.info.pop(_INTENDED, None)


def _list_of(session: Session) -> ForgetList:
    found: ForgetList = session.info[FORGET_LIST]
    return found


def find_unrecorded(session: Session, erasures: Sequence[Erasure]) -> list[Erasure]:
    """Those of these erasures of which the database has no end on record: it is older than the list."""
    remaining = iter(erasures)
    missing: list[Erasure] = []
    while chunk := list(islice(remaining, _CHUNK)):
        known = set(session.scalars(select(Ending.subject).where(Ending.subject.in_([e.row_id for e in chunk]))))
        missing += [erasure for erasure in chunk if erasure.row_id not in known]
    return missing


def find_people_of(session: Session, erasures: Collection[Erasure]) -> dict[bytes, Person]:
    """The people of these erasures who are on record, by id."""
    wanted = iter([erasure.row_id for erasure in erasures])
    found: dict[bytes, Person] = {}
    while chunk := list(islice(wanted, _CHUNK)):
        found |= {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(chunk)))}
    return found


def settle_intents(session: Session, forget: ForgetList, has_key: KeyCheck, at: datetime) -> None:
    """Ask the database what became of intents that a crash left open, and put the answer on the list.

    An end on record confirms it. Withdrawn is only what certainly did not commit: the person is there without an end,
    under a key that is there. Call it only for a database that is the one in force.
    """
    open_ones = [erasure for erasure in forget.list_unsettled() if erasure.at <= at - IN_WORK]
    if not open_ones:
        return
    unrecorded = {erasure.row_id for erasure in find_unrecorded(session, open_ones)}
    present = find_people_of(session, [erasure for erasure in open_ones if erasure.row_id in unrecorded])
    keyed = has_key([person.key_id for person in present.values()])
    position = Position(tree_size(session), root(session))
    done = [(e.row_id, e.receipt) for e in open_ones if e.row_id not in unrecorded]
    undone = [(e.row_id, e.receipt) for e in open_ones if e.row_id in present and present[e.row_id].key_id in keyed]
    if done:
        forget.confirm(done, position, at)
    if undone:
        forget.withdraw(undone, position, at)
