"""Signed heads: their form, what is never signed, and the copy kept outside."""

import base64
import hashlib
import threading
from pathlib import Path

import pytest
from audit_samples import KEY, ORIGIN, PUBLIC_KEY, START, fill, sequence_all, tamper, verify, write_entries
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select, update

from storage import audit
from storage.audit import notes
from storage.database import Database, open_database
from storage.models import AuditCheckpoint, AuditEntry, AuditNode

HEAD = audit.Head(ORIGIN, 6, b"r" * 32, START)


def sign(database: Database, exported: Path | None = None) -> AuditCheckpoint:
    """Sign a head."""
    with database.writing() as session:
        return audit.checkpoint(session, KEY, ORIGIN, START, exported)


def test_a_head_has_the_form_of_a_signed_note() -> None:
    """Origin, size, root, time; an empty line; em dash, name, key id and Ed25519 signature over the text."""
    text, signature = notes.sign_head(HEAD, KEY).split("\n\n")
    assert text.split("\n") == [ORIGIN, "6", base64.b64encode(b"r" * 32).decode(), "time 2026-03-01T09:30:00.000000Z"]
    dash, name, encoded = signature.removesuffix("\n").split(" ")
    raw = base64.b64decode(encoded)
    assert (dash, name) == ("—", ORIGIN)
    assert raw[:4] == hashlib.sha256(ORIGIN.encode() + b"\n\x01" + PUBLIC_KEY.public_bytes_raw()).digest()[:4]
    PUBLIC_KEY.verify(raw[4:], text.encode() + b"\n")


def test_a_head_opens_to_what_was_signed() -> None:
    """Signing and opening are each other's inverse."""
    assert audit.open_note(notes.sign_head(HEAD, KEY), PUBLIC_KEY) == HEAD


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("\n6\n", "\n7\n", "wrong_signature"),
        ("time 2026", "time 2025", "wrong_signature"),
        ("\n6\n", "\n06\n", "malformed"),
        ("— vitavault", "— another", "another_key"),
        (" FA", " FB", "another_key"),
        ("\n\n", "\n", "malformed"),
        ("=\n", "==\n", "malformed"),
    ],
)
def test_a_changed_note_is_not_read(old: str, new: str, code: str) -> None:
    """Whatever is changed, the note says nothing any more."""
    note = notes.sign_head(HEAD, KEY)
    first = note.rsplit(" ", 1)[1][:2]
    changed = note.replace(f" {first}", f" {'A' if first[0] != 'A' else 'B'}{first[1]}") if old == " FA" else None
    changed = changed or "".join(note.rsplit(old, 1)[0:1]) + new + note.rsplit(old, 1)[1]
    with pytest.raises(audit.NotVouched) as caught:
        audit.open_note(changed, PUBLIC_KEY)
    assert caught.value.code == code


def test_an_origin_is_one_word() -> None:
    """Spaces and plus have no place in an origin."""
    with pytest.raises(ValueError, match="origin"):
        notes.sign_head(audit.Head("two words", 0, b"r" * 32, START), KEY)


def test_a_head_is_signed_once_for_each_size(database: Database) -> None:
    """Nothing added, nothing signed anew; the empty record has a head too."""
    assert sign(database).size == 0
    fill(database, 3)
    first = sign(database)
    assert sign(database).note == first.note
    with database.reading() as session:
        assert session.scalars(select(AuditCheckpoint.size).order_by(AuditCheckpoint.size)).all() == [0, 3]
        found = audit.find_checkpoint(session)
    assert found is not None
    assert found.size == 3


def test_waiting_entries_are_not_vouched_for(database: Database) -> None:
    """A head covers the entries that have a position."""
    write_entries(database, 3)
    assert sign(database).size == 0
    sequence_all(database)
    assert sign(database).size == 3


def rewrite(database: Database, keep: int, add: int) -> None:
    """Cut the record to ``keep`` entries and write ``add`` others."""
    tamper(
        database,
        delete(AuditEntry).where(AuditEntry.position >= keep),
        *(delete(AuditNode).where(AuditNode.level == level, AuditNode.index >= keep >> level) for level in range(8)),
    )
    fill(database, add, since=500)


@pytest.mark.parametrize(("keep", "add"), [(3, 0), (3, 2), (3, 9), (0, 5)])
def test_a_head_that_does_not_continue_the_last_is_not_signed(database: Database, keep: int, add: int) -> None:
    """A record that was cut, or cut and written on, gets no signature."""
    fill(database, 5)
    sign(database)
    rewrite(database, keep, add)
    with pytest.raises(audit.Inconsistent):
        sign(database)


def test_a_head_that_does_not_continue_the_exported_one_is_not_signed(database: Database, tmp_path: Path) -> None:
    """With the heads in the database gone too, the exported one still stands in the way."""
    exported = tmp_path / "heads"
    fill(database, 5)
    audit.export_checkpoint(exported, sign(database, exported))
    rewrite(database, 3, 6)
    tamper(database, delete(AuditCheckpoint))
    with pytest.raises(audit.Inconsistent):
        sign(database, exported)
    assert sign(database).size == 9


def test_another_installations_head_is_not_continued(database: Database) -> None:
    """A record that carries another origin is not ours to sign."""
    fill(database, 5)
    sign(database)
    with pytest.raises(audit.Inconsistent, match="another installation"), database.writing() as session:
        audit.checkpoint(session, KEY, "other.example.org/record", START)


def test_a_forged_last_head_is_not_built_upon(database: Database) -> None:
    """The last head must be under our key and say what its columns say."""
    fill(database, 5)
    sign(database)
    with pytest.raises(audit.NotVouched, match="another_key"), database.writing() as session:
        audit.checkpoint(session, Ed25519PrivateKey.from_private_bytes(b"x" * 32), ORIGIN, START)
    tamper(database, update(AuditCheckpoint).values(root=b"z" * 32))
    with pytest.raises(audit.NotVouched, match="columns_differ"):
        sign(database)


def test_a_tree_with_holes_is_not_signed(database: Database) -> None:
    """Without its subtrees the record has no root."""
    fill(database, 5)
    tamper(database, delete(AuditNode).where(AuditNode.level == 2))
    with pytest.raises(audit.TreeDamaged, match="2/0"):
        sign(database)


def test_an_exported_head_is_kept_once_and_privately(database: Database, tmp_path: Path) -> None:
    """Appending the same head again changes nothing; only the owner reads the file."""
    exported = tmp_path / "heads"
    assert audit.read_exported(exported) == []
    assert audit.find_exported(exported, PUBLIC_KEY) is None
    fill(database, 2)
    first = sign(database)
    assert audit.export_checkpoint(exported, first)
    assert not audit.export_checkpoint(exported, first)
    fill(database, 2, since=2)
    second = sign(database, exported)
    assert audit.export_checkpoint(exported, second)
    assert audit.read_exported(exported) == [first.note, second.note]
    assert audit.find_exported(exported, PUBLIC_KEY) == audit.Head(ORIGIN, 4, second.root, START)
    assert exported.stat().st_mode & 0o777 == 0o600


def test_a_head_half_written_at_a_crash_is_replaced(database: Database, tmp_path: Path) -> None:
    """Wherever a crash cut the last note, the whole ones before it stay and the next is appended whole."""
    exported = tmp_path / "heads"
    fill(database, 2)
    first = sign(database)
    audit.export_checkpoint(exported, first)
    whole = exported.read_bytes()
    fill(database, 2, since=2)
    second = sign(database)
    audit.export_checkpoint(exported, second)
    both = exported.read_bytes()
    for cut in range(len(whole), len(both)):
        exported.write_bytes(both[:cut])
        assert audit.read_exported(exported) == [first.note]
        assert audit.export_checkpoint(exported, second)
        assert exported.read_bytes() == both


def test_a_file_of_something_else_is_not_written_to(database: Database, tmp_path: Path) -> None:
    """A damaged export is left as it is, for a person to look at."""
    exported = tmp_path / "heads"
    fill(database, 2)
    row = sign(database)
    audit.export_checkpoint(exported, row)
    damaged = b"\nrubbish\n" + exported.read_bytes()
    exported.write_bytes(damaged)
    fill(database, 1, since=2)
    with pytest.raises(audit.ExportDamaged):
        audit.export_checkpoint(exported, sign(database))
    assert exported.read_bytes() == damaged


def test_sequencers_that_race_place_each_entry_once(database_url: str) -> None:
    """Several sequencers, writers beside them: the record is whole and nothing is placed twice."""
    database = open_database(database_url)
    placed: list[int] = []

    def write(since: int) -> None:
        for number in range(10):
            write_entries(database, 2, since=since + 2 * number)

    def place() -> None:
        placed.append(sum(sequence_all(database, batch=3) for _ in range(10)))

    threads = [threading.Thread(target=place) for _ in range(3)]
    threads += [threading.Thread(target=write, args=(since,)) for since in (0, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    placed.append(sequence_all(database))
    report = verify(database)
    assert (sum(placed), report.ok, report.size, report.waiting) == (40, True, 40, 0)
    database.close()


def test_signers_that_race_sign_one_head(database: Database) -> None:
    """Two that sign at once both get the same head."""
    fill(database, 5)
    signed: list[str] = []
    threads = [threading.Thread(target=lambda: signed.append(sign(database).note)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(signed) == 4
    assert len(set(signed)) == 1


def test_an_entry_that_commits_late_is_placed_late(database: Database) -> None:
    """A position follows the commit: a lower number that commits after others were placed still gets one."""
    if database.is_sqlite:
        fill(database, 2)
        assert verify(database).size == 2
        return
    with database.writing() as late:
        audit.record(late, at=START, actor="worker", action="a.b", subject=None)
        fill(database, 2)
        assert verify(database).size == 2
    sequence_all(database)
    report = verify(database)
    assert (report.ok, report.size) == (True, 3)
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.id).order_by(AuditEntry.position)).all() == [2, 3, 1]
