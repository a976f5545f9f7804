"""What comes before a night's ends: ends under a changed policy, single purposes that are over, letters to people.

Each batch is one transaction; one record that cannot be settled keeps no other from it, and stays as it was.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from retention.campaigns import plan_renewals
from retention.expiring import expire_purposes
from retention.policy.policy import Policy
from retention.records import settle_end
from storage.database import Database
from storage.models import Person
from storage.queries import endings

BATCH = 500


def prepare_night(database: Database, policy: Policy, now: datetime) -> None:
    """Settle who was settled under another policy, end purposes that are over, ask for letters. Safe to repeat."""
    settle_changed(database, policy, now)
    while True:
        with database.writing() as session:
            expired = expire_purposes(session, policy, now, BATCH)
        if expired < BATCH:
            break
    with database.writing() as session:
        plan_renewals(session, policy, now)


def settle_changed(database: Database, policy: Policy, now: datetime) -> int:
    """Work out anew every end that was worked out under another version of the policy. Returns how many."""
    count, after = 0, b""
    while True:
        with database.writing() as session:
            found = endings.find_settled_otherwise(session, policy.version, after, BATCH)
            count += sum(_settle(session, person, policy, now) for person in found)
            after = found[-1].id if found else after
        if len(found) < BATCH:
            return count


def _settle(session: Session, person: Person, policy: Policy, now: datetime) -> bool:
    try:
        with session.begin_nested():
            settle_end(session, person, policy, now)
    except (ValueError, LookupError):
        return False
    return True
