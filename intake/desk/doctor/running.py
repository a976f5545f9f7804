"""What the doctor looks at of the work that goes on: keeper, worker, nights, mail, backups, escrow."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from intake.backups import read_state
from intake.desk.doctor.finding import Finding, ok, red, warn
from intake.installation import Installation
from intake.keeper.loop import LEASE
from intake.keeper.rewriting import key_house
from intake.night import is_run_missed
from retention.policy.policy import Kept, Policy
from storage import leases
from storage.keystore.upkeep import report_keys
from storage.queries import endings
from storage.queries.orphans import count_dead_work

KEEPER_LATE = timedelta(seconds=90)
TRIED_LATE = timedelta(days=120)


def look_at_work(house: Installation) -> Iterator[Finding]:
    """Keeper, worker, work that was given up, backups, escrow."""
    yield _look_at_keeper(house)
    yield _look_at_nights(house)
    yield _look_at_dead_work(house)
    yield from look_at_backups(house.settings.keys, house.settings.backup_every_hours, house.now())
    yield _look_at_backup_folder(house)
    yield from _look_at_escrow(house)
    yield look_at_window(house.policy, house.settings.key_window_days)


def _look_at_keeper(house: Installation) -> Finding:
    with house.database.reading() as session:
        age = leases.heartbeat_age(session, LEASE, house.now())
        is_held = leases.is_held(session, LEASE, house.now())
    if age is None or age >= KEEPER_LATE or not is_held:
        seen = "was never heard of" if age is None else f"was last heard of {age} ago"
        advice = "Start `vitavault serve`: without a keeper nothing is indexed, sent or erased for good."
        return warn("keeper", seen, advice)
    return ok("keeper", "works")


def _look_at_nights(house: Installation) -> Finding:
    with house.database.reading() as session:
        last = endings.find_last_run(session)
    advice = "Start the worker, or run `vitavault retention run`: records are kept too long."
    if last is None:
        return warn("nightly run", "none finished yet", advice)
    seen = f"the last began at {last.started_at:%Y-%m-%d %H:%M} UTC"
    return red("nightly run", seen, advice) if is_run_missed(house, house.now()) else ok("nightly run", seen)


def _look_at_dead_work(house: Installation) -> Finding:
    with house.database.reading() as session:
        dead = count_dead_work(session)
    if dead:
        said = ", ".join(f"{topic}: {count}" for topic, count in sorted(dead.items()))
        return red("work", f"given up: {said}", "Look at the keeper's log for the error.")
    return ok("work", "nothing was given up")


def look_at_backups(keys_dir: Path, every_hours: int, now: datetime) -> Iterator[Finding]:
    """Whether a backup is recent, and was ever tried."""
    state = read_state(keys_dir)
    command = "run `vitavault backup DIR`, or set VITAVAULT_BACKUP_FOLDER"
    if state.failed_at is not None:
        yield red("backup", f"failed at {state.failed_at:%Y-%m-%d %H:%M} UTC: {state.failure}", "Look at its folder.")
    elif state.made_at is None:
        yield warn("backup", "none was ever made", f"To keep records from being lost, {command}.")
    elif now - state.made_at > timedelta(hours=2 * every_hours):
        yield warn("backup", f"the last is of {state.made_at:%Y-%m-%d %H:%M} UTC", f"It is old: {command}.")
    else:
        yield ok("backup", f"the last is of {state.made_at:%Y-%m-%d %H:%M} UTC")
    yield _look_at_tries(state.tried_at, now)


def _look_at_tries(tried_at: datetime | None, now: datetime) -> Finding:
    advice = "Try one: `vitavault restore DIR --rehearse` touches nothing in force."
    if tried_at is None:
        return warn("restoring", "no backup was ever restored or rehearsed", advice)
    if now - tried_at > TRIED_LATE:
        return warn("restoring", f"last tried on {tried_at:%Y-%m-%d}", advice)
    return ok("restoring", f"last tried on {tried_at:%Y-%m-%d}")


def _look_at_backup_folder(house: Installation) -> Finding:
    folder = house.settings.backup_folder
    if not folder:
        return warn(
            "schedule", "no backups are made on a schedule", "Set VITAVAULT_BACKUP_FOLDER to a place on another disk."
        )
    if Path(folder).resolve().is_relative_to(house.settings.data.resolve()):
        return warn("schedule", "backups lie in the data folder", "Choose a place on another disk.")
    return ok("schedule", f"every {house.settings.backup_every_hours} hours, {house.settings.backup_keep} are kept")


def _look_at_escrow(house: Installation) -> Iterator[Finding]:
    report = report_keys(key_house(house), house.now())
    for trouble in report.troubles:
        is_unset = not house.settings.escrow
        advice = "Set VITAVAULT_ESCROW to a place on another disk." if is_unset else "Run `vitavault keys status`."
        yield (warn if is_unset else red)("escrow", trouble, advice)
    for name in report.owed:
        yield red("escrow", f"{name} is past the window", "Delete it yourself: the product may not.")
    if not report.troubles and not report.owed:
        yield ok("escrow", f"generation {report.status.generation}, root {report.provider}")


def look_at_window(policy: Policy, days: int) -> Finding:
    """Whether copies of keys live no longer than the policy tells people."""
    promised = policy.find_kept_apart(Kept.BACKUP)
    if promised is not None and days > promised.length.longest_days:
        seen = f"copies of keys live {days} days, and the policy promises {promised.length}"
        return red("key window", seen, "Shorten VITAVAULT_KEY_WINDOW_DAYS, or change the policy and post it first.")
    return ok("key window", f"{days} days")
