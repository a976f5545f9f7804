"""When each purpose of a person's record ends and why, and what keeps the record beyond: the same rules as the night's.

Worked out anew at each look; nothing is written.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from intake.desk.ends import reason_of
from intake.installation import Installation
from retention.calendar import local_date
from retention.records import facts_of
from retention.rules import Kind, Outcome, PurposeEnd, expiry_for
from storage.models import Application, Person
from storage.queries import endings, people
from storage.queries.openings import find_opening


@dataclass(frozen=True, slots=True)
class Span:
    """One thing for which a record is kept: from when, until which local day (None: until it is lifted), and why.

    ``kind`` is purpose, floor or hold; ``about`` the opening's title, where there is one; ``law`` names a floor's.
    """

    kind: str
    purpose: str
    title: str
    about: str
    since: date
    on: date | None
    reason: str
    action: str = ""
    law: str = ""


def spans_of(
    session: Session, house: Installation, person: Person, language: str, application_id: bytes | None = None
) -> tuple[Span, ...]:
    """Every span of the record, the first to end on top; of one application only, where its id is given."""
    applications = {a.id.hex(): a for a in people.find_applications(session, person.id)}
    outcome = expiry_for(facts_of(session, person, house.policy, house.now()), house.policy)
    shown = {key for key, a in applications.items() if application_id in (None, a.id)}
    spans = [
        _purpose_span(session, house, applications[end.application], end, language)
        for end in outcome.purposes
        if end.application in shown
    ]
    spans += _floor_spans(house, applications, outcome, language, shown)
    spans += [
        Span(
            "hold", "", "", "", local_date(hold.placed_at, house.policy.zone), None, reason_of(house, "legal-hold", "")
        )
        for hold in endings.find_holds(session, person.id)
    ]
    return tuple(sorted(spans, key=lambda span: (span.on or date.max, span.kind, span.about)))


def _purpose_span(
    session: Session, house: Installation, application: Application, end: PurposeEnd, language: str
) -> Span:
    opening = find_opening(session, application.opening_id) if application.opening_id else None
    terms = house.policy.find_purpose(end.purpose)
    return Span(
        kind="purpose",
        purpose=end.purpose,
        title=terms.title.say(language) if terms else "",
        about=opening.title if opening else "",
        since=local_date(application.received_at, house.policy.zone),
        on=end.on,
        reason=reason_of(house, end.winner.rule, language),
        action=end.action.value,
    )


def _floor_spans(
    house: Installation, applications: dict[str, Application], outcome: Outcome, language: str, shown: set[str]
) -> list[Span]:
    """What law keeps longer than the purposes do; each law once, at its latest day."""
    last = max((end.on for end in outcome.purposes), default=date.min)
    latest: dict[str, Span] = {}
    for bearing in (outcome.winner, *outcome.losers):
        floor = next((f for f in house.policy.floors if f.id == bearing.rule), None)
        if floor is None or bearing.kind is not Kind.FLOOR or bearing.on is None or bearing.on <= last:
            continue
        if bearing.application not in shown or (floor.id in latest and (latest[floor.id].on or last) >= bearing.on):
            continue
        since = local_date(applications[bearing.application].received_at, house.policy.zone)
        reason = floor.reason.say(language)
        latest[floor.id] = Span("floor", "", "", "", since, bearing.on, reason, law=floor.law)
    return list(latest.values())
