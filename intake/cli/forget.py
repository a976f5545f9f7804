"""``vitavault forget replay|list``: the forget list, and a database that was put back by other means."""

import typer

from intake.cli.opened import Data, Keys, plain_refusals, prepare_logging, settings_of
from intake.cli.restore import tell
from intake.restoring import finish_restore
from storage.forget import ForgetList

app = typer.Typer(help="Erasures on record outside the database.", pretty_exceptions_enable=False, no_args_is_help=True)


@app.command()
def replay(data: Data = None, keys: Keys = None) -> None:
    """Make a database that was put back fit to be served: end again whoever was erased since. Safe to repeat.

    Never run this on a copy (staging, a test) that uses the keys of the original: from then on the keystore takes the
    copy for the one in force, and refuses the original.
    """
    prepare_logging()
    with plain_refusals():
        settings = settings_of(data, keys)
        finished = finish_restore(settings)
    if not finished.was_needed:
        typer.echo("Nothing to do: the database is the one that was served last.")
        return
    tell(finished, settings.base_url)


@app.command("list")
def list_all(data: Data = None, keys: Keys = None) -> None:
    """Every erasure on the list: when, its receipt, the record's random id, and whether it is settled."""
    with plain_refusals():
        for one in ForgetList(settings_of(data, keys).effective_forget_list).read():
            typer.echo(f"{one.at:%Y-%m-%dT%H:%M:%SZ}  {one.receipt}  {one.row_id.hex()}  {one.event.value}")
