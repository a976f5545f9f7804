"""The keystore: one data key for each person, in a small store apart from database and data folder.

Deleting somebody's key here makes all that is sealed under it unreadable at once; the rewrite under a fresh
generation makes it unreadable even to somebody who kept every byte of the store. Only the modules listed in
``tests/test_architecture.py`` may import from here.
"""

from pathlib import Path

from storage.keystore.contract import (
    Escrow,
    FormerGeneration,
    KeyEntry,
    KeyGone,
    Keystore,
    KeystoreError,
    KeystoreStatus,
    MissingKey,
    NewGeneration,
    RewriteReport,
    RewriteRunning,
    WrongKey,
)
from storage.keystore.folder import KeyFolderRefused, prepare_key_folder
from storage.keystore.guard import Witness, WrongDatabase, check_orphans, check_witness
from storage.keystore.roots import Root, create_root_file, open_root
from storage.keystore.sqlite import SqliteKeystore, create_sqlite_keystore

__all__ = [
    "Escrow",
    "FormerGeneration",
    "KeyEntry",
    "KeyFolderRefused",
    "KeyGone",
    "Keystore",
    "KeystoreError",
    "KeystoreStatus",
    "MissingKey",
    "NewGeneration",
    "RewriteReport",
    "RewriteRunning",
    "Root",
    "Witness",
    "WrongDatabase",
    "WrongKey",
    "check_orphans",
    "check_witness",
    "create_keystore",
    "create_root_file",
    "open_keystore",
    "open_root",
    "prepare_key_folder",
]


def create_keystore(
    keys_dir: Path, root: Root, installation: bytes, url: str = "", escrow: Escrow | None = None
) -> Keystore:
    """A new, empty keystore: in the key folder, or in the PostgreSQL database at ``url``.

    Raises :class:`KeystoreError` where there is one already.
    """
    if url:
        from storage.keystore.postgres import create_postgres_keystore

        return create_postgres_keystore(url, root, installation, escrow)
    return create_sqlite_keystore(keys_dir, root, installation, escrow)


def open_keystore(keys_dir: Path, root: Root, installation: bytes, url: str = "") -> Keystore:
    """The keystore of an installation. Raises :class:`MissingKey` or :class:`WrongKey` with what to do."""
    if url:
        from storage.keystore.postgres import PostgresKeystore

        return PostgresKeystore(url, root, installation)
    return SqliteKeystore(keys_dir, root, installation)
