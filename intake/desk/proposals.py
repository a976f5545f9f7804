"""A change of policy on its way: asked for, agreed to, posted. Nobody agrees to a large change of their own.

A change that would end more records at once than the policy in force allows one person needs a second account; asked
for at the command line, two accounts. Where only one account could agree: a day's wait and a fresh sign-in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from intake.access.actors import Actor, is_active
from intake.access.permissions import Permission, parse_roles, permissions_of
from intake.desk.new_uses import keep_proposal
from intake.desk.policies import Proposal, post_policy, propose_policy
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.policy.diff import Change
from retention.policy.publish import LONE_WAIT, Assent, earliest_effect, is_assented
from storage import audit
from storage.codes import Code
from storage.identifiers import find_id
from storage.models import PolicyProposal
from storage.queries import access, campaigns


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposed change as staff see it. ``agreed`` of ``needed`` have agreed; ``wait_until``: for a lone account."""

    id: str
    version: str
    effective_on: date
    asked_by: str
    asked_at: datetime
    people: int
    sooner: int
    later: int
    newly_due: int
    changes: tuple[Change, ...]
    obstacles: tuple[str, ...]
    assent: Assent
    agreed: int
    needed: int
    wait_until: datetime | None
    can_agree: bool


def count_accounts(house: Installation) -> int:
    """How many accounts could agree to a change of policy today."""
    with house.database.reading() as session:
        return sum(
            is_active(house, row) and Permission.POLICY in permissions_of(parse_roles(row.roles))
            for row in access.find_all_staff(session)
        )


def submit_policy(house: Installation, text: str, effective_on: date, *, actor: str) -> tuple[Proposal, bool]:
    """Post a change, or put it before who must agree. Returns what it means, and whether it is posted.

    Raises PolicyError, or :class:`Refusal` while anything is in the way.
    """
    proposal = propose_policy(house, text, effective_on, administrators=count_accounts(house))
    if proposal.obstacles or proposal.assent is Assent.NONE:
        post_policy(house, proposal, actor=actor)
        return proposal, True
    with house.database.writing() as session:
        row = keep_proposal(session, house, proposal.policy, text, effective_on, actor=actor)
        row.newly_due = len(proposal.effect.newly_due)
        about: dict[str, Code] = {"policy_version": row.version, "count": row.newly_due}
        audit.record(session, at=house.now(), actor=actor, action="policy.asked", subject=None, about=about)
    return proposal, False


def list_waiting(house: Installation, actor: Actor) -> tuple[Waiting, ...]:
    """Every change that is proposed and not posted, with what it means now."""
    with house.database.reading() as session:
        rows = [row for row in campaigns.find_proposals(session) if row.posted_at is None and row.dropped_at is None]
    return tuple(_describe(house, row, actor) for row in rows)


def _describe(house: Installation, row: PolicyProposal, actor: Actor) -> Waiting:
    proposal = _renew(house, row)
    agreed = _agreed(row)
    is_lone = proposal.assent is Assent.FRESH_SIGN_IN_AND_WAIT
    return Waiting(
        id=row.id.hex(),
        version=row.version,
        effective_on=proposal.effective_on,
        asked_by=row.asked_by.partition(":")[0],
        asked_at=row.asked_at,
        people=proposal.effect.people,
        sooner=len(proposal.effect.sooner),
        later=len(proposal.effect.later),
        newly_due=len(proposal.effect.newly_due),
        changes=proposal.changes,
        obstacles=tuple(obstacle.message for obstacle in proposal.obstacles),
        assent=proposal.assent,
        agreed=len(agreed),
        needed=_needed(row),
        wait_until=row.asked_at + LONE_WAIT if is_lone else None,
        can_agree=not proposal.obstacles and _may_agree(house, row, proposal, actor),
    )


def _renew(house: Installation, row: PolicyProposal) -> Proposal:
    """What the change means today; a day that has become too soon moves to the first possible one."""
    day = max(row.effective_on, earliest_effect(house.policy, house.today()))
    return propose_policy(house, row.policy_toml, day, administrators=count_accounts(house))


def _agreed(row: PolicyProposal) -> Sequence[str]:
    return [name for name in row.agreed_by.split(",") if name]


def _needed(row: PolicyProposal) -> int:
    return 1 if row.asked_by.startswith("staff:") else 2


def _may_agree(house: Installation, row: PolicyProposal, proposal: Proposal, actor: Actor) -> bool:
    if proposal.assent is Assent.SECOND_PERSON:
        return actor.name != row.asked_by and actor.name not in _agreed(row)
    return proposal.assent is Assent.NONE or house.now() >= row.asked_at + LONE_WAIT


def agree(house: Installation, proposal_id: str, actor: Actor) -> bool:
    """Agree to a change; it is posted once all have who must. Whether it is. Raises :class:`Refusal`."""
    row = _find(house, proposal_id)
    proposal = _renew(house, row)
    if not _may_agree(house, row, proposal, actor):
        raise Refusal("assent_refused", 403, "Somebody else has to agree, or the time to wait is not over.")
    agreed = [*_agreed(row), actor.name]
    if proposal.assent is Assent.SECOND_PERSON and len(agreed) < _needed(row):
        _keep(house, row.id, agreed, actor)
        return False
    if not is_assented(
        proposal.assent, asked_by=row.asked_by, asked_at=row.asked_at, agreed_by=actor.name,
        signed_in_at=actor.proved_at, at=house.now(),
    ):  # fmt: skip
        raise Refusal("assent_refused", 403, "Sign in again after the time to wait is over.")
    post_policy(house, proposal, actor=actor.name, is_assented=True)
    _keep(house, row.id, agreed, actor)
    return True


def _find(house: Installation, proposal_id: str) -> PolicyProposal:
    with house.database.reading() as session:
        row = session.get(PolicyProposal, find_id(proposal_id) or b"")
        if row is None or row.posted_at is not None or row.dropped_at is not None:
            raise not_found()
        return row


def _keep(house: Installation, row_id: bytes, agreed: Sequence[str], actor: Actor) -> None:
    with house.database.writing() as session:
        row = session.get_one(PolicyProposal, row_id)
        row.agreed_by = ",".join(agreed)
        about: dict[str, Code] = {"policy_version": row.version, "count": len(agreed)}
        audit.record(session, at=house.now(), actor=actor.name, action="policy.agreed", subject=None, about=about)


def drop(house: Installation, proposal_id: str, actor: Actor) -> None:
    """Give a proposed change up. Raises :class:`Refusal`."""
    row = _find(house, proposal_id)
    with house.database.writing() as session:
        session.get_one(PolicyProposal, row.id).dropped_at = house.now()
        about = {"policy_version": row.version}
        audit.record(session, at=house.now(), actor=actor.name, action="policy.dropped", subject=None, about=about)
