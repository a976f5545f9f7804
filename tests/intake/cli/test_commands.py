"""The commands over one installation: what they print, what they change, how they refuse."""

import re
import sqlite3
from pathlib import Path

import pytest
from houses import living, on_record, put_on_record
from typer.testing import CliRunner, Result

from intake.access.permissions import Permission
from intake.cli.commands import COMMANDS, app
from storage.models import ApiToken
from storage.queries import people

pytestmark = pytest.mark.enable_socket


class Shell:
    """Commands over the installation in a folder."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._environment = {"VITAVAULT_DATABASE_URL": url, "COLUMNS": "200"}

    def __call__(self, *words: str, status: int = 0) -> str:
        """Run one command; all that it printed."""
        places = ["--data", str(self._folder / "data"), "--keys", str(self._folder / "keys")]
        result: Result = CliRunner().invoke(app, [*words, *places], env=self._environment)
        assert result.exit_code == status, result.output
        return result.output


@pytest.fixture
def shell(shared_url: str, folder: Path) -> Shell:
    """Commands over one installation that the module shares."""
    return Shell(folder, shared_url)


@pytest.fixture(scope="module")
def folder(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the installation is."""
    path = tmp_path_factory.mktemp("commands")
    with living(path, shared_url) as live:
        put_on_record(live)
    return path


def person_on_record(shell: Shell, folder: Path, url: str) -> str:
    """Somebody on record; their reference."""
    with living(folder, url) as live:
        return str(put_on_record(live).application.reference)


def test_every_command_says_what_it_is_for() -> None:
    """``--help`` lists each with a sentence."""
    runner = CliRunner()
    listed = runner.invoke(app, ["--help"]).output
    for name in COMMANDS:
        assert name in listed
        assert runner.invoke(app, [name, "--help"]).exit_code == 0
    assert runner.invoke(app, ["nothing"]).exit_code == 2


def test_openings_are_opened_listed_and_closed(shell: Shell) -> None:
    """From the command line as from the page."""
    address = shell("opening", "create", "Night Baker", "--place", "Riga").strip().splitlines()[-1]
    assert address == "/apply/night-baker"
    assert "Night Baker" in shell("opening", "list")
    assert "Closed." in shell("opening", "close", "night-baker")
    assert "Night Baker" not in shell("opening", "list")
    assert "[opening_closed]" in shell("opening", "close", "night-baker", status=2)
    assert "[title_needed]" in shell("opening", "create", " ", status=2)


def test_a_token_is_shown_once_and_revoked(shell: Shell, folder: Path, shared_url: str) -> None:
    """Only its prefix is listed afterwards."""
    token = shell("token", "create", "Career site", "--scope", Permission.APPLY.value).strip().splitlines()[-1]
    assert token.startswith("vv_")
    prefix = token.split("_")[1]
    listed = shell("token", "list")
    assert prefix in listed
    assert token not in listed
    assert "Revoked." in shell("token", "revoke", prefix)
    assert "[not_found]" in shell("token", "revoke", prefix, status=2)
    assert "[label_needed]" in shell("token", "create", " ", "--scope", "search", status=2)
    with living(folder, shared_url) as live:
        assert on_record(live, lambda s: s.query(ApiToken).one().label) == "Career site"


def test_a_hold_is_placed_listed_and_lifted(shell: Shell, folder: Path, shared_url: str) -> None:
    """By reference; each refusal has its code."""
    reference = person_on_record(shell, folder, shared_url)
    words = ("--reason", "A claim", "--owner", "Legal")
    placed = shell("hold", "place", reference, *words, "--until", "2099-01-31")
    hold = re.search(r"Held: ([0-9a-f]{32})", placed)
    assert hold
    assert reference in shell("hold", "list")
    why = shell("retention", "why", reference)
    assert "it is held" in why
    assert "won " in why
    assert "Lifted." in shell("hold", "lift", hold[1])
    assert "[hold_not_found]" in shell("hold", "lift", hold[1], status=2)
    assert "[reference_unknown]" in shell("hold", "place", "VV-NONE", *words, "--until", "2099-01-31", status=2)
    assert "[hold_end_passed]" in shell("hold", "place", reference, *words, "--until", "2020-01-31", status=2)
    assert "[hold_incomplete]" in shell(
        "hold", "place", reference, "--reason", " ", "--owner", "x", "--until", "2099-01-31", status=2
    )
    assert "YYYY-MM-DD" in shell("hold", "place", reference, *words, "--until", "soon", status=2)


def test_a_run_is_planned_tried_and_done(shell: Shell, folder: Path, shared_url: str) -> None:
    """The plan changes nothing, nor does a dry run; the run ends who is due, wholly."""
    reference = person_on_record(shell, folder, shared_url)
    assert "0 due" in shell("retention", "plan", "--as-of", "2020-01-01")
    planned = shell("retention", "plan", "--as-of", "2040-01-01")
    count = int(re.search(r"(\d+) due", planned)[1])  # type: ignore[index]
    assert count >= 2
    assert f"{count} due" in shell("retention", "run", "--dry-run", "--as-of", "2040-01-01")
    done = shell("retention", "run", "--as-of", "2040-01-01", "--yes")
    assert re.search(r"scanned: \d+", done)
    with living(folder, shared_url) as live:
        assert on_record(live, people.count_people) == 0
    assert "[reference_unknown]" in shell("retention", "why", reference, status=2)
    assert "YYYY-MM-DD" in shell("retention", "plan", "--as-of", "tomorrow", status=2)


def test_the_record_is_verified_and_a_change_in_it_is_seen(shell: Shell, folder: Path, shared_url: str) -> None:
    """Sound, with its size and root; status 1 and the fault once an entry was changed behind its back."""
    assert "The record is sound." in shell("audit", "verify")
    if shared_url:
        return
    connection = sqlite3.connect(folder / "data" / "vitavault.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    changed = connection.execute("UPDATE audit_entry SET actor = 'nobody' WHERE position = 0").rowcount
    connection.commit()
    connection.close()
    assert changed == 1
    assert "NOT sound" in shell("audit", "verify", status=1)


def test_a_database_is_brought_to_todays_shape(tmp_path: Path) -> None:
    """From nothing, and a second time with nothing to do; needs no keys."""
    (tmp_path / "data").mkdir()
    shell = Shell(tmp_path, "")
    assert "Migrated from nothing" in shell("migrate")
    assert "The database is at" in shell("migrate")


def test_a_refusal_is_a_sentence_and_a_code_without_a_traceback(tmp_path: Path) -> None:
    """Keys inside the data, a file for a folder: said plainly, status 2."""
    result = CliRunner().invoke(app, ["audit", "verify", "--data", str(tmp_path), "--keys", str(tmp_path / "keys")])
    assert result.exit_code == 2
    assert "[settings_refused]" in result.output
    assert "Traceback" not in result.output
