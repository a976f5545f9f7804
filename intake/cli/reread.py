"""``vitavault reread``: has old documents read again by today's reader, in the background of the server or here."""

import time
from collections.abc import Iterator
from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, opened
from intake.desk.rereading import Standing, queue_older, tell_standing
from intake.installation import Installation
from intake.keeper.loop import reread_if_alone
from intake.night import holder_name
from intake.reading.version import VERSION

app = typer.Typer(pretty_exceptions_enable=False)
LOOK_AGAIN = 2.0
"""Seconds between two looks at how far the server is."""


@app.command()
def reread(
    everything: Annotated[
        bool, typer.Option("--all", help="Read every document again, also those that today's reader read.")
    ] = False,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", min=1, help="Only what a reader before this version read (default: today's)."),
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Only tell how many documents which version read, and what waits.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Stay and show progress where a server does the work.")] = False,
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Read documents again that an older version of the reader read. What a person corrected is never replaced.

    A running server does it in the background, after everything else; without one it is done here. It may be cut
    short: what waits is kept. Exit status 1 when documents were given up.
    """
    with opened(data, keys) as house:
        if status:
            _tell(tell_standing(house))
            return
        before = None if everything else older_than or VERSION
        queued = queue_older(house, before, "operator")
        typer.echo(f"{queued} documents are queued to be read again.")
        _work_off(house, wait=wait)
        _report(tell_standing(house))


def _work_off(house: Installation, *, wait: bool) -> None:
    """Do the work here where nobody else does; else tell how far the server is, for as long as asked."""
    steps = reread_if_alone(house, holder_name())
    if steps is not None:
        _read_here(house, steps)
        return
    typer.echo("The running server reads them in the background; `vitavault reread --status` tells how far it is.")
    while wait and (left := tell_standing(house).waiting):
        typer.echo(f"{left} documents left")
        time.sleep(LOOK_AGAIN)


def _read_here(house: Installation, steps: Iterator[int]) -> None:
    house.reader.start()
    try:
        for left in steps:
            typer.echo(f"{left} documents left")
    finally:
        house.reader.close()


def _tell(standing: Standing) -> None:
    typer.echo(f"reader's version: {standing.version}")
    for version, count in standing.by_version.items():
        typer.echo(f"{'no version' if not version else f'version {version}'}: {count} documents")
    typer.echo(f"could be read again by a better reader: {standing.old}")
    typer.echo(f"unreadable: {standing.unreadable}")
    typer.echo(f"never read yet: {standing.never_read}")
    typer.echo(f"waiting: {standing.waiting}")
    typer.echo(f"given up: {standing.given_up}")


def _report(standing: Standing) -> None:
    if standing.given_up:
        typer.echo(f"{standing.given_up} documents were given up: run `vitavault doctor`.", err=True)
        raise typer.Exit(1)
    if not standing.waiting:
        typer.echo("Nothing waits to be read.")
