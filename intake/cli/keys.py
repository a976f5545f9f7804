"""``vitavault keys status|rotate|recover`` and ``keys recovery rotate``: the keystore, its escrow, its recovery.

A recovery key is printed once, to the terminal, and nowhere else; one that is typed in is never echoed or logged.
"""

from datetime import datetime
from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, opened, plain_refusals, prepare_logging, settings_of
from intake.keeper.rewriting import key_house, witness_of
from storage.keystore import KeystoreExists, prepare_key_folder
from storage.keystore.depot import open_depot
from storage.keystore.recovery import NothingToRecover
from storage.keystore.recovery import recover as recover_keys
from storage.keystore.upkeep import KeysReport, prune, report_keys, rotate_recovery
from storage.keystore.upkeep import rotate as rotate_keys
from storage.secrets import has_installation

app = typer.Typer(help="Keys, their escrow and recovery.", pretty_exceptions_enable=False, no_args_is_help=True)
recovery = typer.Typer(help="The recovery key.", no_args_is_help=True)
app.add_typer(recovery, name="recovery")

Escrow = Annotated[
    str | None,
    typer.Option("--escrow", help="Where escrows and copies lie: a folder on another disk, or s3://bucket/prefix."),
]
_ONCE = "The new recovery key, shown this once. Write it down and keep it away from this machine:\n\n{}\n"


@app.command()
def status(escrow: Escrow = None, data: Data = None, keys: Keys = None) -> None:
    """Show where the keys stand. Exit status 1 when something is wrong."""
    with opened(data, keys, escrow=escrow) as house:
        report = report_keys(key_house(house))
        for name, value in _describe(report):
            typer.echo(f"{name + ':':24}{value}")
        for trouble in report.troubles:
            typer.echo(f"Red: {trouble}", err=True)
        for name in report.owed:
            typer.echo(f"Owed: {name} is past the window and must be deleted", err=True)
    if report.troubles or report.owed:
        raise typer.Exit(1)


@app.command()
def rotate(escrow: Escrow = None, data: Data = None, keys: Keys = None) -> None:
    """Write the keystore anew under a fresh generation, escrow and copy it, and delete what is past the window."""
    with opened(data, keys, escrow=escrow) as house:
        held = key_house(house)
        report = rotate_keys(held, witness_of(house))
        pruned = prune(held)
    typer.echo(
        f"Generation {report.generation} is in force with {report.keys} keys; {report.dropped} are gone for good."
    )
    typer.echo(f"{len(pruned.deleted)} escrows and copies past the window were deleted.")
    for name, written_at in pruned.owed:
        typer.echo(f"Owed: delete {name} of {written_at:%Y-%m-%d} yourself; the product may not", err=True)


@app.command()
def recover(escrow: Escrow = None, data: Data = None, keys: Keys = None) -> None:
    """Make the keys anew on an empty machine, from the escrow and the recovery key."""
    prepare_logging()
    with plain_refusals():
        settings = settings_of(data, keys, escrow=escrow)
        if not settings.escrow:
            raise NothingToRecover("name the place of the escrows: --escrow")
        prepare_key_folder(settings.keys, settings.data)
        if has_installation(settings.keys):
            raise KeystoreExists(f"{settings.keys} holds keys already; they are never replaced: name an empty folder")
        text = typer.prompt("Recovery key", hide_input=True)
        done = recover_keys(
            open_depot(settings.escrow, settings.keys, settings.data),
            text,
            settings.keys,
            settings.root_provider,
            settings.keystore_url,
            forget_list=settings.effective_forget_list,
        )
        done.begun.keystore.close()
    typer.echo(f"{done.keys} keys as of {done.copied_at:%Y-%m-%d %H:%M} UTC are back.")
    for name in done.passed_over:
        typer.echo(f"Passed over, of no use: {name}", err=True)
    typer.echo("People erased since then are back too until: vitavault forget replay", err=True)
    typer.echo(_ONCE.format(done.recovery_text) if done.recovery_text else done.trouble, err=not done.recovery_text)


@recovery.command("rotate")
def rotate_recovery_key(escrow: Escrow = None, data: Data = None, keys: Keys = None) -> None:
    """Make a new recovery key and escrow a fresh generation to it; the former opens nothing made from now on."""
    with opened(data, keys, escrow=escrow) as house:
        text = rotate_recovery(key_house(house), witness_of(house))
        typer.echo(_ONCE.format(text))
        typer.echo("The former recovery key opens nothing that is made from now on.")


@recovery.callback()
def _recovery() -> None:
    """Let ``rotate`` be a command of its own."""


def _describe(report: KeysReport) -> list[tuple[str, object]]:
    held = report.status
    return [
        ("Installation", held.installation.hex()),
        ("Generation", f"{held.generation}, begun {held.begun_on}"),
        ("Keys", held.keys),
        ("Erased since", held.erased_since),
        ("Root", f"{report.provider}; former generations are {'gone' if report.forgets else 'NOT forgotten by it'}"),
        ("Recovery keys", ", ".join(report.recipients) or "none"),
        ("Escrowed", _when(report.escrowed_at)),
        ("Copied", _when(report.copied_at)),
    ]


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
