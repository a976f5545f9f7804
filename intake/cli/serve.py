"""``vitavault serve``: the web server, with keeper and worker unless they run apart."""

from typing import Annotated

import typer

from intake.cli.opened import Data, Keys, plain_refusals, prepare_logging, settings_of

app = typer.Typer(pretty_exceptions_enable=False)


@app.command()
def serve(
    data: Data = None,
    keys: Keys = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port (default 8000).")] = None,
    keeper: Annotated[bool, typer.Option(help="Play the keeper too.")] = True,
    worker: Annotated[bool, typer.Option(help="Play the nightly worker too.")] = True,
) -> None:
    """Serve the product; make a new installation where there is none."""
    from intake.serving import serve as run

    prepare_logging()
    with plain_refusals():
        run(settings_of(data, keys, host=host, port=port), with_keeper=keeper, with_worker=worker, say=typer.echo)
