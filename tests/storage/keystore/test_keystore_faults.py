"""Faults of the place a keystore lies in: each is named with what to do, and none is taken for an empty keystore."""

import shutil
from pathlib import Path

import psycopg
import pytest
from places import INSTALLATION, Home

from storage.keystore import (
    FormerGeneration,
    KeystoreError,
    KeystoreUnreachable,
    MissingKey,
    RewriteReport,
    RewriteRunning,
    create_root_file,
    open_keystore,
)


@pytest.fixture
def folder(tmp_path: Path) -> Home:
    """A place for a keystore in SQLite alone."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Home(keys, "", create_root_file(keys))


@pytest.fixture
def server(tmp_path: Path, empty_postgres_url: str) -> Home:
    """A place for a keystore in PostgreSQL alone."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    return Home(keys, empty_postgres_url, create_root_file(keys))


def test_a_link_without_its_file_is_refused(folder: Home) -> None:
    """Missing key file, missing database file: neither is made anew, and nothing else is destroyed meanwhile."""
    with folder.closing:
        folder.create()
        (folder.keys / "keystore-000000.key").write_bytes(b"former")
        database = folder.keys / "keystore-000001.db"
        database.rename(folder.keys / "away")
        with pytest.raises(MissingKey):
            folder.open()
        (folder.keys / "away").rename(database)
        (folder.keys / "keystore-000001.key").unlink()
        with pytest.raises(MissingKey):
            folder.open()
        assert (folder.keys / "keystore-000000.key").exists()


def test_a_file_that_is_no_database_is_refused(folder: Home) -> None:
    """The trouble is SQLite's own, and shown as it is."""
    import sqlite3

    with folder.closing:
        folder.create()
        (folder.keys / "keystore-000001.db").write_bytes(b"no database" * 100)
        with pytest.raises(sqlite3.DatabaseError):
            folder.open()
        (folder.keys / "keystore-000001.db").unlink()
        (folder.keys / "keystore-000001.db").mkdir()
        with pytest.raises(sqlite3.OperationalError):
            folder.open()


def test_an_old_folder_put_back_under_a_newer_root_is_refused(folder: Home, tmp_path: Path) -> None:
    """A restored key folder with a root that has gone on opens only by recovery."""
    with folder.closing:
        store = folder.create()
        old = tmp_path / "old"
        shutil.copytree(folder.keys, old, symlinks=True)
        store.rewrite()
        shutil.copy(folder.keys / "root.key", old / "root.key")
        folder.keys = old
        folder.root = create_root_file_from(old)
        with pytest.raises(FormerGeneration, match="opens only with its escrow"):
            folder.open()


def create_root_file_from(keys: Path) -> object:
    """The root in a folder."""
    from storage.keystore import open_root

    return open_root("file", keys)


def test_a_lost_link_is_noticed_by_who_is_running(folder: Home) -> None:
    """A process with the store open does not go on from memory when the folder was emptied under it."""
    with folder.closing:
        store = folder.create()
        store.create()
        (folder.keys / "keystore.db").unlink()
        with pytest.raises(MissingKey):
            store.count()


def test_half_made_files_of_a_first_start_are_cleared(folder: Home) -> None:
    """A crash before the link was there leaves nothing that stops the next start."""
    with folder.closing:
        (folder.keys / "keystore-000001.db").write_bytes(b"half")
        assert folder.create().count() == 0


def test_a_process_that_starts_during_a_rewrite_leaves_its_files_alone(folder: Home) -> None:
    """The half-built generation belongs to the one that holds the lock."""
    with folder.closing:
        store = folder.create()
        keys = store.create_many(3)
        seen: list[bool] = []

        def start(step: str) -> None:
            if step == "copied":
                seen.append(folder.open().get(keys[0].id) == keys[0])

        assert store.rewrite(on_step=start) == RewriteReport(2, 3, 0)  # type: ignore[call-arg]
        assert seen == [True]


def test_a_database_that_holds_other_tables_is_refused(server: Home) -> None:
    """Keys and data must never share a backup: neither made nor opened there."""
    with server.closing:
        server.create()
        with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE person (id integer)")
        with pytest.raises(KeystoreError, match="a PostgreSQL database of its own"):
            server.open()


def test_a_server_that_is_down_is_named(server: Home) -> None:
    """No stack of the driver's, and no address, reaches the reader."""
    address = "postgresql://127.0.0.1:9/none"
    with pytest.raises(KeystoreUnreachable, match="check keystore_url"):
        open_keystore(server.keys, server.root, INSTALLATION, address)


def test_connections_cut_by_the_server_are_opened_again(server: Home) -> None:
    """A restart of PostgreSQL costs nobody a request."""
    with server.closing:
        store = server.create()
        key = store.create()
        with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert store.get(key.id) == key
        assert store.create(key.id) == key


def test_a_rewrite_that_was_overtaken_changes_nothing(server: Home) -> None:
    """Between looking and locking another may have finished: the late one stops."""
    with server.closing:
        store, other = server.create(), server.open()
        keys = store.create_many(2)

        def overtake(step: str) -> None:
            if step == "drawn":
                other.rewrite()

        with pytest.raises(RewriteRunning, match="meanwhile"):
            store.rewrite(on_step=overtake)  # type: ignore[call-arg]
        assert store.status().generation == 2
        assert store.find_many([key.id for key in keys]) == {key.id: key for key in keys}


def test_a_damaged_row_stops_the_rewrite(folder: Home) -> None:
    """A key that does not open is never dropped in silence: the former generation stays."""
    import sqlite3

    with folder.closing:
        store = folder.create()
        store.create_many(2)
        file = sqlite3.connect(folder.keys / "keystore.db")
        file.execute("UPDATE data_key SET wrapped = zeroblob(60)")
        file.commit()
        file.close()
        with pytest.raises(KeystoreError, match="restore the keystore"):
            store.rewrite()
        assert store.status().generation == 1


def test_an_old_database_put_back_under_a_newer_root_is_refused(server: Home) -> None:
    """A restored base backup of the keystore does not open once the root has gone on; recovery is the way."""
    with server.closing:
        server.create()
        server.root.forget_before(5, b"")
        with pytest.raises(FormerGeneration, match="opens only with its escrow"):
            server.open()
