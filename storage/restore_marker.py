"""A note in the key folder that a restore is under way, so that nothing half restored is ever served.

It is on disk before anything is replaced and goes last. Its phase says what must be done to finish.
"""

import os
from enum import StrEnum
from pathlib import Path

MARKER_FILE = "restore-unfinished"


class Phase(StrEnum):
    """How far the restore came."""

    LOADING = "loading"
    """Tables or blobs are only partly there: the restore must be run again."""
    LOADED = "loaded"
    """All is there; the forget list must still be replayed."""


def mark_restore(keys_dir: Path, phase: Phase) -> None:
    """Put the note on disk; durable when this returns."""
    waiting = keys_dir / f".{MARKER_FILE}"
    with waiting.open("w", encoding="ascii") as file:
        file.write(phase.value)
        file.flush()
        os.fsync(file.fileno())
    waiting.rename(keys_dir / MARKER_FILE)
    _sync(keys_dir)


def find_phase(keys_dir: Path) -> Phase | None:
    """How far an unfinished restore came; None where there is none. A note that says nothing known is *loading*."""
    try:
        said = (keys_dir / MARKER_FILE).read_text("ascii")
    except FileNotFoundError:
        return None
    return Phase.LOADED if said == Phase.LOADED.value else Phase.LOADING


def clear_restore(keys_dir: Path) -> None:
    """The restore is finished."""
    (keys_dir / MARKER_FILE).unlink(missing_ok=True)
    _sync(keys_dir)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
