"""Goes through everything in order. What cannot be opened is a finding too, and what can be looked at still is."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from intake.desk.doctor.finding import Finding, Level, ok, red
from intake.desk.doctor.machine import look_at_machine, try_mail
from intake.desk.doctor.records import look_at_records
from intake.desk.doctor.running import look_at_work
from intake.desk.doctor.sending import look_at_sending
from intake.installation import Installation
from intake.opening import StartRefused, open_installation
from intake.settings import LOOPBACK, Settings
from storage import migrations
from storage.database import open_database
from storage.keystore import KeyFolderRefused, KeystoreError, open_root
from storage.migrations import WrongSchema
from storage.models import Clock, utc_now
from storage.restore_marker import Phase, find_phase
from storage.secrets import has_installation, open_installation_keys


def examine(settings: Settings, *, with_mail: bool = False, clock: Clock = utc_now) -> Iterator[Finding]:
    """Every finding, in order. ``with_mail`` tries the mail server too. Changes nothing."""
    yield from look_at_machine(settings)
    if settings.smtp_host and settings.smtp_host not in LOOPBACK:
        yield from look_at_sending(settings)
    if with_mail and settings.smtp_host:
        yield try_mail(settings)
    before = [_look_at_root(settings), _look_at_database(settings)]
    yield from before
    yield _look_at_restore(settings.keys)
    if all(finding.level is not Level.RED for finding in before):
        yield from _look_inside(settings, clock)


def _look_at_root(settings: Settings) -> Finding:
    check = f"root key ({settings.root_provider})"
    if not has_installation(settings.keys):
        return red(check, "the key folder holds no installation", "Name the right folder (--keys), or start a new one.")
    try:
        open_installation_keys(settings.keys, open_root(settings.root_provider, settings.keys))
    except (KeystoreError, KeyFolderRefused) as error:
        return red(check, str(error), "Do as it says; without the root nothing can be read.")
    except Exception as error:  # noqa: BLE001 - providers raise many kinds
        return red(check, type(error).__name__, "Check that the provider of the root key can be reached.")
    return ok(check, "opens the installation's keys")


def _look_at_database(settings: Settings) -> Finding:
    if not settings.database_url and not (settings.data / "vitavault.db").exists():
        return red("database", "it is not there", "Name the data folder (--data), or restore a backup.")
    try:
        with closing(open_database(settings.effective_database_url)) as database:
            database.ping()
            migrations.check(database.engine)
    except WrongSchema as wrong:
        return red("database", wrong.code, str(wrong))
    except Exception as error:  # noqa: BLE001 - drivers raise many kinds, and their text may repeat the address
        return red("database", type(error).__name__, "Check VITAVAULT_DATABASE_URL, and that the database runs.")
    return ok("database", f"answers, at {migrations.head()}")


def _look_at_restore(keys_dir: Path) -> Finding:
    phase = find_phase(keys_dir)
    if phase is Phase.LOADING:
        return red("restore", "one was cut short", "Run `vitavault restore DIR --replace` again.")
    if phase is Phase.LOADED:
        return red("restore", "one is not finished", "Run `vitavault forget replay`.")
    return ok("restore", "none is unfinished")


def _look_inside(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        house, stack = open_installation(settings, clock=clock, is_serving=False, is_restoring=True)
    except StartRefused as refused:
        yield red("start", refused.code, str(refused))
        return
    except Exception as error:  # noqa: BLE001 - whatever stops the start is what the doctor is asked for
        yield red("start", f"{type(error).__name__}: {error}", "Do as it says.")
        return
    with stack:
        yield from _guarded("records", look_at_records, house)
        yield from _guarded("work", look_at_work, house)


def _guarded(check: str, look: Callable[[Installation], Iterator[Finding]], house: Installation) -> Iterator[Finding]:
    try:
        yield from look(house)
    except Exception as error:  # noqa: BLE001 - a look that fails is a fault, not the end of the examination
        yield red(check, f"could not be looked at to the end: {type(error).__name__}", "Look at the log of the store.")
