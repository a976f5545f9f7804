"""``vitavault reseal``: brings what was sealed in an older shape up to date, beside the server or without it."""

from collections.abc import Iterable
from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, opened
from intake.desk.resealing import Progress, count_old, reseal_everything

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def reseal(
    check: Annotated[
        bool, typer.Option("--check", help="Only count what is in an older shape; change nothing.")
    ] = False,
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Seal again what is in an older version or shape. May be cut short and run again; the product serves meanwhile.

    Older shapes are read for ever: this only spares the step each time. Exit status 1 when something did not open.
    """
    with opened(data, keys) as house:
        if check:
            for title, count in count_old(house).items():
                typer.echo(f"{title}: {count}")
            return
        unopened = _tell(reseal_everything(house, "operator"))
    if unopened:
        typer.echo(f"{unopened} values did not open and stay as they are: run `vitavault doctor`.", err=True)
        raise typer.Exit(1)
    typer.echo("Everything is sealed in today's shape.")


def _tell(steps: Iterable[Progress]) -> int:
    unopened: dict[str, int] = {}
    for one in steps:
        unopened[one.title] = one.unopened
        typer.echo(f"{one.title}: {one.done} of {one.total}")
    return sum(unopened.values())
