"""New uses of data already held: people are told first and choose; only then may a policy be published."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.policy_words import in_every_language
from retention.campaigns import add_letter, open_campaign
from retention.policy.diff import find_new_uses
from retention.policy.load import parse_policy
from retention.policy.policy import Policy
from storage import audit
from storage.identifiers import new_id
from storage.models import Campaign, CampaignKind, PersonState, PolicyProposal
from storage.queries import campaigns, people, sweeping

LEAST_DAYS = 14
"""How long people have to answer, at the least."""
PAGE = 500


@dataclass(frozen=True, slots=True)
class Told:
    """One new use, and how many people a letter is on its way to."""

    purpose: str
    asked: int


def tell_new_uses(house: Installation, text: str, answer_by: date, *, actor: str) -> tuple[Told, ...]:
    """Write to everybody on record about each new use of a proposed policy. Raises PolicyError or :class:`Refusal`."""
    policy = in_every_language(parse_policy(text))
    uses = find_new_uses(house.policy, policy)
    if not uses:
        raise Refusal("no_new_use", 409, "This policy puts no data already held to a new use.")
    if answer_by < house.today() + timedelta(days=LEAST_DAYS):
        raise Refusal("answer_too_soon", 422, f"Give people {LEAST_DAYS} days or more to answer.", field="/answer_by")
    with house.database.writing() as session:
        keep_proposal(session, house, policy, text, answer_by + timedelta(days=1), actor=actor)
        begun = [_begin(session, house, policy, use, answer_by, actor) for use in uses]
    told = tuple(Told(use, _ask_everybody(house, campaign)) for use, campaign in zip(uses, begun, strict=True))
    house.wake()
    return told


def label_of(use: str, version: str) -> str:
    """The name of the round of letters about one use of one version."""
    return f"{use}@{version}"


def keep_proposal(
    session: Session, house: Installation, policy: Policy, text: str, effective_on: date, *, actor: str
) -> PolicyProposal:
    """Put a proposed policy on record. Raises :class:`Refusal` for another text under a version that was proposed."""
    row = campaigns.find_proposal(session, policy.version)
    if row is not None and (row.policy_toml != text or row.posted_at is not None):
        raise Refusal("version_taken", 409, f"Version {policy.version} was proposed before, in other words.")
    if row is None:
        row = PolicyProposal(id=new_id(), version=policy.version, policy_toml=text)
        session.add(row)
    row.effective_on, row.asked_by, row.asked_at, row.agreed_by = effective_on, actor, house.now(), ""
    row.newly_due = 0
    session.flush()
    return row


def _begin(session: Session, house: Installation, policy: Policy, use: str, answer_by: date, actor: str) -> bytes:
    label = label_of(use, policy.version)
    if campaigns.find_campaign(session, CampaignKind.NEW_USE, label) is not None:
        raise Refusal("told_already", 409, f"People were written to about {use!r} of this version already.")
    begun = open_campaign(
        session, CampaignKind.NEW_USE, label, house.now(),
        purpose=use, policy_version=policy.version, answer_by=answer_by,
    )  # fmt: skip
    about = {"purpose": use, "policy_version": policy.version, "until": answer_by.isoformat()}
    audit.record(session, at=house.now(), actor=actor, action="policy.told", subject=None, about=about)
    return begun.id


def _ask_everybody(house: Installation, campaign_id: bytes) -> int:
    asked, after = 0, b""
    while True:
        with house.database.writing() as session:
            campaign = session.get_one(Campaign, campaign_id)
            page = sweeping.find_people_after(session, after, PAGE)
            after = page[-1].id if page else after
            for person in page:
                if person.state is PersonState.LIVE and people.find_applications(session, person.id):
                    add_letter(session, campaign, person, house.now())
                    asked += 1
        if len(page) < PAGE:
            return asked


def chosen_uses(session: Session, house: Installation, policy: Policy) -> frozenset[str]:
    """The new uses about which people were told in time and chose.

    A use that is wholly new begins only for who said yes. One that changes concerns everybody who is under it: all of
    them must have been told, and a letter that came back told nobody.
    """
    return frozenset(use for use in find_new_uses(house.policy, policy) if _is_chosen(session, house, policy, use))


def _is_chosen(session: Session, house: Installation, policy: Policy, use: str) -> bool:
    told = campaigns.find_campaign(session, CampaignKind.NEW_USE, label_of(use, policy.version))
    if told is None or told.answer_by is None or told.answer_by >= house.today():
        return False
    if campaigns.count_waiting(session, told.id):
        return False
    return house.policy.find_purpose(use) is None or campaigns.count_untold(session, told.id, use) == 0
