"""``vitavault reread`` over an installation on disk: tells, reads here where no server runs, and says what is left."""

from pathlib import Path

import pytest
from houses import RESUME, living, on_record, put_on_record
from sqlalchemy import select, update
from typer.testing import CliRunner

from intake.cli.commands import app
from intake.keeper.loop import LEASE
from intake.reading.version import VERSION
from storage import leases, outbox
from storage.models import Document, Outbox, WorkState

pytestmark = pytest.mark.enable_socket


def run(folder: Path, *words: str) -> tuple[int, str]:
    """Exit status and everything said."""
    places = ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
    done = CliRunner().invoke(app, ["reread", *words, *places])
    return done.exit_code, done.output


def test_reread_reads_what_is_old_and_tells_how_it_stands(tmp_path: Path) -> None:
    """Old documents are read here, by the true reader; another call finds nothing to do, ``--all`` everything."""
    with living(tmp_path) as live:
        taken = put_on_record(live, data=RESUME.encode())
        with live.house.database.writing() as session:
            session.execute(update(Document).values(reader="test; structure 1"))
    assert "could be read again by a better reader: 1" in run(tmp_path, "--status")[1]

    status, said = run(tmp_path)

    assert (status, "1 documents are queued" in said, "Nothing waits to be read." in said) == (0, True, True)
    assert "0 documents are queued" in run(tmp_path, "--older-than", "2")[1]
    assert "1 documents are queued" in run(tmp_path, "--all")[1]
    assert f"version {VERSION}: 1 documents" in run(tmp_path, "--status")[1]
    with living(tmp_path) as live:
        document = on_record(live, lambda s: s.scalars(select(Document)).one())
        key = live.house.vault.key_of(on_record(live, lambda s: s.merge(taken.person)))
        reading = live.house.vault.open_reading(key, document)
        assert reading is not None
        assert reading.profile.name == "Jane Example"


def test_reread_leaves_the_work_to_a_running_keeper(tmp_path: Path) -> None:
    """It queues and says so; with ``--wait`` it stays until nothing waits."""
    with living(tmp_path) as live:
        put_on_record(live)
        with live.house.database.writing() as session:
            leases.acquire(session, LEASE, "a keeper", live.house.now(), 10**9)

    status, said = run(tmp_path, "--all")

    assert (status, "running server" in said) == (0, True)
    with living(tmp_path) as live:
        assert on_record(live, lambda s: outbox.pending(s, "reread")) == 1
        with live.house.database.writing() as session:
            session.execute(update(Outbox).values(state=WorkState.DONE))
    assert "Nothing waits to be read." in run(tmp_path, "--older-than", "1", "--wait")[1]


def test_reread_ends_with_status_one_when_documents_were_given_up(tmp_path: Path) -> None:
    """A document that failed ten times waits for a person to look, and that is said."""
    with living(tmp_path) as live:
        taken = put_on_record(live)
        with live.house.database.writing() as session:
            row = outbox.enqueue(session, "reread", taken.document.id, {}, live.house.now())
            row.state = WorkState.DEAD

    status, said = run(tmp_path, "--older-than", "1")

    assert (status, "1 documents were given up" in said) == (1, True)
