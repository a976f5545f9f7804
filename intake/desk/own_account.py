"""What members of staff do with their own account: see where they are signed in, end that, change the password."""

from dataclasses import dataclass
from datetime import datetime

from intake.access.actors import Actor
from intake.access.passwords import PasswordRefused, check_password, hash_password, is_password
from intake.access.permissions import parse_roles, spell_roles
from intake.desk.passkeys import OwnPasskey, list_own
from intake.desk.refusals import Refusal, not_found
from intake.desk.second_factor import count_try, own_account
from intake.desk.staff_changes import refuse_without_administrator
from intake.installation import Installation
from storage import audit
from storage.models import Role
from storage.queries import staff_security


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One place where somebody is signed in."""

    id: bytes
    since: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account as its owner sees it."""

    name: str
    email: str
    roles: tuple[str, ...]
    has_second_factor: bool
    codes_left: int
    sessions: tuple[SignedIn, ...]
    passkeys: tuple[OwnPasskey, ...] = ()


def look_at_own(house: Installation, actor: Actor) -> OwnAccount:
    """The account of whoever is signed in."""
    with house.database.reading() as session:
        staff = own_account(session, actor)
        return OwnAccount(
            name=house.vault.open_organisation("staff.name", staff.id, staff.name),
            email=house.vault.open_organisation("staff.email", staff.id, staff.email),
            roles=tuple(sorted(role.value for role in parse_roles(staff.roles))),
            has_second_factor=staff.totp_secret is not None,
            codes_left=staff_security.count_recovery_codes(session, staff.id),
            sessions=tuple(
                SignedIn(row.id, row.created_at, row.seen_at, row.id == actor.session_id)
                for row in staff_security.find_sessions(session, staff.id)
            ),
            passkeys=list_own(session, house, staff.id),
        )


def end_own_session(house: Installation, actor: Actor, session_id: bytes) -> None:
    """Sign out somewhere else. Raises :class:`Refusal` for a session that is not one's own."""
    with house.database.writing() as session:
        if not staff_security.end_session(session, actor.staff_id or b"", session_id):
            raise not_found()
        audit.record(session, at=house.now(), actor=actor.name, action="staff.session_ended", subject=None)


def end_own_others(house: Installation, actor: Actor) -> None:
    """Sign out everywhere else."""
    with house.database.writing() as session:
        count = staff_security.end_other_sessions(session, actor.staff_id or b"", actor.session_id or b"")
        audit.record(
            session, at=house.now(), actor=actor.name, action="staff.session_ended", subject=None,
            about={"count": count},
        )  # fmt: skip


def change_password(house: Installation, actor: Actor, present: str, wanted: str) -> None:
    """Change one's own password, for the present one; every other session ends. Raises :class:`Refusal`."""
    count_try(house, actor.staff_id or b"")
    with house.database.writing() as session:
        staff = own_account(session, actor)
        if not is_password(staff.password_hash, present):
            raise Refusal("password_wrong", 422, "Your present password is not right.", field="/present")
        email = house.vault.open_organisation("staff.email", staff.id, staff.email)
        try:
            check_password(wanted, (actor.display_name, email))
        except PasswordRefused as refused:
            raise Refusal(f"password_{refused.code}", 422, "Choose another password.", field="/password") from None
        staff.password_hash = hash_password(wanted)
        staff_security.end_other_sessions(session, staff.id, actor.session_id or b"")
        audit.record(session, at=house.now(), actor=actor.name, action="staff.password_changed", subject=None)


def give_up_role(house: Installation, actor: Actor, role: str) -> None:
    """Give up a role of one's own; one stays, and somebody stays administrator."""
    with house.database.writing() as session:
        staff = own_account(session, actor)
        left = frozenset(one for one in parse_roles(staff.roles) if one.value != role)
        if not left or role not in staff.roles.split(","):
            raise Refusal("role_needed", 422, "You keep at least one role.", field="/role")
        if role == Role.ADMINISTRATOR.value:
            refuse_without_administrator(session, house, staff.id)
        staff.roles = spell_roles(left)
        about = {"staff": staff.id.hex(), "roles": staff.roles}
        audit.record(session, at=house.now(), actor=actor.name, action="staff.role_given_up", subject=None, about=about)
