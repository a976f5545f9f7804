"""From rows to facts: what bears on the end of one person's record, and the end written back on the person.

The only place where the pure rules meet the database. It opens no seal: everything it needs is a coded fact.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from retention.calendar import local_date
from retention.policy.policy import Policy
from retention.rules import (
    ApplicationFacts,
    Bearing,
    EnquiryFacts,
    Facts,
    Hold,
    LiveBasis,
    Outcome,
    PurposeEnd,
    expiry_for,
)
from storage.models import Application, BasisEvent, Person
from storage.queries import bases, endings, enquiries, people


def facts_of(session: Session, person: Person, policy: Policy, at: datetime) -> Facts:
    """All that bears on the end of this person's record at the instant ``at``."""
    today = local_date(at, policy.zone)
    applications = people.find_applications(session, person.id)
    live = bases.find_live(session, person.id, today)
    closed = endings.find_openings_closed(session, [a.opening_id for a in applications if a.opening_id])
    return Facts(
        applications=tuple(_application_facts(a, live, closed) for a in applications),
        last_contact_on=person.last_contact_on,
        erasure_asked_at=person.erasure_asked_at,
        holds=tuple(
            Hold(hold.id.hex(), local_date(hold.placed_at, policy.zone))
            for hold in endings.find_holds(session, person.id)
        ),
        enquiries=tuple(
            EnquiryFacts(enquiry.asked_at, enquiry.answered_at) for enquiry in enquiries.find_of(session, person.id)
        ),
    )


def _application_facts(row: Application, live: list[BasisEvent], closed: dict[bytes, date]) -> ApplicationFacts:
    return ApplicationFacts(
        id=row.id.hex(),
        country=row.country,
        stage=row.stage,
        source=row.source,
        received_at=row.received_at,
        opening=row.opening_id.hex() if row.opening_id else None,
        touched_at=row.touched_at,
        decision_on=row.decision_on,
        closed_on=closed.get(row.opening_id) if row.opening_id else None,
        bases=tuple(
            LiveBasis(event.purpose, event.basis, event.at, event.expires_on)
            for event in live
            if event.application_id == row.id
        ),
    )


def passing_purposes(outcome: Outcome) -> tuple[PurposeEnd, ...]:
    """The purposes that end before the record's last one does."""
    last = max((end.on for end in outcome.purposes), default=date.max)
    return tuple(end for end in outcome.purposes if end.on < last)


def settle_end(session: Session, person: Person, policy: Policy, at: datetime) -> Outcome:
    """Work out anew when the record ends and write it on the person. Call after every change that bears on it."""
    outcome = expiry_for(facts_of(session, person, policy, at), policy)
    person.ends_on = outcome.ends_on
    person.ends_at = outcome.ends_at
    person.restricted_from = outcome.restricted_from
    person.purpose_ends_on = min((end.on for end in passing_purposes(outcome)), default=None)
    person.end_rule = outcome.rule
    person.end_action = outcome.action
    person.end_decision = describe_decision(outcome)
    person.policy_version = policy.version
    return outcome


def describe_decision(outcome: Outcome) -> dict[str, Any]:
    """The winner and the losers in codes and dates, as kept on the person and on the record of the end."""
    return {
        "winner": _describe(outcome.winner),
        "losers": [_describe(bearing) for bearing in outcome.losers],
        "action": outcome.action.value,
        "unheld_on": outcome.unheld_on.isoformat(),
    }


def _describe(bearing: Bearing) -> dict[str, str]:
    said = {"rule": bearing.rule, "kind": bearing.kind.value, "purpose": bearing.purpose or ""}
    if bearing.on is not None:
        said["on"] = bearing.on.isoformat()
    return {key: value for key, value in said.items() if value}
