"""Wire shapes of ``/api/v1/privacy``. Codes, dates and counts; of receipts the signed documents themselves."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Shape(BaseModel):
    """Read from the desk's values by their names."""

    model_config = ConfigDict(from_attributes=True)


class RuleRow(_Shape):
    """One rule that had a say, and whether it won."""

    rule: str
    kind: str
    on: date | None
    won: bool
    reason: str
    purpose: str = ""


class CategoryRow(_Shape):
    """One category: what it is needed for and until when, and the last day it is kept (null while held)."""

    category: str
    purposes: list[str]
    needed_until: date | None
    on: date | None
    rules: list[RuleRow]


class WordRow(_Shape):
    """The last entry of the ledger about one purpose."""

    purpose: str
    basis: str
    event: str
    at: datetime


class AskedRow(_Shape):
    """A request of the person, and its clock."""

    right: str
    arrived_on: date
    due_on: date
    outcome: str


class WhyAnswer(_Shape):
    """Why a record is kept and when it ends."""

    reference: str
    state: str
    ends_on: date | None
    rule: str
    reason: str
    then: str
    categories: list[CategoryRow]
    words: list[WordRow]
    requests: list[AskedRow]


class ReceiptsAnswer(_Shape):
    """Signed receipts as JSON-LD, and the keys that check them."""

    receipts: list[dict[str, Any]]
    keys: list[dict[str, str]]


class ViolationRow(_Shape):
    """One broken promise: past_due, without_basis, not_restricted, purpose_over or stuck."""

    kind: str
    reference: str
    since: datetime


class RoundRow(_Shape):
    """One round of letters in figures; null where a figure is too small to be told."""

    kind: str
    label: str
    started_at: datetime
    answer_by: date | None
    asked: int | None
    told: int | None
    unreached: int | None
    agreed: int | None
    declined: int | None
    silent: int | None


class RequestRow(_Shape):
    """One request that waits for an answer."""

    id: str
    reference: str
    right: str
    channel: str
    arrived_on: date
    due_on: date
    days_left: int = Field(description="Negative once it is late.")
    is_late: bool
    is_nearly_late: bool
