"""The recovery key: made at ``vitavault init`` or the first start, shown once, kept by nobody here."""

from collections.abc import Callable
from pathlib import Path

from storage.keystore.recovery_key import read_recipients
from storage.keystore.upkeep import begin_recovery

TellOnce = Callable[[str], None]
"""Shows a recovery key to whoever runs the command: to the terminal, never to a log."""


def offer_recovery(keys_dir: Path, tell: TellOnce) -> None:
    """Make and tell a recovery key where there is none yet.

    Whoever holds it, with an escrow and a backup, can bring the installation back on an empty machine.
    """
    if not read_recipients(keys_dir):
        tell(begin_recovery(keys_dir))


def describe_recovery_key(text: str) -> str:
    """What is printed, once."""
    return (
        "Recovery key of this installation, shown this once. Write it down and keep it away from this machine:"
        f"\n\n{text.strip()}\n"
    )
