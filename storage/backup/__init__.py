"""Backups: a consistent copy of database and blobs, without any key, that restores into either kind of database.

A backup is a folder: rows by table as the database holds them (sealed), the blobs, and a signed manifest that is
written last. Whoever was erased since is unreadable in it, because their key is not; see ``docs/backup.md``.
"""

from storage.backup.making import BlobMode, make_backup, prune_backups
from storage.backup.manifest import BackupDamaged, Manifest, find_backups, read_manifest
from storage.backup.restoring import RestoreRefused, is_empty, restore_backup, verify_backup

__all__ = [
    "BackupDamaged", "BlobMode", "Manifest", "RestoreRefused", "find_backups", "is_empty", "make_backup",
    "prune_backups", "read_manifest", "restore_backup", "verify_backup",
]  # fmt: skip
