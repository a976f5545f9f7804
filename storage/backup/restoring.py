"""Checks a backup and puts it back, into a database of either kind: everything is verified before anything changes.

What is put back is not ready to be served: whoever was erased since must be ended again first (the forget list).
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.orm import Session

from storage import migrations
from storage.audit.tree import TreeDamaged, root, tree_size
from storage.backup.copies import LIST_FILE, check_blobs, put_back
from storage.backup.making import BlobMode
from storage.backup.manifest import BackupDamaged, Manifest, digest_file, read_manifest
from storage.backup.tables import drop_everything, load_tables, table_path
from storage.blobs import Blobs
from storage.database import Database


class RestoreRefused(Exception):
    """The restore did not begin; nothing was changed. ``code`` is stable, the text says what to do."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def verify_backup(folder: Path, key: Ed25519PublicKey, installation: bytes, blobs: Blobs) -> Manifest:
    """Check signature, every file's digest and every blob. Raises :class:`BackupDamaged`, :class:`RestoreRefused`."""
    manifest = read_manifest(folder, key, installation)
    parts = {table_path(folder, name): part for name, part in manifest.tables.items()}
    for path, part in {**parts, folder / LIST_FILE: manifest.blobs}.items():
        if digest_file(path) != part.sha256:
            raise BackupDamaged(f"{path} was altered")
    check_blobs(folder, blobs, is_listed=manifest.blob_mode == BlobMode.LISTED.value)
    if not migrations.is_known(manifest.revision):
        raise RestoreRefused(
            "backup_newer", "The backup was made by a newer Vitavault: install that version to restore it."
        )
    return manifest


def is_empty(engine: Engine) -> bool:
    """Whether the database holds no table yet."""
    return not inspect(engine).get_table_names()


def restore_backup(folder: Path, manifest: Manifest, database: Database, blobs: Blobs) -> None:
    """Replace the database's content by that of a verified backup, bring it to today's shape, put its blobs back.

    One transaction for the tables. Raises :class:`BackupDamaged` when what arrived is not what the manifest says.
    """
    with database.engine.execution_options(writes=True).connect() as connection, connection.begin():
        drop_everything(connection)
        migrations.upgrade_within(connection, manifest.revision)
        _check_counts(load_tables(connection, folder), manifest)
        _check_record(connection, manifest)
    migrations.upgrade(database.engine)
    if manifest.blob_mode == BlobMode.INCLUDED.value:
        put_back(folder, blobs)


def _check_counts(loaded: dict[str, int], manifest: Manifest) -> None:
    wanted = {name: part.rows for name, part in manifest.tables.items()}
    if {name: count for name, count in loaded.items() if name in wanted} != wanted:
        raise BackupDamaged("not every row of the backup arrived")


def _check_record(connection: Connection, manifest: Manifest) -> None:
    with Session(connection) as session:
        try:
            is_same = (tree_size(session), root(session)) == (manifest.audit_size, manifest.audit_root)
        except TreeDamaged:
            is_same = False
    if not is_same:
        raise BackupDamaged("the record in the backup is not the one that its manifest vouches for")
