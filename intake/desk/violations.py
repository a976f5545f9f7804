"""What breaks a promise about the end of data at this moment: a list that is normally empty, and an alarm when not.

References and dates only; nobody is opened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from intake.installation import Installation
from intake.night import last_night
from storage.models import Person
from storage.queries import bases, endings, people

MOST = 200
GRACE = timedelta(hours=2)
"""How long a night may take before what it was to do counts as not done."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise. ``kind``: past_due, without_basis, not_restricted, purpose_over or stuck."""

    kind: str
    reference: str
    since: datetime


def list_violations(house: Installation) -> tuple[Violation, ...]:
    """Everything that should have ended, been restricted or been refused by now, and was not."""
    now = house.now()
    begun = last_night(house, now)
    night = begun if now - begun > GRACE else begun - timedelta(days=1)
    with house.database.reading() as session:
        return (
            *_past_due(session, night),
            *_without_basis(session, house, night),
            *_not_restricted(session, house, night),
            *_purpose_over(session, house, night),
            *_stuck(session, house, now),
        )


def _name(session: Session, person: Person) -> str:
    applications = people.find_applications(session, person.id)
    return applications[0].reference if applications else f"record {person.id.hex()[:6].upper()}"


def _past_due(session: Session, night: datetime) -> list[Violation]:
    due = endings.find_due(session, night, MOST)
    return [Violation("past_due", _name(session, one), one.ends_at or night) for one in due]


def _without_basis(session: Session, house: Installation, night: datetime) -> list[Violation]:
    today = night.astimezone(house.policy.zone).date()
    bare = [one for one in bases.find_without(session, today, MOST) if people.find_applications(session, one.id)]
    return [Violation("without_basis", _name(session, one), night) for one in bare if one.created_at < night]


def _not_restricted(session: Session, house: Installation, night: datetime) -> list[Violation]:
    today = night.astimezone(house.policy.zone).date()
    found = endings.find_newly_restricted(session, today, MOST)
    return [Violation("not_restricted", _name(session, one), night) for one in found]


def _purpose_over(session: Session, house: Installation, night: datetime) -> list[Violation]:
    today = night.astimezone(house.policy.zone).date()
    return [Violation("purpose_over", _name(session, one), night) for one in endings.find_passing(session, today, MOST)]


def _stuck(session: Session, house: Installation, now: datetime) -> list[Violation]:
    limit = timedelta(hours=house.policy.thresholds.ending_stuck_hours)
    late = [end for end in endings.find_unfinished(session) if now - end.ended_at > limit]
    return [Violation("stuck", end.receipt, end.ended_at) for end in late]
