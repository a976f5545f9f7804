"""``vitavault retention plan|run|why``: what would end, ending it, and why something is still here."""

from datetime import UTC, date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from intake.cli.opened import Data, Keys, opened
from intake.desk.ends import rules_of
from intake.desk.why import find_why
from intake.installation import Installation
from intake.keeper.loop import keep_if_alone
from intake.night import holder_name, night_of, run_now
from retention.calendar import end_of_day
from retention.worker import finish_endings, plan_run

app = typer.Typer(help="What ends, when and why.", pretty_exceptions_enable=False, no_args_is_help=True)
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="As if that local day had ended.")]


def _instant(house: Installation, day: str | None) -> datetime:
    if day is None:
        return house.now()
    try:
        return end_of_day(date.fromisoformat(day), house.policy.zone).astimezone(UTC)
    except ValueError:
        raise typer.BadParameter("give a day as YYYY-MM-DD", param_hint="--as-of") from None


@app.command()
def plan(data: Data = None, keys: Keys = None, as_of: AsOf = None) -> None:
    """Show what a run would end, and by which rule. Changes nothing."""
    with opened(data, keys) as house:
        _print_plan(house, _instant(house, as_of))


def _print_plan(house: Installation, at: datetime) -> None:
    due = plan_run(night_of(house, ""), at)
    table = Table("Record", "Ended", "Rule", "Then", title=f"{len(due)} due")
    for item in due:
        table.add_row(item.person_id.hex(), item.ends_at.date().isoformat(), item.rule, item.action)
    Console().print(table)


@app.command()
def run(
    data: Data = None,
    keys: Keys = None,
    as_of: AsOf = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show, change nothing.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Confirm a run that ends an unusual share of all records.")
    ] = False,
) -> None:
    """End everything that is due. Where no server runs, the keeper's part is done here too."""
    with opened(data, keys) as house:
        at = _instant(house, as_of)
        if dry_run:
            _print_plan(house, at)
            return
        holder = holder_name()
        figures = run_now(house, holder, as_of=at, is_confirmed=yes)
        if keep_if_alone(house, holder):
            finish_endings(night_of(house, holder), figures)
            keep_if_alone(house, holder)
        for name, count in figures.as_dict().items():
            typer.echo(f"{name.replace('_', ' ')}: {count}")


@app.command()
def why(reference: str, data: Data = None, keys: Keys = None) -> None:
    """Say why a record is still here and when it goes, by its reference."""
    with opened(data, keys) as house:
        found = find_why(house, reference, "en", actor="operator")
        typer.echo(f"{reference}: {found.state}")
        typer.echo(f"ends on {found.end.on or 'no day: it is held'} ({found.end.rule}), then {found.end.action}")
        typer.echo(found.end.reason)
        for rule in rules_of(house, found.decision, "en"):
            typer.echo(
                f"  {'won ' if rule.won else 'lost'} {rule.on or '-':<10} {rule.kind:<9} {rule.rule}  {rule.reason}"
            )
