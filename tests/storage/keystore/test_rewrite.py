"""The rewrite under a fresh generation: nobody's key is lost, nobody's erased key comes back, whatever happens."""

import base64
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from places import INSTALLATION, Home, witness

from storage.keystore import (
    FormerGeneration,
    KeystoreError,
    NewGeneration,
    RewriteReport,
    RewriteRunning,
    create_keystore,
    create_root_file,
    open_keystore,
    open_root,
    prepare_key_folder,
)
from storage.keystore.roots import EnvironmentRoot
from storage.seal import DataKey

REWRITE_UNTIL = """
import os, signal, sys
from pathlib import Path
from storage.keystore import open_keystore, open_root
keys, url, left = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = open_keystore(keys, open_root("file", keys), b"installation-one", url)
def step(name):
    global left
    print(name, flush=True)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
store.rewrite(escrow=lambda fresh: None, on_step=step)
"""


def living(home: Home, kept: list[DataKey], gone: list[DataKey]) -> bool:
    """Whether every living key opens and every destroyed one is gone, to a process that starts now."""
    store = home.open()
    found = store.find_many([key.id for key in kept + gone])
    return found == {key.id: key for key in kept} and store.count() == len(kept)


def test_a_rewrite_keeps_the_living_and_only_them(home: Home) -> None:
    """A fresh generation holds every living key and none that was destroyed."""
    store = home.create()
    keys = store.create_many(10_501)
    store.destroy([key.id for key in keys[:1000]])
    assert store.rewrite() == RewriteReport(2, 9501, 1000)
    assert living(home, keys[1000:], keys[:1000])
    assert store.find(keys[0].id) is None
    assert store.get(keys[-1].id) == keys[-1]
    assert store.status().erased_since == 0


def test_the_database_last_seen_is_remembered_across_generations(home: Home) -> None:
    """A rewrite does not make the keystore forget whom it served."""
    store = home.create()
    store.attest(witness(people=5, size=10, root=b"ten"))
    now = witness(people=5, size=11, root=b"eleven", root_at_previous=b"ten")
    store.rewrite(now)
    held = store.status().witness
    assert held is not None
    assert (held.audit_size, held.audit_root) == (11, b"eleven")


def test_uploads_reads_and_erasures_go_on_during_a_rewrite(home: Home) -> None:
    """Keys made, opened and destroyed while the copy is made are right in the new generation."""
    store, other = home.create(), home.open()
    keys = store.create_many(200)
    made: list[DataKey] = []

    def meanwhile(step: str) -> None:
        if step == "copied" and not made:
            made.extend([other.create(), *other.create_many(3)])
            other.destroy([keys[0].id, made[1].id])
            assert other.get(keys[1].id) == keys[1]

    assert store.rewrite(on_step=meanwhile).keys == 202
    assert living(home, [*keys[1:], made[0], *made[2:]], [keys[0], made[1]])
    assert other.get(made[0].id) == made[0]


def test_threads_create_through_several_rewrites(home: Home) -> None:
    """Every key that was handed out is there afterwards, whichever generation it was made under."""
    store, other = home.create(), home.open()
    made: list[DataKey] = []
    stop = threading.Event()

    def create() -> None:
        while not stop.is_set():
            made.append(other.create())

    threads = [threading.Thread(target=create) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        store.rewrite()
    stop.set()
    for thread in threads:
        thread.join()
    assert store.status().generation == 5
    assert living(home, made, [])


def test_a_writer_that_missed_the_rewrite_writes_under_the_new_generation(home: Home) -> None:
    """A process with the former generation still open is never allowed to write to it."""
    store, other = home.create(), home.open()
    other.create()
    store.rewrite()
    late = other.create()
    assert other.status().generation == 2
    assert home.open().get(late.id) == late


@pytest.mark.asvs("13.3.4")
def test_killed_at_any_step_a_rewrite_loses_nothing_and_can_be_done_again(home: Home) -> None:
    """After kill -9 at each step in turn the living open, the destroyed are gone, and the next run ends well."""
    store = home.create()
    kept, gone = store.create_many(40), store.create_many(10)
    store.destroy([key.id for key in gone])
    for step in range(1, 30):
        command = [sys.executable, "-c", REWRITE_UNTIL, str(home.keys), home.url, str(step)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert living(home, kept, gone)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        kept.append(home.open().create())
    else:
        pytest.fail("the rewrite never ended")
    assert step >= 7
    assert "forgotten" in done.stdout
    files = sorted(path.name for path in home.keys.iterdir() if path.name.startswith("keystore"))
    assert len(files) == (0 if home.url else 3)


def test_two_rewrites_never_meet(home: Home) -> None:
    """The second one is told so, and the first ends well."""
    store, other = home.create(), home.open()
    keys = store.create_many(3)
    refused: list[str] = []

    def meet(step: str) -> None:
        if step == "copied":
            with pytest.raises(RewriteRunning) as caught:
                other.rewrite()
            refused.append(str(caught.value))

    assert store.rewrite(on_step=meet).generation == 2
    assert refused
    assert living(home, keys, [])


def test_a_generation_wraps_nothing_before_its_escrow_is_confirmed(home: Home) -> None:
    """When the escrow fails, the former generation stays in force; when it succeeds, it saw what came into force."""
    seen: list[NewGeneration] = []
    store = home.create(seen.append)
    keys = store.create_many(3)

    def fail(_fresh: NewGeneration) -> None:
        raise OSError("the escrow's folder is full")

    with pytest.raises(OSError, match="full"):
        store.rewrite(escrow=fail)
    assert store.status().generation == 1
    store.rewrite(escrow=seen.append)
    assert [fresh.number for fresh in seen] == [1, 2]
    assert store.status().generation_id == seen[1].id
    assert living(home, keys, [])
    assert seen[1].secret.hex() not in repr(seen[1])


def test_a_copy_that_lost_a_key_is_never_put_in_force(home: Home) -> None:
    """Were a row to vanish unseen while the copy is made, the rewrite stops and the former generation stays."""
    store = home.create()
    keys = store.create_many(3)

    def lose(step: str) -> None:
        if step != "copied":
            return
        if home.url:
            with psycopg.connect(home.url.replace("+psycopg", "")) as connection:
                connection.execute("DELETE FROM keystore.data_key_1 WHERE key_id = %s", (keys[0].id,))
        else:
            file = sqlite3.connect(home.keys / "keystore.db")
            file.execute("DELETE FROM data_key WHERE key_id = ?", (keys[0].id,))
            file.commit()
            file.close()

    with pytest.raises(KeystoreError, match="holds 3 keys where 2 were expected"):
        store.rewrite(on_step=lose)
    assert store.status().generation == 1
    assert store.rewrite().keys == 2


def test_a_thief_of_everything_but_the_former_root_opens_no_erased_key(home: Home, tmp_path: Path) -> None:
    """All former bytes of the store, with the root as it is after the rewrite, open nothing that was erased."""
    store = home.create()
    kept, gone = store.create(), store.create()
    store.destroy([gone.id])
    stolen = tmp_path / "stolen"
    shutil.copytree(home.keys, stolen, symlinks=True)
    former_root = (home.keys / "root.key").read_bytes()
    if home.url:
        with psycopg.connect(home.url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT wrapped, installation, id FROM keystore.current").fetchone()
        assert row is not None
        wrapped, context = row[0], f"generation {row[1].hex()} {row[2].hex()}"
    store.rewrite()
    shutil.copy(home.keys / "root.key", stolen / "root.key")
    root = open_root("file", stolen)
    with pytest.raises(FormerGeneration):
        root.unwrap(wrapped, context, 1) if home.url else open_keystore(stolen, root, INSTALLATION)
    assert store.get(kept.id) == kept
    turning = base64.b64decode(former_root.split()[-1])
    assert turning not in home.all_bytes()
    assert base64.b64encode(turning) not in home.all_bytes()


def test_a_copy_of_the_key_folder_as_it_was_opens_what_was_then_live(tmp_path: Path) -> None:
    """What nothing can change, and the documentation says: a whole earlier copy of key folder and store still opens."""
    keys = prepare_key_folder(tmp_path / "keys", tmp_path / "data")
    store = create_keystore(keys, create_root_file(keys), INSTALLATION)
    erased = store.create()
    shutil.copytree(keys, tmp_path / "copy", symlinks=True)
    store.destroy([erased.id])
    store.rewrite()
    copied = open_keystore(tmp_path / "copy", open_root("file", tmp_path / "copy"), INSTALLATION)
    assert copied.get(erased.id) == erased
    copied.close()
    store.close()


def test_no_trace_of_a_destroyed_key_or_former_generation_is_left(home: Home) -> None:
    """Neither the id nor the wrapped key of somebody erased, nor the former generation's key, lies anywhere visible."""
    store = home.create()
    store.create_many(100)
    gone = store.create()
    if home.url:
        query = "SELECT encode(wrapped, 'hex') FROM keystore.data_key_1 WHERE key_id = decode('{}', 'hex')"
        with psycopg.connect(home.url.replace("+psycopg", "")) as connection:
            row = connection.execute(query.format(gone.id.hex())).fetchone()  # type: ignore[arg-type]
        traces = [row[0].encode() if row else b""]
    else:
        file = sqlite3.connect(home.keys / "keystore.db")
        wrapped = file.execute("SELECT wrapped FROM data_key WHERE key_id = ?", (gone.id,)).fetchone()[0]
        file.close()
        traces = [wrapped, wrapped[12:44], (home.keys / "keystore-000001.key").read_bytes()[-60:]]
    assert all(trace in home.all_bytes() for trace in traces)
    store.destroy([gone.id])
    assert traces[0] not in home.all_bytes()
    store.rewrite()
    for trace in [*traces, gone.id, gone.id.hex().encode()]:
        assert trace not in home.all_bytes()


def test_a_root_that_cannot_forget_still_serves(tmp_path: Path) -> None:
    """With a root from the environment the rewrite works; only the forgetting is not its own."""
    tmp_path.chmod(0o700)
    root = EnvironmentRoot(bytes(32))
    store = create_keystore(tmp_path, root, INSTALLATION)
    key = store.create()
    assert store.rewrite().generation == 2
    assert store.get(key.id) == key
    assert not root.forget_before(2, b"")
    store.close()
