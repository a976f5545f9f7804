"""Who is asked, before the end of a record, whether it shall be kept: planned by the worker, written by the keeper.

Only where the policy says that a consent can be renewed. Nobody is asked twice about one end, nobody under a hold or
who asked not to be contacted; no answer means that the end comes. Opens no seal.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from retention.calendar import local_date
from retention.policy.policy import Policy
from storage import outbox
from storage.identifiers import new_id
from storage.models import Campaign, CampaignKind, CampaignLetter, Person
from storage.queries import campaigns

CAMPAIGN_TOPIC = "campaign"
"""Outbox topic by which the keeper is asked to write a letter: it alone can open an address."""
BATCH = 500


def plan_renewals(session: Session, policy: Policy, now: datetime) -> int:
    """Ask the keeper for a letter to everybody whose end is near and can be put off. Returns how many."""
    days = policy.renewals.days_before
    today = local_date(now, policy.zone)
    asked, after = 0, b""
    while days:
        found = campaigns.find_ending_soon(session, today, today + timedelta(days=days), after, BATCH)
        for person in found:
            if is_renewable(person, policy):
                add_letter(session, _renewal_of(session, today, now), person, now, ends_on=person.ends_on)
                asked += 1
        if len(found) < BATCH:
            break
        after = found[-1].id
    return asked


def is_renewable(person: Person, policy: Policy) -> bool:
    """Whether the record ends by the period of a consent that the policy lets people renew."""
    winner = person.end_decision.get("winner", {})
    return winner.get("kind") in {"period", "consent"} and winner.get("purpose", "") in policy.renewals.purposes


def _renewal_of(session: Session, today: date, now: datetime) -> Campaign:
    label = today.isoformat()[:7]
    return campaigns.find_campaign(session, CampaignKind.RENEWAL, label) or open_campaign(
        session, CampaignKind.RENEWAL, label, now
    )


def open_campaign(
    session: Session,
    kind: CampaignKind,
    label: str,
    now: datetime,
    *,
    purpose: str = "",
    policy_version: str = "",
    answer_by: date | None = None,
) -> Campaign:
    """Begin a round of letters."""
    campaign = Campaign(
        id=new_id(), kind=kind, label=label, purpose=purpose, policy_version=policy_version, started_at=now,
        answer_by=answer_by, asked=0, told=0, unreached=0, agreed=0, declined=0,
    )  # fmt: skip
    session.add(campaign)
    session.flush()
    return campaign


def add_letter(
    session: Session, campaign: Campaign, person: Person, now: datetime, *, ends_on: date | None = None
) -> CampaignLetter:
    """Put one letter of a round on record and ask the keeper to write it."""
    letter = CampaignLetter(
        id=new_id(), campaign_id=campaign.id, person_id=person.id, ends_on=ends_on, created_at=now
    )  # fmt: skip
    session.add(letter)
    campaign.asked += 1
    outbox.enqueue(session, CAMPAIGN_TOPIC, letter.id, {}, now)
    return letter
