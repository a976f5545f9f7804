"""``vitavault backup``, ``restore``, ``forget`` and ``staff link`` by hand, as an operator would use them."""

import shutil
from pathlib import Path

import pytest
from houses import Live, living, put_on_record, staff_of
from typer.testing import CliRunner

from intake.cli.commands import app
from intake.desk.staff import check_invitation
from retention.erasure import begin_end, end_of_record
from storage.models import EndCause, Person, Role


def run(folder: Path, *words: str, typed: str = "", status: int = 0) -> str:
    """Run one command on the installation of this test; all that it printed."""
    places = ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
    done = CliRunner().invoke(app, [*words, *places], input=typed, env={"COLUMNS": "200"})
    assert done.exit_code == status, done.output
    return done.output


def erase_one(live: Live) -> None:
    """Somebody has themselves erased."""
    with live.house.database.writing() as session:
        person = session.query(Person).first()
        assert person is not None
        begin_end(session, person.id, end_of_record(person, EndCause.REQUEST, "person"), live.house.now())
    live.work()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of two people and an administrator, of whom one was erased since."""
    with living(tmp_path) as live:
        put_on_record(live)
        put_on_record(live)
        staff_of(live, Role.ADMINISTRATOR)
    path = Path(run(tmp_path, "backup", str(tmp_path / "backups")).strip())
    with living(tmp_path) as live:
        erase_one(live)
    return path


def test_a_backup_is_rehearsed_and_put_back_and_administrators_get_a_way_in(tmp_path: Path, backup: Path) -> None:
    """What was done is told; the link that is shown lets the administrator in, and nothing of before does."""
    assert "2 people" in run(tmp_path, "restore", str(backup), "--rehearse")
    assert "not empty" in run(tmp_path, "restore", str(backup), status=2)
    said = run(tmp_path, "restore", str(backup), "--replace")
    assert "1 people erased since were ended again" in said
    token = said.partition("/invitation/")[2].split()[0]
    with living(tmp_path) as live:
        assert check_invitation(live.house, token)[1] == Role.ADMINISTRATOR.value
    assert "Nothing to do" in run(tmp_path, "forget", "replay")
    assert run(tmp_path, "forget", "list").count("confirmed") == 1


def test_a_file_that_no_backup_holds_is_told(tmp_path: Path, backup: Path) -> None:
    """Listed files whose store lost them: the restore goes on, and says how many records have none."""
    listed = Path(run(tmp_path, "backup", str(tmp_path / "listed"), "--blobs", "listed").strip())
    shutil.rmtree(tmp_path / "data" / "blobs")
    assert "1 documents have no file" in run(tmp_path, "restore", str(listed), "--replace")


def test_the_operator_lets_the_last_administrator_back_in(tmp_path: Path) -> None:
    """By the address, asked for and not given as a word of the command; an unknown one is refused plainly."""
    with living(tmp_path) as live:
        ada = staff_of(live, Role.ADMINISTRATOR)
    said = run(tmp_path, "staff", "link", typed=f"{ada.email}\n")
    with living(tmp_path) as live:
        assert check_invitation(live.house, said.partition("/invitation/")[2].split()[0])[0] == ada.email
    refused = run(tmp_path, "staff", "link", typed="nobody@example.org\n", status=2)
    assert "no open account" in refused
