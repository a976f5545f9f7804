"""The night: what is due ends whole, holds and floors stand, one bad record takes no other along, anything resumes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from people_on_record import (
    NOW,
    POLICY,
    SEALED,
    add_basis,
    add_person,
    keeper_did_its_part,
    night_over,
)

from retention.erasure import AlreadyEnding, Held, begin_end, end_of_record
from retention.holds import HoldRefused, lift_hold, place_hold
from retention.records import settle_end
from retention.sweep import sweep_leftovers
from retention.worker import Figures, RunRefused, finish_endings, plan_run, run_night, settle_everybody
from storage import leases
from storage.blobs import FolderBlobs
from storage.database import Database
from storage.models import EndCause, Ending, Person, PersonState, RetentionRun, RunState
from storage.queries import endings, people
from storage.queries.applications import find_document_of
from storage.seal import Sealed
from storage.vocabulary import Basis, Stage
from storage.vocabulary import BasisEvent as Kind


def test_what_is_due_ends_and_nothing_else(database: Database, tmp_path: Path) -> None:
    """A record past its period ends; one that is not stays; the run's figures say so."""
    with database.writing() as session:
        old, young = add_person(session), add_person(session, at=NOW - timedelta(days=3))
    night = night_over(database, tmp_path)
    assert [due.person_id for due in plan_run(night, NOW)] == [old.id]
    figures = run_night(night)
    assert (figures.scanned, figures.anonymised, figures.failed) == (1, 1, 0)
    with database.reading() as session:
        assert people.find_present(session, old.id) is None
        assert people.find_present(session, young.id) is not None
        run = endings.find_last_run(session)
        assert run is not None
        assert run.figures["anonymised"] == 1


def test_an_end_is_purged_only_after_the_keeper_and_leaves_no_row(database: Database, tmp_path: Path) -> None:
    """Rows and blobs go after key and index entries did; the record of the end names the rules and no person."""
    blobs = FolderBlobs(tmp_path)
    blob = blobs.write(Sealed(b"sealed bytes"))
    with database.writing() as session:
        person = add_person(session, blob_id=blob)
    night = night_over(database, tmp_path)
    run_night(night)
    assert finish_endings(night) == 0
    keeper_did_its_part(database)
    figures = Figures()
    assert finish_endings(night, figures) == 1
    assert figures.confirmed == 1
    assert list(blobs.list_ids()) == []
    with database.reading() as session:
        assert list(people.rows_left(session, person.id)) == []
        ending = endings.find_ending(session, person.id)
        assert ending is not None
        assert ending.purged_at == NOW
        assert ending.unrecoverable_on == (NOW + timedelta(days=14)).date()
        assert ending.decision["winner"]["rule"] == ending.rule


def test_a_hold_beats_everything_until_it_is_lifted(database: Database, tmp_path: Path) -> None:
    """A held record survives its end and even a request; lifted, it ends at the next run."""
    with database.writing() as session:
        person = add_person(session)
        hold = place_hold(session, POLICY, person.id, reason=SEALED, owner="operator", ends_on=date(2027, 1, 1), at=NOW)
        person.erasure_asked_at = NOW
        assert settle_end(session, person, POLICY, NOW).ends_at is None
    night = night_over(database, tmp_path)
    assert run_night(night).held == 1
    with database.writing() as session:
        assert people.find_present(session, person.id) is not None
        with pytest.raises(Held):
            begin_end(session, person.id, end_of_record(person, EndCause.REQUEST, "person"), NOW)
    with database.writing() as session:
        lift_hold(session, POLICY, hold.id, by="operator", at=NOW)
    assert run_night(night).scanned == 1


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda _session, person: (b"x" * 16, date(2027, 1, 1)), "not_found"),
        (lambda _session, person: (person.id, date(2020, 1, 1)), "end_passed"),
    ],
)
def test_a_hold_that_makes_no_sense_is_refused(database: Database, prepare: object, code: str) -> None:
    """A hold needs a record and a day of review that lies ahead."""
    with database.writing() as session:
        person = add_person(session)
        target, day = prepare(session, person)  # type: ignore[operator]
        with pytest.raises(HoldRefused) as refused:
            place_hold(session, POLICY, target, reason=SEALED, owner="operator", ends_on=day, at=NOW)
        assert refused.value.code == code


def test_what_is_ending_can_neither_be_held_nor_ended_again(database: Database) -> None:
    """From the commit of an end there is no way back."""
    with database.writing() as session:
        person = add_person(session)
        end = end_of_record(person, EndCause.RETENTION, "worker")
        begin_end(session, person.id, end, NOW)
        with pytest.raises(AlreadyEnding):
            begin_end(session, person.id, end, NOW)
        with pytest.raises(HoldRefused):
            place_hold(session, POLICY, person.id, reason=SEALED, owner="operator", ends_on=date(2027, 1, 1), at=NOW)
        with pytest.raises(LookupError):
            begin_end(session, b"y" * 16, end, NOW)


def test_a_hold_is_lifted_once(database: Database) -> None:
    """Lifting what is not there is refused; a hold of a record that is gone can still be lifted."""
    with database.writing() as session:
        person = add_person(session)
        hold = place_hold(session, POLICY, person.id, reason=SEALED, owner="operator", ends_on=date(2027, 1, 1), at=NOW)
    with database.writing() as session:
        lift_hold(session, POLICY, hold.id, by="operator", at=NOW)
        with pytest.raises(HoldRefused):
            lift_hold(session, POLICY, hold.id, by="operator", at=NOW)


def test_a_floor_of_law_restricts_and_then_ends_by_itself(database: Database, tmp_path: Path) -> None:
    """California keeps an application for four years: after its purpose it is restricted, then it ends."""
    received = datetime(2024, 1, 15, tzinfo=UTC)
    with database.writing() as session:
        person = add_person(session, at=received, country="US-CA")
        person.erasure_asked_at = NOW - timedelta(days=2)
        settle_end(session, person, POLICY, NOW)
    night = night_over(database, tmp_path)
    figures = run_night(night)
    assert (figures.restricted, figures.scanned) == (1, 0)
    with database.reading() as session:
        kept = people.find_present(session, person.id)
        assert kept is not None
        assert kept.state is PersonState.RESTRICTED
        assert kept.ends_on is not None
        later = datetime.combine(kept.ends_on + timedelta(days=2), datetime.min.time(), UTC)
    assert run_night(replace(night, clock=lambda: later)).scanned == 1


def test_a_withdrawn_basis_brings_the_end_forward(database: Database) -> None:
    """What is live is derived from the ledger: a withdrawal shortens the end at once."""
    with database.writing() as session:
        person = add_person(session, at=NOW - timedelta(days=10), pool=True)
        far = person.ends_on
        application = people.find_applications(session, person.id)[0]
        add_basis(session, application, "pool", Basis.CONSENT, NOW, Kind.WITHDRAWN)
        settle_end(session, person, POLICY, NOW)
        assert person.ends_on is not None
        assert far is not None
        assert person.ends_on < far


def test_a_run_that_would_end_unusually_many_asks_first(database: Database, tmp_path: Path) -> None:
    """A clock or policy gone wrong must not end everybody unnoticed."""
    with database.writing() as session:
        for _ in range(12):
            add_person(session)
    night = night_over(database, tmp_path)
    with pytest.raises(RunRefused) as refused:
        run_night(night)
    assert refused.value.code == "too_many_due"
    assert run_night(night, is_confirmed=True).scanned == 12


def test_only_one_run_at_a_time(database: Database, tmp_path: Path) -> None:
    """A second worker is refused while the first holds the lease."""
    with database.writing() as session:
        leases.acquire(session, "retention", "another", NOW, 60)
    with pytest.raises(RunRefused) as refused:
        run_night(night_over(database, tmp_path))
    assert refused.value.code == "already_running"


def test_a_run_that_lost_its_lease_stops(database: Database, tmp_path: Path) -> None:
    """A worker that was overtaken ends nobody more."""

    def overtake(step: str) -> None:
        if step == "end":
            with database.writing() as session:
                leases.acquire(session, "retention", "another", NOW + timedelta(hours=1), 60)

    with database.writing() as session:
        person = add_person(session)
    with pytest.raises(RunRefused):
        run_night(night_over(database, tmp_path, step=overtake))
    with database.reading() as session:
        assert people.find_present(session, person.id) is not None


def test_one_record_that_cannot_end_takes_no_other_along(database: Database, tmp_path: Path) -> None:
    """A failure is counted, and everybody else ends."""
    with database.writing() as session:
        bad, good = add_person(session), add_person(session)
        session.add(
            Ending(
                id=b"e" * 16,
                subject=bad.id,
                receipt="VE-1",
                cause=EndCause.RETENTION,
                action=bad.end_action,
                rule="x",
                ended_at=NOW,
                key_gone_at=NOW,
                index_gone_at=NOW,
                rows_gone_at=NOW,
                purged_at=NOW,
            )
        )  # fmt: skip - an end that stands already makes the next one fail by its unique subject
    figures = run_night(night_over(database, tmp_path))
    assert (figures.failed, figures.anonymised) == (1, 1)
    with database.reading() as session:
        assert people.find_present(session, good.id) is None
        assert people.find_present(session, bad.id) is not None


def test_an_end_is_worked_out_anew_before_anything_ends(database: Database, tmp_path: Path) -> None:
    """A decision that went stale ends nobody: the ledger has the last word."""
    with database.writing() as session:
        person = add_person(session, at=NOW - timedelta(days=3))
        person.ends_at = NOW - timedelta(days=1)
    figures = run_night(night_over(database, tmp_path))
    assert (figures.scanned, figures.anonymised) == (1, 0)
    with database.reading() as session:
        kept = people.find_present(session, person.id)
        assert kept is not None
        assert kept.ends_at is not None
        assert kept.ends_at > NOW


def test_a_dead_run_is_marked_and_the_next_goes_on(database: Database, tmp_path: Path) -> None:
    """A run whose process died is shown as stopped."""
    with database.writing() as session:
        session.add(RetentionRun(id=b"r" * 16, as_of=NOW, started_at=NOW, state=RunState.RUNNING))
    run_night(night_over(database, tmp_path))
    with database.reading() as session:
        dead = session.get(RetentionRun, b"r" * 16)
        assert dead is not None
        assert dead.state is RunState.STOPPED


def test_a_changed_policy_settles_everybody_anew(database: Database, tmp_path: Path) -> None:
    """Ends follow the policy in force; those ending already are left alone."""
    with database.writing() as session:
        person, gone = add_person(session, at=NOW - timedelta(days=3)), add_person(session)
        begin_end(session, gone.id, end_of_record(gone, EndCause.RETENTION, "worker"), NOW)
        person.ends_at = NOW + timedelta(days=9999)
    assert settle_everybody(night_over(database, tmp_path), NOW) == 1
    assert settle_everybody(night_over(database, tmp_path), NOW) == 0


class _StubbornBlobs(FolderBlobs):
    """A store that will not delete at first, as one whose disk is gone."""

    is_stubborn = True

    def delete(self, blob_id: str) -> bool:
        if self.is_stubborn:
            raise OSError("no such disk")
        return super().delete(blob_id)


def test_a_blob_that_will_not_go_keeps_the_end_unconfirmed(database: Database, tmp_path: Path) -> None:
    """Nothing is reported as purged ahead of its state; the next run tries again."""
    blobs = _StubbornBlobs(tmp_path)
    blob = blobs.write(Sealed(b"sealed bytes"))
    with database.writing() as session:
        person = add_person(session, blob_id=blob)
        assert find_document_of(session, people.find_applications(session, person.id)[0].id) is not None
    night = night_over(database, tmp_path, blobs=blobs)
    run_night(night)
    keeper_did_its_part(database)
    assert finish_endings(night) == 0
    blobs.is_stubborn = False
    assert finish_endings(night) == 1


def test_orphans_are_swept_by_age_only(database: Database, tmp_path: Path) -> None:
    """A blob that no row names goes once no upload can still be naming it; a named one stays."""
    blobs = FolderBlobs(tmp_path)
    named, orphan = blobs.write(Sealed(b"a")), blobs.write(Sealed(b"b"))
    with database.writing() as session:
        add_person(session, blob_id=named, at=NOW, stage=Stage.RECEIVED)
    now = datetime.now(UTC)
    assert sweep_leftovers(database, blobs, now).blobs == 0
    assert sweep_leftovers(database, blobs, now + timedelta(hours=2)).blobs == 1
    assert {entry.blob_id for entry in blobs.list_ids()} == {named}
    assert orphan != named


def test_nobody_is_due_without_an_end(database: Database) -> None:
    """A person whose end is not set (held) is never due."""
    with database.writing() as session:
        person = add_person(session)
        person.ends_at = None
    with database.reading() as session:
        assert endings.find_due(session, NOW, 10) == []
        assert session.get(Person, person.id) is not None
