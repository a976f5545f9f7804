"""``vitavault worker``: the nightly worker as a process of its own."""

import time
from typing import Annotated

import typer

from intake.cli.opened import Data, plain_refusals, prepare_logging, settings_of
from intake.night import ROUND_SECONDS, NightWatch, holder_name, open_worker

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def worker(
    data: Data = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop.")] = False,
) -> None:
    """Run retention each night, and finish what the keeper made ready. Opens no key."""
    prepare_logging()
    with plain_refusals(), open_worker(settings_of(data, None)) as ground:
        watch = NightWatch(ground, holder_name())
        watch.round()
        while not once:
            time.sleep(ROUND_SECONDS)
            watch.round()
