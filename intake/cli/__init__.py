"""The `vitavault` command.

Starting up must stay cheap: nothing here imports the web, the database or a command that was not asked for.
"""

import sys


def main() -> None:
    """Run the command line."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["read"]:
        # Typer brings in pydantic, which alone costs more than reading a resume does.
        from intake.cli.read import run

        sys.exit(run(arguments[1:]))
    from intake.cli.commands import app

    app()
