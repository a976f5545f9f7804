"""``vitavault init``: writes a commented settings file, makes the folders and the recovery key. Overwrites nothing."""

from pathlib import Path
from typing import Annotated

import typer

from intake.cli.opened import plain_refusals

app = typer.Typer(pretty_exceptions_enable=False)
File = Annotated[Path, typer.Option("--file", help="The settings file to write.")]


@app.command()
def init(
    file: File = Path("vitavault.toml"),
    data: Annotated[Path, typer.Option(help="Data folder to make.")] = Path("vitavault-data"),
    keys: Annotated[Path, typer.Option(help="Key folder to make, outside the data folder.")] = Path("vitavault-keys"),
    organisation: Annotated[str, typer.Option(help="Name shown on pages.")] = "This organisation",
) -> None:
    """Write a commented settings file, make the folders for data and keys, and show the recovery key, once."""
    from intake.desk.refusals import Refusal
    from intake.keeper.recovery import describe_recovery_key, offer_recovery
    from intake.settings import load_settings
    from intake.settings_file import write_settings
    from storage.keystore import prepare_key_folder

    given = {"data": data.resolve(), "keys": keys.resolve(), "organisation": organisation}
    with plain_refusals():
        if file.exists():
            raise Refusal("file_exists", 409, f"{file} is there already; nothing was changed.")
        load_settings(**given)
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        prepare_key_folder(keys.resolve(), data.resolve())
        file.touch(mode=0o600)
        file.write_text(write_settings(file.resolve(), given), encoding="utf-8")
    typer.echo(f"Wrote {file} and made {data} and {keys}.")
    offer_recovery(keys, lambda text: typer.echo(describe_recovery_key(text)))
    typer.echo("Keep the key folder out of the backups of the data: a copy of both opens everything.")
    typer.echo(f"Next: read {file}, then start with\n  VITAVAULT_CONFIG={file} vitavault serve")
