"""``vitavault policy``, as an operator meets it, with and without an installation."""

import json
import re
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from intake.cli.policy import app
from intake.desk import policies
from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.opening import open_installation
from intake.policy_book import PolicyBook
from intake.settings import load_settings
from retention.policy.load import bundled_names, load_policy, read_bundled
from retention.policy.publish import Assent
from storage.identifiers import new_id, new_reference
from storage.models import Application, BasisEvent, Person, PersonState
from storage.queries import notices
from storage.vocabulary import Basis, Channel, Source, Stage
from storage.vocabulary import BasisEvent as BasisEventKind

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def run(*arguments: str | Path) -> Result:
    """The command with these words."""
    return CliRunner().invoke(app, [str(word) for word in arguments])


def folders(tmp_path: Path) -> tuple[str, str, str, str]:
    """The options that name an installation in a test's own folder."""
    return "--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")


def nowhere(tmp_path: Path) -> tuple[str, str]:
    """The option that names a data folder that does not exist."""
    return "--data", str(tmp_path / "nothing")


def write_change(folder: Path, *changes: tuple[str, str], version: str = "2") -> Path:
    """The default policy in a new version, with more changes."""
    text = read_bundled("default").replace('version = "1"', f'version = "{version}"')
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / f"{version}.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", bundled_names())
def test_a_profile_is_begun_and_checked(tmp_path: Path, name: str) -> None:
    """What is written is the shipped profile, and its check tells each of its promises."""
    path = tmp_path / "mine.toml"
    assert run("init", path, "--profile", name).exit_code == 0
    assert path.read_text() == read_bundled(name)
    result = run("check", "--profile", path, "--json", *nowhere(tmp_path))
    told = json.loads(result.stdout)
    assert [row["promise"] for row in told] == list(load_policy(name).promises)
    is_owing = any(row["state"] == "not yet" for row in told)
    assert result.exit_code == (1 if is_owing else 0)


def test_nothing_is_overwritten_and_no_unknown_profile_begun(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    assert run("init", path).exit_code == 2
    assert path.read_text() == "precious"
    assert run("init", tmp_path / "other.toml", "--profile", "nothing").exit_code == 2


def test_a_refused_profile_is_told_by_line(tmp_path: Path) -> None:
    """Exit status 2, and the words that help."""
    path = tmp_path / "bad.toml"
    path.write_text(read_bundled("default").replace('"4 weeks"', '"for ever"'))
    for command in ("check", "notice", "ropa"):
        result = run(command, "--profile", path)
        assert result.exit_code == 2
        assert re.search(r"bad\.toml: line \d+: periods\[5\]\.length: 'for ever' is refused", result.output)


def test_notice_and_record_come_in_each_form() -> None:
    """Markdown for people, JSON-LD and CSV for programs."""
    assert run("notice").stdout.startswith("# Privacy notice for applicants")
    assert json.loads(run("notice", "--format", "json-ld").stdout)["@type"] == "dpv:PrivacyNotice"
    assert run("ropa").stdout.startswith("# Record of processing activities")
    assert run("ropa", "--format", "csv").stdout.startswith("Business function,Purpose")
    assert json.loads(run("ropa", "--format", "json-ld").stdout)["@type"] == "dpv:RecordsOfActivities"


def test_differences_are_shown_with_their_meaning(tmp_path: Path) -> None:
    """Without an installation the comparison is of words alone."""
    path = write_change(tmp_path, ('length = "4 weeks"', 'length = "3 weeks"'))
    result = run("diff", "default", path, *nowhere(tmp_path))
    assert result.exit_code == 0
    assert "kept shorter" in result.stdout
    assert "people on record" not in result.stdout


def test_an_installation_gives_live_figures(tmp_path: Path) -> None:
    """Check, diff and simulate look at what is on record, and change nothing."""
    (tmp_path / "data").mkdir()
    run("simulate", "--profile", "uk-charity", *folders(tmp_path))  # the first command shows the recovery key
    told = {row["promise"]: row for row in json.loads(run("check", "--json", *folders(tmp_path)).stdout)}
    assert "0 in violation" in told["R1"]["evidence"]
    assert (told["N1"]["state"], told["S1"]["state"]) == ("kept", "kept")
    assert told["S1"]["tests"]
    assert "0 people on record" in run("diff", "default", "uk-charity", *folders(tmp_path)).stdout
    assert "0 people: 0 due now, 0 held." in run("simulate", "--profile", "uk-charity", *folders(tmp_path)).stdout


def put_person(house: Installation, *, is_ending: bool = False) -> str:
    """A rejected application from Germany on record, decided on 1 March 2026, with nothing personal in it."""
    received, person, application, basis = datetime(2026, 1, 15, tzinfo=UTC), new_id(), new_id(), new_id()
    with house.database.writing() as session:
        state = PersonState.ENDING if is_ending else PersonState.LIVE
        session.add(
            Person(
                id=person,
                key_id=new_id(),
                log_name=new_id(),
                created_at=received,
                last_contact_on=received.date(),
                index_shard=0,
                state=state,
            )
        )
        session.flush()
        session.add(
            BasisEvent(
                id=basis,
                person_id=person,
                application_id=application,
                position=1,
                purpose="application",
                basis=Basis.CONTRACT,
                event=BasisEventKind.GIVEN,
                at=received,
                channel=Channel.FORM,
                notice_version="1",
                notice_digest="0" * 64,
                language="en",
            )
        )
        session.add(
            Application(
                id=application,
                reference=new_reference(),
                person_id=person,
                basis_id=basis,
                stage=Stage.REJECTED,
                received_at=received,
                touched_at=received,
                decision_on=date(2026, 3, 1),
                source=Source.PERSON,
                channel=Channel.FORM,
                country="DE",
                language="en",
                notice_version="1",
                notice_digest="0" * 64,
            )
        )
    return person.hex()


def open_house(tmp_path: Path) -> tuple[Installation, ExitStack]:
    """An installation in a test's own folder, at noon of 1 July 2026."""
    settings = load_settings(data=tmp_path / "data", keys=tmp_path / "keys")
    return open_installation(settings, clock=lambda: NOON, is_serving=False)


def test_a_change_is_replayed_over_the_people_on_record(tmp_path: Path) -> None:
    """Who would end tonight is counted from the facts of everyone on record, but those who are ending already."""
    house, stack = open_house(tmp_path)
    with stack:
        reference = put_person(house)
        put_person(house, is_ending=True)
        text = write_change(tmp_path, ('length = "6 months"', 'length = "3 months"')).read_text()
        proposal = policies.propose_policy(house, text, date(2026, 8, 1))
        assert proposal.effect.people == 1
        assert [person.reference for person in proposal.effect.newly_due] == [reference]
        with house.database.reading() as session:
            assert len(list(policies.facts_of_everyone(session, house.policy, NOON))) == 1
    told = run("simulate", "--profile", tmp_path / "2.toml", *folders(tmp_path))
    assert "application-eu: 1" in told.stdout
    assert "1 people: 1 due now, 0 held." in told.stdout


def test_the_check_is_a_table_for_people(tmp_path: Path) -> None:
    """Each promise with its state, and how many there are of each."""
    told = run("check", "--profile", "default", *nowhere(tmp_path)).stdout
    assert "Control and evidence" in told
    assert re.search(r"\d+ kept, \d+ owed by a person, \d+ not yet, \d+ not tried against the real one", told)


def test_the_check_of_an_installation_is_a_table_too(tmp_path: Path) -> None:
    """Evidence is shown as it is found, whatever brackets stand in it."""
    (tmp_path / "data").mkdir()
    assert "Control and evidence" in run("check", *folders(tmp_path)).stdout


@pytest.mark.promise("N5")
def test_people_are_told_of_a_new_use_by_command(tmp_path: Path) -> None:
    """Each new use with how many are written to; publishing it before they chose is refused."""
    house, stack = open_house(tmp_path)
    with stack:
        put_person(house)
    use = '[[purposes]]\nid = "study"\ntitle = "A study"\ndescription = "We count."\nbasis = "legitimate_interest"\n'
    use += 'balancing = "Counts."\ncategories = ["employment"]\n\n[[periods]]\nid = "study"\npurposes = ["study"]\n'
    use += (
        'anchors = ["received"]\nlength = "3 months"\naction = "purge"\nreason = "Once."\n\n[[periods]]\nid = "draft"'
    )
    path = write_change(tmp_path, ('[[periods]]\nid = "draft"', use))
    told = run("tell", path, "--answer-by", "2199-01-01", *folders(tmp_path))
    assert "study: 1 people are written to" in told.stdout
    assert run("publish", path, "--effective", "2199-01-01", *folders(tmp_path)).exit_code == 2
    assert run("tell", path, "--answer-by", "soon", *folders(tmp_path)).exit_code == 2


@pytest.mark.promise("N2")
def test_a_change_is_posted_and_takes_effect_on_its_day(tmp_path: Path) -> None:
    """Before its day the old policy holds and the new notice is posted; from its day the new one holds."""
    house, stack = open_house(tmp_path)
    with stack:
        text = write_change(tmp_path, ('length = "4 weeks"', 'length = "3 weeks"')).read_text()
        soon = policies.propose_policy(house, text, date(2026, 7, 20))
        with pytest.raises(Refusal, match="policy_not_publishable"):
            policies.post_policy(house, soon, actor="operator")
        proposal = policies.propose_policy(house, text, date(2026, 8, 1))
        policies.post_policy(house, proposal, actor="operator")
        with pytest.raises(Refusal, match="version_taken"):
            policies.post_policy(house, proposal, actor="operator")
        with house.database.reading() as session:
            assert {row.version[:2] for row in notices.find_posted(session, NOON)} == {"2-"}
            assert {row.language for row in notices.find_posted(session, NOON)} == {"en", "de", "ar"}
            assert [row.version[:2] for row in notices.find_notices(session, "en")] == ["2-", "1-"]
        day = datetime(2026, 8, 1, tzinfo=UTC)
        before = PolicyBook(house.database, house.policy, lambda: day - timedelta(seconds=1))
        assert before().version == "1"
        assert PolicyBook(house.database, house.policy, lambda: day)().version == "2"


def test_a_large_erasure_is_not_posted_without_assent(tmp_path: Path) -> None:
    """What would end many records at once waits for someone else's word."""
    house, stack = open_house(tmp_path)
    with stack:
        text = write_change(tmp_path).read_text()
        proposal = policies.propose_policy(house, text, date(2026, 8, 1))
        large = replace(proposal, assent=Assent.SECOND_PERSON)
        with pytest.raises(Refusal, match="assent_needed"):
            policies.post_policy(house, large, actor="operator")
        policies.post_policy(house, large, actor="operator", is_assented=True)


def test_publishing_by_command(tmp_path: Path) -> None:
    """A day that is no day, and one that comes too soon, are refused; a late enough one is posted."""
    (tmp_path / "data").mkdir()
    path = write_change(tmp_path)
    assert run("publish", path, "--effective", "soon", *folders(tmp_path)).exit_code == 2
    assert run("publish", path, "--effective", "2020-01-01", *folders(tmp_path)).exit_code == 2
    posted = run("publish", path, "--effective", "2199-01-01", *folders(tmp_path))
    assert posted.exit_code == 0
    assert "Posted. Version 2 holds from 2199-01-01." in posted.stdout
