"""What people owe on a schedule: reviews of security, assessments of recipients, dating the policy anew.

What is owed follows from the policy in force; who does it, when it was done and what was found is recorded here.
Nothing is ever told as done that nobody recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.calendar import Length, Unit, add_length
from storage import audit
from storage.identifiers import new_id
from storage.models import Duty, DutyKind
from storage.queries import duties

SOON_DAYS = 30
YEARLY = Length(12, Unit.MONTHS)


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing owed. ``assigned_to`` is a name, empty while nobody has it; ``finding`` is that of the last time."""

    kind: DutyKind
    about: str
    what: str
    owner: str
    every: Length
    promises: tuple[str, ...]
    due_on: date
    today: date
    assigned_to: str = ""
    assignee: str = ""
    last_on: date | None = None
    finding: str = ""

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed."""
        return self.due_on < self.today

    @property
    def is_soon(self) -> bool:
        """Whether its day is near."""
        return not self.is_overdue and (self.due_on - self.today).days <= SOON_DAYS


def list_owed(house: Installation) -> tuple[Owed, ...]:
    """Everything owed under the policy in force, the most urgent first."""
    with house.database.reading() as session:
        found = [_with_record(session, house, owed) for owed in _from_policy(session, house)]
    return tuple(sorted(found, key=lambda owed: (owed.due_on, owed.about)))


def _from_policy(session: Session, house: Installation) -> Iterator[Owed]:
    """What the policy asks for, due as if nothing had been done yet."""
    policy, today, begun = house.policy, house.today(), duties.find_begin(session).astimezone(house.policy.zone).date()
    for review in policy.reviews:
        first = add_length(begun, review.every, policy.holidays)
        yield Owed(
            DutyKind.REVIEW, review.id, review.what.say("en"), review.owner, review.every, review.promises, first, today
        )
    for recipient in policy.recipients:
        if recipient.review_every is not None:
            what = recipient.name.say("en")
            owner = policy.privacy_contact.name
            yield Owed(
                DutyKind.ASSESSMENT, recipient.id, what, owner, recipient.review_every, ("D15",), begun, today
            )  # before anything is shared with it, hence from the first day on
    due = add_length(policy.dated_on, YEARLY, policy.holidays)
    yield Owed(
        DutyKind.DATING, "policy", policy.title.say("en"), policy.privacy_contact.name, YEARLY, ("L3",), due, today
    )


def _with_record(session: Session, house: Installation, owed: Owed) -> Owed:
    """The same with what was recorded: who has it, by when, and what was found the last time."""
    row = duties.find_open(session, owed.kind, owed.about)
    last = duties.find_last_done(session, owed.kind, owed.about)
    who = duties.find_assignee(session, row) if row else None
    finding = ""
    if last is not None and last.finding is not None:
        finding = house.vault.open_organisation("duty.finding", last.id, last.finding)
    is_dating = owed.kind is DutyKind.DATING
    return Owed(
        owed.kind, owed.about, owed.what, owed.owner, owed.every, owed.promises,
        owed.due_on if row is None or is_dating else row.due_on, owed.today,
        assigned_to=house.vault.open_organisation("staff.name", who.id, who.name) if who else "",
        assignee=who.id.hex() if who else "",
        last_on=last.done_on if last else None,
        finding=finding,
    )  # fmt: skip


def find_owed(house: Installation, kind: str, about: str) -> Owed:
    """One thing owed. Raises :class:`Refusal` for what this policy does not ask for."""
    found = next((o for o in list_owed(house) if o.kind.value == kind and o.about == about), None)
    if found is None:
        raise not_found()
    return found


def assign(house: Installation, owed: Owed, staff_id: bytes, due_on: date, *, actor: str) -> None:
    """Give it to somebody, by a day. Raises :class:`Refusal` for a day that has passed or an account that is not."""
    if due_on < house.today():
        raise Refusal("day_passed", 422, "Choose a day that has not passed.", field="/due_on")
    with house.database.writing() as session:
        if duties.find_active_staff(session, staff_id, house.today()) is None:
            raise Refusal("staff_unknown", 422, "Choose somebody with an account.", field="/assignee")
        row = duties.find_open(session, owed.kind, owed.about) or _open(session, house, owed, due_on)
        row.assigned_to, row.due_on = staff_id, due_on
        about = {"kind": owed.kind.value, "code": owed.about, "staff": staff_id.hex(), "until": due_on.isoformat()}
        audit.record(session, at=house.now(), actor=actor, action="duty.assigned", subject=None, about=about)


def _open(session: Session, house: Installation, owed: Owed, due_on: date) -> Duty:
    row = Duty(id=new_id(), kind=owed.kind, about=owed.about, due_on=due_on, opened_at=house.now())
    session.add(row)
    session.flush()
    return row


def record_done(house: Installation, owed: Owed, finding: str, staff_id: bytes, *, actor: str) -> date:
    """Note that it was done today and what was found; the next one is due a period later. Returns that day."""
    if owed.kind is DutyKind.DATING:
        raise Refusal("publish_instead", 409, "The policy is dated anew by publishing a new version of it.")
    if not finding.strip():
        raise Refusal("finding_missing", 422, "Say what was looked at and what was found.", field="/finding")
    today = house.today()
    following = add_length(today, owed.every, house.policy.holidays)
    with house.database.writing() as session:
        row = duties.find_open(session, owed.kind, owed.about) or _open(session, house, owed, owed.due_on)
        row.done_on, row.done_by = today, staff_id
        row.finding = house.vault.seal_organisation("duty.finding", row.id, finding.strip())
        session.flush()
        _open(session, house, owed, following).assigned_to = row.assigned_to
        about = {"kind": owed.kind.value, "code": owed.about, "until": following.isoformat()}
        audit.record(session, at=house.now(), actor=actor, action="duty.done", subject=None, about=about)
    return following


def list_assignees(house: Installation) -> tuple[tuple[str, str], ...]:
    """Who can be given something: the account's id in hex and its name."""
    with house.database.reading() as session:
        rows = duties.list_active_staff(session, house.today())
        return tuple((row.id.hex(), house.vault.open_organisation("staff.name", row.id, row.name)) for row in rows)
