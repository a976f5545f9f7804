"""All is lost but a backup, the escrow and what was written down: all is back but the erased; on both databases."""

import shutil
from pathlib import Path

import pytest
from installations import RESUME, SettableClock, post_application, running, settings_for

from intake.backups import back_up
from intake.keeper.record import sign_record, verify_record
from intake.keeper.rewriting import care_for_keys
from intake.night import night_of
from intake.opening import open_installation
from intake.restoring import restore
from retention.erasure import begin_end, end_of_record
from retention.worker import finish_endings
from storage.backup import BlobMode
from storage.backup.tables import drop_everything
from storage.database import open_database
from storage.keystore import prepare_key_folder
from storage.keystore.depot import open_depot
from storage.keystore.recovery import recover
from storage.models import EndCause, Person
from storage.queries import people

pytestmark = pytest.mark.enable_socket
OTHER = RESUME.replace("Jane", "John").replace("jane@", "john@").replace("quuxomatic", "zibblework")


def lose_everything(folder: Path, url: str) -> None:
    """Key folder and data folder burn, and the database with them."""
    for name in ("keys", "data"):
        shutil.rmtree(folder / name)
    if url:
        database = open_database(url)
        with database.engine.begin() as connection:
            drop_everything(connection)
        database.close()


def test_a_backup_and_the_escrow_are_enough_on_an_empty_machine(tmp_path: Path, address: str) -> None:
    """Key folder, data folder and forget list are gone: recovered, restored, replayed, everybody else is whole."""
    clock, escrow = SettableClock(), str(tmp_path / "escrow")
    told: list[str] = []
    _, stack = open_installation(settings_for(tmp_path, address, escrow=escrow), clock=clock, tell_recovery=told.append)
    stack.close()
    with running(tmp_path, address, clock=clock, escrow=escrow) as live:
        assert post_application(live).status_code == 201
        with live.house.database.reading() as session:
            gone = session.query(Person).one().id
        assert post_application(live, OTHER).status_code == 201
        live.work()
        path = back_up(live.house, tmp_path / "backups", BlobMode.INCLUDED)
        care_for_keys(live.house)  # copies of the keys from before the erasure lie in the depot too
        with live.house.database.writing() as session:
            person = people.lock_person(session, gone)
            assert person is not None
            begin_end(session, gone, end_of_record(person, EndCause.REQUEST, "person"), clock())
        live.work()
        finish_endings(night_of(live.house, "test"))
        assert live.night().failed == 0
    lose_everything(tmp_path, address)
    settings = settings_for(tmp_path, address, escrow=escrow)
    prepare_key_folder(settings.keys, settings.data)
    depot = open_depot(escrow, settings.keys, settings.data)
    done = recover(depot, told[0], settings.keys, forget_list=settings.effective_forget_list)
    done.begun.keystore.close()
    assert done.keys == 1
    manifest, finished = restore(settings, path, is_replacing=False, clock=clock)
    assert (manifest.people, finished.replayed.ended, finished.lost_files) == (2, 1, 0)
    with running(tmp_path, address, clock=clock, escrow=escrow) as live:
        live.work()
        with live.house.database.reading() as session:
            person = session.query(Person).one()
            key = live.house.vault.key_of(person)
            assert live.house.vault.open_profile(key, people.find_fields(session, person.id)).name == "John Example"
            (document,) = people.find_documents(session, person.id)
            sealed = live.house.blobs.read(document.blob_id)
            assert live.house.vault.sealer.open_object(key, "document_file", document.id, sealed) == OTHER.encode()
        assert [live.house.index.document_frequency(word) for word in ("quuxomatic", "zibblework")] == [0, 1]
        sign_record(live.house)
        assert verify_record(live.house).ok
