"""What a person is told before they give anything: each kind of data, why and for how long; each answer that is asked.

All of it comes from the policy and the registry (C7, L3; Cal. Civ. Code 1798.100(a)). Nothing here knows a person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from retention.calendar import Length
from retention.policy.policy import Kept, Policy
from retention.policy.wording import CATEGORIES, say_length

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer that is asked: whether it is needed, why, and what not answering means. In the reader's language."""

    label: str
    needed: bool
    why: str
    without: str


@dataclass(frozen=True, slots=True)
class Collected:
    """One category of data: what it is used for, and how long at most."""

    category: str
    purposes: tuple[str, ...]
    longest: str


@dataclass(frozen=True, slots=True)
class AtCollection:
    """All that is told at the form."""

    asked: tuple[Asked, ...]
    collected: tuple[Collected, ...]
    language: str


def tell_collection(policy: Policy, language: str, say: Say) -> AtCollection:
    """What the form tells. ``say`` puts our words into the reader's language; the policy's own are in ``language``."""
    asked = tuple(
        Asked(q.label.say(language), q.needed, q.why.say(language), q.without.say(language)) for q in policy.questions
    )
    return AtCollection(asked, tuple(_collected(policy, language, say)), language)


def _collected(policy: Policy, language: str, say: Say) -> Iterator[Collected]:
    for category in policy.categories:
        using = [purpose for purpose in policy.purposes if category in purpose.categories]
        lengths = [p.length for p in policy.periods if {u.id for u in using} & set(p.purposes) and not p.countries]
        kept = policy.find_kept_apart(Kept.TECHNICAL)
        if not lengths and kept is not None:  # of no purpose of an application: what the site itself needs
            lengths = [kept.length]
        longest = max(lengths, key=lambda length: length.longest_days, default=None)
        words = say(CATEGORIES[category.value])
        yield Collected(words, tuple(u.title.say(language) for u in using), _length(longest, language, say))


def _length(length: Length | None, language: str, say: Say) -> str:
    return say_length(length, language, say) if length is not None else ""
