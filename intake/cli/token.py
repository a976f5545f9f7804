"""``vitavault token create|revoke|list``: tokens of machine clients."""

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from intake.access.permissions import Permission
from intake.cli.opened import Data, Keys, opened
from intake.desk import tokens

app = typer.Typer(help="Tokens of machine clients.", pretty_exceptions_enable=False, no_args_is_help=True)


@app.command()
def create(
    label: str,
    scope: Annotated[list[Permission], typer.Option(help="What it may do; repeat for several.")],
    days: Annotated[int, typer.Option(min=1, max=730, help="How long it works.")] = 90,
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Make a token. It is shown this once; only its digest is kept."""
    with opened(data, keys) as house, house.database.writing() as session:
        token = tokens.create(
            session, house, label=label, scopes=frozenset(scope), lasts=timedelta(days=days), actor="operator"
        )
        typer.echo(token)


@app.command()
def revoke(prefix: str, data: Data = None, keys: Keys = None) -> None:
    """End a token at once, by its public prefix."""
    with opened(data, keys) as house, house.database.writing() as session:
        tokens.revoke(session, house, prefix, actor="operator")
        typer.echo("Revoked.")


@app.command("list")
def list_all(data: Data = None, keys: Keys = None) -> None:
    """Every token's label, prefix, scopes and end."""
    with opened(data, keys) as house, house.database.reading() as session:
        table = Table("Prefix", "Label", "Scopes", "Ends", "Revoked")
        for row in tokens.list_all(session):
            table.add_row(
                row.prefix, row.label, row.scopes, row.expires_at.date().isoformat(), "yes" if row.revoked_at else ""
            )
        Console().print(table)
