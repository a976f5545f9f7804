"""The keystore, in SQLite and in PostgreSQL alike: keys are durable, private, and gone once destroyed."""

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from places import INSTALLATION, Home, witness

from storage.keystore import KeyGone, KeystoreError, MissingKey, Witness, WrongDatabase, WrongKey, create_root_file
from storage.keystore.generation import DamagedKey


def test_a_key_is_found_again_by_another_process(home: Home) -> None:
    """What one has created, another opens: the same secret under the same id."""
    made = home.create().create()
    assert home.open().get(made.id) == made
    assert home.open().find(os.urandom(16)) is None


def test_many_keys_are_made_and_found_at_once(home: Home) -> None:
    """Every key of a batch is there, each with a secret of its own; unknown ids are left out."""
    store = home.create()
    made = store.create_many(300)
    assert len({key.secret for key in made}) == 300
    wanted = [key.id for key in made[:20]]
    assert store.find_many([*wanted, bytes(16)]) == {key.id: key for key in made[:20]}
    assert store.has([*wanted, bytes(16)]) == set(wanted)
    assert store.count() == 300
    assert store.find_many([]) == {}


def test_creating_again_with_an_id_gives_the_same_key(home: Home) -> None:
    """A retry after a lost answer never replaces a key that may have sealed something."""
    store = home.create()
    first = store.create(b"sixteen bytes id")
    assert store.create(b"sixteen bytes id") == first
    assert store.count() == 1


def test_a_destroyed_key_is_gone_at_once_and_everywhere(home: Home) -> None:
    """Another process that had used the key before cannot use it any more; others' keys stay."""
    store, other = home.create(), home.open()
    gone, kept = store.create_many(2)
    assert other.get(gone.id) == gone
    assert store.destroy([gone.id]) == 1
    for reader in (store, other):
        assert reader.find(gone.id) is None
        assert reader.has([gone.id]) == set()
        with pytest.raises(KeyGone):
            reader.get(gone.id)
        assert reader.get(kept.id) == kept


def test_destroying_again_is_no_error_and_brings_nothing_back(home: Home) -> None:
    """Destruction may be retried; a destroyed id is not used again."""
    store = home.create()
    gone = store.create()
    assert [store.destroy([gone.id, bytes(16)]), store.destroy([gone.id]), store.destroy([])] == [1, 0, 0]
    with pytest.raises(KeyGone):
        store.create(gone.id)
    assert store.status().erased_since == 1


def test_all_ids_are_listed_with_their_day(home: Home) -> None:
    """The orphan sweep sees every key, across batches, and how old it is."""
    store = home.create()
    made = {key.id for key in store.create_many(10_001)}
    listed = list(store.list_ids())
    assert {entry.key_id for entry in listed} == made
    assert len(listed) == 10_001
    assert all(abs(datetime.now(UTC).date() - entry.created_on) <= timedelta(days=1) for entry in listed)


def test_status_tells_where_the_keystore_stands(home: Home) -> None:
    """Counts, generation and the last database seen."""
    store = home.create()
    store.create_many(3)
    seen = witness(people=3, size=7)
    store.attest(seen)
    status = store.status()
    assert (status.installation, status.generation, status.keys, status.erased_since) == (INSTALLATION, 1, 3, 0)
    assert status.witness == seen
    assert abs(datetime.now(UTC).date() - status.begun_on) <= timedelta(days=1)


def test_no_secret_lies_in_clear(home: Home) -> None:
    """Neither key folder nor database holds a data key that could be read without the root."""
    made = home.create().create_many(50)
    everything = home.all_bytes()
    for key in made:
        assert key.secret not in everything
        assert key.secret.hex().encode() not in everything


def test_rows_are_small(home: Home) -> None:
    """A wrapped key is 60 bytes: with id and day, about a hundred bytes a person."""
    store = home.create()
    store.create_many(2000)
    if home.url:
        with psycopg.connect(home.url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT avg(pg_column_size(k)) FROM keystore.data_key_1 k").fetchone()
        assert row is not None
        assert row[0] < 120
    else:
        assert (home.keys / "keystore.db").stat().st_size < 2000 * 150


def test_a_wrapped_key_opens_only_under_its_own_id(home: Home) -> None:
    """Somebody who can write to the store cannot hand one person's key out as another's."""
    store = home.create()
    one, two = store.create_many(2)
    swap = "SET wrapped = CASE key_id WHEN {0} THEN {1} ELSE {2} END"
    if home.url:
        with psycopg.connect(home.url.replace("+psycopg", "")) as connection:
            rows = dict(connection.execute("SELECT key_id, wrapped FROM keystore.data_key_1").fetchall())
            change = "UPDATE keystore.data_key_1 " + swap.format("%s", "%s", "%s")
            connection.execute(change, (one.id, rows[two.id], rows[one.id]))
    else:
        import sqlite3

        with sqlite3.connect(home.keys / "keystore.db") as file:
            rows = dict(file.execute("SELECT key_id, wrapped FROM data_key").fetchall())
            file.execute("UPDATE data_key " + swap.format("?", "?", "?"), (one.id, rows[two.id], rows[one.id]))
        file.close()
    with pytest.raises(DamagedKey):
        store.get(one.id)
    with pytest.raises(DamagedKey):
        home.open().get(two.id)


def test_a_keystore_is_made_only_once(home: Home) -> None:
    """Where there is one, another is refused and the first stays."""
    kept = home.create().create()
    with pytest.raises(KeystoreError, match="already"):
        home.create()
    assert home.open().get(kept.id) == kept


def test_a_missing_keystore_is_refused_with_what_to_do(home: Home) -> None:
    """Nothing is made anew in silence where keys should be."""
    with pytest.raises(MissingKey, match="vitavault keys recover"):
        home.open()


def test_another_root_or_installation_is_refused(home: Home, tmp_path: Path) -> None:
    """A keystore opens only with the root and for the installation that it was made with."""
    home.create().create()
    with pytest.raises(WrongKey):
        home.open(b"installation-two")
    (tmp_path / "other").mkdir(mode=0o700)
    home.root = create_root_file(tmp_path / "other")
    with pytest.raises(WrongKey):
        home.open()


def test_threads_share_a_keystore(home: Home) -> None:
    """Keys made by many threads at once are all there."""
    store = home.create()
    made: list[bytes] = []
    threads = [threading.Thread(target=lambda: made.extend(store.create().id for _ in range(20))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.has(made) == set(made)
    assert len(set(made)) == 120


def test_a_forked_child_uses_connections_of_its_own(home: Home) -> None:
    """Parent and child both go on after a fork; neither breaks the other's connection."""
    home.create()
    script = f"""
import os, sys
from pathlib import Path
from storage.keystore import open_keystore, open_root
keys = Path(sys.argv[1])
store = open_keystore(keys, open_root("file", keys), {INSTALLATION!r}, sys.argv[2])
first = store.create()
if (child := os.fork()) == 0:
    ok = store.get(first.id) == first and len(store.create_many(3)) == 3
    os._exit(0 if ok else 1)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
sys.exit(status if store.get(first.id) == first and store.count() == 4 else 2)
"""
    done = subprocess.run([sys.executable, "-c", script, str(home.keys), home.url], check=False)
    assert done.returncode == 0


def test_a_wrong_database_destroys_nothing(home: Home) -> None:
    """With another installation's witness, or an older state's, neither destruction nor rewrite happens."""
    store = home.create()
    key = store.create()
    store.attest(witness(people=1, size=10, root=b"ten"))
    wrong = Witness(b"installation-two", 1, 0, 10, b"ten", b"ten")
    behind = witness(people=1, size=9, root=b"nine")
    for claim in (wrong, behind):
        with pytest.raises(WrongDatabase):
            store.destroy([key.id], claim)
        with pytest.raises(WrongDatabase):
            store.rewrite(claim)
    assert store.get(key.id) == key
    assert store.status().generation == 1
    assert store.destroy([key.id], witness(people=0, erasures=1, size=12, root=b"twelve", root_at_previous=b"ten")) == 1


def test_a_staging_clone_is_found_out(home: Home) -> None:
    """Once production has gone on, a clone with its own continuation is refused, and the other way round."""
    store = home.create()
    key = store.create()
    store.attest(witness(people=1, size=10, root=b"ten"))
    production = witness(people=1, size=11, root=b"eleven", root_at_previous=b"ten")
    clone = witness(people=0, erasures=1, size=12, root=b"clone", root_at_previous=b"clone-eleven")
    store.attest(production)
    with pytest.raises(WrongDatabase, match="does not continue"):
        store.destroy([key.id], clone)
    assert store.get(key.id) == key


def test_a_restored_database_is_adopted_by_order_only(home: Home) -> None:
    """An older state is refused until a finished restore is adopted; another installation never is."""
    store = home.create()
    key = store.create()
    store.attest(witness(people=3, erasures=2, size=10, root=b"ten"))
    restored = witness(people=2, erasures=1, size=6, root=b"six")
    with pytest.raises(WrongDatabase):
        store.attest(restored)
    for wrong in (witness(size=6, restoring=True), Witness(b"installation-two", 0, 0, 0, b"")):
        with pytest.raises(WrongDatabase):
            store.adopt(wrong)
    store.adopt(restored)
    assert store.status().witness == restored
    assert store.destroy([key.id], witness(people=1, erasures=2, size=8, root=b"r", root_at_previous=b"six")) == 1
