"""Accounts of the demo's fictional staff: one for each role, each with a random password that is printed once."""

import secrets
from dataclasses import dataclass, field

from intake.access.actors import Actor
from intake.access.passwords import hash_password
from intake.access.permissions import permissions_of
from intake.desk.staff import make_staff
from intake.installation import Installation
from storage.models import Role

STAFF = {
    Role.RECRUITER: ("Rosa Reyes", "recruiter@example.org"),
    Role.HIRING_MANAGER: ("Hugo Hill", "manager@example.org"),
    Role.PRIVACY_OFFICER: ("Petra Prince", "privacy@example.org"),
    Role.ADMINISTRATOR: ("Adam Adler", "admin@example.org"),
    Role.AUDITOR: ("Amina Auden", "auditor@example.org"),
}
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Account:
    """An account that was made, and how to sign in with it."""

    role: Role
    email: str
    password: str = field(repr=False)
    actor: Actor = field(repr=False)


def make_password() -> str:
    """A random password of 16 letters and digits (79 bits), easy to type."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def make_accounts(house: Installation) -> dict[Role, Account]:
    """One account for each role."""
    return {role: _make_account(house, role, name, email) for role, (name, email) in STAFF.items()}


def _make_account(house: Installation, role: Role, name: str, email: str) -> Account:
    password, roles = make_password(), frozenset({role})
    with house.database.writing() as session:
        row = make_staff(
            session, house, name=name, email=email, roles=role.value, password_hash=hash_password(password),
            actor="setup",
        )  # fmt: skip
        actor = Actor(
            name=f"staff:{row.id.hex()}", permissions=permissions_of(roles), roles=roles, staff_id=row.id,
            display_name=name,
        )  # fmt: skip
    return Account(role, email, password, actor)
