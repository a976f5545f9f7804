"""The word index at rest and in memory: what is kept, what is gone."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from searchable import TODAY, entry, found, index_in, memory, nobody, row_id

from storage.search import IndexEntry, Removal, SearchIndex, find_memory_dir, parse
from storage.search.documents import index_fingerprint
from storage.search.memory import PREFIX, MemoryRoom, is_memory_backed, sweep_dead, wipe
from storage.search.sealed import SealedIndex, UnreadableIndexError
from storage.search.shards import Shard

PLANTED = "Quagmirella"
ENCODINGS = [
    form(text)
    for text in (PLANTED, PLANTED.lower(), PLANTED.upper())
    for form in (
        str.encode,
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode().hex().encode(),
        lambda text: base64.b64encode(text.encode())[:12],
    )
]


def bytes_under(*folders: Path) -> bytes:
    """Return the bytes of every file under the folders."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files
    return b"\0".join(path.read_bytes() for path in files)


def room_of(index: SearchIndex) -> Path:
    """Return the index's folder in memory."""
    assert index._room
    return index._room.path


def home_of(index: SearchIndex) -> Path:
    """Return the folder of the index's only shard."""
    (home,) = (path for path in room_of(index).iterdir() if path.is_dir())
    return home


def test_what_was_saved_is_found_after_a_restart(tmp_path: Path) -> None:
    """A saved generation opens as it was; what was not saved is gone and must be applied again."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven"), entry(2, "oven", shard=1)])
        index.save()
        index.apply([entry(3, "oven", shard=1)])
        index.save()
        index.apply([entry(4, "oven", shard=1)])
    with index_in(tmp_path) as index:
        assert index.load() == {0, 1}
        assert found(index, "oven") == [1, 2, 3]


def test_a_save_without_changes_writes_nothing(tmp_path: Path) -> None:
    """The manifest stays the same file."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        index.save()
        before = (tmp_path / "sealed" / "manifest").read_bytes()
        index.save()
        assert (tmp_path / "sealed" / "manifest").read_bytes() == before


def test_saving_again_seals_only_what_is_new(tmp_path: Path) -> None:
    """Packs of segments that stayed are not written again, those that merged away are removed."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        index.save()
        first = set((tmp_path / "sealed").glob("*.pack"))
        index.apply([entry(2, "bread")])
        index.save()
        assert first < set((tmp_path / "sealed").glob("*.pack"))
        for number in range(3, 14):
            index.apply([entry(number, "bread")])
            index.save()
        assert not first <= set((tmp_path / "sealed").glob("*.pack"))
    with index_in(tmp_path) as index:
        index.load()
        assert found(index, "bread") == list(range(2, 14))


def test_sealed_files_and_keys_hold_no_word_and_are_for_the_owner_only(tmp_path: Path) -> None:
    """Whoever steals the disk finds no planted word in any usual encoding."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, f"{PLANTED} oven"), entry(2, "oven")])
        index.save()
        index.apply([Removal(row_id(1))])
        index.save()
        whole = bytes_under(tmp_path)
    assert not [form for form in ENCODINGS if form in whole]
    assert row_id(1) not in whole
    assert (tmp_path / "index.keys").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "sealed").stat().st_mode & 0o777 == 0o700


def damage_manifest(folder: Path) -> None:
    """Flip a bit of the manifest."""
    path = folder / "sealed" / "manifest"
    path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))


def damage_pack(folder: Path) -> None:
    """Cut off the end of each pack."""
    for path in (folder / "sealed").glob("*.pack"):
        path.write_bytes(path.read_bytes()[:-5])


def swap_packs(folder: Path) -> None:
    """Exchange the packs of the two shards."""
    first, second = (folder / "sealed").glob("*.pack")
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)


def lose_packs(folder: Path) -> None:
    """Remove each pack."""
    for path in (folder / "sealed").glob("*.pack"):
        path.unlink()


def lose_key(folder: Path) -> None:
    """Remove the key file."""
    (folder / "index.keys").unlink()


def wrong_key(folder: Path) -> None:
    """Put other keys under the same ids."""
    path = folder / "index.keys"
    path.write_text(json.dumps(dict.fromkeys(json.loads(path.read_bytes()), "00" * 32)))


def broken_key(folder: Path) -> None:
    """Write nonsense into the key file."""
    (folder / "index.keys").write_bytes(b"\xff[")


def strange_key(folder: Path) -> None:
    """Write another shape into the key file."""
    (folder / "index.keys").write_bytes(b'[1, {"a": 2}]')


def empty_manifest(folder: Path) -> None:
    """Leave an empty manifest."""
    (folder / "sealed" / "manifest").write_bytes(b"")


@pytest.mark.parametrize(
    "harm",
    [
        damage_manifest,
        damage_pack,
        swap_packs,
        lose_packs,
        lose_key,
        wrong_key,
        broken_key,
        strange_key,
        empty_manifest,
    ],
)
def test_a_damaged_index_is_made_again_from_live_people(tmp_path: Path, harm: object) -> None:
    """Whatever happened to files or keys, the index starts and finds everyone who is live."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven"), entry(2, "oven", shard=1)])
        index.save()
    harm(tmp_path)  # type: ignore[operator]
    with index_in(tmp_path) as index:
        assert index.start([0, 1], lambda number: [entry(number + 1, "oven", shard=number)]) == {0, 1}
        assert found(index, "oven") == [1, 2]
    with index_in(tmp_path) as index:
        assert index.load() == {0, 1}


def test_one_damaged_shard_leaves_the_others(tmp_path: Path) -> None:
    """Only what does not open is made again, and shards that nobody is in are dropped."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        index.save()
        (first,) = (tmp_path / "sealed").glob("*.pack")
        index.apply([entry(2, "oven", shard=1), entry(3, "oven", shard=2)])
        index.save()
    first.write_bytes(b"")
    with index_in(tmp_path) as index:
        assert index.start([0, 1], lambda number: [entry(1, "dough", shard=number)]) == {0}
        assert (found(index, "oven"), found(index, "dough")) == ([2], [1])
        assert index.people() == {0: 1, 1: 1}


def test_an_index_that_another_version_sealed_is_not_opened(tmp_path: Path) -> None:
    """A change of fields, of analysis or of Tantivy makes the index anew."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        index.save()
    assert SealedIndex(tmp_path / "sealed", tmp_path / "index.keys", index_fingerprint()).read_manifest() == {0}
    with pytest.raises(UnreadableIndexError):
        SealedIndex(tmp_path / "sealed", tmp_path / "index.keys", "of another version").read_manifest()


def test_files_that_are_no_index_of_ours_count_as_damage(tmp_path: Path) -> None:
    """What authenticates may still not open."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, "oven")])
        home = home_of(index)
        (home / "meta.json").write_text(json.dumps({**json.loads((home / "meta.json").read_text()), "schema": []}))
        index.save()
    with index_in(tmp_path) as index:
        assert index.load() == frozenset()


def test_an_erasure_leaves_no_term_and_no_count(tmp_path: Path) -> None:
    """The term list and the document frequency lack the person's own words, in memory and after a restart."""
    live = [entry(2, "oven bread"), entry(3, "oven", shard=1)]
    with index_in(tmp_path) as index:
        index.apply([*live, entry(1, f"oven {PLANTED}")])
        index.save()
        assert index.document_frequency(PLANTED) == 1
        assert index.erase([row_id(1)], lambda shard: [one for one in live if one.shard == shard]) == {0}
        assert (index.document_frequency(PLANTED), found(index, "oven")) == (0, [2, 3])
        assert PLANTED.lower() not in index.terms_of(0)
        assert index.terms_of(0) == {"oven", "bread"}
    with index_in(tmp_path) as index:
        index.load()
        assert (index.document_frequency(PLANTED), index.document_frequency("oven")) == (0, 2)


def reset_deletions(home: Path) -> None:
    """Make an index folder forget what was deleted, as whoever holds its files could."""
    meta = json.loads((home / "meta.json").read_text())
    for segment in meta["segments"]:
        segment["deletes"] = None
    (home / "meta.json").write_text(json.dumps(meta))


def test_resetting_deletions_brings_a_removed_person_back_but_not_an_erased_one(tmp_path: Path) -> None:
    """A plain removal is only a mark, which is why an erasure makes the shard anew."""
    live = [entry(2, "bread oven"), entry(3, "bread")]
    with index_in(tmp_path) as index:
        index.apply([entry(1, f"bread {PLANTED}"), *live])
        index.apply([Removal(row_id(1))])
        home = home_of(index)
        reset_deletions(home)
        assert Shard(0, home).people == 3
        index.erase([row_id(1)], lambda _: live)
        home = home_of(index)
        reset_deletions(home)
        again = Shard(0, home)
        assert (again.people, again.terms()) == (2, {"bread", "oven"})


def test_an_erasure_destroys_the_key_of_every_pack_that_knew_the_person(tmp_path: Path) -> None:
    """A copy of the data folder made earlier opens with no key that is left, even if a merge had dropped the person."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, PLANTED), entry(20, "oven", shard=1)])
        index.save()
        before = json.loads((tmp_path / "index.keys").read_bytes())
        index.apply([Removal(row_id(1))])
        for number in range(2, 14):
            index.apply([entry(number, "oven")])
            index.save()
        assert PLANTED.lower() not in index.terms_of(0)
    with index_in(tmp_path) as index:
        index.load()
        live = [entry(number, "oven") for number in range(2, 14)]
        assert index.erase([row_id(1)], lambda _: live) == {0}
        after = json.loads((tmp_path / "index.keys").read_bytes())
        assert len(set(before.values()) & set(after.values())) == 1  # the key of shard 1, which never knew them
        assert index.stale_shards() == frozenset()


def test_a_destroyed_key_is_overwritten_where_it_lay(tmp_path: Path) -> None:
    """Whoever still holds the replaced key file open reads zeros."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, PLANTED)])
        index.save()
        leftover = tmp_path / "index.keys.new"
        leftover.write_bytes((tmp_path / "index.keys").read_bytes())
        with (tmp_path / "index.keys").open("rb") as former, leftover.open("rb") as crashed:
            index.erase([row_id(1)], nobody)
            assert set(former.read()) == {0}
            assert set(crashed.read()) == {0}


def test_closing_overwrites_and_removes_what_lay_in_memory(tmp_path: Path) -> None:
    """Files held open elsewhere read as zeros, and the folder is gone."""
    with index_in(tmp_path) as index:
        index.apply([entry(1, f"{PLANTED} oven")])
        room = room_of(index)
        assert room.stat().st_mode & 0o777 == 0o700
        (terms,) = room.rglob("*.term")
        assert set(terms.read_bytes()) != {0}
        held = os.open(terms, os.O_RDONLY)
    left = os.read(held, 1_000_000)
    os.close(held)
    assert left
    assert set(left) == {0}
    assert not room.exists()


def test_the_memory_of_a_dead_process_is_swept_and_that_of_a_living_one_is_not(tmp_path: Path) -> None:
    """A lock tells the living from the dead."""
    script = (
        "import os, signal, sys; from pathlib import Path; from storage.search import *\n"
        "index = SearchIndex(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))\n"
        "index.apply([IndexEntry(bytes(16), 0, {'text': 'oven'})])\n"
        "print(index._room.path, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "s"), str(memory()), str(tmp_path / "k")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    left = Path(ended.stdout.strip())
    assert left.name.startswith(PREFIX)
    assert left.exists()
    with index_in(tmp_path) as living:
        living.apply([entry(1, "oven")])
        assert not left.exists()
        sweep_dead(memory())
        assert found(living, "oven") == [1]


def test_what_only_looks_like_a_dead_room_is_left_alone(tmp_path: Path) -> None:
    """A file of that name, a folder without a lock and a room that is already gone are no room of a dead process."""
    (tmp_path / f"{PREFIX}file").write_bytes(b"")
    (tmp_path / f"{PREFIX}folder").mkdir()
    assert sweep_dead(tmp_path) == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    """Plain words never touch a disk."""
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/sda1 / ext4 rw 0 0\ntmpfs {tmp_path}/a tmpfs rw 0 0\n/dev/sdb1 {tmp_path}/a/b ext4 rw 0 0\n"
    )
    assert not is_memory_backed(tmp_path, mounts)
    assert is_memory_backed(tmp_path / "a" / "c", mounts)
    assert not is_memory_backed(tmp_path / "a" / "b" / "c", mounts)
    assert not is_memory_backed(tmp_path, tmp_path / "absent")
    mounts.write_text("")
    assert not is_memory_backed(tmp_path, mounts)
    with pytest.raises(ValueError, match="memory-backed"):
        MemoryRoom(Path("/proc"))


def test_a_machine_without_room_in_memory_gets_none(tmp_path: Path) -> None:
    """No folder is better than a wrong one."""
    assert find_memory_dir((tmp_path / "absent", Path("/proc"))) is None


def test_wiping_follows_no_link(tmp_path: Path) -> None:
    """What a link points to is left alone."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"kept")
    (tmp_path / "room" / "inner").mkdir(parents=True)
    (tmp_path / "room" / "inner" / "link").symlink_to(outside)
    wipe(tmp_path / "room")
    assert outside.read_bytes() == b"kept"
    assert not (tmp_path / "room").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from storage.search import IndexEntry, Removal, SearchIndex

folder, memory, step = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
left = [step]

def watch(event, arguments):
    if left[0] and event in {"open", "os.rename", "os.remove"} and str(folder) in str(arguments[0]):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

def entry(number, shard):
    return IndexEntry(number.to_bytes(16, "big"), shard, {"text": "oven word%d" % number})

with SearchIndex(folder / "sealed", memory, folder / "index.keys") as index:
    index.apply([entry(1, 0), entry(2, 0), entry(3, 1)])
    index.save()
    sys.addaudithook(watch)
    index.apply([entry(4, 1)])
    index.save()
    print("saved", flush=True)
    index.erase([(1).to_bytes(16, "big")], lambda shard: [entry(2, 0)])
    print("erased", flush=True)
print("whole", flush=True)
"""


def test_a_kill_at_any_step_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """After every single file operation of a save and of an erasure the index still opens, at or past its promise."""
    outcomes = set()
    for step in range(1, 100):
        folder = tmp_path / str(step)
        folder.mkdir()
        command = [sys.executable, "-c", KILLED, str(folder), str(memory()), str(step)]
        said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ}).stdout.split()
        with index_in(folder) as index:
            assert index.load() == {0, 1}
            people = set(found(index, "oven"))
            keys = json.loads((folder / "index.keys").read_bytes())
        assert {2, 3} <= people
        assert 4 in people or "saved" not in said
        assert 1 not in people or "erased" not in said
        assert len(keys) == 3  # one for each shard and one for the manifest: none that was to be destroyed
        outcomes.add(tuple(said))
        if "whole" in said:
            break
    assert outcomes >= {(), ("saved",), ("saved", "erased", "whole")}


def test_an_entry_is_told_apart_from_a_removal_by_type_alone(tmp_path: Path) -> None:
    """An entry without words is still a person: found by facts and by asking for everyone."""
    with index_in(tmp_path) as index:
        index.apply([IndexEntry(row_id(1), 0, {})])
        assert index.search(None, today=TODAY).total == 1
        assert index.search(parse("NOT oven"), today=TODAY).total == 1
