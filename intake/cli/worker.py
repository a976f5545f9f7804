"""``vitavault worker``: the nightly worker as a process of its own."""

import time
from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, opened
from intake.night import ROUND_SECONDS, NightWatch
from intake.serving import holder_name

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def worker(
    data: Data = None,
    keys: Keys = None,
    once: Annotated[bool, typer.Option("--once", help="One round, then stop.")] = False,
) -> None:
    """Run retention each night, and finish what the keeper made ready."""
    with opened(data, keys) as house:
        watch = NightWatch(house, holder_name())
        watch.round()
        while not once:
            time.sleep(ROUND_SECONDS)
            watch.round()
