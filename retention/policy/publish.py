"""Whether a new version of a policy may be published, and from which day it can hold. Pure; it publishes nothing.

The notice period is that of the policy in force: a change cannot cut short its own announcement.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from retention.calendar import add_length
from retention.policy.diff import Meaning, diff_policies, find_new_uses
from retention.policy.policy import Policy
from retention.policy.simulate import Effect

LONE_WAIT = timedelta(hours=24)
"""How long a lone administrator waits between asking for a large erasure and its taking effect."""


class Assent(StrEnum):
    """What a publication needs beside the one who asks for it."""

    NONE = "none"
    SECOND_PERSON = "second person"
    FRESH_SIGN_IN_AND_WAIT = "fresh sign-in and wait"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason for which a publication is refused: a stable code, and words that name keys and days only."""

    code: str
    message: str


def earliest_effect(in_force: Policy, posted_on: date) -> date:
    """The first day on which a change that is posted on a day may hold: the day after the notice period has ended."""
    length = in_force.change_notice.length
    if length.amount == 0:
        return posted_on
    return add_length(posted_on, length, in_force.holidays) + timedelta(days=1)


def find_obstacles(
    in_force: Policy, proposed: Policy, posted_on: date, effective_on: date, chosen_uses: Collection[str] = ()
) -> tuple[Obstacle, ...]:
    """Everything that stands in the way of publishing ``proposed`` over ``in_force``.

    ``chosen_uses``: ids of purposes about which people on record were told, and chose (promise N5).
    """
    found = []
    if proposed.id != in_force.id:
        found.append(Obstacle("other_policy", f"{proposed.id!r} is not a version of {in_force.id!r}"))
    if proposed.version == in_force.version:
        found.append(
            Obstacle("same_version", f"version {proposed.version!r} is in force already; a change needs a new one")
        )
    changes = diff_policies(in_force, proposed)
    if any(change.meaning is Meaning.LESS_NOTICE for change in changes):
        found.append(
            Obstacle("less_notice", "the notice period for changes would become shorter; people were promised more")
        )
    first = earliest_effect(in_force, posted_on)
    if effective_on < first:
        message = f"the notice period of {in_force.change_notice.length} ends later; the first possible day is {first}"
        found.append(Obstacle("too_soon", message))
    found += [
        Obstacle("new_use", f"{use!r} puts data already held to a new use; people must be told and choose first")
        for use in find_new_uses(in_force, proposed)
        if use not in chosen_uses
    ]
    return tuple(found)


def needed_assent(effect: Effect, in_force: Policy, administrators: int) -> Assent:
    """Who must agree, by how many people's data would end tonight that otherwise would not.

    The number that counts is that of the policy in force: a change cannot raise it for itself.
    """
    if len(effect.newly_due) <= in_force.thresholds.erase_needs_second_person:
        return Assent.NONE
    return Assent.SECOND_PERSON if administrators > 1 else Assent.FRESH_SIGN_IN_AND_WAIT


def is_assented(
    needed: Assent,
    *,
    asked_by: str,
    asked_at: datetime,
    agreed_by: str | None,
    signed_in_at: datetime | None,
    at: datetime,
) -> bool:
    """Whether what is needed has been given by ``at``: another person, or a fresh sign-in after a day's wait."""
    match needed:
        case Assent.NONE:
            return True
        case Assent.SECOND_PERSON:
            return agreed_by is not None and agreed_by != asked_by
        case _:
            return signed_in_at is not None and signed_in_at >= asked_at + LONE_WAIT and at >= signed_in_at
