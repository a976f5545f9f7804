"""``vitavault demo``: a throw-away installation with fictional people, to try everything without anyone's data."""

from typing import Annotated

import typer

from intake.cli.opened import plain_refusals, prepare_logging

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on the loopback; 0 takes any free one.")] = 8000,
    people: Annotated[int, typer.Option(min=1, max=200, help="How many fictional people.")] = 60,
) -> None:
    """Serve a throw-away installation with fictional people; it is removed when it ends."""
    from intake.demo.serving import run_demo

    prepare_logging()
    with plain_refusals():
        run_demo(port, typer.echo, people)
