"""Ends single purposes whose time is over while the record goes on for another: an entry of the ledger says so.

Without it a consent whose period has passed would still look live to search. Opens no seal.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from retention.calendar import local_date
from retention.policy.policy import Policy
from retention.records import facts_of, passing_purposes, settle_end
from retention.rules import expiry_for
from storage import audit, outbox
from storage.identifiers import new_id
from storage.models import BasisEvent, Person
from storage.queries import bases, endings
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import BasisEvent as Kind

ACTOR = "worker"


def expire_purposes(session: Session, policy: Policy, now: datetime, limit: int) -> int:
    """Enter the expiry of every purpose whose last day is over. Returns how many people it concerned."""
    today = local_date(now, policy.zone)
    found = endings.find_passing(session, today, limit)
    for person in found:
        _expire(session, person, policy, now, today)
    return len(found)


def _expire(session: Session, person: Person, policy: Policy, now: datetime, today: date) -> None:
    outcome = expiry_for(facts_of(session, person, policy, now), policy)
    over = {(end.application, end.purpose) for end in passing_purposes(outcome) if end.on < today}
    for event in bases.find_live(session, person.id, today):
        if (event.application_id.hex(), event.purpose) in over:
            bases.append_event(session, _expiry_of(event, now))
            about = {"purpose": event.purpose}
            audit.record(session, at=now, actor=ACTOR, action="basis.expired", subject=person.log_name, about=about)
    settle_end(session, person, policy, now)
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, now)


def _expiry_of(event: BasisEvent, now: datetime) -> BasisEvent:
    return BasisEvent(
        id=new_id(),
        person_id=event.person_id,
        application_id=event.application_id,
        purpose=event.purpose,
        basis=event.basis,
        event=Kind.EXPIRED,
        at=now,
        channel=event.channel,
        notice_version=event.notice_version,
        notice_digest=event.notice_digest,
        wording_digest=event.wording_digest,
        language=event.language,
    )
