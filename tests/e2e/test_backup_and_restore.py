"""Backup, erase, restore: nothing of the erased comes back, everybody else is whole; on both databases."""

import json
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from installations import (
    RESUME,
    STAFF_EMAIL,
    Running,
    SettableClock,
    post_application,
    ready_staff,
    running,
    settings_for,
)
from raw_copies import copy_raw

from intake.access.permissions import Permission
from intake.backups import back_up, make_due_backup, read_state
from intake.desk import tokens
from intake.desk.refusals import Refusal
from intake.desk.staff import accept_invitation
from intake.keeper.record import sign_record, verify_record
from intake.keeper.watching import check_standing
from intake.night import night_of, run_now
from intake.opening import StartRefused
from intake.restoring import Finished, finish_restore, rehearse, restore
from retention.erasure import begin_end, end_of_record
from retention.holds import lift_hold, place_hold
from retention.worker import RunRefused, finish_endings
from storage import backup
from storage.forget import Event
from storage.keystore import KeyGone, WrongDatabase
from storage.models import (
    ApiToken,
    EndCause,
    Ending,
    Link,
    Passkey,
    Person,
    PersonSession,
    PersonState,
    RecoveryCode,
    Staff,
    StaffSession,
)
from storage.queries import people
from storage.restore_marker import Phase, find_phase, mark_restore
from storage.seal import Sealed

pytestmark = pytest.mark.enable_socket

OTHER = RESUME.replace("Jane", "John").replace("jane@", "john@").replace("quuxomatic", "zibblework")


def apply(live: Running, content: str = RESUME) -> bytes:
    """Somebody applies; the id of their record."""
    before = ids_of(live)
    answer = post_application(live, content)
    assert answer.status_code == 201, answer.text
    live.work()
    return (ids_of(live) - before).pop()


def ids_of(live: Running) -> set[bytes]:
    """The people on record."""
    with live.house.database.reading() as session:
        return {person.id for person in session.query(Person)}


def erase(live: Running, person_id: bytes) -> str:
    """A person's record ends at their request, whole; the receipt."""
    with live.house.database.writing() as session:
        person = people.lock_person(session, person_id)
        assert person is not None
        end = end_of_record(person, EndCause.REQUEST, "person")
        receipt = begin_end(session, person_id, end, live.house.now()).receipt
    live.work()
    finish_endings(night_of(live.house, "test"))
    sign_record(live.house)
    return receipt


def make_backup(live: Running, folder: Path, mode: backup.BlobMode = backup.BlobMode.INCLUDED) -> Path:
    """A backup of what is there now."""
    return back_up(live.house, folder / "backups", mode)


def name_of(live: Running, person_id: bytes) -> str:
    """The person's name, opened with their key."""
    with live.house.database.reading() as session:
        person = people.find_person(session, person_id)
        assert person is not None
        key = live.house.vault.key_of(person)
        name = live.house.vault.open_profile(key, people.find_fields(session, person_id)).name
        (document,) = people.find_documents(session, person_id)
        sealed = live.house.blobs.read(document.blob_id)
        assert live.house.vault.sealer.open_object(key, "document_file", document.id, sealed)
    return name or ""


def found(live: Running, word: str) -> int:
    """How many people the index finds by a word."""
    return live.house.index.document_frequency(word)


def finish(folder: Path, url: str, clock: SettableClock) -> Finished:
    """What `vitavault forget replay` does."""
    return finish_restore(settings_for(folder, url), clock)


def test_whoever_was_erased_since_does_not_come_back(tmp_path: Path, address: str) -> None:
    """A restored backup holds everybody but the erased; sessions, links and tokens in it open nothing."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        gone, stays = apply(live), apply(live, OTHER)
        path = make_backup(live, tmp_path)
        receipt = erase(live, gone)
        assert live.night().failed == 0
    with pytest.raises(backup.RestoreRefused) as refused:
        restore(settings_for(tmp_path, address), path, is_replacing=False, clock=clock)
    assert refused.value.code == "not_empty"
    manifest, finished = restore(settings_for(tmp_path, address), path, is_replacing=True, clock=clock)
    assert (manifest.people, finished.replayed.ended, finished.replayed.held) == (2, 1, ())
    with running(tmp_path, address, clock=clock) as live:
        assert ids_of(live) == {stays}
        assert name_of(live, stays) == "John Example"
        assert (found(live, "quuxomatic"), found(live, "zibblework")) == (0, 1)
        assert live.house.vault.keystore.count() == 1
        with live.house.database.reading() as session:
            (ending,) = session.query(Ending).all()
            assert (ending.subject, ending.receipt, ending.purged_at is not None) == (gone, receipt, True)
            assert [session.query(table).count() for table in (Link, PersonSession, StaffSession)] == [0, 0, 0]
        sign_record(live.house)
        assert verify_record(live.house).ok
        erase(live, stays)
        assert live.night().failed == 0
    assert read_state(tmp_path / "keys").tried == path.name


def test_no_key_of_staff_comes_back_with_a_backup(tmp_path: Path, address: str) -> None:
    """Password, second factor, recovery codes and passkeys of the backup open nothing; administrators get a link."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        ready_staff(live)
        with live.house.database.writing() as session:
            (staff,) = session.query(Staff)
            staff.totp_secret = live.house.vault.seal_organisation("staff.totp", staff.id, "A" * 32)
            digest = {"staff_id": staff.id, "created_at": clock()}
            session.add(RecoveryCode(id=b"r" * 16, code_digest=b"r" * 32, **digest))
            sealed = live.house.vault.seal_organisation("staff.webauthn", b"p" * 16, "{}")
            session.add(Passkey(id=b"p" * 16, credential_digest=b"p" * 32, credential=sealed, **digest))
            tokens.create(
                session,
                live.house,
                label="t",
                scopes=frozenset({Permission.APPLY}),
                lasts=timedelta(days=9),
                actor="test",
            )
        path = make_backup(live, tmp_path)
    _, finished = restore(settings_for(tmp_path, address), path, is_replacing=True, clock=clock)
    (way,) = finished.ways_in
    assert (way.address, finished.lost_files) == (STAFF_EMAIL, 0)
    with running(tmp_path, address, clock=clock) as live:
        with live.house.database.reading() as session:
            (staff,) = session.query(Staff)
            assert (staff.password_hash, staff.totp_secret, staff.disabled_at) == ("", None, None)
            assert [session.query(table).count() for table in (RecoveryCode, Passkey, StaffSession)] == [0, 0, 0]
            assert all(token.revoked_at is not None for token in session.query(ApiToken))
        assert "/sign-in" in live.browser().open("/recruit").path
        again = accept_invitation(live.house, way.token, name="Ada Example", password="a violin under the stairs 9")
        assert again
        with pytest.raises(Refusal):
            accept_invitation(live.house, way.token, name="Ada Example", password="a violin under the stairs 9")


def test_a_listed_backup_restores_after_somebody_was_erased(tmp_path: Path, address: str) -> None:
    """Their file is gone from the store, as it must be; one that is lost of somebody present is counted."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        gone, stays = apply(live), apply(live, OTHER)
        path = make_backup(live, tmp_path, backup.BlobMode.LISTED)
        erase(live, gone)
    _, finished = restore(settings_for(tmp_path, address), path, is_replacing=True, clock=clock)
    assert (finished.replayed.ended, finished.lost_files) == (1, 0)
    with running(tmp_path, address, clock=clock) as live:
        assert name_of(live, stays) == "John Example"
        with live.house.database.reading() as session:
            (document,) = people.find_documents(session, stays)
        live.house.blobs.delete(document.blob_id)
    _, finished = restore(settings_for(tmp_path, address), path, is_replacing=True, clock=clock)
    assert finished.lost_files == 1


def test_the_erased_stay_unreadable_in_every_backup(tmp_path: Path, address: str) -> None:
    """The backup still holds their sealed rows, and nothing in the product opens them any more."""
    with running(tmp_path, address) as live:
        gone = apply(live)
        with live.house.database.reading() as session:
            person = people.find_person(session, gone)
            assert person is not None
            key_id, (field, *_) = person.key_id, people.find_fields(session, gone)
            assert isinstance(field.value, Sealed)
        make_backup(live, tmp_path)
        erase(live, gone)
        with pytest.raises(KeyGone):
            live.house.vault.keystore.get(key_id)


def test_a_backup_of_any_age_restores(tmp_path: Path, address: str) -> None:
    """The oldest of several goes back: the erased are gone, those who came later are not in it, work goes on."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        first, second = apply(live), apply(live, OTHER)
        oldest = make_backup(live, tmp_path)
        clock.advance(days=400)
        third = apply(live, RESUME.replace("Jane", "Mary"))
        make_backup(live, tmp_path)
        erase(live, first)
        erase(live, third)
    _, finished = restore(settings_for(tmp_path, address), oldest, is_replacing=True, clock=clock)
    assert (finished.replayed.ended, finished.replayed.recorded) == (1, 1)
    with running(tmp_path, address, clock=clock) as live:
        assert ids_of(live) == {second}
        assert apply(live) in ids_of(live)
        with live.house.database.reading() as session:
            assert {ending.subject for ending in session.query(Ending)} == {first, third}


def test_a_copy_put_back_by_other_means_is_not_served(tmp_path: Path, address: str) -> None:
    """The database's own files put back: refused at start with what to do, until the forget list was replayed."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        gone, stays = apply(live), apply(live, OTHER)
        sign_record(live.house)
    put_back = copy_raw(tmp_path, address)
    with running(tmp_path, address, clock=clock) as live:
        erase(live, gone)
    put_back()
    for _ in range(2):
        with pytest.raises(StartRefused, match="vitavault forget replay") as refused, running(tmp_path, address):
            pass
        assert refused.value.code == "restore_unfinished"
    finished = finish(tmp_path, address, clock)
    assert (finished.was_needed, finished.replayed.ended) == (True, 1)
    assert finish(tmp_path, address, clock) == replace(finished, was_needed=False, replayed=type(finished.replayed)())
    with running(tmp_path, address, clock=clock) as live:
        assert ids_of(live) == {stays}
        assert name_of(live, stays) == "John Example"
        assert found(live, "quuxomatic") == 0


def test_an_older_copy_is_noticed_where_nobody_was_erased(tmp_path: Path, address: str) -> None:
    """The last signed head outside the database is enough to tell."""
    with running(tmp_path, address) as live:
        apply(live)
    put_back = copy_raw(tmp_path, address)
    with running(tmp_path, address) as live:
        apply(live, OTHER)
        sign_record(live.house)
    put_back()
    with pytest.raises(StartRefused, match="does not continue"), running(tmp_path, address):
        pass
    assert finish(tmp_path, address, SettableClock()).was_needed
    with running(tmp_path, address) as live:
        assert len(ids_of(live)) == 1
        sign_record(live.house)
        assert verify_record(live.house).ok


def test_a_copy_put_back_under_a_running_product_is_noticed_by_the_night(tmp_path: Path, address: str) -> None:
    """The nightly run refuses to end or sweep anything in a database that is older than the forget list."""
    with running(tmp_path, address) as live:
        gone = apply(live)
        erase(live, gone)
        with live.house.database.writing() as session:
            session.query(Ending).delete()  # what an older copy of the table would look like
        with pytest.raises(RunRefused) as refused:
            run_now(live.house, "test")
        assert refused.value.code == "restore_unfinished"


def test_a_crash_before_the_commit_does_not_keep_the_product_from_starting(tmp_path: Path, address: str) -> None:
    """An intent whose erasure never committed is settled by asking the database: person and key are there."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        person_id = apply(live)
        forget = live.house.database.forget
        assert forget is not None

        class Crash(Exception):
            """The process dies between intent and commit."""

        def die(*_: object) -> None:
            raise Crash

        forget.confirm = die  # type: ignore[method-assign]
        with live.house.database.writing() as session:
            person = people.lock_person(session, person_id)
            assert person is not None
            savepoint = session.begin_nested()
            begin_end(session, person_id, end_of_record(person, EndCause.REQUEST, "person"), clock())
            savepoint.rollback()
        assert forget.read() == [], "what a savepoint undid was put on the list"
        size, root = 0, b"\0" * 32
        from storage.forget import Position

        forget.intend([(person_id, "VE-0000-0000")], Position(size, root), clock())
    with running(tmp_path, address, clock=clock) as live:
        assert ids_of(live) == {person_id}
    clock.advance(minutes=10)
    with running(tmp_path, address, clock=clock) as live:
        assert live.house.database.forget is not None
        assert [one.event for one in live.house.database.forget.read()] == [Event.WITHDRAWN]
        assert name_of(live, person_id) == "Jane Example"


def test_every_end_stands_on_the_list_confirmed(tmp_path: Path, address: str) -> None:
    """A night's ends and a request's are on the list with their receipts, and settled."""
    with running(tmp_path, address) as live:
        receipts = {erase(live, apply(live)), erase(live, apply(live, OTHER))}
        assert live.house.database.forget is not None
        said = live.house.database.forget.read()
        assert {(one.receipt, one.event) for one in said} == {(receipt, Event.CONFIRMED) for receipt in receipts}


def test_a_hold_in_the_backup_is_never_stepped_over(tmp_path: Path, address: str) -> None:
    """Their hold was lifted after the backup and they were erased: restored, they are restricted and reported; lifting
    the hold again lets the next night end them."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        person_id = apply(live)
        house = live.house
        with house.database.writing() as session:
            hold = place_hold(
                session, house.policy, person_id, reason=Sealed(b"sealed"), owner="operator",
                ends_on=date(2027, 1, 1), at=clock(),
            )  # fmt: skip
            hold_id = hold.id
        path = make_backup(live, tmp_path)
        with house.database.writing() as session:
            lift_hold(session, house.policy, hold_id, by="operator", at=clock())
        erase(live, person_id)
    _, finished = restore(settings_for(tmp_path, address), path, is_replacing=True, clock=clock)
    assert finished.replayed.held == (person_id,)
    with running(tmp_path, address, clock=clock) as live:
        with live.house.database.reading() as session:
            person = people.find_person(session, person_id)
            assert person is not None
            assert person.state is PersonState.RESTRICTED
        live.night()
        assert ids_of(live) == {person_id}
        with live.house.database.writing() as session:
            lift_hold(session, live.house.policy, hold_id, by="operator", at=clock())
        live.night()
        assert ids_of(live) == set()


def test_a_clone_cannot_destroy_the_original_keys(tmp_path: Path, address: str) -> None:
    """A copy of the database that works with the original's keys is refused once the original has gone on."""
    with running(tmp_path, address) as live:
        kept = apply(live)
        sign_record(live.house)
    put_back = copy_raw(tmp_path, address)
    with running(tmp_path, address) as original:
        apply(original, OTHER)
        original.house.vault.keystore.attest(_witness(original))
    put_back()  # the keys are where the original's were, the database is the clone's
    with pytest.raises(StartRefused), running(tmp_path, address):
        pass
    from intake.opening import open_installation

    house, stack = open_installation(settings_for(tmp_path, address), is_serving=False, is_restoring=True)
    with stack:
        count = house.vault.keystore.count()
        with house.database.reading() as session:
            person = people.find_person(session, kept)
            assert person is not None
        from intake.keeper.rewriting import witness_of

        for destroy in (
            lambda: house.vault.keystore.destroy([person.key_id], witness_of(house)),
            lambda: house.vault.keystore.rewrite(witness_of(house)),
        ):
            with pytest.raises(WrongDatabase):
                destroy()
        assert house.vault.keystore.count() == count == 2


def _witness(live: Running) -> object:
    from intake.keeper.record import sequence_record
    from intake.keeper.rewriting import witness_of

    sequence_record(live.house)
    return witness_of(live.house)


def test_a_restore_that_was_cut_short_is_not_served(tmp_path: Path, address: str) -> None:
    """Half loaded: only another restore helps. Loaded: replaying the list finishes it."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        stays = apply(live)
        path = make_backup(live, tmp_path)
    settings = settings_for(tmp_path, address)
    mark_restore(settings.keys, Phase.LOADING)
    with pytest.raises(StartRefused, match="restore"), running(tmp_path, address):
        pass
    with pytest.raises(backup.RestoreRefused):
        finish_restore(settings, clock)
    restore(settings, path, is_replacing=False, clock=clock)
    mark_restore(settings.keys, Phase.LOADED)
    with pytest.raises(StartRefused, match="forget replay"), running(tmp_path, address):
        pass
    assert finish_restore(settings, clock).was_needed
    assert find_phase(settings.keys) is None
    with running(tmp_path, address, clock=clock) as live:
        assert name_of(live, stays) == "Jane Example"


def test_a_damaged_backup_changes_nothing(tmp_path: Path, address: str) -> None:
    """It is refused before anything is touched, and the product goes on as it was."""
    with running(tmp_path, address) as live:
        stays = apply(live)
        path = make_backup(live, tmp_path)
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**manifest, "people": 0}))
    for attempt in (
        lambda: restore(settings_for(tmp_path, address), path, is_replacing=True),
        lambda: rehearse(settings_for(tmp_path, address), path),
    ):
        with pytest.raises(backup.BackupDamaged):
            attempt()
    with running(tmp_path, address) as live:
        assert name_of(live, stays) == "Jane Example"


def test_a_rehearsal_touches_nothing_in_force(tmp_path: Path, address: str) -> None:
    """A backup is tried in a database that is thrown away, and that it was tried is remembered."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        stays = apply(live)
        path = make_backup(live, tmp_path)
        later = apply(live, OTHER)
        assert rehearse(live.house.settings, path, clock=clock).people == 1
        assert ids_of(live) == {stays, later}
        assert read_state(live.house.settings.keys).tried_at == clock()
        assert list(live.house.settings.data.glob(".rehearsal-*")) == []


def test_backups_are_made_on_a_schedule_and_pruned(tmp_path: Path, address: str) -> None:
    """One a day by default, no more than are to be kept; a failed one is tried again after an hour."""
    clock = SettableClock()
    given = {"backup_folder": str(tmp_path / "backups"), "backup_keep": 2}
    with running(tmp_path, address, clock=clock, **given) as live:
        apply(live)
        made = []
        for _ in range(4):
            path = make_due_backup(live.house)
            assert path is not None
            made.append(path)
            assert make_due_backup(live.house) is None
            clock.advance(days=1)
        assert backup.find_backups(tmp_path / "backups") == made[-2:]
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with running(tmp_path, address, clock=clock, backup_folder=str(blocked)) as live:
        with pytest.raises(OSError, match="exists"):
            make_due_backup(live.house)
        assert read_state(tmp_path / "keys").failure == "FileExistsError"
        assert make_due_backup(live.house) is None
        clock.advance(hours=2)
        with pytest.raises(OSError, match="exists"):
            make_due_backup(live.house)


def test_a_copy_put_back_under_a_running_server_is_not_served(tmp_path: Path, address: str) -> None:
    """The first new connection to it is enough: everybody is turned away, and the keeper's rounds do no more."""
    clock = SettableClock()
    with running(tmp_path, address, clock=clock) as live:
        gone = apply(live)
        sign_record(live.house)
    put_back = copy_raw(tmp_path, address)
    with running(tmp_path, address, clock=clock) as live:
        erase(live, gone)
        assert live.client().get("/apply").status_code == 200
        put_back()
        live.house.database.engine.dispose()  # as a pool does when its connections were cut
        live.house.database.ping()
        for thread in threading.enumerate():
            if thread.name == "standing":
                thread.join()
        assert "forget list" in live.house.standing.reason
        answer = live.client().get("/apply")
        assert (answer.status_code, answer.json()["code"]) == (503, "restore_unfinished")
        assert live.client().get("/healthz").status_code == 200
        assert not check_standing(live.house)
