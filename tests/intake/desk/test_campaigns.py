"""Before an end people are asked whether to keep; before a new use they choose. Silence agrees to nothing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from houses import Live, SettableClock, living, on_record, put_on_record

from intake.desk import campaigns
from intake.desk.refusals import Refusal
from intake.keeper.campaigning import note_arrivals
from intake.keeper.mailing import open_message
from storage.identifiers import new_id
from storage.models import Application, Bounce, Campaign, CampaignLetter, Mail, MailState, Person, PersonState
from storage.profile import Profile
from storage.queries import bases
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket
LINK = re.compile(r"/choice/([\w-]+)")


@contextmanager
def near_the_end(folder: Path) -> Iterator[tuple[Live, Any]]:
    """Somebody in the pool only, eleven days before the end of that consent."""
    with living(folder, clock=SettableClock(), sandbox="off", mail_from="jobs@example.org") as live:
        taken = put_on_record(live, consents=("pool",))
        with live.house.database.writing() as session:
            application = session.get_one(Application, taken.application.id)
            application.stage, application.decision_on = Stage.REJECTED, live.house.today()
        live.clock.advance(days=720)
        live.night()
        live.work()
        yield live, taken


def deliver(live: Live, *, state: MailState = MailState.SENT) -> None:
    """What the mail server did with all that waited."""
    with live.house.database.writing() as session:
        for mail in session.query(Mail).filter_by(state=MailState.WAITING):
            mail.state, mail.sent_at = state, live.house.now()
    note_arrivals(live.house)


def letters(live: Live, template: str) -> list[str]:
    """The texts of the letters of one kind."""
    with live.house.database.reading() as session:
        rows = session.query(Mail).filter_by(template=template).all()
        found = [open_message(session, live.house, row) for row in rows]
    return [message.get_content() for message in found if message is not None]


def campaign(live: Live) -> Campaign:
    """The one campaign."""
    found = on_record(live, lambda session: session.query(Campaign).one())
    assert isinstance(found, Campaign)
    return found


def letter(live: Live) -> CampaignLetter:
    """The one letter."""
    found = on_record(live, lambda session: session.query(CampaignLetter).one())
    assert isinstance(found, CampaignLetter)
    return found


def person_of(live: Live, taken: Any) -> Person | None:
    """The person as they stand now."""
    found: Person | None = on_record(live, lambda session: session.get(Person, taken.person.id))
    return found


def test_whoever_is_about_to_end_gets_one_letter_and_keeps_by_a_button(tmp_path: Path) -> None:
    """The link shows a button and uses nothing up; keeping renews the consent and moves the end; once."""
    with near_the_end(tmp_path) as (live, taken):
        before = person_of(live, taken)
        assert before is not None
        live.night()
        live.work()
        (text,) = letters(live, "renewal")
        assert taken.application.reference in text
        token = LINK.findall(text)[0]
        deliver(live)
        assert (campaign(live).asked, campaign(live).told) == (1, 1)
        client = live.client()
        for _ in range(2):
            assert "Keep it" in client.get(f"/choice/{token}").text
        assert client.post("/choice", data={"token": token, "answer": "yes"}).status_code == 200
        after = person_of(live, taken)
        assert after is not None
        assert after.ends_on is not None
        assert before.ends_on is not None
        assert after.ends_on > before.ends_on + timedelta(days=600)
        last = on_record(live, lambda session: bases.find_ledger(session, taken.person.id))[-1]
        assert (last.event.value, last.channel.value) == ("renewed", "email")
        assert client.post("/choice", data={"token": token, "answer": "no"}).status_code == 410
        assert (campaign(live).agreed, campaign(live).declined) == (1, 0)


def test_erasing_from_the_letter_erases_at_once(tmp_path: Path) -> None:
    """The same erasure path as everywhere."""
    with near_the_end(tmp_path) as (live, taken):
        token = LINK.findall(letters(live, "renewal")[0])[0]
        answer = live.client().post("/choice", data={"token": token, "answer": "no"})
        assert "Your data is erased" in answer.text
        assert person_of(live, taken).state is PersonState.ENDING  # type: ignore[union-attr]
        assert campaign(live).declined == 1
        assert live.client().get(f"/choice/{token}").status_code == 410


def test_no_answer_means_that_the_end_comes(tmp_path: Path) -> None:
    """Told or not, nobody is kept by silence; the counts of the round outlive the person."""
    with near_the_end(tmp_path) as (live, taken):
        token = LINK.findall(letters(live, "renewal")[0])[0]
        deliver(live)
        live.clock.advance(days=30)
        live.night()
        assert person_of(live, taken) is None
        assert live.client().get(f"/choice/{token}").status_code == 410
        assert (campaign(live).told, campaign(live).agreed) == (1, 0)
        assert on_record(live, lambda session: session.query(CampaignLetter).count()) == 0


def test_a_message_that_came_back_never_counts_as_told(tmp_path: Path) -> None:
    """Not when it is refused at once, not when it comes back after it had been taken."""
    with near_the_end(tmp_path) as (live, taken):
        deliver(live)
        assert letter(live).state.value == "told"
        with live.house.database.writing() as session:
            address = live.house.vault.address_digest("jane@example.org")
            session.add(
                Bounce(
                    id=new_id(), person_id=taken.person.id, mail_id=letter(live).mail_id, address=address,
                    status="5.1.1", at=live.house.now(),
                )
            )  # fmt: skip
        note_arrivals(live.house)
        assert letter(live).state.value == "unreached"
        assert (campaign(live).told, campaign(live).unreached) == (0, 1)
    with near_the_end(tmp_path / "other") as (live, _):
        deliver(live, state=MailState.DEAD)
        assert (letter(live).told_at, campaign(live).told, campaign(live).unreached) == (None, 0, 1)


def test_whoever_has_no_address_cannot_be_told(tmp_path: Path) -> None:
    """No letter is written, and the round says so."""
    with living(tmp_path, sandbox="off") as live:
        taken = put_on_record(live, Profile(name="Jane Example"), consents=("pool",))
        with live.house.database.writing() as session:
            application = session.get_one(Application, taken.application.id)
            application.stage, application.decision_on = Stage.REJECTED, live.house.today()
        live.clock.advance(days=720)
        live.night()
        live.work()
        assert campaign(live).unreached == 1
        assert letters(live, "renewal") == []


def test_a_link_that_is_none_is_answered_like_one_that_ran_out(live: Live) -> None:
    """Nothing is told by guessing."""
    with live.house.database.reading() as session, pytest.raises(Refusal) as refused:
        campaigns.look_at_choice(session, live.house, "nothing", "en")
    assert refused.value.status == 410
    assert live.client().post("/choice", data={"token": "nothing", "answer": "yes"}).status_code == 410
