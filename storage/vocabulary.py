"""The closed vocabularies: words that the database checks, policies speak and pages show.

A value stored under one of these names keeps its meaning for ever: values may be added, never renamed or reused.
Nothing here decides anything; what a basis permits or a stage entails is the policy's.
"""

from enum import StrEnum


class Source(StrEnum):
    """Who a record came from (promise C5). Every application names one."""

    PERSON = "person"
    EMPLOYER = "employer"
    """An employer or member organisation."""
    REFERRING_AGENCY = "referring_agency"
    SOCIAL_LOGIN = "social_login"
    PARTNER = "partner"
    BOUGHT_LIST = "bought_list"
    ENRICHMENT = "enrichment"
    """Added from outside to a record already held."""
    FRIEND = "friend"
    STAFF = "staff"


class Channel(StrEnum):
    """By which way a record came (promise C5). Every application names one."""

    FORM = "form"
    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    CHAT = "chat"
    EVENT = "event"
    SURVEY = "survey"
    NEWSLETTER = "newsletter"
    FORUM = "forum"
    SOCIAL_PAGE = "social_page"
    IMPORT = "import"
    API = "api"


class Basis(StrEnum):
    """The lawful basis of one purpose (promise N3; GDPR Art. 6(1) a, f, b, c)."""

    CONSENT = "consent"
    LEGITIMATE_INTEREST = "legitimate_interest"
    CONTRACT = "contract"
    """A contract, or steps before one at the person's request."""
    LEGAL_OBLIGATION = "legal_obligation"
    DEEMED_CONSENT = "deemed_consent"
    """Consent read from conduct. Refused in every profile to which UK or EU law applies."""


class BasisEvent(StrEnum):
    """What may happen to a basis. The ledger is append-only; what is live is derived from these."""

    GIVEN = "given"
    RENEWED = "renewed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OBJECTED = "objected"


class Stage(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    RECEIVED = "received"
    REVIEW = "review"
    INTERVIEW = "interview"
    OFFER = "offer"
    HIRED = "hired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"

    @property
    def is_decided(self) -> bool:
        """Whether the decision date that anchors retention is expected to be set."""
        return self in {Stage.HIRED, Stage.REJECTED, Stage.WITHDRAWN}


class Purpose(StrEnum):
    """Purposes that the product itself knows. A policy may name more; their ids are stored as plain words."""

    APPLICATION = "application"
    """Considering the person for the opening applied for."""
    POOL = "pool"
    """Keeping the person for other openings."""
    SHARE = "share"
    """Passing the person on to named kinds of employers."""
    MARKETING = "marketing"
    """Messages that advertise."""
    SALE = "sale"
    """Selling, or sharing for advertising: never done, and so only ever objected to."""


class Contact(StrEnum):
    """Ways of contact that a person may choose among, purpose by purpose."""

    EMAIL = "email"
    PHONE = "phone"
    TEXT = "text"
    POST = "post"


class Action(StrEnum):
    """How a record ends (promise R6)."""

    PURGE = "purge"
    ANONYMISE = "anonymise"
    """Coarse facts go to a new row with a new id; the original is purged."""
