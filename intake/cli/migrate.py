"""``vitavault migrate``: brings the database to the shape this version needs."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, plain_refusals, settings_of
from storage import migrations
from storage.database import Database, open_database

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def migrate(
    data: Data = None,
    keys: Keys = None,
    backed_up: Annotated[bool, typer.Option("--backed-up", help="Say that PostgreSQL was backed up just now.")] = False,
) -> None:
    """Bring the database to the shape this version needs. Needs no keys; the embedded database is copied first."""
    with plain_refusals():
        settings = settings_of(data, keys)
        database = open_database(settings.effective_database_url)
        before = migrations.current(database.engine)
        if before not in (None, migrations.head()):
            _copy_first(database, settings.data, is_backed_up=backed_up)
        migrations.upgrade(database.engine)
        migrations.check(database.engine)
        after = migrations.current(database.engine)
        database.close()
    typer.echo(
        f"The database is at {after}." if before == after else f"Migrated from {before or 'nothing'} to {after}."
    )


def _copy_first(database: Database, folder: Path, *, is_backed_up: bool) -> None:
    """Keep the database as it was. PostgreSQL is backed up by its own means, and the operator says so."""
    if not database.is_sqlite:
        if not is_backed_up:
            typer.echo("Back the database up (pg_dump), then run: vitavault migrate --backed-up", err=True)
            raise typer.Exit(2)
        return
    path = folder / f"before-migration-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    with sqlite3.connect(str(database.engine.url.database)) as source, sqlite3.connect(path) as copy:
        source.backup(copy)
    path.chmod(0o600)
    typer.echo(f"The database as it was: {path}")
