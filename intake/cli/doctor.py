"""``vitavault doctor``: what is wrong, and for each fault what to do. Exit status 1 when anything is red."""

import json
from typing import Annotated

import typer
from rich.console import Console

from intake.cli.opened import Data, Keys, plain_refusals, prepare_logging, settings_of
from intake.desk.doctor import Finding, Level, examine

app = typer.Typer(pretty_exceptions_enable=False)
_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.RED: "bold red"}


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print findings as JSON.")] = False,
    mail: Annotated[bool, typer.Option("--mail", help="Reach the mail server too; nothing is sent.")] = False,
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Look at everything that must be so, and say for each fault what to do. Changes nothing."""
    prepare_logging()
    with plain_refusals():
        findings = list(examine(settings_of(data, keys), with_mail=mail))
    if as_json:
        said = [{"check": f.check, "level": f.level.value, "seen": f.seen, "advice": f.advice} for f in findings]
        typer.echo(json.dumps(said, indent=1))
    else:
        _print(findings)
    if any(finding.level is Level.RED for finding in findings):
        raise typer.Exit(1)


def _print(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for one in findings:
        console.print(f"{one.level.value:<5}", style=_COLOURS[one.level], end="")
        console.print(f"{one.check}: {one.seen}", markup=False)
        if one.advice:
            console.print(f"     → {one.advice}", markup=False)
    red = sum(one.level is Level.RED for one in findings)
    warned = sum(one.level is Level.WARN for one in findings)
    console.print(f"{red} red, {warned} to be looked at, {len(findings) - red - warned} as they must be.")
