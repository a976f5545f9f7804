"""Everything that bears on the end of a record, category by category: one answer for person, privacy office, program.

Rules, floors, ceilings, holds, requests and consents, which of them won, and when it ends; nothing personal is opened.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.desk.ends import RuleInWords, rules_of
from intake.installation import Installation
from retention.policy.policy import Policy
from retention.records import describe_decision, facts_of
from retention.rules import Outcome, expiry_for
from storage.models import BasisEvent, Person
from storage.profile import PROFILE_FIELDS, Category
from storage.queries import bases, people, requests


@dataclass(frozen=True, slots=True)
class CategoryEnd:
    """One category: what it is needed for and until when, the last day it is kept, and each rule that had a say.

    A category goes with the record: ``on`` is later than ``needed_until`` where another purpose, a law or a hold
    keeps the record. None: held, no end.
    """

    category: str
    purposes: tuple[str, ...]
    needed_until: date | None
    on: date | None
    rules: tuple[RuleInWords, ...]


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last entry of the ledger about one purpose."""

    purpose: str
    basis: str
    event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of the person, and its clock."""

    right: str
    arrived_on: date
    due_on: date
    outcome: str


@dataclass(frozen=True, slots=True)
class Bearings:
    """All that bears on one record's end."""

    categories: tuple[CategoryEnd, ...]
    words: tuple[LastWord, ...]
    requests: tuple[Asked, ...]


def bearings_of(session: Session, house: Installation, person: Person, language: str) -> Bearings:
    """Worked out anew; nothing is written."""
    outcome = expiry_for(facts_of(session, person, house.policy, house.now()), house.policy)
    said = rules_of(house, describe_decision(outcome), language)
    latest: dict[tuple[bytes, str], BasisEvent] = {
        (entry.application_id, entry.purpose): entry
        for entry in bases.find_ledger(session, person.id)
        if not entry.contact
    }
    return Bearings(
        categories=tuple(
            _end_of(house.policy, outcome, said, category) for category in _held(session, house.policy, person)
        ),
        words=tuple(LastWord(e.purpose, e.basis.value, e.event.value, e.at) for e in latest.values()),
        requests=tuple(
            Asked(row.right, row.arrived_on, row.due_on, row.outcome.value)
            for row in requests.find_of(session, person.id)
        ),
    )


def _held(session: Session, policy: Policy, person: Person) -> list[Category]:
    """The categories of which anything is held, in the policy's order."""
    found = {PROFILE_FIELDS[row.name].category for row in people.find_fields(session, person.id)}
    found |= {Category.DOCUMENTS} if people.find_documents(session, person.id) else set()
    found |= {Category.STAFF_NOTES} if people.find_notes(session, person.id) else set()
    found |= {Category.CORRESPONDENCE}
    return [category for category in policy.categories if category in found]


def _end_of(policy: Policy, outcome: Outcome, said: tuple[RuleInWords, ...], category: Category) -> CategoryEnd:
    needed = [end for end in outcome.purposes if _uses(policy, end.purpose, category)]
    purposes = tuple(dict.fromkeys(end.purpose for end in needed))
    return CategoryEnd(
        category=category.value,
        purposes=purposes,
        needed_until=max((end.on for end in needed), default=None),
        on=outcome.ends_on,
        rules=tuple(rule for rule in said if rule.won or not rule.purpose or rule.purpose in purposes),
    )


def _uses(policy: Policy, purpose: str, category: Category) -> bool:
    terms = policy.find_purpose(purpose)
    return terms is not None and category in terms.categories
