"""``vitavault policy``: begin, check, show, compare, replay and publish the profile that everything rests on."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from intake.app import create_app
from intake.cli.opened import Data, Keys, opened, plain_refusals, settings_of
from intake.desk import new_uses, policies, proposals
from intake.desk.notices import render_in
from intake.evidence.probes import is_there, live_probes, under_policy
from intake.policy_words import in_every_language
from retention.policy import ropa
from retention.policy.check import CheckedPromise, check_promises, count_states, is_all_there
from retention.policy.diff import Change, diff_policies
from retention.policy.dpv import describe_notice
from retention.policy.load import DEFAULT, bundled_names, load_policy, read_bundled
from retention.policy.policy import Policy
from retention.policy.simulate import Effect, compare_policies, simulate

app = typer.Typer(
    help="The policy: one profile, its notice and its promises.",
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)

Profile = Annotated[str, typer.Option("--profile", "-p", help="A shipped profile's name or a TOML file's path.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]
Language = Annotated[str, typer.Option(help="A language code; by default the policy's first.")]


def _console() -> Console:
    return Console(soft_wrap=True, markup=False)


@app.command()
def init(
    path: Path,
    profile: Annotated[str, typer.Option("--profile", "-p", help=f"One of: {', '.join(bundled_names())}.")] = DEFAULT,
) -> None:
    """Write a shipped profile to a new file, to be made your own."""
    if profile not in bundled_names():
        raise typer.BadParameter(f"one of: {', '.join(bundled_names())}", param_hint="--profile")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(read_bundled(profile))
    except FileExistsError:
        typer.echo(f"{path} is there already; nothing was written.", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"Written: {path}. Fill in who you are, then: vitavault policy check --profile {path}")


@app.command()
def check(
    profile: Profile = "",
    data: Data = None,
    keys: Keys = None,
    as_json: Json = False,
) -> None:
    """Tell each promise as kept, owed by a person, not yet, or not tried. Exit status 1 while any is not yet."""
    with plain_refusals():
        settings = settings_of(data, keys)
        policy = in_every_language(load_policy(profile or settings.policy))
    if settings.data.is_dir():
        with opened(data, keys) as house:
            seen = under_policy(house, policy)
            checked = check_promises(policy, live_probes(seen, create_app(seen)), is_there=is_there)
    else:
        checked = check_promises(policy, is_there=is_there)
        typer.echo("There is no installation here: what follows is the code's word, without live figures.", err=True)
    _print_check(checked, as_json=as_json)
    raise typer.Exit(0 if is_all_there(checked) else 1)


def _print_check(checked: tuple[CheckedPromise, ...], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "promise": c.promise.id,
                "title": c.promise.title,
                "state": c.state.value,
                "evidence": c.evidence,
                "tests": c.tests,
            }
            for c in checked
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("Promise", "What", "State", "Control and evidence")
    for item in checked:
        tests = f"; tests: {', '.join(item.tests)}" if item.tests else ""
        table.add_row(item.promise.id, item.promise.title, item.state.value, item.evidence + tests)
    _console().print(table)
    typer.echo(", ".join(f"{count} {state.value}" for state, count in count_states(checked).items()))


@app.command()
def notice(
    profile: Profile = DEFAULT,
    language: Language = "",
    form: Annotated[str, typer.Option("--format", help="markdown or json-ld.")] = "markdown",
) -> None:
    """Show the public notice that a policy makes."""
    with plain_refusals():
        policy = in_every_language(load_policy(profile))
    rendered = render_in(policy, language or policy.languages[0])
    if form == "json-ld":
        typer.echo(json.dumps(describe_notice(policy, rendered), ensure_ascii=False, indent=2))
    else:
        typer.echo(rendered.markdown, nl=False)


@app.command()
def diff(before: str, after: str, data: Data = None, keys: Keys = None) -> None:
    """Show what changes between two policies and, where there is an installation, whom it would end tonight."""
    with plain_refusals():
        old, new = in_every_language(load_policy(before)), in_every_language(load_policy(after))
        settings = settings_of(data, keys)
    _print_changes(diff_policies(old, new))
    if settings.data.is_dir():
        with opened(data, keys) as house, house.database.reading() as session:
            at = house.now()
            everyone = policies.facts_of_everyone(session, old, at)
            _print_effect(compare_policies(everyone, old, new, at))


def _print_changes(changes: tuple[Change, ...]) -> None:
    table = Table("Key", "Before", "After", "Means")
    for change in changes:
        table.add_row(change.key, change.before, change.after, change.meaning.value)
    _console().print(table)


def _print_effect(effect: Effect) -> None:
    typer.echo(f"{effect.people} people on record: {len(effect.sooner)} end sooner, {len(effect.later)} later.")
    typer.echo(f"{len(effect.newly_due)} would end tonight that otherwise would not.")


@app.command("simulate")
def replay(profile: Profile, data: Data = None, keys: Keys = None) -> None:
    """Replay a policy over the people on record, and over the last year. Touches nothing."""
    with plain_refusals():
        policy = in_every_language(load_policy(profile))
    with opened(data, keys) as house, house.database.reading() as session:
        at = house.now()
        result = simulate(policies.facts_of_everyone(session, policy, at), policy, at)
        effect = compare_policies(policies.facts_of_everyone(session, policy, at), house.policy, policy, at)
        ended = policies.count_ended_by_month(session, house.policy, at)
    typer.echo(f"{result.people} people: {len(result.due)} due now, {result.held} held.")
    for rule, count in result.by_rule.items():
        typer.echo(f"  {rule}: {count}")
    for month, count in result.by_month.items():
        typer.echo(f"  would have ended in {month}: {count}")
    for month, count in ended.items():
        typer.echo(f"  ended in fact in {month}: {count}")
    _print_effect(effect)


@app.command()
def publish(
    path: Path,
    effective: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The first day on which it shall hold.")],
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Post a changed policy, or put it before who must agree; it takes effect on its day, after the notice period."""
    day = _day(effective, "--effective")
    with opened(data, keys) as house:
        proposal, is_posted = proposals.submit_policy(house, path.read_text("utf-8"), day, actor="operator")
        _print_changes(proposal.changes)
        _print_effect(proposal.effect)
    if is_posted:
        typer.echo(f"Posted. Version {proposal.policy.version} holds from {day}.")
    else:
        typer.echo(f"Not posted yet. It needs: {proposal.assent.value}. To agree: the page /privacy/policy.")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("give a day as YYYY-MM-DD", param_hint=option) from None


@app.command()
def tell(
    path: Path,
    answer_by: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="Until when people can answer.")],
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Write to everybody on record about each new use in a changed policy, so that they choose before it holds."""
    day = _day(answer_by, "--answer-by")
    with opened(data, keys) as house:
        for told in new_uses.tell_new_uses(house, path.read_text("utf-8"), day, actor="operator"):
            typer.echo(f"{told.purpose}: {told.asked} people are written to, and can answer until {day}.")


@app.command("ropa")
def record_of_processing(
    profile: Profile = "",
    language: Language = "",
    form: Annotated[str, typer.Option("--format", help="csv, markdown or json-ld.")] = "markdown",
    data: Data = None,
    keys: Keys = None,
) -> None:
    """Export the record of processing activities (GDPR Art. 30): of the policy in force, unless a profile is named."""
    typer.echo(ropa.write_record(_policy_of(profile, data, keys), language, form), nl=False)


def _policy_of(profile: str, data: Path | None, keys: Path | None) -> Policy:
    """The profile that was named, else the policy in force here, else the one that the settings name."""
    with plain_refusals():
        settings = settings_of(data, keys)
        if profile or not settings.data.is_dir():
            return in_every_language(load_policy(profile or settings.policy))
    with opened(data, keys) as house:
        return house.policy
