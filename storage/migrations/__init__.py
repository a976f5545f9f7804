"""Brings a database to the shape this code needs. Migrations never need keys; a newer database is refused."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


class WrongSchema(Exception):
    """The database is not in the shape this code needs. ``code`` is stable; the text says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision this code needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise WrongSchema("no_migrations", "No migrations are installed; reinstall the product.")
    return found


def current(engine: Engine) -> str | None:
    """The revision the database is at, or None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``; does nothing when it is there already."""
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def upgrade_within(connection: Connection, revision: str) -> None:
    """Bring an empty database to ``revision`` in the caller's transaction, for rows that have that shape."""
    command.upgrade(_config(connection), revision)


def is_known(revision: str) -> bool:
    """Whether this code knows the revision, so that it can bring a database from it to today's."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision`` (``base`` empties it)."""
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def check(engine: Engine) -> None:
    """Raise :class:`WrongSchema` unless the database is exactly at :func:`head`."""
    found = current(engine)
    if found == head():
        return
    if found is None or is_known(found):
        raise WrongSchema(
            "database_unmigrated", "The database needs a migration: run `vitavault migrate` (it takes a backup first)."
        )
    raise WrongSchema(
        "database_newer", "The database was written by a newer Vitavault: install that version, or restore a backup."
    )
