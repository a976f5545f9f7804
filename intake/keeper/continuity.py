"""Tells whether the database is the one that was served last, or one that was put back from a copy.

Asked at start, before anything is served, and each night. Three witnesses outside the database are heard: the forget
list, the exported heads of the record, and what the keystore saw last. It must never let a doubt pass as well.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from intake.desk.vault import Vault
from retention.replay import find_brought_back
from storage import audit
from storage.audit.tree import TreeDamaged, root, tree_size
from storage.database import Database
from storage.forget import Erasure, Event, ForgetList
from storage.keystore import Witness
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
        missing = find_lost_ends(session, outside, erased)
        if missing:
            return f"{len(missing)} erasures on the forget list are not on record in it"
        if not _continues_head(session, outside):
            return "its record does not continue the last signed head kept in the key folder"
        if witness is not None and not _continues_witness(session, witness):
            return "its record does not continue the one that the keystore served last"
    return ""


def find_lost_ends(session: Session, outside: Outside, erased: list[Erasure]) -> list[Erasure]:
    """Erasures that the database does not have, those aside that a crash left open or a hold suspends."""
    intents = [erasure for erasure in erased if erasure.event is Event.INTENT]
    unrecorded = find_unrecorded(session, intents)
    present = find_people_of(session, unrecorded)
    keyed = outside.vault.keystore.has([person.key_id for person in present.values()])
    open_ones = {person.id for person in present.values() if person.key_id in keyed}
    return find_brought_back(session, erased) + [e for e in unrecorded if e.row_id not in open_ones]


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
