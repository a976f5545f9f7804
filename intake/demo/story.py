"""What happens to each fictional person of the demo: where they live, what they apply to, who decides what, and when.

A plan only: it opens nothing, keeps nothing and knows no clock but "so many days ago". The first people each show one
promise at work (due tonight, held, kept by a law, withdrawn …); the others are drawn at random, the same each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from intake.demo.people import DemoPerson
from storage.vocabulary import Channel, Source, Stage

HOMES = {"de": "DE", "es": "ES", "fr": "FR", "it": "IT", "nl": "NL", "pl": "PL", "pt": "PT"}
ENGLISH_HOMES = ("US", "US-CA", "GB", "US", "IE")
OPENINGS = {
    "software-engineer": ("Software engineer", "Berlin, or from home"),
    "registered-nurse": ("Registered nurse", "Leeds, United Kingdom"),
    "marketing-manager": ("Marketing manager", "Amsterdam"),
    "science-teacher": ("Science teacher", "Sacramento, California"),
    "financial-analyst": ("Financial analyst", "Dublin"),
}
"""Slug of each opening, its title and place."""

CLOSED = ("science-teacher", 20)
"""The opening that is closed already, and how many days ago."""

REASONS = (
    "Others had done this work for longer.",
    "The night shifts were not possible.",
    "The opening went to an earlier application.",
)
WAYS = (
    (Source.PERSON, Channel.FORM),
    (Source.PERSON, Channel.FORM),
    (Source.PERSON, Channel.FORM),
    (Source.PERSON, Channel.EMAIL),
    (Source.REFERRING_AGENCY, Channel.EMAIL),
    (Source.EMPLOYER, Channel.IMPORT),
    (Source.PERSON, Channel.EVENT),
    (Source.PARTNER, Channel.API),
    (Source.PERSON, Channel.POST),
)
FORM = WAYS[0]
DECIDED_WITHIN = {"NL": 27, "GB": 362, "US": 700, "US-CA": 900}
"""Days that a decision may lie back so that the record is still there, by country; elsewhere 179."""

STAGES = (Stage.RECEIVED, Stage.RECEIVED, Stage.REVIEW, Stage.INTERVIEW, Stage.OFFER, *[Stage.REJECTED] * 5)


class Act(StrEnum):
    """What may happen to an application."""

    APPLY = "apply"
    DRAFT = "draft"
    MOVE = "move"
    LOOK = "look"
    REVEAL = "reveal"
    NOTE = "note"
    WITHDRAW = "withdraw"
    WITHDRAW_CONSENT = "withdraw_consent"
    ERASE = "erase"
    HOLD = "hold"
    ASK_LINK = "ask_link"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened, ``days`` ago. ``text`` is a reason or a note."""

    days: int
    act: Act
    stage: Stage | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One person's application and all that happened to it. ``opening`` is empty for the pool."""

    person: DemoPerson
    layout: int
    country: str
    opening: str
    way: tuple[Source, Channel]
    consents: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def is_by_form(self) -> bool:
        """Whether the person filled in the form, and so was answered by mail."""
        return self.way[1] is Channel.FORM


Plan = tuple[str, str, tuple[Source, Channel], tuple[str, ...], tuple[Step, ...]]


def _rejected(received: int, decided: int) -> tuple[Step, ...]:
    return (
        Step(received, Act.APPLY),
        Step(decided + 5, Act.MOVE, Stage.REVIEW),
        Step(decided, Act.MOVE, Stage.REJECTED, REASONS[decided % len(REASONS)]),
    )


ASK = Step(0, Act.ASK_LINK)
"""Asks for a link just now, so that the demo's mail holds some that still open."""

AGENCY = (Source.REFERRING_AGENCY, Channel.EMAIL)
PLANNED: tuple[Plan, ...] = (
    ("NL", "marketing-manager", FORM, (), _rejected(60, 28)),
    ("NL", "software-engineer", AGENCY, (), _rejected(55, 28)),
    ("NL", "financial-analyst", FORM, (), _rejected(61, 29)),
    ("US", "registered-nurse", FORM, (), (*_rejected(200, 150), Step(12, Act.ERASE), ASK)),
    ("DE", "software-engineer", FORM, ("pool",), (*_rejected(190, 120), Step(30, Act.HOLD), ASK)),
    ("FR", "software-engineer", FORM, (), (Step(50, Act.APPLY), Step(9, Act.WITHDRAW), ASK)),
    ("IT", "marketing-manager", FORM, ("pool", "share"), (Step(90, Act.APPLY), Step(15, Act.WITHDRAW_CONSENT))),
    ("GB", "registered-nurse", FORM, ("pool",), (Step(0, Act.DRAFT),)),
    ("NL", "software-engineer", FORM, (), _rejected(62, 30)),
    ("US-CA", "science-teacher", FORM, (), (*_rejected(700, 640), Step(40, Act.ERASE))),
    ("ES", "software-engineer", FORM, (), (Step(70, Act.APPLY), Step(1, Act.ERASE))),
    ("DE", "software-engineer", FORM, (), (Step(45, Act.APPLY), Step(6, Act.MOVE, Stage.HIRED, "The best fit."))),
    ("GB", "registered-nurse", FORM, ("pool",), (Step(30, Act.APPLY), Step(2, Act.MOVE, Stage.OFFER))),
    ("PL", "", FORM, ("pool",), (Step(120, Act.APPLY), ASK)),
)
"""Country, opening, way, consents and steps of those who each show one promise. Due tonight: the first two."""


def tell_stories(people: Sequence[DemoPerson], seed: int = 1) -> list[Story]:
    """One story for each person; the planned ones first."""
    rng = Random(seed)  # noqa: S311 - repeatable, guards nothing
    stories = []
    for number, person in enumerate(people):
        plan = PLANNED[number] if number < len(PLANNED) else _draw_plan(rng, person, number)
        stories.append(Story(person, number, *plan))
    return stories


def _draw_plan(rng: Random, person: DemoPerson, number: int) -> Plan:
    country = HOMES.get(person.language) or ENGLISH_HOMES[number // 2 % len(ENGLISH_HOMES)]
    opening = rng.choice((*OPENINGS, ""))
    consents = () if opening and rng.random() < 0.8 else ("pool",) if rng.random() < 0.7 else ("pool", "share")
    if not opening and not consents:
        consents = ("pool",)
    return country, opening, rng.choice(WAYS), consents, _draw_steps(rng, country)


def _draw_steps(rng: Random, country: str) -> tuple[Step, ...]:
    stage = rng.choice(STAGES)
    if stage is Stage.REJECTED:
        longest = DECIDED_WITHIN.get(country, 179)
        decided = rng.randrange(max(1, longest - 27) if rng.random() < 0.7 else 1, longest)
        return (*_rejected(decided + rng.randrange(10, 60), decided), *_draw_looks(rng, decided + 4))
    received = rng.randrange(22, 200)
    moves = () if stage is Stage.RECEIVED else (Step(rng.randrange(8, 20), Act.MOVE, stage),)
    return (Step(received, Act.APPLY), *moves, *_draw_looks(rng, 6))


def _draw_looks(rng: Random, days: int) -> tuple[Step, ...]:
    looks = [Step(days, Act.LOOK)] if rng.random() < 0.6 else []
    if looks and rng.random() < 0.4:
        looks.append(Step(days, Act.REVEAL))
    if looks and rng.random() < 0.3:
        looks.append(Step(days - 1, Act.NOTE, text="Spoke on the phone; can start in a month."))
    return tuple(looks)
