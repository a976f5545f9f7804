"""Killed at any step of an upload or of a purge, then started again: what was acknowledged is there, nothing is half.

Every step of the parts that write is a place to die: before and after each commit, key, file and index change.
"""

import json
import multiprocessing
import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crashing import STEPS_AT_MOST, Fuse, opened, run_until_killed, stepped
from installations import RESUME, Running, SettableClock, post_application, settings_for
from sqlalchemy.exc import OperationalError

from intake.app import create_app
from intake.installation import Installation
from intake.keeper.loop import do_work
from intake.keeper.record import verify_record
from intake.night import REWRITE_TOPIC, holder_name, night_of, open_worker, run_now
from retention.worker import RunRefused, finish_endings
from storage import outbox
from storage.models import Application, AuditEntry, Document, Ending, Person, PersonState
from storage.search import parse

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning"),
]

WORD = "quuxomatic"


def real_clock(**ahead: float) -> SettableClock:
    """A clock that begins at the machine's own time, since keys and files carry that; or ahead of it."""
    return SettableClock(datetime.now(UTC) + timedelta(**ahead))


def upload(house: Installation, key: str, log: Path) -> None:
    """Apply by API; what was acknowledged is written down only then."""
    live = Running(house, SettableClock(house.now()), create_app(house))
    answer = post_application(live, key=key)
    assert answer.status_code == 201, answer.text
    with log.open("a") as file:
        file.write(json.dumps({"key": key, "id": answer.json()["id"]}) + "\n")


def acknowledged(log: Path) -> dict[str, str]:
    """Applications that somebody was told of, by the key of their call."""
    lines = log.read_text().splitlines() if log.exists() else []
    return {said["key"]: said["id"] for said in map(json.loads, lines)}


def assert_whole(house: Installation) -> None:
    """Every record opens with its document, and the log of what happened is sound."""
    with house.database.reading() as session:
        for person in session.query(Person).filter(Person.state != PersonState.ENDING):
            key = house.vault.key_of(person)
            (document,) = session.query(Document).filter(Document.person_id == person.id)
            sealed = house.blobs.read(document.blob_id)
            assert house.vault.sealer.open_object(key, "document_file", document.id, sealed) == RESUME.encode()
            assert house.vault.open_text_of(key, document) == RESUME
    assert verify_record(house).ok


def orphans(house: Installation) -> tuple[int, int]:
    """Keys without a person, and files without a document."""
    with house.database.reading() as session:
        keys = {person.key_id for person in session.query(Person)}
        blobs = {document.blob_id for document in session.query(Document)}
    kept = {entry.key_id for entry in house.vault.keystore.list_ids()}
    files = {entry.blob_id for entry in house.blobs.list_ids()}
    assert keys <= kept, "a person lost their key"
    assert blobs <= files, "a document lost its file"
    return len(kept - keys), len(files - blobs)


def whole_night(house: Installation) -> None:
    """The run, the keeper's part, the worker's finish."""
    run_now(house, "test", is_confirmed=True)
    do_work(house)
    finish_endings(night_of(house, "test"))
    do_work(house)


def test_killed_at_any_step_of_an_upload_nothing_acknowledged_is_lost(tmp_path: Path, address: str) -> None:
    """After each crash the record is whole, the same call yields exactly one application, leftovers are swept."""
    log, clock = tmp_path / "acknowledged", real_clock()

    def die_uploading(fuse: Fuse) -> None:
        with opened(tmp_path, address, clock) as house:
            upload(stepped(house, fuse), f"call-{step}", log)

    for step in range(1, STEPS_AT_MOST):
        if not run_until_killed(die_uploading, step):
            break
    with opened(tmp_path, address, clock) as house:
        assert_whole(house)
        keys_left, files_left = orphans(house)
        for number in range(1, step + 1):
            upload(house, f"call-{number}", log)
        with house.database.reading() as session:
            assert session.query(Application).count() == step
            ids = {row.id.hex() for row in session.query(Application)}
        assert set(acknowledged(log).values()) == ids
        do_work(house)
        assert house.index.search(parse(WORD), today=house.today()).total == step
    assert step > 8, "fewer steps than an upload has: the wrappers came off"
    assert min(keys_left, files_left) >= 1, "no crash left anything to sweep: nothing was tested"

    with opened(tmp_path, address, real_clock(days=3)) as house:
        whole_night(house)
        assert orphans(house) == (0, 0)
        assert_whole(house)


def test_a_fresh_key_is_never_taken_for_an_orphan(tmp_path: Path, address: str) -> None:
    """An upload in work has a key and a file and no row yet: a night meanwhile leaves both alone."""
    with opened(tmp_path, address, real_clock(hours=20)) as house:
        house.vault.new_key()
        whole_night(house)
        assert house.vault.keystore.count() == 1
    with opened(tmp_path, address, real_clock(days=3)) as house:
        whole_night(house)
        assert house.vault.keystore.count() == 0


def test_keys_are_left_alone_where_it_is_the_rows_that_are_missing(tmp_path: Path, address: str) -> None:
    """More keys without a row than crashes explain: none is destroyed, and the night goes on."""
    with opened(tmp_path, address, real_clock(days=3)) as house:
        house.vault.keystore.create_many(40)
        whole_night(house)
        assert house.vault.keystore.count() == 40
        with house.database.reading() as session:
            assert not outbox.pending(session, REWRITE_TOPIC)


RACING = 12


def race(folder: Path, url: str) -> None:
    """A worker process that holds no key: runs as often as it is let, while others do the same."""
    with open_worker(settings_for(folder, url)) as opened_ground:
        ground = replace(opened_ground, clock=lambda: datetime.now(UTC) + timedelta(days=800))
        for _ in range(RACING):
            with suppress(RunRefused, OperationalError):
                run_now(ground, holder_name(), is_confirmed=True)


def test_workers_that_race_and_are_stopped_and_killed_end_each_record_once(tmp_path: Path, address: str) -> None:
    """Several workers, some put to sleep in the middle and one killed: one end and one receipt for each person."""
    with opened(tmp_path, address, real_clock()) as house:
        for number in range(RACING):
            upload(house, f"doomed-{number}", tmp_path / "acknowledged")
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=race, args=(tmp_path, address)) for _ in range(3)]
    for worker in workers:
        worker.start()
    chance = random.Random(6)
    for turn in range(12):
        asleep = chance.choice(workers)
        if asleep.is_alive() and asleep.pid:
            os.kill(asleep.pid, signal.SIGSTOP)
            time.sleep(0.05)
            os.kill(asleep.pid, signal.SIGCONT)
        if turn == 3:
            workers[0].kill()
    for worker in workers:
        worker.join(120)
    assert {worker.exitcode for worker in workers[1:]} == {0}
    with opened(tmp_path, address, real_clock(days=801)) as house:
        whole_night(house)
        with house.database.reading() as session:
            endings = session.query(Ending).all()
            told = session.query(AuditEntry).filter(AuditEntry.action == "person.ended").count()
            assert session.query(Person).count() == 0
        assert len(endings) == len({ending.receipt for ending in endings}) == told == RACING
        assert all(ending.purged_at for ending in endings)
        assert verify_record(house).ok


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(10))
def test_killed_at_any_step_of_a_purge_it_is_finished_by_the_next(part: int, tmp_path: Path, address: str) -> None:
    """A person is whole or ending, never half; the next night takes the end to purged, once, and spares the others."""
    clock, log = real_clock(), tmp_path / "acknowledged"
    later = SettableClock(clock.now + timedelta(days=800))

    def die_purging(fuse: Fuse) -> None:
        with opened(tmp_path, address, later) as house:
            whole_night(stepped(house, fuse))

    dead, step = 0, part + 1
    while step < STEPS_AT_MOST:
        with opened(tmp_path, address, clock) as house:
            upload(house, f"doomed-{step}", log)
        with opened(tmp_path, address, later) as house:
            upload(house, f"spared-{step}", log)
            do_work(house)
        died = run_until_killed(die_purging, step)
        dead += died
        later.advance(minutes=20)
        with opened(tmp_path, address, later) as house:
            assert_whole(house)
            whole_night(house)
            assert_whole(house)
            assert orphans(house) == (0, 0)
            with house.database.reading() as session:
                endings = session.query(Ending).all()
                assert session.query(Person).count() == len(endings), "one was spared for each that ended"
            assert all(ending.purged_at for ending in endings)
            found = house.index.search(parse(WORD), today=house.today()).total
            assert found == len(endings), "those who ended are not found, those who were spared are"
        if not died:
            break
        step += 10
    assert dead >= 1
