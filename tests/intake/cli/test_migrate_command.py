"""``vitavault migrate``: nothing is changed before a copy stands."""

from pathlib import Path

from typer.testing import CliRunner

from intake.cli.migrate import app
from storage import migrations
from storage.database import open_database


def test_an_older_database_is_copied_and_then_migrated(tmp_path: Path) -> None:
    """The copy is of the former shape; the database is at the head."""
    data = tmp_path / "data"
    data.mkdir()
    database = open_database(f"sqlite:///{data / 'vitavault.db'}")
    migrations.upgrade(database.engine, "0001")
    database.close()
    ran = CliRunner().invoke(app, ["--data", str(data), "--keys", str(tmp_path / "keys")])
    assert ran.exit_code == 0, ran.output
    copy = next(data.glob("before-migration-*.db"))
    former = open_database(f"sqlite:///{copy}")
    assert migrations.current(former.engine) == "0001"
    former.close()
    now = open_database(f"sqlite:///{data / 'vitavault.db'}")
    migrations.check(now.engine)
    now.close()


def test_a_database_at_the_head_is_left_alone(tmp_path: Path) -> None:
    """No copy is made where nothing changes."""
    data = tmp_path / "data"
    data.mkdir()
    for _ in range(2):
        ran = CliRunner().invoke(app, ["--data", str(data), "--keys", str(tmp_path / "keys")])
        assert ran.exit_code == 0, ran.output
    assert list(data.glob("before-migration-*")) == []
