"""Migrations: up, down, up; the models equal the head; data in it survives; a newer database is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from storage import migrations
from storage.database import Database, open_database
from storage.identifiers import new_id
from storage.models import Installation, Model, Opening


def test_the_models_equal_the_head(database: Database) -> None:
    """Nothing in the models is missing from the migrations, nor the other way round."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_up_down_up(database: Database) -> None:
    """Going back empties the database wholly, and going up again works."""
    migrations.downgrade(database.engine, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(database.engine)
    migrations.check(database.engine)


def test_an_upgrade_that_is_not_needed_keeps_data(database: Database) -> None:
    """Running the migration again changes nothing."""
    row_id = new_id()
    with database.writing() as session:
        session.add(Installation(id=row_id, created_at=datetime.now(UTC)))
        session.add(Opening(id=new_id(), slug="x", title="X", created_at=datetime.now(UTC)))
    migrations.upgrade(database.engine)
    with database.reading() as session:
        assert session.get(Installation, row_id) is not None


def test_an_empty_database_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """A server never guesses at a schema."""
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(migrations.WrongSchema) as refused:
        migrations.check(database.engine)
    assert refused.value.code == "database_unmigrated"
    assert "vitavault migrate" in str(refused.value)
    database.close()


def test_a_newer_database_is_refused(database: Database) -> None:
    """Older code never touches what newer code wrote."""
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrations.WrongSchema) as refused:
        migrations.check(database.engine)
    assert refused.value.code == "database_newer"


def test_the_ledger_of_bases_cannot_be_rewritten(database: Database) -> None:
    """The database itself refuses to change an entry of the ledger or of the record."""
    with database.engine.connect() as connection:
        tables = ("basis_event", "audit_entry")
        if database.is_sqlite:
            names = connection.execute(text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")).scalars()
        else:
            names = connection.execute(text("SELECT event_object_table FROM information_schema.triggers")).scalars()
        assert set(tables) <= set(names)
