"""Opens the installation of a demo in a folder that ends with it, under a clock that can be put back.

Nothing of the environment reaches it: the settings of a real installation beside it are never read, so its database
and keys are never touched. Must never be given a folder that existed before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from intake.installation import Installation
from intake.opening import open_installation
from intake.settings import Settings
from storage.models import utc_now

ORGANISATION = "Example Works"
AGE = timedelta(days=960)
"""How long the demo's installation has been there when it starts."""

_PARTICULARS = {
    'name = "This organisation"': f'name = "{ORGANISATION}"',
    'address = "to be filled in by the organisation"': 'address = "1 Example Street, Dublin"',
}


class DemoSettings(Settings):
    """Settings that are read from nowhere: only what is given counts."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given, nothing else."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


class StoryClock:
    """A clock that stands where it was put while the past is told, and then goes with the system's."""

    def __init__(self, at: datetime) -> None:
        self._at: datetime | None = at

    def __call__(self) -> datetime:
        """The time, as an aware UTC instant."""
        return self._at or utc_now()

    def put(self, at: datetime) -> None:
        """Stand at ``at``."""
        self._at = at

    def let_go(self) -> None:
        """Go with the system's clock from now on."""
        self._at = None


def make_settings(folder: Path, port: int) -> Settings:
    """The settings of a demo in ``folder``, and the policy that it keeps to."""
    policy = folder / "policy.toml"
    policy.write_text(_write_policy(), encoding="utf-8")
    given: dict[str, Any] = {
        "data": folder / "data",
        "keys": folder / "keys",
        "port": port,
        "base_url": f"http://127.0.0.1:{port}",
        "organisation": ORGANISATION,
        "policy": str(policy),
        "sandbox": "best-effort",
        "mail_from": "applications@example.org",
    }
    return DemoSettings(**given)


def _write_policy() -> str:
    """The default policy with the fictional organisation's particulars."""
    text = files("retention.policy").joinpath("profiles/default.toml").read_text("utf-8")
    for blank, filled in _PARTICULARS.items():
        text = text.replace(blank, filled)
    return text


@contextmanager
def open_throwaway(
    folder: Path, port: int, wake: Callable[[], None] = lambda: None
) -> Iterator[tuple[Installation, StoryClock]]:
    """A new installation in ``folder``, its clock standing in the past."""
    clock = StoryClock(utc_now() - AGE)
    house, stack = open_installation(make_settings(folder, port), clock=clock, wake=wake)
    with stack:
        yield house, clock
