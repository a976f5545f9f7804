"""`vitavault read` among the other commands, so that it is listed and found; its own parser does the work."""

import typer

from intake.cli.read import run

app = typer.Typer(pretty_exceptions_enable=False)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def read(ctx: typer.Context) -> None:
    """Read documents and show what was found. Nothing is stored."""
    raise typer.Exit(run(list(ctx.args)))
