"""What a policy profile says, as one frozen value.

The TOML keys are the names of these fields, one to one; ``decode`` reads them, ``lawful`` refuses the impossible.
A Policy holds no personal data but the controller's own contacts, and decides nothing about one person: see ``rules``.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from retention.calendar import Length, Unit
from retention.policy.kinds import Law, RecipientKind, Role, Safeguard
from storage.profile import Category
from storage.vocabulary import Action, Basis, Channel, Source, Stage


class Anchor(StrEnum):
    """What starts a clock. Where a rule names several, the latest known one; where none is known yet, receipt."""

    RECEIVED = "received"
    TOUCHED = "touched"
    """When a draft was last worked on."""
    DECISION = "decision"
    LAST_CONTACT = "last_contact"
    CONSENT_GIVEN = "consent_given"
    OPENING_CLOSED = "opening_closed"


class RightName(StrEnum):
    """Rights of a person, in the product's own terms."""

    KNOW = "know"
    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    OBJECTION = "objection"
    PORTABILITY = "portability"
    WITHDRAWAL = "withdrawal"
    OPT_OUT = "opt_out"
    LIMIT = "limit"
    SUPPRESSION = "suppression"
    COMPLAINT = "complaint"


class Kept(StrEnum):
    """What is kept apart from a person's record, each with a clock of its own."""

    ENQUIRY = "enquiry"
    TECHNICAL = "technical"
    ERASED_DIGEST = "erased_digest"
    """The keyed digest of an erased address, so that a list does not bring the person back (promise R7)."""
    REQUEST_LOG = "request_log"
    IDEMPOTENCY = "idempotency"
    SECURITY_LOG = "security_log"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Text:
    """Words of the policy's own, in each of its languages."""

    by_language: tuple[tuple[str, str], ...]

    def say(self, language: str) -> str:
        """The words in ``language``, else in the policy's first language."""
        return dict(self.by_language).get(language, self.by_language[0][1])


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach someone about privacy."""

    name: str
    email: str = ""
    address: str = ""
    phone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ChangeNotice:
    """How long a changed notice is posted before it takes effect (promise N2). A length of 0 days: from posting."""

    length: Length
    posted_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PurposeTerms:
    """One purpose and its lawful basis (promise N3).

    ``searchable``: staff may find people by it. ``balancing`` is required of legitimate interest, ``law`` of legal
    obligation. A purpose by consent is put to the person as an unticked ``question``.
    """

    id: str
    title: Text
    basis: Basis
    description: Text
    question: Text | None = None
    searchable: bool = False
    recipients: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    balancing: str = ""
    law: str = ""
    dpv: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """How long one purpose may keep an application. Empty tuples mean any; the most specific rule applies."""

    id: str
    purposes: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    length: Length
    action: Action
    reason: Text
    bases: tuple[Basis, ...] = ()
    countries: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Floor:
    """A minimum that law demands (promise R2). Beats ceiling and request. Without ``stages``: any but a draft."""

    id: str
    law: str
    anchors: tuple[Anchor, ...]
    length: Length
    reason: Text
    countries: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A maximum that no period may pass. Every ceiling that matches applies; empty tuples mean any."""

    id: str
    law: str
    anchors: tuple[Anchor, ...]
    length: Length
    reason: Text
    purposes: tuple[str, ...] = ()
    bases: tuple[Basis, ...] = ()
    countries: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded decision that a floor may stand above a ceiling, and why."""

    floor: str
    ceiling: str
    decided_by: str
    decided_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class KeptApart:
    """How long something that is not part of the record is kept, from when, and why.

    ``basis`` is required of the digest of an erased address, which is personal data by itself; ``balancing`` of one
    that rests on legitimate interest, ``law`` of one that rests on a legal obligation.
    """

    kept: Kept
    length: Length
    counted_from: Text
    reason: Text
    basis: Basis | None = None
    balancing: str = ""
    law: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One to whom, or one kind to which, data may go."""

    id: str
    name: Text
    kind: RecipientKind
    purposes: tuple[str, ...]
    terms: str
    country: str = ""
    categories: tuple[Category, ...] = ()
    review_every: Length | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """A country outside the controller's own to which data goes, and what makes that lawful."""

    country: str
    safeguard: Safeguard
    what: Text


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie by name. No other may be set."""

    name: str
    purpose: Text
    lasts: str = "session"


@dataclass(frozen=True, slots=True)
class Right:
    """A right, the law that gives it, where its people live (empty: everyone) and its clock (promise Q5)."""

    name: RightName
    law: str
    answer_within: Length
    residences: tuple[str, ...] = ()
    extension: Length | None = None
    confirm_within: Length | None = None
    pausable: bool = False
    verified: bool = True
    """Identity is proved first. Never for opting out, limiting or unsubscribing (promise Q3)."""


@dataclass(frozen=True, slots=True)
class BreachClock:
    """Whom to tell of a breach, and by when, in hours from discovery (promises S5, L8)."""

    id: str
    whom: Text
    within_hours: int
    law: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Something that a person owes on a schedule: training, assessments, security reviews (D2, D15, S8)."""

    id: str
    what: Text
    owner: str
    every: Length
    promises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When something that is late stands out, and what needs a second person."""

    run_missed_hours: int = 26
    request_nearly_late_days: int = 5
    ending_stuck_hours: int = 24
    erase_needs_second_person: int = 100


_A_YEAR = Length(12, Unit.MONTHS)


@dataclass(frozen=True, slots=True)
class StaffTerms:
    """How long an account of staff is kept once it ended, and for how long a privacy training counts (promise D2).

    Without ``training_lasts`` training is owed by people alone; with it, whoever has no training record of that age
    opens no identified data.
    """

    kept_after_end: Length = _A_YEAR
    reason: str = "Until questions about what was done under the account can no longer be expected."
    training_lasts: Length | None = None


@dataclass(frozen=True, slots=True)
class Renewals:
    """Which consents people are asked to renew before their end, and how many days before. None named: nobody is."""

    days_before: int = 0
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One answer asked on the form: whether it is needed, why, and what not answering means (promise C7)."""

    id: str
    label: Text
    needed: bool
    why: Text
    without: Text


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of one organisation's policy: the source of everything said and done."""

    id: str
    version: str
    title: Text
    dated_on: date
    controller: Contact
    privacy_contact: Contact
    laws: tuple[Law, ...]
    role: Role
    timezone: str
    languages: tuple[str, ...]
    change_notice: ChangeNotice
    sources: tuple[Source, ...]
    channels: tuple[Channel, ...]
    categories: tuple[Category, ...]
    purposes: tuple[PurposeTerms, ...]
    periods: tuple[Period, ...]
    kept_apart: tuple[KeptApart, ...]
    recipients: tuple[Recipient, ...]
    stored_in: tuple[str, ...]
    reached_from: tuple[str, ...]
    cookies: tuple[Cookie, ...]
    rights: tuple[Right, ...]
    breach_clocks: tuple[BreachClock, ...]
    promises: tuple[str, ...]
    questions: tuple[Question, ...]
    authority: Contact | None = None
    representative: Contact | None = None
    breach_contacts: tuple[Contact, ...] = ()
    holidays: tuple[date, ...] = ()
    minimum_age: int | None = None
    minimum_age_beats_floor: bool = True
    floors: tuple[Floor, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    decisions: tuple[Decision, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    reviews: tuple[Review, ...] = ()
    thresholds: Thresholds = Thresholds()
    renewals: Renewals = Renewals()
    staff: StaffTerms = StaffTerms()

    @property
    def zone(self) -> ZoneInfo:
        """The IANA zone in which every date of this policy is meant."""
        return ZoneInfo(self.timezone)

    @property
    def choices(self) -> tuple[PurposeTerms, ...]:
        """The purposes that are put to the person as unticked choices: those by consent."""
        return tuple(p for p in self.purposes if p.basis is Basis.CONSENT)

    @property
    def unasked(self) -> tuple[PurposeTerms, ...]:
        """The purposes that do not rest on consent: an application that is sent comes under each of these."""
        asked = {Basis.CONSENT, Basis.DEEMED_CONSENT}
        return tuple(p for p in self.purposes if p.basis not in asked)

    def find_purpose(self, purpose: str) -> PurposeTerms | None:
        """The terms of a purpose by id, or None where this policy does not know it."""
        return next((p for p in self.purposes if p.id == purpose), None)

    def find_kept_apart(self, kept: Kept) -> KeptApart | None:
        """The clock of something kept apart from the record, or None where the policy keeps none."""
        return next((k for k in self.kept_apart if k.kept is kept), None)

    def find_reason(self, rule: str) -> Text | None:
        """The written reason of a period, floor or ceiling by its id."""
        rules: tuple[Period | Floor | Ceiling, ...] = (*self.periods, *self.floors, *self.ceilings)
        return next((r.reason for r in rules if r.id == rule), None)


NO_WAIT = Length(0, Unit.DAYS)
