"""``vitavault opening create|close|list``: openings that people apply to."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from intake.cli.opened import Data, Keys, opened
from intake.desk import openings

app = typer.Typer(help="Openings that people apply to.", pretty_exceptions_enable=False, no_args_is_help=True)


@app.command()
def create(
    title: str, place: Annotated[str, typer.Option(help="Where.")] = "", data: Data = None, keys: Keys = None
) -> None:
    """Open an opening to applications."""
    with opened(data, keys) as house, house.database.writing() as session:
        row = openings.create_opening(session, house, title=title, place=place, actor="operator")
        typer.echo(f"/apply/{row.slug}")


@app.command()
def close(slug: str, data: Data = None, keys: Keys = None) -> None:
    """Close an opening: it takes no more applications."""
    with opened(data, keys) as house:
        found = openings.find_public(house, slug)
        with house.database.writing() as session:
            openings.close_opening(session, house, found.id, "operator")
        typer.echo("Closed.")


@app.command("list")
def list_all(data: Data = None, keys: Keys = None) -> None:
    """Openings that take applications."""
    with opened(data, keys) as house:
        table = Table("Address", "Title", "Place")
        for row in openings.list_open(house):
            table.add_row(f"/apply/{row.slug}", row.title, row.place)
        Console().print(table)
