"""Backups as the product makes them: by command, or on a schedule with pruning; and when one was last made and tried.

What was made and tried is noted in the key folder, which no restore of the database touches.
"""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from intake.installation import Installation
from storage import backup

STATE_FILE = "backups.json"
RETRY = timedelta(hours=1)
"""How long a schedule waits after a backup that failed."""


@dataclass(frozen=True, slots=True)
class BackupState:
    """When a backup was last made, tried (restored or rehearsed), and failed; empty for never."""

    made_at: datetime | None = None
    made: str = ""
    tried_at: datetime | None = None
    tried: str = ""
    failed_at: datetime | None = None
    failure: str = ""


def read_state(keys_dir: Path) -> BackupState:
    """What is noted of backups."""
    try:
        said = json.loads((keys_dir / STATE_FILE).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return BackupState()
    times = {name: datetime.fromisoformat(said[name]) for name in ("made_at", "tried_at", "failed_at") if said[name]}
    return BackupState(**{**said, "made_at": None, "tried_at": None, "failed_at": None, **times})


def _write_state(keys_dir: Path, state: BackupState) -> None:
    said = {name: v.isoformat() if isinstance(v, datetime) else v for name, v in asdict(state).items()}
    waiting = keys_dir / f".{STATE_FILE}"
    waiting.write_text(json.dumps(said), "utf-8")
    waiting.chmod(0o600)
    waiting.replace(keys_dir / STATE_FILE)


def note_tried(keys_dir: Path, path: Path, at: datetime) -> None:
    """Remember that a backup was restored or rehearsed."""
    _write_state(keys_dir, replace(read_state(keys_dir), tried_at=at, tried=path.name))


def back_up(house: Installation, folder: Path, mode: backup.BlobMode) -> Path:
    """Make a backup in a new folder inside ``folder``; its path. The forget list as it now is lies beside them.

    Raises ``OSError`` and what the database says; that it failed is noted.
    """
    secrets, now = house.vault.secrets, house.now()
    try:
        path = backup.make_backup(
            house.database, house.blobs, folder, key=secrets.audit_key, installation=secrets.installation, at=now,
            mode=mode,
        )  # fmt: skip
        if house.settings.effective_forget_list.exists():
            shutil.copyfile(house.settings.effective_forget_list, folder / "forget-list.txt")
    except BaseException as error:
        state = read_state(house.settings.keys)
        _write_state(house.settings.keys, replace(state, failed_at=now, failure=type(error).__name__))
        raise
    state = read_state(house.settings.keys)
    _write_state(house.settings.keys, replace(state, made_at=now, made=path.name, failed_at=None, failure=""))
    return path


def is_backup_due(house: Installation) -> bool:
    """Whether the schedule asks for a backup now."""
    if not house.settings.backup_folder:
        return False
    state, now = read_state(house.settings.keys), house.now()
    if state.failed_at is not None and now - state.failed_at < RETRY:
        return False
    return state.made_at is None or now - state.made_at >= timedelta(hours=house.settings.backup_every_hours)


def make_due_backup(house: Installation) -> Path | None:
    """Make the scheduled backup if it is due, then delete the oldest beyond those to be kept."""
    if not is_backup_due(house):
        return None
    folder = Path(house.settings.backup_folder)
    path = back_up(house, folder, backup.BlobMode(house.settings.backup_blobs))
    backup.prune_backups(folder, house.settings.backup_keep)
    return path
