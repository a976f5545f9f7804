"""Write the parts of ``docs/`` that repeat the code: settings, commands, permissions.

Run ``uv run python script/docs.py`` after changing a setting, a command, a role or a route's guard. ``--check``
changes nothing and fails where a page is not current.
"""

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from intake.access.guards import Audience, Declared, list_routes
from intake.access.permissions import MATRIX, Permission
from intake.app import create_app
from intake.cli.commands import COMMANDS
from intake.cli.commands import app as command_line
from intake.demo.throwaway import DemoSettings
from intake.opening import open_installation
from intake.settings_file import describe_settings
from storage.models import Role

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Made by script/docs.py from the code. Do not edit. -->\n\n"
COMPLETION = frozenset({"install_completion", "show_completion", "help"})


def write_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def write_settings_page() -> str:
    """Every setting with its meaning, values and default."""
    rows = ((f"`{s.name}`", s.meaning, s.takes, f"`{s.default}`") for s in describe_settings())
    return (
        f"{MADE}# Settings\n\n"
        "Settings are read once at start, from the environment or from the TOML file that `VITAVAULT_CONFIG` names;\n"
        "the environment wins. A variable is `VITAVAULT_` and the setting's name in capitals: `VITAVAULT_PORT`.\n"
        "`vitavault init` writes a commented file. Weak or impossible values are refused at start with what to do.\n\n"
        + write_table(("Setting", "Meaning", "Takes", "Default"), rows)
    )


def write_commands_page() -> str:
    """Every command with its arguments and options."""
    root: Any = typer.main.get_command(command_line)
    parts = [MADE + "# Commands\n"]
    for name in COMMANDS:
        parts += describe_command(f"vitavault {name}", root.get_command(None, name))
    return "\n".join(parts)


def describe_command(path: str, command: Any) -> Iterator[str]:
    """One command and those under it."""
    yield f"## {path}\n" if path.count(" ") == 1 else f"### {path}\n"
    yield f"{command.help or ''}\n"
    if path == "vitavault read":
        yield "`vitavault read --help` lists its options.\n"
        return
    for name in command.list_commands(None) if hasattr(command, "list_commands") else ():
        yield from describe_command(f"{path} {name}", command.get_command(None, name))
    rows = [describe_option(option) for option in command.params if option.name not in COMPLETION]
    if rows:
        yield write_table(("Argument or option", "Meaning", "Default"), rows)


def describe_option(option: Any) -> tuple[str, str, str]:
    """One argument or option of a command: how it is spelt, what it means, its default."""
    is_argument = option.param_type_name == "argument"
    spelt = option.name.upper() if is_argument else ", ".join([*option.opts, *option.secondary_opts])
    default = "needed" if option.required else _spell_default(option.default)
    return f"`{spelt}`", option.help or "", default


def _spell_default(value: object) -> str:
    if value is None or value == "":
        return ""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else f"`{value}`"


def write_permissions_page() -> str:
    """Which role may do what, and who may enter each route."""
    roles = list(Role)
    matrix = ((f"`{p.value}`", *("yes" if p in MATRIX[role] else "" for role in roles)) for p in Permission)
    routes = ((one.method, f"`{one.path}`", " and ".join(map(describe_entry, one.declared))) for one in read_routes())
    return (
        f"{MADE}# Who may do what\n\n"
        "Nothing is permitted unless it stands here: a route without a declaration keeps the product from starting,\n"
        "and `tests/intake/test_routes.py` asks every route as every role. A token of another program has scopes of\n"
        "the same names. An administrator sees no candidate.\n\n"
        + write_table(("", *(role.value.replace("_", " ") for role in roles)), matrix)
        + "\n## Every page and call\n\n"
        + write_table(("Method", "Path", "Who"), routes)
    )


def read_routes() -> Iterable[Any]:
    """Every route of the product, from an installation made for this and thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        settings = DemoSettings(data=Path(folder) / "data", keys=Path(folder) / "keys", sandbox="off")
        house, stack = open_installation(settings, is_serving=False)
        with stack:
            return [one for one in list_routes(create_app(house)) if one.method != "HEAD"]


def describe_entry(declared: Declared) -> str:
    """Who a guard lets in, in words."""
    scopes = " or ".join(f"`{p.value}`" for p in sorted(declared.permissions))
    roles = [role.value.replace("_", " ") for role in Role if not MATRIX[role].isdisjoint(declared.permissions)]
    match declared.audience:
        case Audience.EVERYBODY:
            return "everybody"
        case Audience.PERSON:
            return "the person, by a link of their own"
        case Audience.MACHINE:
            public = "; everybody, where applying by API is open" if declared.or_public else ""
            return f"tokens with {scopes}; {', '.join(roles)}".rstrip("; ") + public
        case Audience.STAFF:
            return (", ".join(roles) if scopes else "all staff") + (", freshly signed in" if declared.fresh else "")


PAGES = {
    "settings.md": write_settings_page,
    "commands.md": write_commands_page,
    "permissions.md": write_permissions_page,
}


def main() -> int:
    """Write or check every page."""
    stale = []
    for name, write in PAGES.items():
        path, text = DOCS / name, write()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if "--check" in sys.argv:
        print("\n".join(f"docs/{name} is not current: run script/docs.py" for name in stale) or "all current")
        return 1 if stale else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
