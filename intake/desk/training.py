"""Privacy training of staff: who was trained when, and until when it counts (D2). Entered by the privacy office."""

from dataclasses import dataclass
from datetime import date

from intake.access.actors import Actor, has_training, is_active
from intake.desk.refusals import Refusal
from intake.installation import Installation
from retention.calendar import add_length
from storage import audit
from storage.models import Staff
from storage.queries import access


@dataclass(frozen=True, slots=True)
class Trained:
    """A colleague and their training. ``until``: the last day on which it counts, None where the policy sets none."""

    id: bytes
    name: str
    roles: tuple[str, ...]
    trained_on: date | None
    until: date | None
    counts: bool


def list_trained(house: Installation) -> tuple[Trained, ...]:
    """Every open account with its training."""
    with house.database.reading() as session:
        return tuple(_trained(house, row) for row in access.find_all_staff(session) if is_active(house, row))


def _trained(house: Installation, row: Staff) -> Trained:
    lasts = house.policy.staff.training_lasts
    name = house.vault.open_organisation("staff.name", row.id, row.name)
    return Trained(
        row.id,
        name or house.vault.open_organisation("staff.email", row.id, row.email),
        tuple(row.roles.split(",")),
        row.trained_on,
        add_length(row.trained_on, lasts) if row.trained_on and lasts else None,
        has_training(house, row),
    )


def enter_training(house: Installation, staff_id: bytes, trained_on: date, actor: Actor) -> None:
    """Enter the day of a colleague's latest privacy training. Raises :class:`Refusal` for a day that lies ahead."""
    if trained_on > house.today():
        raise Refusal("training_ahead", 422, "A training that lies ahead counts once it was held.", field="/trained_on")
    with house.database.writing() as session:
        staff = access.find_staff(session, staff_id)
        if staff is None:
            raise Refusal("colleague_needed", 422, "Choose a colleague.", field="/colleague")
        staff.trained_on = trained_on
        about = {"staff": staff_id.hex(), "as_of": trained_on.isoformat()}
        audit.record(session, at=house.now(), actor=actor.name, action="staff.trained", subject=None, about=about)
