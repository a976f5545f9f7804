"""``vitavault staff link``: lets a member of staff back in where no administrator can."""

import typer

from intake.cli.opened import Data, Keys, opened
from intake.desk.getting_back_in import WayIn, reset_one
from intake.installation import Installation

app = typer.Typer(help="Accounts of staff.", pretty_exceptions_enable=False, no_args_is_help=True)


@app.command()
def link(data: Data = None, keys: Keys = None) -> None:
    """Let somebody start afresh: password, second factor and sessions end; a one-time link is shown, once.

    For the last administrator who lost their password. The address is asked for, so that it stands in no history.
    """
    with opened(data, keys) as house:
        print_way_in(house, reset_one(house, typer.prompt("E-mail address of the account")))


@app.callback()
def _staff() -> None:
    """Let ``link`` be a command of its own."""


def print_way_in(house: Installation, way: WayIn) -> None:
    """Show a one-time link on the operator's terminal."""
    typer.echo(f"{way.address}: {house.settings.base_url.rstrip('/')}/invitation/{way.token}")
