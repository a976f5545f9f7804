"""``vitavault hold place|lift|list``: legal holds."""

from datetime import date
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from intake.cli.opened import Data, Keys, opened
from intake.desk import holds

app = typer.Typer(help="Legal holds.", pretty_exceptions_enable=False, no_args_is_help=True)


@app.command()
def place(
    reference: str,
    reason: Annotated[str, typer.Option(help="Why; kept sealed.")],
    owner: Annotated[str, typer.Option(help="Who answers for it.")],
    until: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="When it must be reviewed.")],
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Keep a record from ending until the hold is lifted."""
    with opened(data, keys) as house:
        try:
            day = date.fromisoformat(until)
        except ValueError:
            raise typer.BadParameter("give a day as YYYY-MM-DD", param_hint="--until") from None
        hold = holds.place(house, reference, reason=reason, owner=owner, ends_on=day, actor="operator")
        typer.echo(f"Held: {hold.hex()}")


@app.command()
def lift(hold: str, data: Data = None, keys: Keys = None) -> None:
    """Lift a hold; the record's end is worked out anew at once."""
    with opened(data, keys) as house:
        holds.lift(house, hold, actor="operator")
        typer.echo("Lifted.")


@app.command("list")
def list_holds(data: Data = None, keys: Keys = None) -> None:
    """Every hold that stands."""
    with opened(data, keys) as house:
        table = Table("Hold", "Record", "Owner", "Review by", "Reason")
        for item in holds.list_standing(house):
            table.add_row(item.id.hex(), item.reference, item.owner, item.ends_on.isoformat(), item.reason)
        Console().print(table)
