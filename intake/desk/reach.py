"""Whom somebody may come to: everybody's applicants, or those of their own openings only.

Asked by every use case that shows or changes a candidate; a page never decides it. Must never widen what the
permission matrix grants.
"""

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.desk.refusals import not_found
from intake.installation import Installation
from storage.models import Application, Document, Person
from storage.queries import people
from storage.queries.searching import Scope, is_person_findable
from storage.vocabulary import Stage


def scope_of(house: Installation, actor: Actor) -> Scope:
    """Who may be found by this actor today."""
    open_to_all = house.scope()
    return Scope(open_to_all.today, open_to_all.purposes, actor.bound_to)


def is_within_reach(actor: Actor, opening_id: bytes | None) -> bool:
    """Whether applications to an opening (None: to the pool) are this actor's to see."""
    return actor.bound_to is None or opening_id in actor.bound_to


def find_viewable(session: Session, house: Installation, actor: Actor, person_id: bytes) -> Person:
    """A person whom this actor may see today: with a live basis, neither restricted nor ended. Else not found."""
    person = people.find_present(session, person_id)
    if person is None or not is_person_findable(session, person_id, scope_of(house, actor)):
        raise not_found()
    return person


def find_applications(session: Session, actor: Actor, person_id: bytes) -> list[Application]:
    """The person's applications that were sent and that this actor may see, oldest first."""
    found = people.find_applications(session, person_id)
    return [a for a in found if a.stage is not Stage.DRAFT and is_within_reach(actor, a.opening_id)]


def find_documents(session: Session, actor: Actor, person_id: bytes) -> list[Document]:
    """The person's documents that this actor may see: not those that came with applications to others' openings."""
    found = people.find_documents(session, person_id)
    if actor.bound_to is None:
        return found
    own = {a.id for a in find_applications(session, actor, person_id)}
    return [d for d in found if d.application_id is None or d.application_id in own]
