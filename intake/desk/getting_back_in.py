"""How staff get back in where no administrator can let them: after a restore, and by the operator's hand.

What a restored database holds of passwords, second factors, passkeys and recovery codes may have been changed, lost or
used up since. It must never open anything again: all of it ends, and each account starts afresh by a one-time link.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake.access.actors import is_active
from intake.access.permissions import parse_roles
from intake.desk.links import make_link
from intake.desk.refusals import Refusal
from intake.desk.second_factor import forget_factor
from intake.installation import Installation
from storage import audit
from storage.models import LinkKind, Role, Staff
from storage.queries import access, staff_security


@dataclass(frozen=True, slots=True)
class WayIn:
    """A one-time link for one account. For the operator's terminal alone: never logged."""

    address: str
    token: str


def reset_everybody(session: Session, house: Installation) -> tuple[WayIn, ...]:
    """End everything by which staff sign in. Returns a one-time link for each open account of an administrator.

    Everybody else is let in by an administrator, who looks through the accounts first: some were closed since.
    """
    colleagues = access.find_all_staff(session)
    for staff in colleagues:
        _end_secrets(session, staff)
    keepers = [one for one in colleagues if Role.ADMINISTRATOR in parse_roles(one.roles) and is_active(house, one)]
    return tuple(_invite(session, house, staff) for staff in keepers)


def reset_one(house: Installation, address: str) -> WayIn:
    """End everything by which one open account signs in, and make a link for it. Raises :class:`Refusal`."""
    with house.database.writing() as session:
        staff = access.find_staff_by_email(session, house.vault.address_digest(address))
        if staff is None or not is_active(house, staff):
            raise Refusal("account_unknown", 404, "There is no open account with this address.")
        _end_secrets(session, staff)
        access.end_staff_sessions(session, staff.id)
        about = {"staff": staff.id.hex()}
        audit.record(session, at=house.now(), actor="operator", action="staff.reset", subject=None, about=about)
        return _invite(session, house, staff)


def _end_secrets(session: Session, staff: Staff) -> None:
    staff.password_hash = ""
    forget_factor(session, staff)
    staff_security.delete_passkeys(session, staff.id)


def _invite(session: Session, house: Installation, staff: Staff) -> WayIn:
    token = make_link(session, house, LinkKind.INVITATION, staff_id=staff.id)
    return WayIn(house.vault.open_organisation("staff.email", staff.id, staff.email), token)
