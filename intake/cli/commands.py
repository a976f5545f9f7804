"""All commands by name. Each noun is a module of its own, imported only when it is called or listed.

Tracebacks never print local variables, which may hold personal data.
"""

import importlib
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS: dict[str, str] = {
    "serve": "intake.cli.serve",
    "demo": "intake.cli.demo",
    "init": "intake.cli.init",
    "worker": "intake.cli.worker",
    "migrate": "intake.cli.migrate",
    "retention": "intake.cli.retention",
    "hold": "intake.cli.hold",
    "opening": "intake.cli.opening",
    "token": "intake.cli.token",
    "staff": "intake.cli.staff",
    "audit": "intake.cli.audit",
    "backup": "intake.cli.backup",
    "restore": "intake.cli.restore",
    "forget": "intake.cli.forget",
    "doctor": "intake.cli.doctor",
    "keys": "intake.cli.keys",
    "reseal": "intake.cli.reseal",
    "reread": "intake.cli.reread",
    "policy": "intake.cli.policy",
    "read": "intake.cli.read_command",
}
"""Command name to the module whose ``app`` carries it."""


class _LazyGroup(TyperGroup):
    """A group whose commands are imported when they are called or listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands, in the order in which they are declared."""
        return [*COMMANDS, *super().list_commands(ctx)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return one command; None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(importlib.import_module(COMMANDS[cmd_name]).app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_LazyGroup, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)


@app.callback()
def vitavault() -> None:
    """Resume intake that keeps its promises and can prove that it forgot."""
