"""Legal holds by reference: reason and owner are sealed under the organisation's key."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.desk.refusals import Refusal
from intake.installation import Installation
from retention.holds import HoldRefused, lift_hold, place_hold
from storage.identifiers import find_id, new_id
from storage.models import Hold
from storage.queries import endings, people
from storage.queries.applications import find_by_reference

_TEXTS = {
    "not_found": "No record or hold has this reference.",
    "already_ending": "This record is ending already and cannot be held.",
    "end_passed": "The day of review must lie ahead.",
}


@dataclass(frozen=True, slots=True)
class StandingHold:
    """A hold in words."""

    id: bytes
    reference: str
    reason: str
    owner: str
    placed_at: datetime
    ends_on: date


def place(house: Installation, reference: str, *, reason: str, owner: str, ends_on: date, actor: str) -> bytes:
    """Hold the record that has this reference. Returns the hold's id. Raises :class:`Refusal`."""
    if not reason.strip() or not owner.strip():
        raise Refusal("hold_incomplete", 422, "A hold needs a reason and an owner.", field="/reason")
    hold_id = new_id()
    with house.database.writing() as session:
        application = find_by_reference(session, reference)
        if application is None:
            raise Refusal("reference_unknown", 404, "No record has this reference.", field="/reference")
        said = house.vault.seal_organisation("hold.reason", hold_id, f"{owner.strip()}\n{reason.strip()}")
        with _in_words():
            place_hold(
                session, house.policy, application.person_id, hold_id=hold_id, reason=said, owner=actor,
                ends_on=ends_on, at=house.now(),
            )  # fmt: skip
    return hold_id


def lift(house: Installation, hold: str, *, actor: str) -> None:
    """Lift a hold by its id. Raises :class:`Refusal`."""
    with house.database.writing() as session, _in_words():
        lift_hold(session, house.policy, find_id(hold) or b"", by=actor, at=house.now())


class _in_words:  # noqa: N801 - reads as the statement it is
    """Turns what retention refuses into the desk's words."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, HoldRefused):
            raise Refusal(f"hold_{error.code}", 422, _TEXTS[error.code], field="/reference") from None


def list_standing(house: Installation) -> list[StandingHold]:
    """Every hold that is not lifted, the one to be reviewed first on top."""
    with house.database.reading() as session:
        return [_in_plain(session, house, hold) for hold in endings.find_all_holds(session)]


def _in_plain(session: Session, house: Installation, hold: Hold) -> StandingHold:
    owner, _, reason = house.vault.open_organisation("hold.reason", hold.id, hold.reason).partition("\n")
    applications = people.find_applications(session, hold.person_id)
    reference = applications[0].reference if applications else ""
    return StandingHold(hold.id, reference, reason, owner, hold.placed_at, hold.ends_on)
