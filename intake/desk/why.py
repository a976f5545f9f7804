"""Why a record is still here and when it goes: the answer to one reference, without opening anything personal."""

from dataclasses import dataclass
from typing import Any

from intake.desk.bearings import Bearings, bearings_of
from intake.desk.ends import EndInWords, end_of
from intake.desk.refusals import Refusal
from intake.installation import Installation
from retention.records import settle_end
from storage import audit
from storage.models import PersonState
from storage.queries import people
from storage.queries.applications import find_by_reference


@dataclass(frozen=True, slots=True)
class Why:
    """One record's state (a code of :class:`PersonState`), its end, and the rules that bore on it."""

    reference: str
    person_id: bytes
    state: str
    end: EndInWords
    decision: dict[str, Any]
    bearings: Bearings


def find_why(house: Installation, reference: str, language: str, *, actor: str) -> Why:
    """The answer for a reference, worked out anew. Raises :class:`Refusal` when no record has it."""
    with house.database.writing() as session:
        application = find_by_reference(session, reference)
        person = people.find_person(session, application.person_id) if application else None
        if application is None or person is None:
            raise Refusal("reference_unknown", 404, "No record has this reference.", field="/reference")
        if person.state is not PersonState.ENDING:
            settle_end(session, person, house.policy, house.now())
        about = {"reference": application.reference}
        audit.record(session, at=house.now(), actor=actor, action="retention.why", subject=person.log_name, about=about)
        end = end_of(house, person, language)
        bearings = bearings_of(session, house, person, language)
        return Why(application.reference, person.id, person.state.value, end, person.end_decision, bearings)
