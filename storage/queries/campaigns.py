"""Campaigns: who is to be written to, which letter a link belongs to, what became of each."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from storage.models import (
    Answer,
    BasisEvent,
    Bounce,
    Campaign,
    CampaignKind,
    CampaignLetter,
    Hold,
    LetterState,
    Mail,
    MailState,
    Person,
    PersonState,
    PolicyProposal,
)


def find_campaign(session: Session, kind: CampaignKind, label: str) -> Campaign | None:
    """One round of letters, or None."""
    return session.scalar(select(Campaign).where(Campaign.kind == kind, Campaign.label == label))


def find_campaigns(session: Session, limit: int = 200) -> list[Campaign]:
    """Every round, the latest first."""
    return list(session.scalars(select(Campaign).order_by(Campaign.started_at.desc(), Campaign.label).limit(limit)))


def find_ending_soon(session: Session, first: date, last: date, after: bytes, limit: int) -> list[Person]:
    """Live, unheld people whose record ends from ``first`` to ``last`` and who were not asked about that end yet."""
    asked = exists().where(
        CampaignLetter.person_id == Person.id,
        CampaignLetter.campaign_id == Campaign.id,
        Campaign.kind == CampaignKind.RENEWAL,
        CampaignLetter.ends_on == Person.ends_on,
    )
    held = exists().where(Hold.person_id == Person.id, Hold.lifted_at.is_(None))
    return list(
        session.scalars(
            select(Person)
            .where(
                Person.id > after,
                Person.ends_on >= first,
                Person.ends_on <= last,
                Person.state == PersonState.LIVE,
                Person.suppressed.is_(False),
                ~asked,
                ~held,
            )
            .order_by(Person.id)
            .limit(limit)
        )
    )


def find_letter(session: Session, token_digest: bytes) -> CampaignLetter | None:
    """The letter that a link belongs to, or None."""
    return session.scalar(select(CampaignLetter).where(CampaignLetter.token_digest == token_digest))


def find_unsettled(session: Session, limit: int) -> list[CampaignLetter]:
    """Letters that were written and whose message is no longer waiting: it was sent, or never will be."""
    on_its_way = exists().where(Mail.id == CampaignLetter.mail_id, Mail.state == MailState.WAITING)
    written = select(CampaignLetter).where(
        CampaignLetter.state == LetterState.WAITING, CampaignLetter.mail_id.is_not(None), ~on_its_way
    )
    return list(session.scalars(written.order_by(CampaignLetter.created_at).limit(limit)))


def find_returned(session: Session, limit: int) -> list[CampaignLetter]:
    """Letters that counted as told and have come back since."""
    came_back = exists().where(Bounce.mail_id == CampaignLetter.mail_id)
    told = select(CampaignLetter).where(CampaignLetter.state == LetterState.TOLD, came_back)
    return list(session.scalars(told.limit(limit)))


def count_waiting(session: Session, campaign_id: bytes) -> int:
    """How many letters of a round are still on their way."""
    return _count(session, CampaignLetter.campaign_id == campaign_id, CampaignLetter.state == LetterState.WAITING)


def count_silent(session: Session, campaign_id: bytes) -> int:
    """How many people still on record were told and have not answered."""
    return _count(
        session,
        CampaignLetter.campaign_id == campaign_id,
        CampaignLetter.state == LetterState.TOLD,
        CampaignLetter.answer == Answer.NONE,
    )


def _count(session: Session, *conditions: object) -> int:
    counted = select(func.count()).select_from(CampaignLetter).where(*conditions)  # type: ignore[arg-type]
    return session.scalar(counted) or 0


def count_untold(session: Session, campaign_id: bytes, purpose: str) -> int:
    """How many people on record ever had a basis for a purpose and were not told of its change."""
    told = exists().where(
        CampaignLetter.person_id == Person.id,
        CampaignLetter.campaign_id == campaign_id,
        CampaignLetter.state == LetterState.TOLD,
    )
    concerned = exists().where(BasisEvent.person_id == Person.id, BasisEvent.purpose == purpose)
    counted = select(func.count()).select_from(Person).where(Person.state != PersonState.ENDING, concerned, ~told)
    return session.scalar(counted) or 0


def find_proposals(session: Session) -> Sequence[PolicyProposal]:
    """Every change of policy that was proposed, the latest first."""
    return session.scalars(select(PolicyProposal).order_by(PolicyProposal.asked_at.desc())).all()


def find_proposal(session: Session, version: str) -> PolicyProposal | None:
    """The proposal of a version that was not dropped, or None."""
    return session.scalars(
        select(PolicyProposal)
        .where(PolicyProposal.version == version, PolicyProposal.dropped_at.is_(None))
        .order_by(PolicyProposal.asked_at.desc())
    ).first()
