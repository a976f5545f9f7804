"""Puts a backup back, and makes a database that was put back fit to be served: erased people are ended again first.

Each step may be cut short and done again; a note in the key folder keeps anything half done from being served. It
must never be run beside a server that works on the same database.
"""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from intake.backups import note_tried
from intake.desk.getting_back_in import WayIn, reset_everybody
from intake.installation import Installation
from intake.keeper.continuity import Outside, find_break
from intake.keeper.loop import LEASE, keep_if_alone
from intake.keeper.record import checkpoints_path, sequence_record
from intake.keeper.rewriting import witness_of
from intake.night import holder_name, night_of
from intake.opening import INDEX_KEY_FILE, open_installation, open_keys
from intake.settings import Settings
from retention.replay import Replayed, replay_forget_list
from retention.worker import finish_endings
from storage import audit, backup, leases, migrations
from storage.blobs import FolderBlobs, open_blobs
from storage.database import Database, open_database
from storage.models import Clock, utc_now
from storage.queries import access
from storage.queries.orphans import blob_ids
from storage.restore_marker import Phase, clear_restore, find_phase, mark_restore

STILL_WORKING = timedelta(seconds=90)
_BESIDE = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Finished:
    """What finishing a restore did; ``was_needed`` is False where the database is the one served last.

    ``ways_in``: a one-time link for each administrator; nobody else can sign in before they were let in again.
    ``lost_files``: documents of people present whose file is not in the store.
    """

    replayed: Replayed
    was_needed: bool
    ways_in: tuple[WayIn, ...] = ()
    lost_files: int = 0


def restore(
    settings: Settings, folder: Path, *, is_replacing: bool, clock: Clock = utc_now
) -> tuple[backup.Manifest, Finished]:
    """Verify a backup, put it back into an empty (``is_replacing``: any) database, and make it fit to be served.

    Raises ``BackupDamaged`` or ``RestoreRefused`` before anything was changed.
    """
    manifest = _put_back(settings, folder, is_replacing=is_replacing)
    mark_restore(settings.keys, Phase.LOADED)
    note_tried(settings.keys, folder, clock())
    return manifest, finish_restore(settings, clock)


def rehearse(settings: Settings, folder: Path, *, clock: Clock = utc_now) -> backup.Manifest:
    """Verify a backup and restore it into a database that is thrown away: nothing in force is touched.

    Raises ``BackupDamaged`` or ``RestoreRefused``. That it was tried is remembered, for `vitavault doctor`.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = open_keys(settings, is_new=False)
    keys.keystore.close()
    public_key = keys.secrets.audit_key.public_key()
    store = open_blobs(settings.data, settings.blobs_url)
    manifest = backup.verify_backup(folder, public_key, keys.secrets.installation, store)
    with tempfile.TemporaryDirectory(prefix=".rehearsal-", dir=settings.data) as aside:
        database = open_database(f"sqlite:///{Path(aside) / 'rehearsal.db'}")
        try:
            backup.restore_backup(folder, manifest, database, FolderBlobs(Path(aside) / "blobs"))
            with database.reading() as session:
                report = audit.verify(session, public_key)
        finally:
            database.close()
    if not report.ok:
        raise backup.BackupDamaged(f"the record in the backup is not sound: {report.faults[0]}")
    note_tried(settings.keys, folder, clock())
    return manifest


def _put_back(settings: Settings, folder: Path, *, is_replacing: bool) -> backup.Manifest:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = open_keys(settings, is_new=False)
    keys.keystore.close()
    blobs = open_blobs(settings.data, settings.blobs_url)
    manifest = backup.verify_backup(folder, keys.secrets.audit_key.public_key(), keys.secrets.installation, blobs)
    _require_room(settings, is_replacing=is_replacing or find_phase(settings.keys) is Phase.LOADING)
    mark_restore(settings.keys, Phase.LOADING)
    _drop_embedded(settings)
    database = open_database(settings.effective_database_url)
    try:
        backup.restore_backup(folder, manifest, database, blobs)
    finally:
        database.close()
    return manifest


def _require_room(settings: Settings, *, is_replacing: bool) -> None:
    database = open_database(settings.effective_database_url)
    try:
        if not is_replacing and not backup.is_empty(database.engine):
            raise backup.RestoreRefused(
                "not_empty", "The database is not empty: name an empty one, or give --replace to replace what is in it."
            )
        if find_phase(settings.keys) is None:  # nobody serves what is half restored
            _require_silence(database)
    finally:
        database.close()


def _require_silence(database: Database) -> None:
    """Refuse while a keeper was heard of a moment ago: it would go on with what is being replaced."""
    try:
        if migrations.current(database.engine) is None:
            return
        with database.reading() as session:
            age = leases.heartbeat_age(session, LEASE, utc_now())
            is_held = leases.is_held(session, LEASE, utc_now())
    except Exception:  # noqa: BLE001 - a database too damaged to be asked is what restores are for
        return
    if is_held and age is not None and age < STILL_WORKING:
        raise backup.RestoreRefused("still_served", "A server works on this database: stop it, then restore.")


def _drop_embedded(settings: Settings) -> None:
    """Take the embedded database's files away: they may be too damaged to be emptied."""
    if not settings.database_url:
        path = settings.data.resolve() / "vitavault.db"
        for beside in _BESIDE:
            path.with_name(path.name + beside).unlink(missing_ok=True)


def finish_restore(settings: Settings, clock: Clock = utc_now) -> Finished:
    """Make a database that was put back fit to be served. Safe to repeat, and harmless where nothing was put back.

    Erased people are ended again; sessions, links, machine tokens and everything by which staff sign in end; the word
    index is dropped, to be made anew; the record goes on with an entry that says so; the keystore takes this database
    for the one in force.
    """
    if find_phase(settings.keys) is Phase.LOADING:
        raise backup.RestoreRefused(
            "restore_unfinished", "A restore was cut short before all was there: run it again with --replace."
        )
    _drop_index(settings)
    house, stack = open_installation(settings, clock=clock, is_serving=False, is_restoring=True)
    with stack:
        return _finish(house)


def _drop_index(settings: Settings) -> None:
    shutil.rmtree(settings.data / "index", ignore_errors=True)
    (settings.keys / INDEX_KEY_FILE).unlink(missing_ok=True)


def _finish(house: Installation) -> Finished:
    forget = house.database.forget
    if forget is None:
        raise ValueError("an installation without a forget list cannot finish a restore")
    sequence_record(house)
    found = find_break(house.database, Outside(house.settings.keys, forget, house.vault))
    if find_phase(house.settings.keys) is None and not found:
        return Finished(Replayed(), was_needed=False)
    mark_restore(house.settings.keys, Phase.LOADED)
    replayed = replay_forget_list(house.database, forget.list_erased(), house.clock)
    ways_in = _end_access(house, replayed)
    sequence_record(house)
    _set_heads_aside(house)
    house.vault.keystore.adopt(witness_of(house))
    clear_restore(house.settings.keys)
    _purge(house)
    return Finished(replayed, was_needed=True, ways_in=ways_in, lost_files=_count_lost_files(house))


def _count_lost_files(house: Installation) -> int:
    with house.database.reading() as session:
        named, _ = blob_ids(session)
    return len(named - {entry.blob_id for entry in house.blobs.list_ids()})


def _end_access(house: Installation, replayed: Replayed) -> tuple[WayIn, ...]:
    """End whatever opened a door when the backup was made. Links for administrators are the only way back in."""
    with house.database.writing() as session:
        access.end_all_access(session, house.now())
        access.end_all_leases(session, house.now())
        size = audit.tree_size(session)
        about = {"count": replayed.ended + replayed.recorded, "held": len(replayed.held), "size": size}
        audit.record(
            session, at=house.now(), actor="restore", action="installation.restored", subject=None, about=about
        )
        return reset_everybody(session, house)


def _set_heads_aside(house: Installation) -> None:
    """Keep the former heads as evidence under another name: the record as it now is does not continue them."""
    path = checkpoints_path(house)
    if path.exists():
        path.rename(path.with_name(f"{path.stem}-until-{house.now():%Y%m%dT%H%M%S}{path.suffix}"))


def _purge(house: Installation) -> None:
    """Let keeper and worker finish the ends, so that no row of an erased person is left when serving begins."""
    holder = holder_name()
    if keep_if_alone(house, holder):
        finish_endings(night_of(house, holder))
