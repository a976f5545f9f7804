"""Letters that ask people to choose, and requests that people make: both belong to a person and end with them.

Of a campaign only counts outlive its people.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, coded, digest, fact, operational, pseudonym, sealed
from storage.seal import Sealed
from storage.vocabulary import Channel


class CampaignKind(StrEnum):
    """What a campaign asks."""

    RENEWAL = "renewal"
    """Whether to keep a record whose end is near; no answer means the end comes."""
    NEW_USE = "new_use"
    """Whether data already held may be used in a new way (N5)."""


class Campaign(Model):
    """One round of letters, in counts. It names nobody and survives the people it was about."""

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("kind", "label"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    kind: Mapped[CampaignKind] = coded(CampaignKind)
    label: Mapped[str] = operational(String(80))
    """Which round: the month of a renewal; purpose and version of a new use."""
    purpose: Mapped[str] = operational(String(40), default="")
    policy_version: Mapped[str] = operational(String(40), default="")
    started_at: Mapped[datetime] = operational(UtcDateTime(), index=True)
    answer_by: Mapped[date | None] = operational(Date())
    asked: Mapped[int] = operational(Integer(), default=0)
    told: Mapped[int] = operational(Integer(), default=0)
    """Letters that the mail server took and that have not come back."""
    unreached: Mapped[int] = operational(Integer(), default=0)
    agreed: Mapped[int] = operational(Integer(), default=0)
    declined: Mapped[int] = operational(Integer(), default=0)


class LetterState(StrEnum):
    """Where a campaign's letter to one person stands. Only ``told`` counts as told."""

    WAITING = "waiting"
    TOLD = "told"
    UNREACHED = "unreached"


class Answer(StrEnum):
    """What a person answered."""

    NONE = "none"
    AGREED = "agreed"
    DECLINED = "declined"


class CampaignLetter(Model):
    """One letter to one person, and their answer. The link's token is kept as a keyed digest."""

    __tablename__ = "campaign_letter"
    __table_args__ = (Index("ix_campaign_letter_person", "person_id", "campaign_id"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    campaign_id: Mapped[bytes] = pseudonym(ForeignKey("campaign.id"), index=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"))
    ends_on: Mapped[date | None] = fact(Date())
    """The end of the record that a renewal is about."""
    created_at: Mapped[datetime] = operational(UtcDateTime())
    state: Mapped[LetterState] = coded(LetterState, default=LetterState.WAITING, index=True)
    mail_id: Mapped[bytes | None] = pseudonym(index=True)
    token_digest: Mapped[bytes | None] = digest(unique=True)
    expires_at: Mapped[datetime | None] = operational(UtcDateTime())
    told_at: Mapped[datetime | None] = operational(UtcDateTime())
    answer: Mapped[Answer] = coded(Answer, default=Answer.NONE)
    answered_at: Mapped[datetime | None] = operational(UtcDateTime())


class PolicyProposal(Model):
    """A change of policy that waits for assent: who asked, who agreed, and when it was posted."""

    __tablename__ = "policy_proposal"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    version: Mapped[str] = operational(String(40))
    policy_toml: Mapped[str] = operational(Text())
    effective_on: Mapped[date] = operational(Date())
    asked_by: Mapped[str] = operational(String(64))
    asked_at: Mapped[datetime] = operational(UtcDateTime())
    newly_due: Mapped[int] = operational(Integer(), default=0)
    agreed_by: Mapped[str] = operational(String(200), default="")
    """The accounts that agreed, separated by commas."""
    posted_at: Mapped[datetime | None] = operational(UtcDateTime())
    dropped_at: Mapped[datetime | None] = operational(UtcDateTime())


class RequestOutcome(StrEnum):
    """How a request ended; ``open`` until it was answered."""

    OPEN = "open"
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"


class RightsRequest(Model):
    """A person's request under a right that the policy names, with its clock (Q5, Q9)."""

    __tablename__ = "rights_request"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    right: Mapped[str] = fact(String(32))
    channel: Mapped[Channel] = coded(Channel)
    arrived_on: Mapped[date] = fact(Date())
    due_on: Mapped[date] = fact(Date(), index=True)
    extended_from: Mapped[date | None] = fact(Date())
    """The first due day, where it was put off once, with a reason."""
    outcome: Mapped[RequestOutcome] = coded(RequestOutcome, default=RequestOutcome.OPEN)
    answered_at: Mapped[datetime | None] = operational(UtcDateTime())
    text: Mapped[Sealed | None] = sealed("request_text")
    """What was asked, and what was answered: what could not be done, and why."""
