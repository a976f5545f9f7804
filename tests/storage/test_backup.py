"""Backups: the same rows come back in either database, nothing altered does, blobs are linked, listed, checked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from former_rows import former_rows
from people_on_record import add_person
from sqlalchemy import insert, select

from storage import audit, backup, migrations, outbox
from storage.backup.copies import blob_path, check_blobs, list_blobs
from storage.backup.manifest import MANIFEST_FILE
from storage.backup.snapshot import consistent_view
from storage.backup.tables import find_tables, table_path
from storage.blobs import BlobGone, FolderBlobs
from storage.database import Database, open_database
from storage.models import Document, Outbox, Person
from storage.seal import Sealed

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OURS = b"i" * 16
AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def _fill(database: Database, blobs: FolderBlobs, people: int = 3) -> list[str]:
    """People with a document each, work that waits and a record of it; the blobs' ids."""
    ids = [blobs.write(Sealed(f"sealed {number}".encode())) for number in range(people)]
    with database.writing() as session:
        for blob_id in ids:
            person = add_person(session, blob_id=blob_id)
            outbox.enqueue(session, "index", person.id, {"n": 1}, AT)
            audit.record(session, at=AT, actor="worker", action="person.seen", subject=person.log_name)
        audit.sequence(session)
    return ids


def _make(database: Database, blobs: FolderBlobs, folder: Path, **given: object) -> Path:
    chosen: dict[str, object] = {"key": KEY, "installation": OURS, "at": AT}
    return backup.make_backup(database, blobs, folder, **(chosen | given))  # type: ignore[arg-type]


def _rows(database: Database) -> dict[str, list[str]]:
    """Everything in the database, in an order of its own, times told in UTC."""
    with database.engine.connect() as connection:
        return {
            table.name: sorted(
                repr([v.replace(tzinfo=UTC) if isinstance(v, datetime) and v.tzinfo is None else v for v in row])
                for row in connection.execute(select(table))
            )
            for table in find_tables(connection)
        }


def _restore(path: Path, database: Database, blobs: FolderBlobs) -> backup.Manifest:
    manifest = backup.verify_backup(path, KEY.public_key(), OURS, blobs)
    backup.restore_backup(path, manifest, database, blobs)
    return manifest


def test_every_row_and_blob_comes_back(database: Database, tmp_path: Path) -> None:
    """What was put back is what was there, numbers go on where they were, and the manifest counts it."""
    blobs = FolderBlobs(tmp_path / "blobs")
    ids = _fill(database, blobs)
    before = _rows(database)
    path = _make(database, blobs, tmp_path / "backups")
    with database.writing() as session:
        session.query(Outbox).delete()
        add_person(session)
    for blob_id in ids:
        blobs.delete(blob_id)
    manifest = _restore(path, database, blobs)
    assert _rows(database) == before
    assert [bytes(blobs.read(blob_id)) for blob_id in ids] == [b"sealed 0", b"sealed 1", b"sealed 2"]
    assert (manifest.people, manifest.blobs.rows, manifest.audit_size, manifest.missing) == (3, 3, 3, 0)
    with database.writing() as session:
        outbox.enqueue(session, "index", None, {}, AT)
        audit.record(session, at=AT, actor="worker", action="person.seen", subject=None)
        session.flush()
        assert session.query(Outbox).count() == 4
        assert audit.sequence(session) == 1


def test_a_backup_restores_into_the_other_kind_of_database(
    database: Database, tmp_path: Path, empty_postgres_url: str
) -> None:
    """From SQLite to PostgreSQL and back, every value is the same."""
    blobs = FolderBlobs(tmp_path / "blobs")
    _fill(database, blobs)
    path = _make(database, blobs, tmp_path / "backups")
    url = empty_postgres_url if database.is_sqlite else f"sqlite:///{tmp_path / 'other.db'}"
    other = open_database(url)
    assert backup.is_empty(other.engine)
    _restore(path, other, blobs)
    with database.reading() as ours, other.reading() as theirs:
        assert audit.root(ours) == audit.root(theirs)
        assert audit.verify(theirs, KEY.public_key()).ok
    assert {name: len(rows) for name, rows in _rows(database).items()} == {
        name: len(rows) for name, rows in _rows(other).items()
    }
    other.close()


def test_nothing_altered_is_restored(database: Database, tmp_path: Path) -> None:
    """A changed row file, a changed blob, a lost blob, a changed manifest or another key: refused, each by name."""
    blobs = FolderBlobs(tmp_path / "blobs")
    ids = _fill(database, blobs)

    def refused(path: Path, text: str, key: Ed25519PrivateKey = KEY) -> None:
        with pytest.raises(backup.BackupDamaged, match=text):
            backup.verify_backup(path, key.public_key(), OURS, blobs)

    path = _make(database, blobs, tmp_path / "one")
    table_path(path, "person").write_bytes(b"something else")
    refused(path, "was altered")
    path = _make(database, blobs, tmp_path / "two")
    blob_path(path, ids[0]).write_bytes(b"sealed 9")
    refused(path, "is not what it was")
    blob_path(path, ids[0]).unlink()
    refused(path, "is missing")
    path = _make(database, blobs, tmp_path / "three")
    refused(path, "another installation", Ed25519PrivateKey.generate())
    with pytest.raises(backup.BackupDamaged, match="another installation"):
        backup.verify_backup(path, KEY.public_key(), b"j" * 16, blobs)
    table_path(path, "person").unlink()
    refused(path, "is missing")
    manifest = path / MANIFEST_FILE
    manifest.write_text(manifest.read_text().replace('"people": 3', '"people": 2'))
    refused(path, "was altered")
    refused(tmp_path, "no signed manifest")


def test_blobs_may_be_listed_instead_of_copied(database: Database, tmp_path: Path) -> None:
    """A listing holds no bytes; restoring checks the store against it. What was erased since is no reason to refuse."""
    blobs = FolderBlobs(tmp_path / "blobs")
    ids = _fill(database, blobs)
    path = _make(database, blobs, tmp_path / "backups", mode=backup.BlobMode.LISTED)
    assert not (path / "blobs").exists()
    _restore(path, database, blobs)
    blobs.delete(ids[1])
    assert check_blobs(path, blobs, is_listed=True) == [ids[1]]
    _restore(path, database, blobs)
    blobs.restore(ids[0], Sealed(b"something else"))
    with pytest.raises(backup.BackupDamaged, match="is not what it was"):
        backup.verify_backup(path, KEY.public_key(), OURS, blobs)


def test_a_backup_holds_no_reader_open(database: Database, tmp_path: Path) -> None:
    """Others write meanwhile and the write-ahead log can be emptied; what came after its moment is not in it."""
    blobs = FolderBlobs(tmp_path / "blobs")
    _fill(database, blobs)
    folder = tmp_path / "view"
    folder.mkdir()
    with consistent_view(database, folder) as session:
        assert session.query(Person).count() == 3
        with database.writing() as other:
            add_person(other)
        assert database.checkpoint()
        assert session.query(Person).count() == 3
    assert list(folder.iterdir()) == []


def test_backups_of_former_shapes_restore(tmp_path: Path, former: Database, database: Database) -> None:
    """Made of a database as an older version left it: put back in that shape, then brought to today's."""
    blobs = FolderBlobs(tmp_path / "blobs")
    ids = _fill_former(former, blobs)
    path = _make(former, blobs, tmp_path / "backups")
    manifest = _restore(path, database, blobs)
    assert manifest.revision == migrations.current(former.engine) != migrations.head()
    migrations.check(database.engine)
    with database.reading() as session:
        assert sorted(session.scalars(select(Document.blob_id))) == sorted(ids)
        assert session.query(Person).count() == manifest.people == 3
        assert audit.verify(session, KEY.public_key()).ok
    with database.writing() as session:
        add_person(session)


@pytest.fixture(params=["0001", "0002"])
def former(request: pytest.FixtureRequest, tmp_path: Path, empty_postgres_url: str) -> Iterator[Database]:
    """A database in the shape of a former version, on SQLite for one and on PostgreSQL for the other."""
    url = f"sqlite:///{tmp_path / 'former.db'}" if request.param == "0001" else empty_postgres_url
    opened = open_database(url)
    migrations.upgrade(opened.engine, request.param)
    yield opened
    opened.close()


def _fill_former(former: Database, blobs: FolderBlobs) -> list[str]:
    """Rows of three people, written without today's models."""
    ids = [blobs.write(Sealed(f"sealed {number}".encode())) for number in range(3)]
    with former.engine.execution_options(writes=True).begin() as connection:
        tables = {table.name: table for table in find_tables(connection)}
        for blob_id in ids:
            for name, row in former_rows(blob_id).items():
                known = {key: value for key, value in row.items() if key in tables[name].columns}
                connection.execute(insert(tables[name]), [known])
    with former.writing() as session:
        audit.record(session, at=AT, actor="worker", action="person.seen", subject=None)
        audit.sequence(session)
    return ids


def test_a_blob_that_went_meanwhile_is_told_and_does_not_hinder(database: Database, tmp_path: Path) -> None:
    """Somebody ended between snapshot and copy: the backup says so and still restores."""
    blobs = FolderBlobs(tmp_path / "blobs")
    ids = _fill(database, blobs)
    blobs.delete(ids[2])
    path = _make(database, blobs, tmp_path / "backups")
    assert _restore(path, database, blobs).missing == 1
    with pytest.raises(BlobGone):
        blobs.read(ids[2])


def test_blobs_that_the_former_backup_holds_are_linked(database: Database, tmp_path: Path) -> None:
    """A blob takes its room once, however many backups hold it; one whose copy is short is copied afresh."""
    blobs = FolderBlobs(tmp_path / "blobs")
    ids = _fill(database, blobs)
    first = _make(database, blobs, tmp_path / "backups")
    blob_path(first, ids[0]).write_bytes(b"short")
    second = _make(database, blobs, tmp_path / "backups", at=AT + timedelta(days=1))
    assert blob_path(second, ids[1]).stat().st_ino == blob_path(first, ids[1]).stat().st_ino
    assert blob_path(second, ids[0]).read_bytes() == b"sealed 0"
    assert {one.blob_id for one in list_blobs(second)} == set(ids)


def test_only_the_newest_backups_are_kept(database: Database, tmp_path: Path) -> None:
    """Pruning deletes the oldest and what a crash left, never the last one."""
    blobs, folder = FolderBlobs(tmp_path / "blobs"), tmp_path / "backups"
    made = [_make(database, blobs, folder, at=AT + timedelta(days=day)) for day in range(3)]
    (folder / ".partial-vitavault-x").mkdir()
    assert backup.prune_backups(folder, 2) == made[:1]
    assert sorted(folder.iterdir()) == made[1:]
    assert backup.prune_backups(folder, 0) == made[1:2]


def test_a_backup_that_fails_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """Nothing unfinished can be taken for a backup."""
    folder = tmp_path / "backups"

    class FullDisk(FolderBlobs):
        def read(self, blob_id: str) -> Sealed:
            raise OSError(28, "No space left on device")

    _fill(database, FolderBlobs(tmp_path / "blobs"))
    with pytest.raises(OSError, match="No space"):
        _make(database, FullDisk(tmp_path / "blobs"), folder)
    assert list(folder.iterdir()) == []


def test_a_backup_of_a_newer_version_is_refused(database: Database, tmp_path: Path) -> None:
    """A shape that this code does not know is not guessed at."""
    blobs = FolderBlobs(tmp_path / "blobs")
    path = _make(database, blobs, tmp_path / "backups")
    manifest = backup.read_manifest(path, KEY.public_key(), OURS)
    from dataclasses import replace

    from storage.backup.manifest import write_manifest

    write_manifest(path, replace(manifest, revision="9999"), KEY)
    with pytest.raises(backup.RestoreRefused) as refused:
        backup.verify_backup(path, KEY.public_key(), OURS, blobs)
    assert refused.value.code == "backup_newer"
