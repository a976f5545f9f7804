"""What people owe on a schedule, questions that are asked of the organisation, and counts of visits.

A count knows a day, a word and a number: never who. A question is under its asker's own key, like all personal data.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, coded, operational, pseudonym, sealed, staff
from storage.seal import Sealed


class DutyKind(StrEnum):
    """Kinds of things that a person owes (D2, D15, S8, L3)."""

    REVIEW = "review"
    ASSESSMENT = "assessment"
    DATING = "dating"
    """Looking the policy over and dating it anew."""


class Duty(Model):
    """One thing owed by a day, by somebody. Done, it stays as evidence and the next one is opened."""

    __tablename__ = "duty"
    __table_args__ = (Index("ix_duty_open", "kind", "about", "done_on"),)

    id: Mapped[bytes] = pseudonym(primary_key=True)
    kind: Mapped[DutyKind] = coded(DutyKind)
    about: Mapped[str] = operational(String(60))
    """The policy's id of the review or the recipient; ``policy`` for its date."""
    due_on: Mapped[date] = operational(Date())
    assigned_to: Mapped[bytes | None] = pseudonym(ForeignKey("staff.id"))
    opened_at: Mapped[datetime] = operational(UtcDateTime())
    done_on: Mapped[date | None] = staff(Date())
    done_by: Mapped[bytes | None] = pseudonym(ForeignKey("staff.id"))
    finding: Mapped[Sealed | None] = sealed("duty.finding")


class Tally(Model):
    """How often something happened on one day: an aggregate from the start, tied to nobody (C4, C16)."""

    __tablename__ = "tally"

    day: Mapped[date] = operational(Date(), primary_key=True)
    what: Mapped[str] = operational(String(20), primary_key=True)
    word: Mapped[str] = operational(String(40), primary_key=True)
    count: Mapped[int] = operational(Integer(), default=0)


class Enquiry(Model):
    """A question that somebody asked, and its answer; ends a short time after the answer (R4)."""

    __tablename__ = "enquiry"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    reference: Mapped[str] = operational(String(20), unique=True)
    text: Mapped[Sealed] = sealed("enquiry_text")
    answer: Mapped[Sealed | None] = sealed("enquiry_answer")
    language: Mapped[str] = operational(String(16))
    asked_at: Mapped[datetime] = operational(UtcDateTime(), index=True)
    answered_at: Mapped[datetime | None] = operational(UtcDateTime())
    answered_by: Mapped[bytes | None] = pseudonym()
