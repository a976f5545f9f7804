"""``vitavault migrate``: brings the database to the shape this version needs."""

import typer

from intake.cli.opened import Data, Keys, plain_refusals, settings_of
from storage import migrations
from storage.database import open_database

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def migrate(data: Data = None, keys: Keys = None) -> None:
    """Bring the database to the shape this version needs. Needs no keys."""
    with plain_refusals():
        database = open_database(settings_of(data, keys).effective_database_url)
        before = migrations.current(database.engine)
        migrations.upgrade(database.engine)
        migrations.check(database.engine)
        after = migrations.current(database.engine)
        database.close()
    typer.echo(
        f"The database is at {after}." if before == after else f"Migrated from {before or 'nothing'} to {after}."
    )
