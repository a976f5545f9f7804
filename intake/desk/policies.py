"""Policies at work: replaying one over the people on record, checking promises with live figures, publishing a change.

Facts are coded; no seal is opened here. Publishing only posts: a version takes effect by itself on its day.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from intake.desk.new_uses import chosen_uses
from intake.desk.notices import render_in
from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.policy_words import in_every_language
from retention.calendar import add_months, local_date
from retention.policy.diff import Change, diff_policies
from retention.policy.dpv import describe_notice
from retention.policy.load import parse_policy
from retention.policy.policy import Policy
from retention.policy.publish import Assent, Obstacle, find_obstacles, needed_assent
from retention.policy.simulate import Effect, Person, compare_policies
from retention.records import facts_of
from storage import audit
from storage.models import NoticeVersion, PersonState
from storage.queries import campaigns, endings, notices, sweeping

PAGE = 500
_NOBODY = b""


def facts_of_everyone(session: Session, policy: Policy, at: datetime) -> Iterator[Person]:
    """An opaque reference and the facts of each person on record who is not ending already."""
    after = _NOBODY
    while page := sweeping.find_people_after(session, after, PAGE):
        for person in page:
            if person.state is not PersonState.ENDING:
                yield person.id.hex(), facts_of(session, person, policy, at)
        after = page[-1].id


def count_ended_by_month(session: Session, policy: Policy, at: datetime) -> dict[str, int]:
    """How many records ended in fact in each of the twelve months before, by the local month."""
    since = datetime.combine(add_months(local_date(at, policy.zone), -12), time.min, tzinfo=policy.zone)
    months = (
        local_date(ended_at, policy.zone).isoformat()[:7] for ended_at in endings.find_ended_since(session, since)
    )
    return dict(sorted(Counter(months).items()))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of policy and all that is to be known before it is posted. ``text`` is its TOML."""

    policy: Policy
    text: str
    effective_on: date
    changes: tuple[Change, ...]
    effect: Effect
    obstacles: tuple[Obstacle, ...]
    assent: Assent


def propose_policy(house: Installation, text: str, effective_on: date, administrators: int = 1) -> Proposal:
    """What posting this policy would mean. Changes nothing. Raises PolicyError for one that is refused."""
    policy = in_every_language(parse_policy(text))
    at = house.now()
    with house.database.reading() as session:
        effect = compare_policies(facts_of_everyone(session, house.policy, at), house.policy, policy, at)
        chosen = chosen_uses(session, house, policy)
    return Proposal(
        policy=policy,
        text=text,
        effective_on=effective_on,
        changes=diff_policies(house.policy, policy),
        effect=effect,
        obstacles=find_obstacles(house.policy, policy, house.today(), effective_on, chosen),
        assent=needed_assent(effect, house.policy, administrators),
    )


def post_policy(house: Installation, proposal: Proposal, *, actor: str, is_assented: bool = False) -> None:
    """Post the notice of a proposed policy, to take effect on its day. Raises Refusal while anything is in the way."""
    if proposal.obstacles:
        text = "; ".join(obstacle.message for obstacle in proposal.obstacles)
        raise Refusal("policy_not_publishable", 409, text)
    if proposal.assent is not Assent.NONE and not is_assented:
        count = len(proposal.effect.newly_due)
        text = f"This would end {count} records at once. It needs: {proposal.assent.value}."
        raise Refusal("assent_needed", 409, text)
    at, policy = house.now(), proposal.policy
    starts = datetime.combine(proposal.effective_on, time.min, tzinfo=policy.zone)
    with house.database.writing() as session:
        for language in policy.languages:
            notice = render_in(policy, language)
            if notices.find_notice(session, notice.version, language) is not None:
                raise Refusal("version_taken", 409, f"Version {notice.version} was published before.")
            session.add(
                NoticeVersion(
                    version=notice.version,
                    language=language,
                    digest=notice.digest,
                    text=notice.markdown,
                    described=describe_notice(policy, notice),
                    policy_toml=proposal.text,
                    published_at=at,
                    in_force_from=max(starts, at),
                )
            )
        proposed = campaigns.find_proposal(session, policy.version)
        if proposed is not None:
            proposed.posted_at = at
        about = {"policy_version": policy.version, "as_of": proposal.effective_on.isoformat()}
        audit.record(session, at=at, actor=actor, action="policy.post", subject=None, about=about)
