"""What an administrator changes about a colleague: role, end date, a fresh start. Never about themselves."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from intake.access.actors import Actor, is_active
from intake.access.permissions import parse_roles
from intake.desk.links import make_link
from intake.desk.refusals import Refusal, not_found
from intake.desk.second_factor import forget_factor
from intake.desk.staff import ROLES
from intake.installation import Installation
from storage import audit
from storage.models import LinkKind, Role, Staff
from storage.queries import access, staff_security


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague's account in words, for administrators."""

    id: bytes
    name: str
    email: str
    roles: tuple[str, ...]
    has_second_factor: bool
    ends_on: date | None
    is_active: bool


def find_colleague(house: Installation, staff_id: bytes) -> Colleague:
    """One account. Raises :class:`Refusal` when there is none."""
    with house.database.reading() as session:
        row = access.find_staff(session, staff_id)
        if row is None:
            raise not_found()
        return Colleague(
            row.id,
            house.vault.open_organisation("staff.name", row.id, row.name),
            house.vault.open_organisation("staff.email", row.id, row.email),
            tuple(row.roles.split(",")),
            row.totp_secret is not None or bool(staff_security.find_passkeys(session, row.id)),
            row.ends_on,
            is_active(house, row),
        )


def _lock_other(session: Session, staff_id: bytes, actor: Actor) -> Staff:
    staff = access.find_staff(session, staff_id)
    if staff is None:
        raise not_found()
    if staff_id == actor.staff_id:
        raise Refusal("own_account", 403, "Another administrator has to do this.")
    return staff


def change_role(house: Installation, staff_id: bytes, role: str, actor: Actor) -> None:
    """Give a colleague one role instead of what they had. Counts from their next request on."""
    if role not in ROLES:
        raise Refusal("role_needed", 422, "Choose a role.", field="/role")
    with house.database.writing() as session:
        staff = _lock_other(session, staff_id, actor)
        former, staff.roles = staff.roles, role
        about = {"staff": staff_id.hex(), "from": former, "to": role}
        audit.record(session, at=house.now(), actor=actor.name, action="staff.role_changed", subject=None, about=about)


def change_end(house: Installation, staff_id: bytes, ends_on: date | None, actor: Actor) -> None:
    """Set the last day of a colleague's account, or none. It closes by itself the day after (D16)."""
    with house.database.writing() as session:
        staff = _lock_other(session, staff_id, actor)
        staff.ends_on = ends_on
        about = {"staff": staff_id.hex(), "ends_on": ends_on.isoformat() if ends_on else None}
        audit.record(session, at=house.now(), actor=actor.name, action="staff.end_changed", subject=None, about=about)


def reset_access(house: Installation, staff_id: bytes, actor: Actor) -> str:
    """Let a colleague start afresh: password, second factor, passkeys and sessions end at once.

    Returns a one-time link's token. By another administrator only, who hands the link over: it sets a new password.
    """
    with house.database.writing() as session:
        staff = _lock_other(session, staff_id, actor)
        if not is_active(house, staff):
            raise Refusal("account_closed", 409, "This account is closed.")
        staff.password_hash = ""
        forget_factor(session, staff)
        staff_security.delete_passkeys(session, staff_id)
        access.end_staff_sessions(session, staff_id)
        about = {"staff": staff_id.hex()}
        audit.record(session, at=house.now(), actor=actor.name, action="staff.reset", subject=None, about=about)
        return make_link(session, house, LinkKind.INVITATION, staff_id=staff_id)


def refuse_without_administrator(session: Session, house: Installation, staff_id: bytes) -> None:
    """Raise :class:`Refusal` unless somebody other than ``staff_id`` is an administrator whose account is open."""
    others = (row for row in access.find_all_staff(session) if row.id != staff_id)
    if not any(Role.ADMINISTRATOR in parse_roles(row.roles) and is_active(house, row) for row in others):
        raise Refusal("last_administrator", 409, "Somebody else must be an administrator first.", field="/role")
