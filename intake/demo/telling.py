"""Takes the demo's people in through the real desk, in the order of time, under a clock that is put to each moment.

Nothing is written past the desk: what stands in the demo is what the product makes of the same steps.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.demo.accounts import Account
from intake.demo.resumes import LAYOUTS, render_resume
from intake.demo.story import CLOSED, OPENINGS, Act, Step, Story
from intake.demo.throwaway import StoryClock
from intake.desk import candidates, holds, rights
from intake.desk.applications import move_stage
from intake.desk.drafts import DRAFT_LINK, missing_details, open_draft, save_details, send_draft
from intake.desk.links import make_link
from intake.desk.lost_links import send_new_link
from intake.desk.notices import NoticeInForce, notice_in_force
from intake.desk.openings import close_opening, create_opening, find_public, give_opening
from intake.desk.submit import Prepared, Submission, prepare, store
from intake.installation import Installation
from intake.keeper.loop import do_work, open_index
from intake.keeper.record import sign_record
from intake.night import last_night, night_of, run_now
from retention.worker import finish_endings
from storage.models import LinkKind, Role, utc_now
from storage.vocabulary import Stage

Say = Callable[[str], None]
Event = tuple[datetime, Callable[[], object]]
NIGHTS = 31
MANAGED = 2
"""How many of the openings the demo's hiring manager was given."""
HOLDER = "demo"


@dataclass(frozen=True, slots=True)
class Told:
    """A person who applied: the ids by which the next steps find them."""

    story: Story
    person_id: bytes
    application_id: bytes
    reference: str


class Telling:
    """The past of one demo while it is told: who plays which part, and whom the steps so far have made."""

    def __init__(self, house: Installation, clock: StoryClock, accounts: dict[Role, Account]) -> None:
        self._house = house
        self._clock = clock
        self._accounts = accounts
        self._told: dict[int, Told] = {}

    def tell(self, stories: Sequence[Story], say: Say) -> None:
        """Let everything happen, oldest first. The clock goes with the system's afterwards."""
        prepared = prepare_all(self._house, stories, say)
        open_index(self._house)
        today = utc_now()
        events = [*self._openings(), *self._nights()]
        for story, ready in zip(stories, prepared, strict=True):
            rng = Random(story.layout)  # noqa: S311 - repeatable, guards nothing
            for order, step in enumerate(story.steps):
                at = moment_of(today, step, rng, order)
                events.append((at, partial(self._do, story, ready, step)))
        for at, act in sorted(events, key=lambda event: event[0]):
            self._clock.put(at)
            act()
        self._clock.let_go()
        do_work(self._house)

    def _openings(self) -> Iterable[Event]:
        begins = self._house.now() + timedelta(hours=1)
        yield begins, self._make_openings
        yield utc_now() - timedelta(days=CLOSED[1]), self._close_opening

    def _make_openings(self) -> None:
        with self._house.database.writing() as session:
            made = [
                create_opening(session, self._house, title=title, place=place, actor=self._name(Role.RECRUITER))
                for title, place in OPENINGS.values()
            ]
        manager = self._accounts[Role.HIRING_MANAGER].actor.staff_id or b""
        for opening in made[:MANAGED]:
            give_opening(self._house, opening.id, manager, self._accounts[Role.RECRUITER].actor)

    def _close_opening(self) -> None:
        found = find_public(self._house, CLOSED[0])
        with self._house.database.writing() as session:
            close_opening(session, self._house, found.id, self._name(Role.RECRUITER))

    def _nights(self) -> Iterable[Event]:
        last = last_night(self._house, utc_now())
        for ago in range(NIGHTS):
            yield last - timedelta(days=ago), self._run_night

    def _run_night(self) -> None:
        house = self._house
        figures = run_now(house, HOLDER)
        do_work(house)
        finish_endings(night_of(house, HOLDER), figures)
        do_work(house)
        sign_record(house)

    def _name(self, role: Role) -> str:
        return self._accounts[role].actor.name

    def _do(self, story: Story, ready: Prepared, step: Step) -> None:
        if step.act in (Act.APPLY, Act.DRAFT):
            self._told[story.layout] = apply(self._house, story, ready, is_sent=step.act is Act.APPLY)
        elif step.act in _BY_PERSON:
            told = self._told[story.layout]
            with self._house.database.writing() as session:
                _BY_PERSON[step.act](session, self._house, told, Visitor(told.person_id, None))
        elif step.act is Act.HOLD:
            self._hold(self._told[story.layout])
        elif step.act is Act.ASK_LINK:
            send_new_link(self._house, story.person.email)
        else:
            self._act_as_recruiter(self._told[story.layout], step)

    def _hold(self, told: Told) -> None:
        until = self._house.today() + timedelta(days=180)
        holds.place(
            self._house, told.reference, reason="A claim about the decision is before the labour court.",
            owner="Petra Prince, privacy office", ends_on=until, actor=self._name(Role.PRIVACY_OFFICER),
        )  # fmt: skip

    def _act_as_recruiter(self, told: Told, step: Step) -> None:
        house, actor = self._house, self._accounts[Role.RECRUITER].actor
        with house.database.writing() as session:
            if step.act is Act.MOVE:
                stage = step.stage or Stage.REVIEW
                move_stage(session, house, told.application_id, stage=stage, reason=step.text, actor=actor)
            elif candidates.is_viewable(session, house, actor, told.person_id):
                if step.act is Act.NOTE:
                    candidates.add_note(session, house, actor, told.person_id, step.text)
                else:
                    purpose = "recruitment" if step.act is Act.REVEAL else ""
                    candidates.view_candidate(session, house, actor, told.person_id, purpose=purpose, language="en")


def moment_of(now: datetime, step: Step, rng: Random, order: int) -> datetime:
    """When a step happened: on its day, in office hours, later than the step before it; never ahead of ``now``."""
    if step.days == 0:
        return now - timedelta(minutes=20 - order)
    day = (now - timedelta(days=step.days)).replace(hour=8, minute=0, second=0, microsecond=0)
    return day + timedelta(hours=order, minutes=rng.randrange(60))


def prepare_all(house: Installation, stories: Sequence[Story], say: Say) -> list[Prepared]:
    """Typeset, seal and read everyone's resume, as many at once as there are readers."""
    notice = notice_in_force(house, "en")

    def prepare_one(story: Story) -> Prepared:
        content = render_resume(story.person, LAYOUTS[story.layout % len(LAYOUTS)])
        return prepare(house, _submission_of(story, content, notice))

    done = []
    with ThreadPoolExecutor(house.settings.readers) as pool:
        for number, ready in enumerate(pool.map(prepare_one, stories), 1):
            done.append(ready)
            if number % 10 == 0 or number == len(stories):
                say(f"  {number} of {len(stories)} resumes typeset, sealed and read")
    return done


def _submission_of(story: Story, content: bytes, notice: NoticeInForce) -> Submission:
    source, channel = story.way
    return Submission(
        data=content,
        file_name=f"{story.person.family} resume.pdf",
        opening=story.opening,
        source=source,
        channel=channel,
        country=story.country,
        language="en",
        notice=notice,
        consents=story.consents,
        age_confirmed=True,
        source_detail="" if source.value == "person" else "Example Staffing, Dublin",
        stage=Stage.DRAFT if story.is_by_form else Stage.RECEIVED,
    )


def apply(house: Installation, story: Story, ready: Prepared, *, is_sent: bool) -> Told:
    """Put an application on record; by the form it is a draft first, checked by the person, then sent."""
    with house.database.writing() as session:
        taken = store(session, house, ready)
        token = make_link(
            session, house, LinkKind.DRAFT, person_id=taken.person.id, application_id=taken.application.id,
            lasts=DRAFT_LINK,
        ) if story.is_by_form else ""  # fmt: skip
        told = Told(story, taken.person.id, taken.application.id, taken.application.reference)
    if token and is_sent:
        with house.database.writing() as session:
            _check_and_send(session, house, story, token)
    return told


def _check_and_send(session: Session, house: Installation, story: Story, token: str) -> None:
    draft = open_draft(session, house, token)
    if missing_details(draft.profile) or draft.profile.name != story.person.name:
        wanted = replace(draft.profile, name=story.person.name, emails=(story.person.email,))
        save_details(session, house, draft, wanted)
        draft = open_draft(session, house, token)
    send_draft(session, house, draft, token)


def _withdraw(session: Session, house: Installation, told: Told, visitor: Visitor) -> None:
    rights.withdraw_application(session, house, visitor, told.reference)


def _withdraw_consent(session: Session, house: Installation, told: Told, visitor: Visitor) -> None:
    for purpose in told.story.consents:
        rights.withdraw_consent(session, house, visitor, purpose, "en")


def _erase(session: Session, house: Installation, told: Told, visitor: Visitor) -> None:
    del told
    rights.erase_now(session, house, visitor)


_BY_PERSON: dict[Act, Callable[[Session, Installation, Told, Visitor], None]] = {
    Act.WITHDRAW: _withdraw,
    Act.WITHDRAW_CONSENT: _withdraw_consent,
    Act.ERASE: _erase,
}
