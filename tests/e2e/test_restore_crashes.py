"""A restore killed with -9 at any step can be run again, and nothing half restored is served; on both databases.

Every step is tried with ``--all``; else every seventh.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from crashing import STEPS_AT_MOST, Fuse, opened, run_until_killed
from installations import RESUME, SettableClock, post_application, running, settings_for
from sqlalchemy import Engine, event

from intake.backups import back_up
from intake.keeper.record import sign_record, verify_record
from intake.night import night_of
from intake.opening import StartRefused
from intake.restoring import finish_restore, restore
from retention.erasure import begin_end, end_of_record
from retention.worker import finish_endings
from storage import backup
from storage.models import EndCause, Person, PersonState
from storage.queries import people
from storage.restore_marker import Phase, find_phase

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning"),
]

OTHER = RESUME.replace("Jane", "John").replace("jane@", "john@").replace("quuxomatic", "zibblework")
FILE_STEPS = frozenset({"os.rename", "os.remove", "os.rmdir", "os.link", "os.truncate", "shutil.rmtree"})
"""Python's own audit events for changes to files: each of them is a place to die."""


@dataclass(frozen=True)
class Scene:
    """A backup with two people, of whom one was erased afterwards."""

    folder: Path
    url: str
    clock: SettableClock
    backup: Path
    gone: bytes
    stays: bytes

    def restore(self, fuse: Fuse | None = None) -> None:
        """Put the backup back; with a fuse, die at its step."""
        if fuse is not None:
            count_steps(fuse)
        restore(settings_for(self.folder, self.url), self.backup, is_replacing=True, clock=self.clock)

    def replay(self, fuse: Fuse) -> None:
        """What `vitavault forget replay` does, until the fuse's step."""
        count_steps(fuse)
        finish_restore(settings_for(self.folder, self.url), self.clock)

    def is_gone_unserved(self) -> bool:
        """Whether whoever was erased can be reached by nobody: the product refuses to start, or they are not there."""
        try:
            with opened(self.folder, self.url, self.clock) as house, house.database.reading() as session:
                person = people.find_person(session, self.gone)
                return person is None or person.state is PersonState.ENDING
        except StartRefused as refused:
            return refused.code == "restore_unfinished"


def count_steps(fuse: Fuse) -> None:
    """Make each change to a file and each commit a step of the fuse, in this process."""

    def on_audit(name: str, _: object) -> None:
        if name in FILE_STEPS:
            fuse.step(name)

    def on_commit(_: object) -> None:
        fuse.step("commit")

    sys.addaudithook(on_audit)
    event.listen(Engine, "commit", on_commit)


def set_the_scene(folder: Path, url: str) -> Scene:
    """Two people apply, a backup is made, one of them is erased, whole."""
    clock = SettableClock()
    with running(folder, url, clock=clock) as live:
        ids = []
        for content in (RESUME, OTHER):
            assert post_application(live, content).status_code == 201
            live.work()
            with live.house.database.reading() as session:
                ids.append(next(p.id for p in session.query(Person) if p.id not in ids))
        path = back_up(live.house, folder / "backups", backup.BlobMode.INCLUDED)
        with live.house.database.writing() as session:
            person = people.lock_person(session, ids[0])
            assert person is not None
            begin_end(session, person.id, end_of_record(person, EndCause.REQUEST, "person"), clock())
        live.work()
        finish_endings(night_of(live.house, "test"))
        sign_record(live.house)
    return Scene(folder, url, clock, path, ids[0], ids[1])


def assert_restored(scene: Scene) -> None:
    """Everybody but the erased is there, whole, and the record is sound."""
    assert find_phase(settings_for(scene.folder, scene.url).keys) is None
    with running(scene.folder, scene.url, clock=scene.clock) as live:
        live.work()
        finish_endings(night_of(live.house, "test"))
        with live.house.database.reading() as session:
            assert {person.id for person in session.query(Person)} == {scene.stays}
            (document,) = people.find_documents(session, scene.stays)
            person = people.find_person(session, scene.stays)
            assert person is not None
            sealed = live.house.blobs.read(document.blob_id)
            key = live.house.vault.key_of(person)
            assert live.house.vault.sealer.open_object(key, "document_file", document.id, sealed) == OTHER.encode()
        assert live.house.index.document_frequency("quuxomatic") == 0
        assert live.house.index.document_frequency("zibblework") == 1
        sign_record(live.house)
        assert verify_record(live.house).ok


@pytest.fixture
def stride(request: pytest.FixtureRequest) -> int:
    """How many steps further each run gets than the one before."""
    return 1 if request.config.getoption("--all") else 7


def kill_at_each(scene: Scene, act: Callable[[Fuse], None], stride: int) -> int:
    """Begin again after each death, each time some steps later, until it comes to its end; how far it came before."""
    for at in range(1, STEPS_AT_MOST, stride):
        if not run_until_killed(act, at):
            return at - 1
        assert scene.is_gone_unserved(), f"killed at step {at}, whoever was erased is served"
    raise AssertionError("it never came to an end")


def test_a_restore_can_be_killed_at_any_step_and_run_again(tmp_path: Path, address: str, stride: int) -> None:
    """Each run begins where the one before it died; the last one ends well."""
    scene = set_the_scene(tmp_path, address)
    assert kill_at_each(scene, scene.restore, stride) > 15
    assert_restored(scene)


def test_a_replay_can_be_killed_at_any_step_and_run_again(tmp_path: Path, address: str, stride: int) -> None:
    """What finishes a restore may be cut short anywhere: the erased are ended by the next run at the latest."""
    scene = set_the_scene(tmp_path, address)
    settings = settings_for(tmp_path, address)
    for at in range(1, STEPS_AT_MOST, stride):  # until the tables are there and only the replay is left
        assert run_until_killed(scene.restore, at)
        if find_phase(settings.keys) is Phase.LOADED:
            break
    assert kill_at_each(scene, scene.replay, stride) > 5
    assert_restored(scene)
