"""Tells whether the database is the one that was served last, or one that was put back from a copy.

Asked at start, before anything is served, and each night. Three witnesses outside the database are heard: the forget
list, the exported heads of the record, and what the keystore saw last. It must never let a doubt pass as well.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from intake.desk.vault import Vault
from storage import audit
from storage.audit.tree import TreeDamaged, root, tree_size
from storage.database import Database
from storage.forget import Erasure, Event, ForgetList
from storage.keystore import Witness
from storage.models import PersonState
from storage.queries.endings import find_holds
from storage.recorded_ends import find_people_of, find_unrecorded, settle_intents
from storage.restore_marker import Phase, find_phase

CHECKPOINTS_FILE = "audit-checkpoints.txt"

REPLAY = (
    "The database is not the one that was served last: {why}. It was put back from a copy, or another one is named."
    " If it is meant to be in force from now on, run `vitavault forget replay`; nothing is served before that."
)
AGAIN = "A restore was cut short before everything was there: run `vitavault restore` again with --replace."


class RestoreUnfinished(Exception):
    """The database was put back and people erased since may be in it: it must not be served."""

    code = "restore_unfinished"


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known outside the database: the key folder, the forget list, and the keystore through the vault."""

    keys_dir: Path
    forget: ForgetList
    vault: Vault


def require_continuity(database: Database, outside: Outside) -> None:
    """Raise :class:`RestoreUnfinished` with what to do when the database is older than what is known outside it."""
    phase = find_phase(outside.keys_dir)
    if phase is Phase.LOADING:
        raise RestoreUnfinished(AGAIN)
    if phase is Phase.LOADED:
        raise RestoreUnfinished(REPLAY.format(why="a restore is not finished"))
    why = find_break(database, outside)
    if why:
        raise RestoreUnfinished(REPLAY.format(why=why))


def find_break(database: Database, outside: Outside) -> str:
    """What shows that the database is older than, or not, the one served last; empty when nothing does."""
    erased = outside.forget.list_erased()
    witness = outside.vault.keystore.status().witness
    with database.reading() as session:
        missing = find_brought_back(session, outside, erased)
        if missing:
            return f"{len(missing)} erasures on the forget list are not on record in it"
        if not _continues_head(session, outside):
            return "its record does not continue the last signed head kept in the key folder"
        if witness is not None and not _continues_witness(session, witness):
            return "its record does not continue the one that the keystore served last"
    return ""


def find_brought_back(session: Session, outside: Outside, erased: list[Erasure]) -> list[Erasure]:
    """Erasures that the database does not have, those aside that a crash left open or a hold suspends."""
    unrecorded = find_unrecorded(session, erased)
    present = find_people_of(session, unrecorded)
    keyed = outside.vault.keystore.has([person.key_id for person in present.values()])
    found = []
    for erasure in unrecorded:
        person = present.get(erasure.row_id)
        is_open = person is not None and erasure.event is Event.INTENT and person.key_id in keyed
        is_held = person is not None and person.state is PersonState.RESTRICTED and find_holds(session, person.id)
        if not is_open and not is_held:
            found.append(erasure)
    return found


def _continues_head(session: Session, outside: Outside) -> bool:
    path = outside.keys_dir / CHECKPOINTS_FILE
    if not path.exists():
        return True
    try:
        head = audit.find_exported(path, outside.vault.secrets.audit_key.public_key())
    except (audit.ExportDamaged, audit.NotVouched):
        return True  # the file itself is at fault: `vitavault audit verify` and doctor tell
    return head is None or _has_root(session, head.size, head.root)


def _continues_witness(session: Session, witness: Witness) -> bool:
    return _has_root(session, witness.audit_size, witness.audit_root)


def _has_root(session: Session, size: int, expected: bytes) -> bool:
    try:
        return size <= tree_size(session) and root(session, size) == expected
    except TreeDamaged:
        return False


def settle_open_intents(database: Database, outside: Outside, at: datetime) -> None:
    """Settle what a crash left open on the forget list, by asking the database, which must be the one in force."""
    with database.reading() as session:
        settle_intents(session, outside.forget, outside.vault.keystore.has, at)
