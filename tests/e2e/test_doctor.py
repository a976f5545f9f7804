"""The doctor names every fault that is there, says what to do, and changes nothing; on both databases."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from installations import Running, SettableClock, post_application, running, settings_for
from typer.testing import CliRunner

from intake.backups import back_up
from intake.cli.commands import app
from intake.desk.doctor import Finding, Level, examine
from intake.desk.doctor.machine import judge_room, look_at_swap, try_mail
from intake.desk.doctor.running import look_at_window
from retention.policy.load import load_policy
from storage import leases
from storage.backup import BlobMode
from storage.identifiers import new_id
from storage.models import Document, Outbox, WorkState
from storage.restore_marker import Phase, mark_restore
from storage.seal import Sealed

pytestmark = pytest.mark.enable_socket


def findings_of(folder: Path, url: str, clock: SettableClock, **given: object) -> dict[str, Finding]:
    """What the doctor finds, by what was looked at."""
    return {one.check: one for one in examine(settings_for(folder, url, **given), clock=clock)}


def reds(found: dict[str, Finding]) -> set[str]:
    """What is red."""
    return {check for check, one in found.items() if one.level is Level.RED}


def keep(live: Running) -> None:
    """The keeper was heard of just now."""
    with live.house.database.writing() as session:
        assert leases.acquire(session, "keeper", "test", live.clock(), 30)


def test_a_sound_installation_has_nothing_red(tmp_path: Path, address: str) -> None:
    """After a night, with keeper, backup and rehearsal, only what was not set is told."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        assert post_application(live).status_code == 201
        live.night()
        back_up(live.house, tmp_path / "backups", BlobMode.INCLUDED)
        keep(live)
        before = {path: path.read_bytes() for path in (tmp_path / "keys").rglob("*") if path.is_file()}
        found = findings_of(tmp_path, address, clock)
        assert reds(found) == set()
        assert {found[check].level for check in ("keeper", "nightly run", "backup", "record", "keys of people")} == {
            Level.OK
        }
        warned = {check for check, one in found.items() if one.level is Level.WARN}
        assert warned - {"swap", "room in the data folder", "room in the key folder"} == {
            "mail", "restoring", "schedule", "escrow",
        }  # fmt: skip
        assert all(one.advice for one in found.values() if one.level is not Level.OK)
        assert {path: path.read_bytes() for path in before} == before


def test_orphans_on_every_side_are_told_apart(tmp_path: Path, address: str) -> None:
    """A row without its file and a person without their key are red; files and keys of nobody are to be looked at."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        assert post_application(live).status_code == 201
        live.house.blobs.write(Sealed(b"of nobody"))
        live.house.vault.new_key()
        with live.house.database.reading() as session:
            (blob_id,) = [document.blob_id for document in session.query(Document)]
        clock.advance(days=400)  # both stores tell their age by the machine's clock
        clock.go_to("2036-01-01")
        found = findings_of(tmp_path, address, clock)
        assert (found["files"].level, found["keys"].level) == (Level.WARN, Level.WARN)
        assert not {"documents", "keys of people"} & reds(found)
        live.house.blobs.delete(blob_id)
        live.house.vault.keystore.destroy([one.key_id for one in live.house.vault.keystore.list_ids()])
        assert {"documents", "keys of people"} <= reds(findings_of(tmp_path, address, clock))


def test_time_that_does_not_fit_is_told(tmp_path: Path, address: str) -> None:
    """A clock behind the record is red, one far ahead is told; a missed night and a late keeper too."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        post_application(live)
        live.night()
        keep(live)
    early = SettableClock(clock() - timedelta(hours=1))
    assert "clock" in reds(findings_of(tmp_path, address, early))
    clock.advance(days=100)
    found = findings_of(tmp_path, address, clock)
    assert (found["clock"].level, found["keeper"].level) == (Level.WARN, Level.WARN)
    assert "nightly run" in reds(found)


def test_what_was_given_up_and_what_hangs_is_told(tmp_path: Path, address: str) -> None:
    """Dead work is red."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live, live.house.database.writing() as session:
        session.add(
            Outbox(topic="index", subject=new_id(), state=WorkState.DEAD, created_at=clock(), not_before=clock())
        )
    found = findings_of(tmp_path, address, clock)
    assert "given up: index: 1" in found["work"].seen
    assert "work" in reds(found)


def test_an_unfinished_restore_and_a_broken_record_are_red(tmp_path: Path, address: str) -> None:
    """The doctor looks at an installation that would not start, and says why it would not."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        post_application(live)
        live.work()
    for phase in Phase:
        mark_restore(tmp_path / "keys", phase)
        found = findings_of(tmp_path, address, clock)
        assert "restore" in reds(found)
    assert "forget replay" in found["restore"].advice


def test_keys_that_others_may_read_are_red(tmp_path: Path) -> None:
    """The key folder and every file in it belong to one user alone."""
    with running(tmp_path):
        pass
    (tmp_path / "keys").chmod(0o755)
    assert "key folder" in reds(findings_of(tmp_path, "", SettableClock()))
    (tmp_path / "keys").chmod(0o700)
    next(path for path in (tmp_path / "keys").iterdir() if path.is_file()).chmod(0o644)
    assert "key folder" in reds(findings_of(tmp_path, "", SettableClock()))


def test_a_folder_without_an_installation_is_left_as_it_is(tmp_path: Path) -> None:
    """The doctor never makes an installation."""
    assert {"key folder", "data folder", "root key (file)", "database"} <= reds(
        findings_of(tmp_path, "", SettableClock())
    )
    assert list(tmp_path.iterdir()) == []


def test_room_swap_and_mail_are_judged(tmp_path: Path) -> None:
    """Little room, swap in use and a mail server that does not answer are told."""
    assert [judge_room("data folder", free).level for free in (10, 10**9, 10**11)] == [
        Level.RED, Level.WARN, Level.OK,
    ]  # fmt: skip
    swaps = tmp_path / "swaps"
    assert look_at_swap(swaps).level is Level.OK
    swaps.write_text("Filename Type Size\n/dev/sda2 partition 1\n")
    assert look_at_swap(swaps).level is Level.WARN
    assert try_mail(settings_for(tmp_path, smtp_host="127.0.0.1", smtp_port=1)).level is Level.RED


def test_backups_and_the_doctor_from_the_command_line(tmp_path: Path) -> None:
    """Backup, rehearsal, restore, replay, list: each by its command, with plain refusals and exit statuses."""
    clock = SettableClock()
    with running(tmp_path, clock=clock) as live:
        post_application(live)
    places = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    cli = CliRunner()

    def run(*words: str) -> tuple[int, str]:
        done = cli.invoke(app, [*words, *places])
        return done.exit_code, done.output

    status, path = run("backup", str(tmp_path / "backups"))
    assert status == 0
    path = path.strip().splitlines()[-1]
    assert run("restore", path, "--rehearse")[1].strip().endswith("1 people.")
    for refused, code in ((path, "[not_empty]"), (str(tmp_path), "[backup_damaged]")):
        status, said = run("restore", refused)
        assert (status, code in said) == (2, True)
    status, said = run("restore", path, "--replace")
    assert (status, "is in force: 1 people" in said) == (0, True)
    assert run("forget", "replay") == (0, "Nothing to do: the database is the one that was served last.\n")
    assert run("forget", "list") == (0, "")
    status, said = run("doctor", "--json")
    findings = json.loads(said[said.index("[") :])
    assert {"check", "level", "seen", "advice"} == set(findings[0])
    assert status == int(any(one["level"] == "red" for one in findings))
    (tmp_path / "keys").chmod(0o755)
    assert run("doctor")[0] == 1


def test_a_window_longer_than_the_policy_promises_is_red() -> None:
    """What people are told of copies is what the settings do."""
    policy = load_policy("default")
    assert [look_at_window(policy, days).level for days in (7, 14, 15)] == [Level.OK, Level.OK, Level.RED]
