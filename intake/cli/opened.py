"""What each command does first: read the settings, open the installation, say plainly when it cannot."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import structlog
import typer

from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.keeper.recovery import describe_recovery_key
from intake.opening import StartRefused, open_installation
from intake.reading.sandbox.layers import SandboxUnavailableError
from intake.settings import Settings, SettingsError, load_settings
from retention.holds import HoldRefused
from retention.policy.problems import PolicyError
from retention.worker import RunRefused
from storage.backup import BackupDamaged, RestoreRefused
from storage.forget import ForgetListDamaged
from storage.keystore import KeyFolderRefused, KeystoreError, WrongDatabase
from storage.migrations import WrongSchema

Data = Annotated[Path | None, typer.Option("--data", help="Data folder (default ./vitavault-data).")]
Keys = Annotated[Path | None, typer.Option("--keys", help="Key folder, beside the data folder.")]

_PLAIN = (
    SettingsError,
    StartRefused,
    KeystoreError,
    KeyFolderRefused,
    WrongDatabase,
    WrongSchema,
    PolicyError,
    SandboxUnavailableError,
    RunRefused,
    HoldRefused,
    Refusal,
    BackupDamaged,
    RestoreRefused,
    ForgetListDamaged,
    PermissionError,
)


class _StandardError:
    """Whatever standard error is at the moment of writing: it may be replaced after logging was prepared."""

    def write(self, text: str) -> int:
        """Write to it."""
        return sys.stderr.write(text)

    def flush(self) -> None:
        """Flush it."""
        sys.stderr.flush()


def prepare_logging() -> None:
    """Logs go to standard error, one JSON object a line, times in UTC; a terminal gets them readable."""
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(_StandardError()),  # type: ignore[arg-type]
    )


@contextmanager
def plain_refusals() -> Iterator[None]:
    """Turn a refusal into its plain sentence and exit status 2, without a traceback."""
    try:
        yield
    except _PLAIN as error:
        code = getattr(error, "code", type(error).__name__)
        text = error.text if isinstance(error, Refusal) else str(error)
        typer.echo(f"{text}\n[{code}]", err=True)
        raise typer.Exit(2) from None


def settings_of(data: Path | None, keys: Path | None, **given: object) -> Settings:
    """The settings, the command line winning."""
    return load_settings(data=data, keys=keys, **given)


@contextmanager
def opened(
    data: Path | None, keys: Path | None, *, is_serving: bool = False, escrow: str | None = None
) -> Iterator[Installation]:
    """An installation for the length of a command."""
    prepare_logging()
    with plain_refusals():
        house, stack = open_installation(
            settings_of(data, keys, escrow=escrow),
            is_serving=is_serving,
            tell_recovery=lambda text: typer.echo(describe_recovery_key(text)),
        )
        with stack:
            yield house
