"""Who of the staff opened whom how often, and a month's figures as the privacy office reports them. Counts only.

Everything is told from the record and from rows that outlive people, so a month reads the same after its people ended.
Must never name a person; members of staff are named, since their looks are what is overseen (S6).
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from intake.access.permissions import parse_roles
from intake.installation import Installation
from intake.night import last_night
from retention.calendar import add_months, end_of_day
from storage import audit
from storage.models import RetentionRun
from storage.queries import access, endings, people, reports, setting_up

REVEALED, DRAWN = "candidate.revealed", "document.viewed"
RECENT = timedelta(days=30)
DAY = timedelta(days=1)
REQUESTS = (
    "erasure.asked", "person.exported", "profile.corrected", "consent.withdrawn", "application.withdrawn",
)  # fmt: skip
"""What people do for themselves under their rights, each an act on record."""


@dataclass(frozen=True, slots=True)
class Looks:
    """How often one member of staff, or one program, saw who somebody is."""

    who: str
    role: str
    revealed: int
    documents: int


@dataclass(frozen=True, slots=True)
class Verification:
    """One time at which the whole record was verified."""

    at: datetime
    is_sound: bool


@dataclass(frozen=True, slots=True)
class Month:
    """One month's figures. ``until`` lies in the future while the month is not over."""

    first: date
    made_at: datetime
    is_over: bool
    received: int
    by_source: dict[str, int]
    ended: tuple[tuple[str, str, str, int], ...]
    """Cause, rule, what became of the records, how many."""
    requests: dict[str, int]
    holds_placed: int
    holds_lifted: int
    holds_standing: int
    incidents: int
    past_due: int
    ending: int
    people: int
    nights: int
    nights_missed: int
    failed: int
    looks: tuple[Looks, ...]
    restores: int
    verifications: tuple[Verification, ...]


def count_looks(house: Installation, first: datetime, until: datetime) -> tuple[Looks, ...]:
    """Who saw how often who somebody is, the most frequent first."""
    with house.database.reading() as session:
        return _looks(session, house, (first, until))


def count_recent_looks(house: Installation) -> tuple[Looks, ...]:
    """The same for the last thirty days."""
    return count_looks(house, house.now() - RECENT, house.now() + timedelta(seconds=1))


def _looks(session: Session, house: Installation, between: reports.Between) -> tuple[Looks, ...]:
    counted = reports.count_acts_by_actor(session, between, (REVEALED, DRAWN))
    actors = {actor for actor, _ in counted}
    found = [
        Looks(*_name(session, house, actor), counted.get((actor, REVEALED), 0), counted.get((actor, DRAWN), 0))
        for actor in actors
    ]
    return tuple(sorted(found, key=lambda one: (-one.revealed, -one.documents, one.who)))


def _name(session: Session, house: Installation, actor: str) -> tuple[str, str]:
    """Name and first role behind a pseudonym of the record; the pseudonym where the account is gone."""
    kind, _, pseudonym = actor.partition(":")
    row = access.find_staff(session, bytes.fromhex(pseudonym)) if kind == "staff" else None
    if row is None:
        return (f"{kind} {pseudonym[:8]}".strip(), "")
    roles = sorted(role.value for role in parse_roles(row.roles))
    return (house.vault.open_organisation("staff.name", row.id, row.name), roles[0] if roles else "")


def report_month(house: Installation, first: date) -> Month:
    """The figures of the month that begins on ``first``; of the present one so far."""
    zone, now = house.policy.zone, house.now()
    starts = end_of_day(first - timedelta(days=1), zone)
    ends = end_of_day(add_months(first, 1) - timedelta(days=1), zone)
    between = (starts, ends)
    with house.database.reading() as session:
        acts = reports.count_acts(session, between)
        runs = reports.find_runs(session, between)
        begun_at = setting_up.find_installation(session).created_at
        received = list(audit.entries_by(session, action="application.received", since=starts, until=ends))
        return Month(
            first=first,
            made_at=now,
            is_over=ends <= now,
            received=len(received),
            by_source=dict(Counter(_source_of(entry.entry) for entry in received).most_common()),
            ended=tuple((*key, count) for key, count in sorted(reports.count_ends_by_rule(session, between).items())),
            requests={act: acts.get(act, 0) for act in REQUESTS} | _begun_with("request.", acts),
            holds_placed=acts.get("hold.placed", 0),
            holds_lifted=acts.get("hold.lifted", 0),
            holds_standing=reports.count_holds_at(session, min(ends, now)),
            incidents=sum(_begun_with("incident.", acts).values()),
            past_due=endings.count_due(session, last_night(house, now)),
            ending=len(endings.find_unfinished(session)),
            people=people.count_people(session),
            nights=len(runs),
            nights_missed=_count_missed(house, runs, max(starts, begun_at), min(ends, now)),
            failed=sum(int(run.figures.get("failed", 0)) for run in runs),
            looks=_looks(session, house, between),
            restores=acts.get("installation.restored", 0),
            verifications=tuple(
                Verification(entry.at, '"outcome":"ok"' in entry.entry)
                for entry in audit.entries_by(session, action="audit.verified", since=starts, until=ends)
            ),
        )


def _source_of(entry: str) -> str:
    return str(json.loads(entry)["about"].get("source", ""))


def _begun_with(prefix: str, acts: dict[str, int]) -> dict[str, int]:
    return {act: count for act, count in acts.items() if act.startswith(prefix)}


def _count_missed(house: Installation, runs: list[RetentionRun], begun_at: datetime, ends: datetime) -> int:
    """Nights within the time that no run began in before the next one was due."""
    night, missed = last_night(house, ends), 0
    while night >= begun_at:
        missed += not any(night <= run.started_at < night + DAY for run in runs)
        night = last_night(house, night - timedelta(hours=1))
    return missed
