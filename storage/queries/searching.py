"""Who may be found: the live state against which every hit of the word index is checked, in one statement.

A person can be found while their record is live, not suppressed, not past its end, and somebody may still consider
them: an application in a stage that is under way with a live basis for it, or a live consent to the pool.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from storage.models import Application, Outbox, Person, PersonState, WorkState
from storage.queries.bases import live_events
from storage.vocabulary import Purpose, Stage

INDEX_TOPIC = "index"
SEARCHED_STAGES = (Stage.RECEIVED, Stage.REVIEW, Stage.INTERVIEW, Stage.OFFER, Stage.HIRED)


@dataclass(frozen=True, slots=True)
class Scope:
    """As of which local day, and for which purposes, people may be searched: the policy says which.

    ``openings``: to whose applicants alone somebody may come; None: to everybody's.
    """

    today: date
    purposes: tuple[str, ...]
    openings: frozenset[bytes] | None = None


def is_findable(scope: Scope) -> ColumnElement[bool]:
    """The condition on :class:`Person` under which search may show them."""
    live = live_events(scope.today).subquery()
    considered = exists().where(
        Application.person_id == Person.id,
        live.c.application_id == Application.id,
        or_(
            Application.stage.in_(SEARCHED_STAGES),
            and_(live.c.purpose != Purpose.APPLICATION, Application.stage != Stage.DRAFT),
        ),
        live.c.purpose.in_(scope.purposes),
        *([] if scope.openings is None else [Application.opening_id.in_(scope.openings)]),
    )
    return and_(
        Person.state == PersonState.LIVE,
        Person.suppressed.is_(False),
        or_(Person.ends_on.is_(None), Person.ends_on >= scope.today),
        or_(Person.restricted_from.is_(None), Person.restricted_from >= scope.today),
        considered,
    )


def find_findable(session: Session, person_ids: Sequence[bytes], scope: Scope) -> dict[bytes, Person]:
    """Those of ``person_ids`` who may be shown today."""
    if not person_ids:
        return {}
    rows = session.scalars(select(Person).where(Person.id.in_(person_ids), is_findable(scope)))
    return {person.id: person for person in rows}


def is_person_findable(session: Session, person_id: bytes, scope: Scope) -> bool:
    """Whether one person may be shown today."""
    return bool(find_findable(session, [person_id], scope))


def find_unapplied(session: Session, scope: Scope) -> set[bytes]:
    """People whose change has not reached the index yet and who may no longer be found: kept out of the query."""
    waiting = select(Outbox.subject).where(Outbox.topic == INDEX_TOPIC, Outbox.state == WorkState.WAITING)
    changed = {subject for subject in session.scalars(waiting) if subject is not None}
    return changed - set(find_findable(session, list(changed), scope))


def find_concealed(session: Session, scope: Scope) -> set[bytes]:
    """People who applied to the scope's openings and may not be found through them: kept out of the query.

    The index knows that somebody applied to an opening, not whether that application still lets them be found.
    """
    if scope.openings is None:
        return set()
    applied = set(
        session.scalars(select(Application.person_id).where(Application.opening_id.in_(scope.openings)).distinct())
    )
    return applied - set(find_findable(session, list(applied), scope))


@dataclass(frozen=True, slots=True)
class Indexable:
    """What the index needs to know beside the words."""

    person: Person
    applications: tuple[Application, ...]


def find_indexable(session: Session, person_ids: Sequence[bytes], scope: Scope) -> list[Indexable]:
    """The findable ones among ``person_ids`` with their applications."""
    people = find_findable(session, person_ids, scope)
    applications: dict[bytes, list[Application]] = {person_id: [] for person_id in people}
    for row in session.scalars(select(Application).where(Application.person_id.in_(list(people)))):
        applications[row.person_id].append(row)
    return [Indexable(person, tuple(applications[person_id])) for person_id, person in people.items()]


def find_shard_members(session: Session, shard: int, scope: Scope) -> list[bytes]:
    """Ids of the findable people of one index shard."""
    return list(session.scalars(select(Person.id).where(Person.index_shard == shard, is_findable(scope))))


def count_by_shard(session: Session) -> dict[int, int]:
    """How many people each shard holds."""
    rows = session.execute(select(Person.index_shard, func.count()).group_by(Person.index_shard))
    return {shard: count for shard, count in rows}  # noqa: C416 - rows are not plain pairs to a type checker
