"""A policy replayed over people's facts, touching nothing: who would end, when, by which rule.

The caller hands over references and facts; neither is kept beyond the answer, and no name is ever seen here.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from retention.calendar import add_months, local_date
from retention.policy.policy import Policy
from retention.rules import Facts, Outcome, expiry_for

Person = tuple[str, Facts]
"""An opaque reference, and what bears on the end of that person's record."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One person under a policy."""

    reference: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Simulation:
    """A policy over all people. ``due`` are those whose end has come; ``by_month`` counts the past year's ends."""

    people: int
    held: int
    due: tuple[Simulated, ...]
    by_rule: dict[str, int]
    by_month: dict[str, int]


@dataclass(frozen=True, slots=True)
class Shift:
    """One person whose end a change of policy moves. None: held, no end."""

    reference: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of policy means for people on record. ``newly_due`` would be erased tonight, and were not due."""

    people: int
    sooner: tuple[Shift, ...]
    later: tuple[Shift, ...]
    newly_due: tuple[Simulated, ...]


def simulate(people: Iterable[Person], policy: Policy, at: datetime) -> Simulation:
    """Replay a policy over live facts at an instant, and over the ends of the twelve months before it."""
    outcomes = [Simulated(reference, expiry_for(facts, policy)) for reference, facts in people]
    today = local_date(at, policy.zone)
    since = add_months(today, -12)
    ended = [s.outcome.ends_on for s in outcomes if s.outcome.ends_on and since <= s.outcome.ends_on <= today]
    return Simulation(
        people=len(outcomes),
        held=sum(s.outcome.ends_on is None for s in outcomes),
        due=tuple(s for s in outcomes if is_due(s.outcome, at)),
        by_rule=dict(Counter(s.outcome.rule for s in outcomes).most_common()),
        by_month=dict(sorted(Counter(day.isoformat()[:7] for day in ended).items())),
    )


def is_due(outcome: Outcome, at: datetime) -> bool:
    """Whether the end has come at an aware instant."""
    return outcome.ends_at is not None and outcome.ends_at <= at


def compare_policies(people: Iterable[Person], before: Policy, after: Policy, at: datetime) -> Effect:
    """Whose end a change would move, and who would be erased tonight that otherwise was not."""
    sooner, later, newly_due, count = [], [], [], 0
    for reference, facts in people:
        count += 1
        old, new = expiry_for(facts, before), expiry_for(facts, after)
        if new.unheld_on < old.unheld_on:
            sooner.append(Shift(reference, old.ends_on, new.ends_on))
        elif new.unheld_on > old.unheld_on:
            later.append(Shift(reference, old.ends_on, new.ends_on))
        if is_due(new, at) and not is_due(old, at):
            newly_due.append(Simulated(reference, new))
    return Effect(count, tuple(sooner), tuple(later), tuple(newly_due))
