"""A change of policy needs who must agree, and people who were told before their data is put to a new use."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from houses import Live, Signed, living, on_record, put_on_record, staff_of

from intake.access.permissions import Permission
from intake.desk import campaigns, new_uses, policies, proposals
from intake.desk.refusals import Refusal
from intake.keeper.campaigning import note_arrivals
from intake.keeper.mailing import open_message
from retention.policy.load import read_bundled
from storage.identifiers import new_id
from storage.models import Application, Bounce, CampaignLetter, Mail, MailState, PolicyProposal, Role
from storage.queries import bases
from storage.vocabulary import Stage

pytestmark = pytest.mark.enable_socket
THRESHOLD = "[thresholds]\nerase_needs_second_person = 1\n\n[renewals]"
EFFECTIVE = date(2026, 12, 1)
NEW_USE = """
[[purposes]]
id = "salary-study"
title = "A study of salaries"
description = "We count what was asked for, in groups."
basis = "legitimate_interest"
balancing = "Counts only; nobody stands out."
categories = ["employment"]

[[periods]]
id = "salary-study"
purposes = ["salary-study"]
anchors = ["received"]
length = "3 months"
action = "purge"
reason = "One count a quarter."

[[periods]]"""


def changed(*changes: tuple[str, str], version: str = "2") -> str:
    """The policy in force in a new version, with changes."""
    text = read_bundled("default").replace("[renewals]", THRESHOLD).replace('version = "1"', f'version = "{version}"')
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def ending_two_sooner() -> str:
    """A policy under which both people would end tonight."""
    head, tail = changed().split('id = "application-eu"')
    return head + 'id = "application-eu"' + tail.replace('length = "6 months"', 'length = "1 month"', 1)


@contextmanager
def with_two_people(folder: Path) -> Iterator[Live]:
    """Two applications from Germany that were decided two months ago."""
    path = folder / "policy.toml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(read_bundled("default").replace("[renewals]", THRESHOLD))
    with living(folder, policy=str(path), sandbox="off", mail_from="jobs@example.org") as live:
        for _ in range(2):
            taken = put_on_record(live, consents=())
            with live.house.database.writing() as session:
                application = session.get_one(Application, taken.application.id)
                application.stage, application.decision_on = Stage.REJECTED, live.house.today()
        live.clock.advance(days=60)
        yield live


def waiting(live: Live, signed: Signed) -> tuple[proposals.Waiting, ...]:
    """What waits for somebody's word, as one account sees it."""
    return proposals.list_waiting(live.house, signed.actor)


def is_published(live: Live) -> bool:
    """Whether the proposal was posted."""
    rows = on_record(live, lambda session: session.query(PolicyProposal).all())
    return any(row.posted_at is not None for row in rows)


def test_a_large_erasure_is_posted_only_after_another_account_agreed(tmp_path: Path) -> None:
    """Who asked cannot agree; who agrees signed in shortly before; the page says what it would end."""
    with with_two_people(tmp_path) as live:
        asker, other = staff_of(live, Role.PRIVACY_OFFICER), staff_of(live, Role.ADMINISTRATOR, follow=False)
        page = asker.post("/privacy/policy", policy=ending_two_sooner(), effective=EFFECTIVE.isoformat())
        assert "Would be erased tonight" in page.text
        (one,) = waiting(live, asker)
        assert (one.newly_due, one.needed, one.can_agree) == (2, 1, False)
        assert asker.post(f"/privacy/policy/{one.id}/agree").status_code == 403
        assert not is_published(live)
        assert other.post(f"/privacy/policy/{one.id}/agree").status_code == 303
        assert is_published(live)
        assert waiting(live, asker) == ()
        assert other.post(f"/privacy/policy/{one.id}/agree").status_code == 404


def test_agreeing_needs_a_sign_in_shortly_before(tmp_path: Path) -> None:
    """A session left open on a desk agrees to nothing."""
    with with_two_people(tmp_path) as live:
        asker, other = staff_of(live, Role.PRIVACY_OFFICER), staff_of(live, Role.ADMINISTRATOR, follow=False)
        proposals.submit_policy(live.house, ending_two_sooner(), EFFECTIVE, actor=asker.actor.name)
        live.clock.advance(minutes=11)
        (one,) = waiting(live, other)
        assert other.post(f"/privacy/policy/{one.id}/agree").status_code == 403
        assert not is_published(live)


def test_asked_for_at_the_command_line_two_accounts_agree(tmp_path: Path) -> None:
    """Whoever sits at the machine may be one of them; the same account counts once."""
    with with_two_people(tmp_path) as live:
        first, second = staff_of(live, Role.PRIVACY_OFFICER), staff_of(live, Role.ADMINISTRATOR)
        _, is_posted = proposals.submit_policy(live.house, ending_two_sooner(), EFFECTIVE, actor="operator")
        assert not is_posted
        (one,) = waiting(live, first)
        assert proposals.agree(live.house, one.id, first.actor) is False
        with pytest.raises(Refusal, match="assent_refused"):
            proposals.agree(live.house, one.id, first.actor)
        assert proposals.agree(live.house, one.id, second.actor) is True
        assert is_published(live)


def test_a_lone_administrator_waits_a_day_and_signs_in_again(tmp_path: Path) -> None:
    """Before the day is over nothing is posted; a sign-in from before it is not fresh enough."""
    with with_two_people(tmp_path) as live:
        early = staff_of(live, Role.ADMINISTRATOR)
        assert Permission.POLICY in early.actor.permissions
        proposals.submit_policy(live.house, ending_two_sooner(), EFFECTIVE, actor=early.actor.name)
        (one,) = waiting(live, early)
        assert one.wait_until is not None
        with pytest.raises(Refusal, match="assent_refused"):
            proposals.agree(live.house, one.id, early.actor)
        live.clock.advance(hours=24)
        with pytest.raises(Refusal, match="assent_refused"):
            proposals.agree(live.house, one.id, early.actor)
        fresh = replace(early.actor, proved_at=live.house.now())
        assert proposals.agree(live.house, one.id, fresh) is True


def test_a_proposed_change_can_be_given_up(tmp_path: Path) -> None:
    """It is then neither posted nor agreed to."""
    with with_two_people(tmp_path) as live:
        one = staff_of(live, Role.PRIVACY_OFFICER)
        proposals.submit_policy(live.house, ending_two_sooner(), EFFECTIVE, actor="operator")
        proposal = waiting(live, one)[0].id
        assert one.post(f"/privacy/policy/{proposal}/drop").status_code == 200
        assert waiting(live, one) == ()
        with pytest.raises(Refusal):
            proposals.agree(live.house, proposal, one.actor)


def test_a_policy_that_is_refused_is_told_with_its_reasons(tmp_path: Path) -> None:
    """On the page: no day, no TOML, and what stands in the way; nothing is kept."""
    with with_two_people(tmp_path) as live:
        officer = staff_of(live, Role.PRIVACY_OFFICER)
        assert officer.post("/privacy/policy", policy="x", effective="soon").status_code == 422
        assert "TOML" in officer.post("/privacy/policy", policy="= x", effective="2026-12-01").text
        shorter = changed(('length = "30 days"\nposted_on', 'length = "5 days"\nposted_on'))
        refused = officer.post("/privacy/policy", policy=shorter, effective="2026-12-01")
        assert "people were promised more" in refused.text
        small = officer.post("/privacy/policy", policy=changed(), effective="2026-12-01")
        assert "The change is posted" in small.text


@pytest.mark.promise("N5")
def test_a_new_use_is_published_only_after_people_were_told_and_chose(tmp_path: Path) -> None:
    """Each is written to; yes begins it for that person, no and silence do not."""
    with with_two_people(tmp_path) as live:
        text, house = changed(("\n[[periods]]", NEW_USE)), live.house
        blocked = policies.propose_policy(house, text, EFFECTIVE)
        assert [obstacle.code for obstacle in blocked.obstacles] == ["new_use"]
        with pytest.raises(Refusal, match="answer_too_soon"):
            new_uses.tell_new_uses(house, text, house.today(), actor="operator")
        answer_by = house.today() + timedelta(days=20)
        assert [(t.purpose, t.asked) for t in new_uses.tell_new_uses(house, text, answer_by, actor="operator")] == [
            ("salary-study", 2)
        ]
        live.work()
        with house.database.reading() as session:
            letters = [open_message(session, house, mail) for mail in session.query(Mail)]
        texts = [letter.get_content() for letter in letters if letter is not None]
        assert all("A study of salaries" in text for text in texts)
        with house.database.writing() as session:
            for mail in session.query(Mail):
                mail.state, mail.sent_at = MailState.SENT, house.now()
        note_arrivals(house)
        client = live.client()
        token = texts[0].split("/choice/")[1].split()[0]
        assert "A study of salaries" in client.get(f"/choice/{token}").text
        assert "Your yes is on record" in client.post("/choice", data={"token": token, "answer": "yes"}).text
        token = texts[1].split("/choice/")[1].split()[0]
        assert "Your no is on record" in client.post("/choice", data={"token": token, "answer": "no"}).text
        assert policies.propose_policy(house, text, EFFECTIVE).obstacles
        live.clock.advance(days=21)
        assert policies.propose_policy(house, text, EFFECTIVE).obstacles == ()
        _, is_posted = proposals.submit_policy(house, text, EFFECTIVE, actor="operator")
        assert is_posted
        with house.database.reading() as session:
            people = {row.person_id for row in session.query(CampaignLetter)}
            given = {
                e.person_id
                for one in people
                for e in bases.find_live(session, one, house.today())
                if e.purpose == "salary-study"
            }
        assert len(given) == 1


@pytest.mark.promise("N5")
def test_a_changed_use_waits_for_whoever_was_not_reached(tmp_path: Path) -> None:
    """A letter that came back told nobody: the change cannot be published over their heads."""
    with with_two_people(tmp_path) as live:
        house = live.house
        text = changed(
            ('searchable = true\nrecipients = ["hosting"]', 'searchable = true\nrecipients = ["hosting", "employers"]'),
            ('kind = "employer"\npurposes = ["share"]', 'kind = "employer"\npurposes = ["share", "application"]'),
        )
        answer_by = house.today() + timedelta(days=20)
        new_uses.tell_new_uses(house, text, answer_by, actor="operator")
        with pytest.raises(Refusal, match="told_already"):
            new_uses.tell_new_uses(house, text, answer_by, actor="operator")
        live.work()
        with house.database.writing() as session:
            first, second = session.query(Mail).all()
            first.state = second.state = MailState.SENT
            first.sent_at = second.sent_at = house.now()
            address = house.vault.address_digest("jane@example.org")
            session.add(
                Bounce(
                    id=new_id(),
                    person_id=first.person_id,
                    mail_id=first.id,
                    address=address,
                    status="5.1.1",
                    at=house.now(),
                )
            )
            told_id = second.id
        note_arrivals(house)
        live.clock.advance(days=21)
        assert [o.code for o in policies.propose_policy(house, text, EFFECTIVE).obstacles] == ["new_use"]
        (figures,) = campaigns.list_rounds(house)
        assert (figures.told, figures.unreached) == (None, None)
        assert on_record(live, lambda s: s.query(CampaignLetter).filter_by(mail_id=told_id).one()).state.value == "told"


def test_a_round_of_letters_is_told_in_figures_in_which_nobody_stands_out(tmp_path: Path) -> None:
    """What is small is kept back, and with it what would give it away."""
    assert campaigns.hide_small({"agreed": 20, "declined": 3, "silent": 9}) == {
        "agreed": 20,
        "declined": None,
        "silent": None,
    }
    assert campaigns.hide_small({"agreed": 20, "declined": 0, "silent": 9}) == {
        "agreed": 20,
        "declined": 0,
        "silent": 9,
    }
    with with_two_people(tmp_path) as live:
        officer = staff_of(live, Role.PRIVACY_OFFICER)
        assert "None was written yet" in officer.get("/privacy/letters").text
        with pytest.raises(Refusal, match="no_new_use"):
            new_uses.tell_new_uses(live.house, changed(), live.house.today() + timedelta(days=20), actor="operator")
