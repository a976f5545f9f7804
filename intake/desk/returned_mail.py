"""Mail that did not arrive, for the privacy office: references and codes, never an address or a name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake.installation import Installation
from storage.models import Bounce, MailState
from storage.queries import mails, people

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Returned:
    """One message that came back: whose record (its latest reference; empty: a member of staff), when, and why."""

    reference: str
    at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class MailStanding:
    """How mail stands: waiting, given up, and come back."""

    waiting: int
    dead: int
    people_unreached: int
    returned: tuple[Returned, ...]


def look_at_mail(house: Installation) -> MailStanding:
    """How mail stands now."""
    with house.database.reading() as session:
        states = mails.count_by_state(session)
        return MailStanding(
            waiting=states.get(MailState.WAITING, 0),
            dead=states.get(MailState.DEAD, 0),
            people_unreached=mails.count_bounced_people(session),
            returned=tuple(_describe(session, row) for row in mails.find_latest_bounces(session, SHOWN)),
        )


def _describe(session: Session, row: Bounce) -> Returned:
    applications = people.find_applications(session, row.person_id) if row.person_id else []
    return Returned(applications[-1].reference if applications else "", row.at, row.status)
