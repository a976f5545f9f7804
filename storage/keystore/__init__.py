"""The keystore: one data key for each person, in a small store apart from database and data folder.

Deleting somebody's key here makes all that is sealed under it unreadable at once; the rewrite under a fresh
generation makes it unreadable even to somebody who kept every byte of the store. Only the modules listed in
``tests/test_architecture.py`` may import from here.
"""

from collections.abc import Iterable
from pathlib import Path

from storage.keystore.contract import (
    Escrow,
    FormerGeneration,
    KeyEntry,
    KeyGone,
    Keystore,
    KeystoreError,
    KeystoreExists,
    KeystoreStatus,
    KeystoreUnreachable,
    MissingKey,
    NewGeneration,
    RewriteReport,
    RewriteRunning,
    WrongKey,
)
from storage.keystore.copies import Row
from storage.keystore.folder import KeyFolderRefused, prepare_key_folder
from storage.keystore.generation import draw_generation
from storage.keystore.guard import Witness, WrongDatabase, check_orphans, check_witness
from storage.keystore.roots import Root, create_root_file, open_root
from storage.keystore.sqlite import SqliteKeystore
from storage.keystore.sqlite_files import begin_files

__all__ = [
    "Escrow",
    "FormerGeneration",
    "KeyEntry",
    "KeyFolderRefused",
    "KeyGone",
    "Keystore",
    "KeystoreError",
    "KeystoreExists",
    "KeystoreStatus",
    "KeystoreUnreachable",
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
    "fill_keystore",
    "open_keystore",
    "open_root",
    "prepare_key_folder",
]


def create_keystore(
    keys_dir: Path, root: Root, installation: bytes, url: str = "", escrow: Escrow | None = None
) -> Keystore:
    """A new, empty keystore: in the key folder, or in the PostgreSQL database at ``url``.

    Raises :class:`KeystoreExists` where there is one already, which stays as it is.
    """
    fresh = draw_generation(installation, 1)
    if escrow is not None:
        escrow(fresh)
    fill_keystore(keys_dir, root, fresh, (), url)
    return open_keystore(keys_dir, root, installation, url)


def fill_keystore(
    keys_dir: Path, root: Root, fresh: NewGeneration, batches: Iterable[list[Row]], url: str = ""
) -> None:
    """Put a first generation in force, with rows that are wrapped under it already. Raises :class:`KeystoreExists`."""
    if url:
        from storage.keystore.postgres import fill_postgres

        fill_postgres(url, root, fresh, batches)
    else:
        begin_files(keys_dir, root, fresh, batches)


def open_keystore(keys_dir: Path, root: Root, installation: bytes, url: str = "") -> Keystore:
    """The keystore of an installation. Raises :class:`MissingKey` or :class:`WrongKey` with what to do."""
    if url:
        from storage.keystore.postgres import PostgresKeystore

        return PostgresKeystore(url, root, installation)
    return SqliteKeystore(keys_dir, root, installation)
