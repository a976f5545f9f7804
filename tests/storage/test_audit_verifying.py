"""Whatever is done to the record behind its back is named."""

import shutil
import threading
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from audit_samples import (
    KEY,
    ORIGIN,
    PUBLIC_KEY,
    START,
    entry_values,
    fill,
    insert_copy,
    places,
    sequence_all,
    tamper,
    texts,
    verify,
    write_entries,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select, update

from storage import audit
from storage.audit.entry import canonical, leaf_hash
from storage.audit.verifying import MOST_FAULTS, PAGE, newest_at
from storage.database import Database, open_database
from storage.models import AuditCheckpoint, AuditEntry, AuditNode

CHANGES: dict[str, Any] = {
    "id": 5000,
    "position": 5000,
    "at": START - timedelta(days=1),
    "actor": "nobody",
    "action": "nothing.done",
    "subject": b"z" * 16,
    "entry": "{}",
    "leaf_hash": b"z" * 32,
}


def sign(database: Database, exported: Path | None = None, minutes: int = 0) -> AuditCheckpoint:
    """Sign a head and, where a file is given, export it."""
    with database.writing() as session:
        row = audit.checkpoint(session, KEY, ORIGIN, START + timedelta(minutes=minutes), exported)
    if exported is not None:
        audit.export_checkpoint(exported, row)
    return row


def test_an_untouched_record_is_whole(database: Database) -> None:
    """Nothing is wrong with a record of any size, waiting entries and signed heads included."""
    assert verify(database) == audit.VerifyReport(True, 0, audit.EMPTY_ROOT, 0, ())
    for count in range(1, 10):
        fill(database, 1, since=count)
        sign(database, minutes=count)
    write_entries(database, 2, since=20)
    report = verify(database)
    assert texts(report.faults) == ""
    assert (report.ok, report.size, report.waiting) == (True, 9, 2)


def test_every_column_is_covered() -> None:
    """The list of changes below leaves no column out."""
    assert set(CHANGES) == {column.name for column in AuditEntry.__table__.columns}


@pytest.mark.parametrize("number", [1, 4, 7])
@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_is_named(database: Database, column: str, number: int) -> None:
    """Each column of the first, a middle and the last entry, changed, is named with its entry."""
    fill(database, 7)
    sign(database)
    tamper(database, update(AuditEntry).where(AuditEntry.id == number).values(**{column: CHANGES[column]}))
    report = verify(database)
    assert not report.ok
    assert f"entry {5000 if column == 'id' else number}" in places(report)


@pytest.mark.parametrize("column", sorted(CHANGES.keys() - {"position"}))
def test_a_changed_column_of_a_waiting_entry_is_named(database: Database, column: str) -> None:
    """An entry that has no position yet is checked too."""
    write_entries(database, 3)
    tamper(database, update(AuditEntry).where(AuditEntry.id == 2).values(**{column: CHANGES[column]}))
    assert places(verify(database)) == {f"entry {5000 if column == 'id' else 2}"}


def test_waiting_entries_are_checked_page_by_page(database: Database) -> None:
    """More waiting entries than one page are all checked."""
    write_entries(database, PAGE + 2)
    tamper(database, update(AuditEntry).where(AuditEntry.id == PAGE + 2).values(actor="nobody"))
    assert places(verify(database)) == {f"entry {PAGE + 2}"}


def test_an_entry_changed_with_its_own_hash_is_named(database: Database) -> None:
    """Making columns, entry and leaf hash agree does not help: the tree has another leaf."""
    fill(database, 7)
    with database.reading() as session:
        values = entry_values(session, 3)
    entry = values["entry"].replace("document.view", "retention.due").replace("retention.due", "nothing.done")
    forged = {"action": "nothing.done", "entry": entry, "leaf_hash": leaf_hash(entry)}
    tamper(database, update(AuditEntry).where(AuditEntry.id == 3).values(**forged))
    report = verify(database)
    assert [str(fault) for fault in report.faults] == ["entry 3: is not what the tree has at position 2"]


@pytest.mark.parametrize("entry", ["", "[]", '{"a": 1}', '{"a":NaN}', "[" * 100_000])
def test_an_entry_that_is_no_entry_is_named(database: Database, entry: str) -> None:
    """Whatever text stands in place of an entry is survived and named."""
    fill(database, 2)
    tamper(database, update(AuditEntry).where(AuditEntry.id == 2).values(entry=entry, leaf_hash=leaf_hash(entry)))
    assert "entry 2: entry is not in its canonical spelling" in texts(verify(database).faults)


def test_a_number_spelled_as_a_flag_is_no_match(database: Database) -> None:
    """``true`` in place of the number 1 is not the number 1."""
    fill(database, 1)
    with database.reading() as session:
        values = entry_values(session, 1)
    entry = values["entry"].replace('"id":1', '"id":true')
    tamper(database, update(AuditEntry).values(entry=entry, leaf_hash=leaf_hash(entry)))
    assert "entry 1: id differs from what was hashed" in texts(verify(database).faults)


@pytest.mark.parametrize("number", [1, 4])
def test_a_deleted_entry_is_named(database: Database, number: int) -> None:
    """A gap is named by its position."""
    fill(database, 7)
    tamper(database, delete(AuditEntry).where(AuditEntry.id == number))
    assert places(verify(database)) == {f"position {number - 1}"}


def test_a_deleted_stretch_is_named(database: Database) -> None:
    """Several entries missing in a row are named together."""
    fill(database, 7)
    tamper(database, delete(AuditEntry).where(AuditEntry.id.between(3, 5)))
    assert places(verify(database)) == {"positions 2 to 4"}


def test_a_duplicated_entry_is_named(database: Database) -> None:
    """A copy under another number is named, with a position or without."""
    fill(database, 5)
    insert_copy(database, 3, id=77, position=None)
    insert_copy(database, 3, id=78, position=5)
    assert {"entry 77", "entry 78"} <= places(verify(database))


def test_an_inserted_entry_is_named(database: Database) -> None:
    """A well-made entry squeezed in between, the rest moved on, is named with all that it displaced."""
    fill(database, 5)
    with database.reading() as session:
        values = entry_values(session, 2)
    entry = values["entry"].replace('"id":2', '"id":90')
    moved = [update(AuditEntry).where(AuditEntry.id == n).values(position=n) for n in (5, 4, 3)]
    tamper(database, *moved)
    insert_copy(database, 2, id=90, position=2, entry=entry, leaf_hash=leaf_hash(entry))
    assert {"entry 90", "entry 3", "entry 4", "entry 5"} <= places(verify(database))


def test_two_swapped_entries_are_named(database: Database) -> None:
    """Entries that change places are both named."""
    fill(database, 5)
    swap = [
        update(AuditEntry).where(AuditEntry.id == number).values(position=position)
        for number, position in ((2, 50), (4, 1), (2, 3))
    ]
    tamper(database, *swap)
    assert places(verify(database)) == {"entry 2", "entry 4"}


def cut_tail(database: Database, size: int) -> None:
    """Cut the record to ``size`` entries so that it looks as if it had never been longer."""
    tamper(
        database,
        delete(AuditEntry).where(AuditEntry.position >= size),
        *(delete(AuditNode).where(AuditNode.level == level, AuditNode.index >= size >> level) for level in range(8)),
        delete(AuditCheckpoint).where(AuditCheckpoint.size > size),
    )


def test_a_cut_tail_is_named_by_the_exported_head(database: Database, tmp_path: Path) -> None:
    """Only a head kept outside shows that the end is missing."""
    exported = tmp_path / "outside" / "heads"
    exported.parent.mkdir()
    fill(database, 5)
    sign(database, exported)
    fill(database, 4, since=5)
    sign(database, exported, minutes=1)
    cut_tail(database, 6)
    assert verify(database).ok
    report = verify(database, exported=exported)
    assert texts(report.faults) == "exported head 2: vouches for 9 entries, 6 are left"


def test_a_cut_tail_is_named_by_the_head_in_the_database(database: Database) -> None:
    """Entries, tree and all cut, but a signed head left behind."""
    fill(database, 6)
    sign(database)
    head = select(AuditCheckpoint.size)
    cut_tail_but_heads = [
        delete(AuditEntry).where(AuditEntry.position >= 4),
        *(delete(AuditNode).where(AuditNode.level == level, AuditNode.index >= 4 >> level) for level in range(8)),
    ]
    tamper(database, *cut_tail_but_heads)
    with database.reading() as session:
        assert session.scalars(head).all() == [6]
    assert texts(verify(database).faults) == "head 6: vouches for 6 entries, 4 are left"


def test_a_record_written_anew_is_named_by_the_exported_head(database: Database, tmp_path: Path) -> None:
    """A whole, well-made, longer record that is not the one vouched for."""
    exported = tmp_path / "heads"
    fill(database, 5)
    sign(database, exported)
    cut_tail(database, 0)
    fill(database, 8, since=50)
    assert verify(database).ok
    assert "exported head 1: the first 5 entries" in texts(verify(database, exported=exported).faults)


def test_an_older_database_put_back_is_named(tmp_path: Path, migrated_sqlite: Path) -> None:
    """A copy restored from before the last exported head, which then goes on, is neither whole nor signed."""
    live, copy, exported = tmp_path / "live.sqlite", tmp_path / "copy.sqlite", tmp_path / "heads"
    shutil.copyfile(migrated_sqlite, live)
    database = open_database(f"sqlite:///{live}")
    fill(database, 4)
    database.close()
    shutil.copyfile(live, copy)
    database = open_database(f"sqlite:///{live}")
    fill(database, 4, since=4)
    sign(database, exported)
    database.close()
    older = open_database(f"sqlite:///{copy}")
    assert texts(verify(older, exported=exported).faults) == "exported head 1: vouches for 8 entries, 4 are left"
    with pytest.raises(audit.Inconsistent, match="4 entries are left of the 8"):
        sign(older, exported)
    fill(older, 9, since=40)
    with pytest.raises(audit.Inconsistent, match="not those that were vouched for"):
        sign(older, exported)
    older.close()


@pytest.mark.parametrize(("level", "index"), [(0, 2), (1, 1), (2, 0)])
def test_a_changed_subtree_is_named(database: Database, level: int, index: int) -> None:
    """A changed hash of the tree does not fit its children, its parent or its entry."""
    fill(database, 7)
    here = (AuditNode.level == level) & (AuditNode.index == index)
    tamper(database, update(AuditNode).where(here).values(hash=b"z" * 32))
    assert ({f"subtree {level}/{index}"} if level else {"entry 3", "subtree 1/1"}) <= places(verify(database))


def test_a_missing_or_foreign_subtree_is_named(database: Database) -> None:
    """A hole in the tree, and a subtree beyond it, are named by their level; the root is then not given."""
    fill(database, 7)
    tamper(
        database,
        delete(AuditNode).where(AuditNode.level == 1, AuditNode.index == 2),
        AuditNode.__table__.insert().values(level=9, index=0, hash=b"z" * 32),
        AuditNode.__table__.insert().values(level=-1, index=0, hash=b"z" * 32),
    )
    report = verify(database)
    assert {"level 1", "level 9", "level -1", "subtree 9/0"} <= places(report)
    assert report.root == b""


@pytest.mark.parametrize(
    ("column", "value"),
    [("size", 3), ("root", b"z" * 32), ("at", START - timedelta(days=1)), ("note", "nothing")],
)
def test_a_changed_head_is_named(database: Database, column: str, value: Any) -> None:
    """Each column of a signed head is vouched for by its signature."""
    fill(database, 4)
    sign(database)
    tamper(database, update(AuditCheckpoint).values(**{column: value}))
    assert places(verify(database)) == {"head 3" if column == "size" else "head 4"}


def test_a_head_under_another_key_is_named(database: Database) -> None:
    """A head signed by somebody else vouches for nothing."""
    fill(database, 4)
    with database.writing() as session:
        audit.checkpoint(session, Ed25519PrivateKey.from_private_bytes(b"x" * 32), ORIGIN, START)
    assert texts(verify(database).faults) == "head 4: is not vouched for: another_key"


def test_a_damaged_export_is_named(database: Database, tmp_path: Path) -> None:
    """Something among the exported heads that is not one is a fault, not an end."""
    exported = tmp_path / "heads"
    fill(database, 4)
    sign(database, exported)
    exported.write_bytes(b"\n\nrubbish\n\n" + exported.read_bytes())
    assert places(verify(database, exported=exported)) == {"exported heads"}


def test_a_rewritten_record_fills_no_more_than_a_report(database: Database) -> None:
    """A report lists a bounded number of faults."""
    fill(database, MOST_FAULTS + 10)
    tamper(database, update(AuditEntry).values(actor="nobody"))
    assert len(verify(database).faults) == MOST_FAULTS


def test_checking_goes_on_while_others_write(database: Database) -> None:
    """The state that is checked is one state, however much is written meanwhile."""
    fill(database, 50)
    stop, reports = threading.Event(), []

    def write() -> None:
        since = 100
        while not stop.is_set():
            fill(database, 20, since=since)
            sign(database, minutes=since)
            since += 20

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports.extend(verify(database) for _ in range(8))
    finally:
        stop.set()
        writer.join()
    assert [texts(report.faults) for report in reports] == [""] * 8


def test_checking_a_long_record_keeps_memory_flat(tmp_path: Path, migrated_sqlite: Path) -> None:
    """Beyond two pages, more entries take no more memory at the peak (within 200 kB)."""
    path = tmp_path / "long.sqlite"
    shutil.copyfile(migrated_sqlite, path)
    database = open_database(f"sqlite:///{path}")
    peaks = []
    for since, count in ((0, 2_100), (2_100, 2_900)):
        fill(database, count, since=since)
        verify(database)  # statements are compiled once and kept
        tracemalloc.start()
        assert verify(database).ok
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    database.close()
    assert peaks[1] < peaks[0] + 200_000


def test_the_newest_head_tells_its_time(database: Database) -> None:
    """Those who watch over the record ask when it was last signed."""
    with database.reading() as session:
        assert newest_at(session) is None
    fill(database, 1)
    sign(database, minutes=7)
    with database.reading() as session:
        assert newest_at(session) == START + timedelta(minutes=7)


def test_sequencing_in_small_batches_gives_the_same_root(database: Database) -> None:
    """However the entries are cut into batches, the tree is the same."""
    write_entries(database, 13)
    assert sequence_all(database, batch=3) == 13
    report = verify(database)
    assert texts(report.faults) == ""
    with database.reading() as session:
        leaves = session.scalars(select(AuditEntry.leaf_hash).order_by(AuditEntry.id)).all()
        proof = audit.inclusion_proof(session, 12, 13)
        assert audit.is_included(leaves[12], 12, 13, proof, report.root)
        old, path = audit.root(session, 6), audit.consistency_proof(session, 6, 13)
        assert audit.is_consistent(6, 13, old, report.root, path)
        assert audit.count_unsequenced(session) == 0


def test_canonical_text_has_no_floats_and_no_nan() -> None:
    """What is not a number cannot be spelled."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"count": float("nan")})


def test_a_verified_root_needs_only_the_public_key(database: Database) -> None:
    """A head opens with the public key to the size and root that the report gives."""
    fill(database, 6)
    row = sign(database)
    report = verify(database)
    head = audit.open_note(row.note, PUBLIC_KEY)
    assert (head.size, head.root) == (report.size, report.root)
