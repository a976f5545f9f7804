"""When a record ends and why, in words: for the person, for staff, for the API. The same decision said to each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.installation import Installation
from retention.rules import (
    CONSENT_ENDS,
    ENQUIRY_ANSWERED,
    ENQUIRY_UNANSWERED,
    ERASURE_ASKED,
    LEGAL_HOLD,
    NO_LIVE_BASIS,
    RESTRICTION_ASKED,
)
from storage.models import Person

BUILT_IN_REASONS = {
    NO_LIVE_BASIS: "Nothing permits keeping this any longer.",
    ERASURE_ASKED: "You asked us to erase this.",
    RESTRICTION_ASKED: "You asked us to keep this unchanged for the time being.",
    CONSENT_ENDS: "Your consent ends on this day.",
    LEGAL_HOLD: "A legal hold keeps this until it is lifted.",
    ENQUIRY_ANSWERED: "Your question is answered. We keep it a short time, since you may have a second one.",
    ENQUIRY_UNANSWERED: "Your question is not answered yet. It ends a short time after the answer.",
}
"""Sentences (gettext message ids) for the rules that are not written in a policy."""


@dataclass(frozen=True, slots=True)
class EndInWords:
    """When a record ends: the last local day it is kept (None while held), the rule, its reason, what happens."""

    on: date | None
    rule: str
    reason: str
    action: str
    purpose: str = "application"
    law: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class RuleInWords:
    """One rule that had a say, and whether it won."""

    rule: str
    kind: str
    on: date | None
    won: bool
    reason: str
    purpose: str = ""


def end_of(house: Installation, person: Person, language: str) -> EndInWords:
    """The person's settled end."""
    rule = person.end_rule.partition(":")[0]
    floor = next((f for f in house.policy.floors if f.id == rule), None)
    return EndInWords(
        on=person.ends_on,
        rule=rule,
        reason=reason_of(house, rule, language),
        action=person.end_action.value,
        purpose=person.end_decision.get("winner", {}).get("purpose", "application"),
        law=floor.law if floor else "",
        is_held=rule == LEGAL_HOLD,
    )


def reason_of(house: Installation, rule: str, language: str) -> str:
    """The policy's written reason for a rule, or the built-in sentence."""
    plain = rule.partition(":")[0]
    text = house.policy.find_reason(plain)
    return text.say(language) if text is not None else BUILT_IN_REASONS.get(plain, "")


def rules_of(house: Installation, decision: dict[str, Any], language: str) -> tuple[RuleInWords, ...]:
    """Every rule of a kept decision, the winner first."""
    said = [(decision["winner"], True)] if "winner" in decision else []
    said += [(loser, False) for loser in decision.get("losers", [])]
    return tuple(
        RuleInWords(
            rule=item["rule"],
            kind=item["kind"],
            on=date.fromisoformat(item["on"]) if "on" in item else None,
            won=won,
            reason=reason_of(house, item["rule"], language),
            purpose=item.get("purpose", ""),
        )
        for item, won in said
    )
