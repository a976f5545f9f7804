"""``vitavault backup DIR``: a consistent copy of database and files, without any key."""

from pathlib import Path
from typing import Annotated

import typer

from intake.backups import back_up
from intake.cli.opened import Data, Keys, opened
from storage.backup import BlobMode

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the backup's folder is made.")],
    blobs: Annotated[
        BlobMode, typer.Option(help="Copy the sealed files, or list them where their store has its own backup.")
    ] = BlobMode.INCLUDED,
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Copy database and files into a new folder in DIR, signed, without keys. The product goes on meanwhile."""
    with opened(data, keys) as house:
        path = back_up(house, folder, blobs)
    typer.echo(str(path))
