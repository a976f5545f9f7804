"""Requests of people under the rights that the policy names, each with its clock from the day it arrived (Q5, Q9).

What could not be done is told with the reason and to whom to complain (Q7). The words are sealed under the person's
key and end with them.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.catalogues import N_
from intake.desk.letters import compose, language_of, post_letter
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.calendar import Length, add_length
from retention.places import match_place
from retention.policy.policy import Right
from storage import audit
from storage.identifiers import find_id, new_id
from storage.models import Person, RequestOutcome, RightsRequest
from storage.queries import people, requests
from storage.queries.applications import find_by_reference
from storage.vocabulary import Channel

LONGEST = 4000
ANSWERED = (
    N_("You asked us about your data on %(day)s. This is our answer."),
    "%(answer)s",
    N_("If you are not content with it you can complain to %(authority)s."),
)
SENTENCES = tuple(line for line in ANSWERED if line != "%(answer)s")
"""For the catalogues."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. ``days_left`` is negative once it is late."""

    id: str
    reference: str
    right: str
    channel: str
    arrived_on: date
    due_on: date
    is_extended: bool
    days_left: int
    is_late: bool
    is_nearly_late: bool
    text: str
    can_extend: bool


def find_right(house: Installation, name: str, country: str) -> Right | None:
    """The right of this name for somebody who lives there: one made for that place, else one for everybody (Q6)."""
    fits = [r for r in house.policy.rights if r.name == name and (not r.residences or _is_there(country, r.residences))]
    return min(fits, key=lambda right: not right.residences, default=None)


def _is_there(country: str, residences: tuple[str, ...]) -> bool:
    return match_place(country, residences) is not None


def open_request(
    house: Installation, reference: str, right: str, *, channel: Channel, arrived_on: date, text: str, actor: str
) -> str:
    """Enter a request with the day it arrived; its clock runs from there. Returns its id. Raises :class:`Refusal`."""
    if arrived_on > house.today():
        raise Refusal("date_ahead", 422, "A request cannot have arrived in the future.", field="/arrived_on")
    with house.database.writing() as session:
        application = find_by_reference(session, reference)
        person = people.find_present(session, application.person_id) if application else None
        if application is None or person is None:
            raise Refusal("reference_unknown", 404, "No record has this reference.", field="/reference")
        terms = find_right(house, right, application.country)
        if terms is None:
            raise Refusal("right_unknown", 422, "The policy in force names no such right here.", field="/right")
        row = _enter(session, house, person, terms, channel, arrived_on, text)
        about = {"request": row.id.hex(), "right": right, "channel": channel.value, "until": row.due_on.isoformat()}
        audit.record(
            session, at=house.now(), actor=actor, action="request.opened", subject=person.log_name, about=about
        )
        return row.id.hex()


def _enter(
    session: Session, house: Installation, person: Person, terms: Right, channel: Channel, arrived_on: date, text: str
) -> RightsRequest:
    row = RightsRequest(
        id=new_id(), person_id=person.id, right=terms.name.value, channel=channel, arrived_on=arrived_on,
        due_on=add_length(arrived_on, terms.answer_within, house.policy.holidays), outcome=RequestOutcome.OPEN,
    )  # fmt: skip
    _seal(house, person, row, {"asked": text.strip()[:LONGEST]})
    session.add(row)
    session.flush()
    return row


def _seal(house: Installation, person: Person, row: RightsRequest, said: dict[str, str]) -> None:
    row.text = house.vault.sealer.seal_json(house.vault.key_of(person), "request_text", row.id, said)


def open_text(house: Installation, person: Person, row: RightsRequest) -> dict[str, str]:
    """What was asked and answered, in clear."""
    if row.text is None:
        return {}
    said: dict[str, str] = house.vault.sealer.open_json(house.vault.key_of(person), "request_text", row.id, row.text)
    return said


def list_open(house: Installation) -> tuple[Request, ...]:
    """Every request that waits for an answer, the one due first on top."""
    found = []
    with house.database.reading() as session:
        for row in requests.find_open(session):
            person = people.find_present(session, row.person_id)
            if person is not None:
                found.append(_describe(session, house, person, row))
    return tuple(found)


def _describe(session: Session, house: Installation, person: Person, row: RightsRequest) -> Request:
    left = (row.due_on - house.today()).days
    application = people.find_applications(session, person.id)[-1]
    return Request(
        id=row.id.hex(),
        reference=application.reference,
        right=row.right,
        channel=row.channel.value,
        arrived_on=row.arrived_on,
        due_on=row.due_on,
        is_extended=row.extended_from is not None,
        days_left=left,
        is_late=left < 0,
        is_nearly_late=0 <= left <= house.policy.thresholds.request_nearly_late_days,
        text=open_text(house, person, row).get("asked", ""),
        can_extend=row.extended_from is None and _extension(house, row, application.country) is not None,
    )


def _extension(house: Installation, row: RightsRequest, country: str) -> Length | None:
    terms = find_right(house, row.right, country)
    return terms.extension if terms else None


def count_late(house: Installation) -> tuple[int, int]:
    """How many open requests are late, and how many are nearly late."""
    rows = list_open(house)
    return sum(row.is_late for row in rows), sum(row.is_nearly_late for row in rows)


def answer_request(house: Installation, request_id: str, outcome: RequestOutcome, answer: str, *, actor: str) -> None:
    """Answer a request; the person is written to. What was not wholly done needs a reason. Raises :class:`Refusal`."""
    if outcome is RequestOutcome.OPEN or (outcome is not RequestOutcome.DONE and not answer.strip()):
        raise Refusal("reason_needed", 422, "Say what could not be done, and why.", field="/answer")
    with house.database.writing() as session:
        row, person = _find(session, request_id)
        said = open_text(house, person, row) | {"answered": answer.strip()[:LONGEST]}
        row.outcome, row.answered_at = outcome, house.now()
        _seal(house, person, row, said)
        _tell(session, house, person, row, answer)
        about = {"request": row.id.hex(), "right": row.right, "outcome": outcome.value}
        audit.record(
            session, at=house.now(), actor=actor, action="request.answered", subject=person.log_name, about=about
        )
    house.wake()


def _find(session: Session, request_id: str) -> tuple[RightsRequest, Person]:
    row = requests.find_request(session, find_id(request_id) or b"")
    person = people.find_present(session, row.person_id) if row is not None else None
    if row is None or person is None or row.outcome is not RequestOutcome.OPEN:
        raise not_found()
    return row, person


def _tell(session: Session, house: Installation, person: Person, row: RightsRequest, answer: str) -> None:
    profile = house.vault.open_profile(house.vault.key_of(person), people.find_fields(session, person.id))
    if not profile.emails:
        return
    authority = house.policy.authority or house.policy.privacy_contact
    text = compose(
        ANSWERED,
        language_of(session, person),
        day=row.arrived_on.isoformat(),
        answer=answer.strip() or "–",
        authority=", ".join(part for part in (authority.name, authority.url, authority.email) if part),
    )
    post_letter(session, house, person, template="request", to=profile.emails[0], subject=house.organisation, text=text)


def extend_request(house: Installation, request_id: str, reason: str, *, actor: str) -> date:
    """Put a request off, once, with a reason that the person is told (Art. 12(3) GDPR). Raises :class:`Refusal`."""
    if not reason.strip():
        raise Refusal("reason_needed", 422, "Say why it takes longer.", field="/answer")
    with house.database.writing() as session:
        row, person = _find(session, request_id)
        length = _extension(house, row, people.find_applications(session, person.id)[-1].country)
        if row.extended_from is not None or length is None or row.due_on < house.today():
            raise Refusal("not_extendable", 409, "This request cannot be put off.")
        row.extended_from, row.due_on = row.due_on, add_length(row.due_on, length, house.policy.holidays)
        _tell(session, house, person, row, reason)
        about = {"request": row.id.hex(), "right": row.right, "until": row.due_on.isoformat()}
        audit.record(
            session, at=house.now(), actor=actor, action="request.extended", subject=person.log_name, about=about
        )
        return row.due_on


def describe_requests(session: Session, house: Installation, person: Person) -> list[dict[str, str | None]]:
    """A person's requests as plain values, for their archive."""

    def at(moment: datetime | None) -> str | None:
        return moment.isoformat() if moment else None

    return [
        {
            "right": row.right,
            "channel": row.channel.value,
            "arrived_on": row.arrived_on.isoformat(),
            "due_on": row.due_on.isoformat(),
            "outcome": row.outcome.value,
            "answered_at": at(row.answered_at),
            **open_text(house, person, row),
        }
        for row in requests.find_of(session, person.id)
    ]
