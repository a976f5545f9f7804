"""Makes the scheduled backup beside the keeper's rounds, which a long one must not hold up. One at a time."""

import threading

import structlog

from intake.backups import is_backup_due, make_due_backup
from intake.installation import Installation

log = structlog.get_logger("vitavault.backup")


class BackupWatch:
    """Told of each round; begins a backup in a thread of its own when one is due."""

    def __init__(self, house: Installation) -> None:
        self._house = house
        self._thread: threading.Thread | None = None

    def round(self) -> bool:
        """Begin a backup if one is due and none is under way; whether one was begun."""
        if self._thread is not None and self._thread.is_alive():
            return False
        if not is_backup_due(self._house):
            return False
        self._thread = threading.Thread(target=self._make, name="backup", daemon=True)
        self._thread.start()
        return True

    def wait(self, seconds: float) -> None:
        """Wait for a backup under way; one that takes longer is cut short by the end of the process, and pruned."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _make(self) -> None:
        try:
            path = make_due_backup(self._house)
            log.info("backup.made", name=path.name if path else "")
        except Exception as error:  # noqa: BLE001 - noted for the doctor; the schedule tries again
            log.error("backup.failed", error=type(error).__name__)
