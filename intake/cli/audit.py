"""``vitavault audit verify``: checks the whole record."""

import typer

from intake.cli.opened import Data, Keys, opened
from intake.keeper.record import sequence_record, verify_record

app = typer.Typer(help="The record of what was done.", pretty_exceptions_enable=False, no_args_is_help=True)


@app.callback()
def record() -> None:
    """The record of what was done."""


@app.command()
def verify(data: Data = None, keys: Keys = None) -> None:
    """Check every entry, the tree, the signed heads, and the heads kept outside. Exit status 1 when anything is off."""
    with opened(data, keys) as house:
        sequence_record(house)
        report = verify_record(house)
        typer.echo(f"{report.size} entries, root {report.root.hex()}")
        for fault in report.faults:
            typer.echo(f"  {fault}", err=True)
        typer.echo("The record is sound." if report.ok else "The record is NOT sound.")
    if not report.ok:
        raise typer.Exit(1)
