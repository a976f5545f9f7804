"""Writing entries: in the business transaction, codes only, and never changed again."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from audit_samples import KEY, ORIGIN, STAFF, START, SUBJECTS, fill, write_entries
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError

from storage import audit
from storage.audit.recording import PAGE
from storage.codes import NotACode, is_code
from storage.database import Database
from storage.models import AuditCheckpoint, AuditEntry, AuditNode, BasisEvent, Installation, Model


def count_entries(database: Database) -> int:
    """How many entries the record has."""
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(AuditEntry)).scalar_one()


def change_business(database: Database, *, divisor: int) -> None:
    """Change a row, record it, and then fail when ``divisor`` is 0."""
    with database.writing() as session:
        session.add(Installation(id=b"i" * 16, created_at=START))
        audit.record(session, at=START, actor="worker", action="retention.run", subject=None)
        assert 1 / divisor


def test_an_entry_is_canonical_and_complete(database: Database) -> None:
    """The entry repeats every column under sorted keys, and its number."""
    with database.writing() as session:
        row = audit.record(
            session,
            at=START,
            actor=STAFF,
            action="document.view",
            subject=SUBJECTS[1],
            about={"pages": 2, "kind": "a"},
        )
    assert row.entry == (
        '{"about":{"kind":"a","pages":2},"action":"document.view","actor":"' + STAFF + '",'
        f'"at":"2026-03-01T09:30:00.000000Z","id":{row.id},"outcome":"ok","subject":"{"01" * 16}"}}'
    )
    assert row.position is None


def test_an_entry_and_its_change_happen_together_or_not_at_all(database: Database) -> None:
    """A business change that fails takes its entry with it."""
    with pytest.raises(ZeroDivisionError):
        change_business(database, divisor=0)
    assert count_entries(database) == 0


def test_a_record_that_cannot_be_written_stops_the_change(database: Database) -> None:
    """When the record refuses an entry, the business change is rolled back (fail closed)."""
    with database.writing() as session:
        session.execute(text("DROP TABLE audit_entry"))
    with pytest.raises(DatabaseError):
        change_business(database, divisor=1)
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Installation)).scalar_one() == 0


@pytest.mark.parametrize(
    "about",
    [
        {"name": "x"},
        {"reason": "was rude on the phone"},
        {"reason": "Rude"},
        {"reason": "anna@example.org"},
        {"reason": "a" * 241},
        {"count": 1.5},
        {"count": 2**53},
        {"reason": ["a"]},
        {"reason": b"x"},
    ],
)
def test_nothing_but_codes_under_known_keys_is_recorded(database: Database, about: dict[str, Any]) -> None:
    """Free text, unknown keys, floats and structures are refused, and the error does not repeat them."""
    with pytest.raises((audit.NotAnEntry, NotACode)) as caught, database.writing() as session:
        audit.record(session, at=START, actor="worker", action="note.add", subject=None, about=about)
    assert not any(str(value) in str(caught.value) for value in about.values())
    assert count_entries(database) == 0


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("actor", "Anna Smith"),
        ("actor", "staff:anna"),
        ("actor", "anna@example.org"),
        ("action", "Viewed the document"),
        ("action", "a." + "b" * 63),
        ("outcome", "not good"),
        ("subject", b"short"),
        ("at", datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_parts_out_of_shape_are_refused(database: Database, part: str, value: object) -> None:
    """Actors that are no pseudonyms, actions and outcomes that are no codes, and naive times are refused."""
    given_parts = {"at": START, "actor": "worker", "action": "note.add", "subject": None, "about": {}}
    with pytest.raises(audit.NotAnEntry), database.writing() as session:
        audit.record(session, **(given_parts | {part: value}))  # type: ignore[arg-type]
    assert count_entries(database) == 0


@pytest.mark.parametrize(
    "value",
    ["", "VV-7K3M-9QXT-C4", "2026-03-01T00:00:00Z", "US-CA", "applications/{id}".replace("{id}", "1"), True, 7, None],
)
def test_codes_are_let_through(value: object) -> None:
    """References, instants, regions and routes are codes."""
    assert is_code(value)


@given(st.text(min_size=1))
def test_a_code_never_holds_a_space_or_an_at_sign(value: str) -> None:
    """Whatever is let through is made of unspaced ASCII letters, digits and joints."""
    if is_code(value):
        assert value.isascii()
        assert not set(value) & set(" @'\"<>()\n\t")


def test_who_looked_is_answered_in_order(database: Database) -> None:
    """All entries about one person, oldest first, and of nobody else."""
    fill(database, 12)
    with database.reading() as session:
        found = list(audit.entries_for(session, SUBJECTS[2]))
    assert [json.loads(row.entry)["about"]["count"] for row in found] == [2, 7]


def test_what_one_actor_did_between_two_times_is_answered(database: Database) -> None:
    """A breach question names actor, action and times; the end is excluded."""
    fill(database, 12)
    with database.reading() as session:
        found = list(
            audit.entries_by(
                session,
                actor=STAFF,
                action="document.view",
                since=START + timedelta(minutes=3),
                until=START + timedelta(minutes=9),
            )
        )
    assert [row.at for row in found] == [START + timedelta(minutes=n) for n in (3, 5, 7)]


def test_a_long_answer_comes_whole_page_by_page(database: Database) -> None:
    """More entries than one page, many at the same instant, are each given once."""
    with database.writing() as session:
        for number in range(PAGE + 5):
            audit.record(session, at=START, actor="worker", action="a.b", subject=None, about={"count": number})
    with database.reading() as session:
        counts = [json.loads(row.entry)["about"]["count"] for row in audit.entries_by(session)]
        assert not list(session.identity_map)
    assert counts == list(range(PAGE + 5))


def rewritings() -> dict[str, Any]:
    """What the database must refuse."""
    return {
        "delete an entry": delete(AuditEntry),
        "move an entry": update(AuditEntry).values(position=AuditEntry.position + 100),
        "take back a position": update(AuditEntry).values(position=None),
        "change an entry": update(AuditEntry).values(actor="nobody"),
        "change the subject": update(AuditEntry).values(subject=None),
        "change a subtree": update(AuditNode).values(hash=b"x" * 32),
        "delete a subtree": delete(AuditNode),
        "change a head": update(AuditCheckpoint).values(note="x"),
        "delete a head": delete(AuditCheckpoint),
    }


@pytest.mark.parametrize("what", rewritings())
def test_the_database_refuses_to_rewrite_the_record(database: Database, what: str) -> None:
    """Triggers stop whoever has only a connection."""
    fill(database, 3)
    with database.writing() as session:
        audit.checkpoint(session, KEY, ORIGIN, START)
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
        session.execute(rewritings()[what])


def test_a_waiting_entry_may_only_be_given_its_position(database: Database) -> None:
    """Even before it has a position, nothing else of an entry changes."""
    write_entries(database, 1)
    with pytest.raises(DatabaseError, match="append-only"), database.writing() as session:
        session.execute(update(AuditEntry).values(position=0, actor="nobody"))


def test_the_ledger_of_bases_may_be_emptied_but_not_rewritten(database: Database) -> None:
    """Ledger rows go with their person, and are never changed before."""
    values: dict[str, Any] = {
        "id": b"b" * 16, "person_id": b"p" * 16, "application_id": b"a" * 16, "position": 1, "purpose": "recruiting",
        "basis": "contract", "event": "given", "at": START, "channel": "form", "notice_version": "1",
        "notice_digest": "0" * 64, "wording_digest": "", "language": "en", "global_privacy_control": False,
    }  # fmt: skip
    table = Model.metadata.tables["basis_event"]
    with database.writing() as session:
        session.execute(table.insert().values(**values))
        with pytest.raises(DatabaseError, match="append-only"), session.begin_nested():
            session.execute(update(BasisEvent).values(purpose="selling"))
        session.execute(delete(BasisEvent))
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(BasisEvent)).scalar_one() == 0
