"""``vitavault restore DIR``: puts a backup back; whoever was erased since is ended again before anything is served."""

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, plain_refusals, prepare_logging, settings_of
from intake.restoring import Finished, rehearse
from intake.restoring import restore as put_back

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The backup's folder, which holds manifest.json.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace what is in the database.")] = False,
    try_only: Annotated[
        bool, typer.Option("--rehearse", help="Restore into a database that is thrown away; touch nothing in force.")
    ] = False,
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Verify a backup, put it back, end again whoever was erased since, and end all sessions, links and tokens."""
    prepare_logging()
    with plain_refusals():
        settings = settings_of(data, keys)
        if try_only:
            manifest = rehearse(settings, folder)
            typer.echo(f"The backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC restores: {manifest.people} people.")
            return
        manifest, finished = put_back(settings, folder, is_replacing=replace)
    typer.echo(f"The backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC is in force: {manifest.people} people were in it.")
    tell(finished, settings.base_url)


def tell(finished: Finished, base_url: str) -> None:
    """Say what finishing a restore did, and what a person must look at."""
    done = finished.replayed
    typer.echo(f"{done.ended} people erased since were ended again; {done.recorded} more ends were put on record.")
    for person_id in done.held:
        typer.echo(
            f"Held: record {person_id.hex()} was erased before, but a hold stands in what was put back. It is"
            " restricted; lift the hold (`vitavault hold lift`), and the next night ends it.",
            err=True,
        )
    if lost := finished.lost_files:
        typer.echo(f"{lost} documents have no file: restore a backup that holds them, or their own backup.", err=True)
    typer.echo("All sessions, links, machine tokens, passwords and second factors have ended.")
    for way in finished.ways_in:
        typer.echo(
            f"Let in again, by this link alone, once: {way.address}: {base_url.rstrip('/')}/invitation/{way.token}"
        )
    typer.echo("An administrator looks through the accounts and lets everybody else start afresh.")
