"""What a privacy officer sees: counts, dates and references, never a name."""

from dataclasses import dataclass, field
from datetime import date, datetime

from intake.desk.bearings import Bearings
from intake.web.charts import BarChart, ColumnChart
from intake.web.views import End, FieldError, Paging


@dataclass(frozen=True, slots=True)
class Run:
    """One run of retention and what it did."""

    at: datetime
    seconds: float
    scanned: int
    anonymised: int
    purged: int
    failed: int
    held: int


@dataclass(frozen=True, slots=True)
class Way:
    """One end under way, by its receipt: since when, and what it waits for (a code of ``words.STEPS``)."""

    receipt: str
    since: datetime
    hours: int
    waits_for: str


@dataclass(frozen=True, slots=True)
class Looks:
    """How often one member of staff saw who somebody is; ``share`` of the most frequent in per cent."""

    who: str
    role: str
    revealed: int
    documents: int
    share: float


@dataclass(frozen=True, slots=True)
class EndedRow:
    """Records that ended for one reason. ``cause`` and ``action`` are codes, ``rule`` a name of the policy."""

    cause: str
    rule: str
    action: str
    count: int


@dataclass(frozen=True, slots=True)
class Verified:
    """One verification of the record."""

    at: datetime
    sound: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """One month, to be printed. Hrefs lead to the months beside it; empty where there is none.

    What is told as of now (past due, ending, people) carries the time at which the report was made.
    """

    first: date
    made_at: datetime
    is_over: bool
    received: int
    by_source: tuple[tuple[str, int], ...]
    ended: tuple[EndedRow, ...]
    requests: tuple[tuple[str, int], ...]
    holds_placed: int
    holds_lifted: int
    holds_standing: int
    incidents: int
    past_due: int
    ending: int
    people: int
    nights: int
    nights_missed: int
    failed: int
    looks: tuple[Looks, ...]
    restores: int
    verified: tuple[Verified, ...]
    policy_version: str
    previous_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class HomeView:
    """The state of every promise about the end of data. Hrefs lead to the list behind a number; empty: no list.

    ``next_days`` has a column for each of the next 30 days. ``oldest_ending_hours`` is the age of the longest
    *ending* record. ``missed`` says that a nightly run did not happen.
    """

    today: date
    due_tonight: int
    past_due: int
    ending: int
    holds: int
    next_days: ColumnChart
    by_source: BarChart
    by_basis: BarChart
    by_country: BarChart
    last_run: Run | None = None
    next_run_at: datetime | None = None
    missed: bool = False
    oldest_ending_hours: int = 0
    people: int = 0
    without_basis: int = 0
    due_href: str = ""
    past_due_href: str = ""
    requests_late: int = 0
    requests_nearly: int = 0
    violations: int = 0
    ending_href: str = ""
    holds_href: str = ""
    why_href: str = ""
    audit_href: str = ""
    report_href: str = ""
    under_way: tuple[Way, ...] = ()
    looks: tuple[Looks, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold. ``lift_action`` is empty once lifted."""

    reference: str
    reason: str
    owner: str
    placed_on: date
    until: date | None = None
    lifted_on: date | None = None
    lift_action: str = ""


@dataclass(frozen=True, slots=True)
class HoldsView:
    """Holds, and the form to place one. Inputs: reference, reason, owner, until, csrf."""

    action: str
    csrf: str
    holds: tuple[Hold, ...]
    reference: str = ""
    reason: str = ""
    owner: str = ""
    until: str = ""
    paging: Paging = field(default_factory=Paging)
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that had a say in when a record ends.

    its name in the policy, the date it gives, whether it won, and why.
    """

    name: str
    on: date | None
    won: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why a record is still here and when it goes. ``state`` is a sentence: live, held, restricted, ending …"""

    reference: str
    state: str
    ends: tuple[End, ...]
    rules: tuple[Rule, ...]
    facts: tuple[tuple[str, str], ...] = ()
    bearings: Bearings | None = None


@dataclass(frozen=True, slots=True)
class WhyView:
    """The question by reference and its answer. Inputs: reference, csrf."""

    action: str
    csrf: str
    reference: str = ""
    answer: Why | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What a verification found. ``root`` is the tree's head in hexadecimal; ``fault`` says what does not fit."""

    sound: bool
    entries: int
    root: str
    at: datetime
    fault: str = ""


@dataclass(frozen=True, slots=True)
class AuditView:
    """The button that verifies the record, and its answer. Inputs: csrf."""

    action: str
    csrf: str
    entries: int
    result: AuditResult | None = None
