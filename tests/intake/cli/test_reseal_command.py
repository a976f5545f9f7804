"""``vitavault reseal`` over an installation on disk: counts, brings up to date, says when something did not open."""

from pathlib import Path

import pytest
from houses import living, on_record, put_on_record
from sqlalchemy import select
from typer.testing import CliRunner

from intake.cli.commands import app
from storage import seal
from storage.models import PersonField
from storage.profile import Profile
from storage.seal import Sealed, read_header


def run(folder: Path, *words: str) -> tuple[int, str]:
    """Exit status and everything said."""
    places = ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
    done = CliRunner().invoke(app, ["reseal", *words, *places])
    return done.exit_code, done.output


def test_reseal_counts_brings_up_to_date_and_names_what_did_not_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later program finds older values, changes nothing with --check, then seals them anew; a damaged one is told."""
    with living(tmp_path) as live:
        put_on_record(live, Profile(name="Jane Example", summary="Weaver"))
    assert run(tmp_path) == (0, "Everything is sealed in today's shape.\n")
    monkeypatch.setitem(seal.SHAPES, "summary", (str.upper,))
    assert run(tmp_path, "--check") == (0, "person_field.value: 1\n")
    assert run(tmp_path) == (0, "person_field.value: 1 of 1\nEverything is sealed in today's shape.\n")
    monkeypatch.setitem(seal.SHAPES, "summary", (str.upper, str.lower))
    with living(tmp_path) as live:
        wanted = select(PersonField).where(PersonField.name == "summary")
        row = on_record(live, lambda session: session.scalars(wanted).one())
        assert read_header(row.value).shape == 1
        with live.house.database.writing() as session:
            session.get_one(PersonField, row.id).value = Sealed(row.value[:-1] + bytes((row.value[-1] ^ 1,)))
    status, said = run(tmp_path)
    assert status == 1
    assert "1 values did not open" in said
