"""What is held about a member of staff, for themselves: told, taken along, the name corrected; until when and why.

Secrets by which they sign in are named, never given: whoever holds a session must not leave with a key.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.access.actors import Actor
from intake.desk.own_account import look_at_own
from intake.desk.refusals import Refusal
from intake.desk.second_factor import own_account
from intake.installation import Installation
from retention.staff_ends import last_day_kept
from storage import audit
from storage.queries.openings import find_given, find_slugs

LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """How long an account's data is kept: from the policy, and, where an end is known, the day."""

    kept_after_end: str
    reason: str
    last_day: date | None
    trained_on: date | None


def find_terms(house: Installation, actor: Actor) -> OwnTerms:
    """How long one's own data is kept, and why."""
    with house.database.reading() as session:
        staff = own_account(session, actor)
        terms = house.policy.staff
        return OwnTerms(str(terms.kept_after_end), terms.reason, last_day_kept(staff, house.policy), staff.trained_on)


def export_own(house: Installation, actor: Actor) -> dict[str, Any]:
    """Everything held about whoever is signed in (Art. 15, 20 GDPR). That it was taken is on record."""
    found, terms = look_at_own(house, actor), find_terms(house, actor)
    with house.database.writing() as session:
        staff = own_account(session, actor)
        acts = Counter(entry.action for entry in audit.entries_by(session, actor=actor.name))
        audit.record(session, at=house.now(), actor=actor.name, action="staff.exported", subject=None)
        return {
            "pseudonym": actor.name,
            "name": found.name,
            "email": found.email,
            "roles": list(found.roles),
            "openings": find_slugs(session, find_given(session, staff.id)),
            "account_since": staff.created_at.isoformat(),
            "account_ends_on": staff.ends_on.isoformat() if staff.ends_on else None,
            "privacy_training_on": staff.trained_on.isoformat() if staff.trained_on else None,
            "password": "kept as an argon2id hash",
            "authenticator": {"is_on": staff.totp_secret is not None, "recovery_codes_left": found.codes_left},
            "passkeys": [
                {"name": one.name, "since": one.created_at.isoformat(),
                 "used": one.used_at.isoformat() if one.used_at else None}
                for one in found.passkeys
            ],
            "sessions": [{"since": one.since.isoformat(), "seen": one.seen_at.isoformat()} for one in found.sessions],
            "acts_on_record": dict(sorted(acts.items())),
            "kept": {
                "after_the_account_ends": terms.kept_after_end,
                "why": terms.reason,
                "last_day": terms.last_day.isoformat() if terms.last_day else None,
                "stays": "entries of the record, under the pseudonym alone",
            },
        }  # fmt: skip


def correct_name(house: Installation, actor: Actor, name: str) -> None:
    """Correct one's own name (Art. 16 GDPR). Raises :class:`Refusal` for an empty one."""
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise Refusal("name_needed", 422, "Enter your name.", field="/name")
    with house.database.writing() as session:
        staff = own_account(session, actor)
        staff.name = house.vault.seal_organisation("staff.name", staff.id, plain)
        audit.record(session, at=house.now(), actor=actor.name, action="staff.name_corrected", subject=None)
