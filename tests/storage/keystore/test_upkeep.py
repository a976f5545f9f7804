"""Escrow, copies and recovery: nothing is lost with a disk, and nothing former lives past its window."""

import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from places import INSTALLATION, Home, witness

from storage.keystore import FormerGeneration, KeystoreError, WrongDatabase, WrongKey, open_root
from storage.keystore.beginning import Begun, begin_keys
from storage.keystore.depot import Depot, DepotFailed, FolderDepot
from storage.keystore.escrow import NoRecoveryKey, list_stored
from storage.keystore.recovery import NothingToRecover, Recovered, recover
from storage.keystore.recovery_key import keep_recipients, make_recovery_pair, read_recipients
from storage.keystore.upkeep import (
    KeyHouse,
    back_up,
    begin_recovery,
    prepare_escrow,
    prune,
    report_keys,
    rotate,
    rotate_recovery,
)
from storage.keystore.window import Window
from storage.secrets import SECRETS_FILE, has_installation, open_installation_keys


def begin(home: Home, depot: Depot | None) -> tuple[KeyHouse, str]:
    """A new installation that escrows to ``depot``, and its recovery key."""
    (home.keys / "root.key").unlink(missing_ok=True)
    text = begin_recovery(home.keys)
    begun = begin_keys(
        home.keys, "file", home.url, prepare=lambda secrets, fresh: prepare_escrow(home.keys, depot, secrets, fresh)
    )
    home.closing.callback(begun.keystore.close)
    return KeyHouse(home.keys, begun.root, begun.secrets, begun.keystore, depot), text


def make_depot(tmp_path: Path) -> FolderDepot:
    """An empty folder for escrows."""
    (tmp_path / "depot").mkdir(mode=0o700)
    return FolderDepot(tmp_path / "depot")


def lose_everything(home: Home) -> None:
    """The machine burns: the key folder is empty, the keystore's database too."""
    home.closing.close()
    shutil.rmtree(home.keys)
    home.keys.mkdir(mode=0o700)
    if home.url:
        import psycopg

        with psycopg.connect(home.url.replace("+psycopg", "")) as connection:
            connection.execute("DROP SCHEMA keystore CASCADE")


def kept(home: Home, begun: Begun) -> Begun:
    """Closed when the test ends."""
    home.closing.callback(begun.keystore.close)
    return begun


def test_everything_is_recovered_from_depot_and_recovery_key_alone(home: Home, tmp_path: Path) -> None:
    """On an empty machine: the same secrets, every key of the copy, a fresh root, and a new recovery key."""
    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    keys = house.keystore.create_many(2500)
    back_up(house)
    lose_everything(home)
    done = recover(depot, text, home.keys, url=home.url)
    begun = kept(home, done.begun)
    assert begun.secrets == house.secrets
    assert begun.keystore.find_many([key.id for key in keys]) == {key.id: key for key in keys}
    assert (done.keys, done.trouble, done.passed_over) == (2500, "", ())
    assert abs(datetime.now(UTC) - done.copied_at) < timedelta(minutes=5)
    root = open_root("file", home.keys)
    assert open_installation_keys(home.keys, root) == house.secrets
    again = KeyHouse(home.keys, root, begun.secrets, begun.keystore, depot)
    assert report_keys(again).troubles == ()
    lose_everything(home)
    assert kept(home, recover(depot, done.recovery_text, home.keys, url=home.url).begun).keystore.count() == 2500


def test_recovery_works_after_rotations_and_erasures(home: Home, tmp_path: Path) -> None:
    """What is recovered is the state of the newest copy: the erased of before it stay erased."""
    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    keys = house.keystore.create_many(30)
    house.keystore.destroy([key.id for key in keys[:10]])
    assert rotate(house).keys == 20
    later = house.keystore.create()
    lose_everything(home)
    begun = kept(home, recover(depot, text, home.keys, url=home.url).begun)
    assert begun.keystore.has([key.id for key in keys]) == {key.id for key in keys[10:]}
    assert begun.keystore.find(later.id) is None
    assert begun.keystore.status().generation > 2


def test_the_forget_list_comes_back_with_the_keys(home: Home, tmp_path: Path) -> None:
    """Copied to the depot with each copy, put back where it is missing, never over one that is there."""
    depot, listed = make_depot(tmp_path), home.keys / "forget-list.txt"
    house, text = begin(home, depot)
    house = replace(house, forget_list=listed)
    back_up(house)
    assert "forget-" not in "".join(entry.name for entry in depot.list_entries())
    listed.write_text("first")
    back_up(house)
    lose_everything(home)
    text = finish(home, recover(depot, text, home.keys, url=home.url, forget_list=listed))
    assert listed.read_text() == "first"
    lose_everything(home)
    listed.write_text("second")
    finish(home, recover(depot, text, home.keys, url=home.url, forget_list=listed))
    assert listed.read_text() == "second"


def finish(home: Home, done: Recovered) -> str:
    """Close what was recovered when the test ends; the new recovery key."""
    kept(home, done.begun)
    return done.recovery_text


def test_recovery_passes_over_copies_of_no_use(home: Home, tmp_path: Path) -> None:
    """A damaged copy, one without escrow and one that is another's do not stop it from using an older whole one."""
    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    key = house.keystore.create()
    good = back_up(house, datetime(2026, 1, 1, tzinfo=UTC))
    assert good is not None
    whole = depot.get(good)
    for day, content in ((2, whole[: len(whole) // 2]), (3, b"no copy"), (4, whole[:-4096] + os.urandom(4096))):
        depot.put(good.replace("20260101", f"2026010{day}"), content)
    orphan = good.replace("20260101", "20260105").replace(house.keystore.status().generation_id.hex(), "00" * 16)
    depot.put(orphan, whole)
    foreign = make_copy_of_another(tmp_path, house)
    depot.put(good.replace("20260101", "20260106"), foreign)
    lose_everything(home)
    done = recover(depot, text, home.keys, url=home.url)
    assert kept(home, done.begun).keystore.get(key.id) == key
    assert len(done.passed_over) == 5


def make_copy_of_another(tmp_path: Path, house: KeyHouse) -> bytes:
    """A whole copy that says it belongs to another generation."""
    from storage.keystore.copies import write_copy

    path = tmp_path / "foreign"
    write_copy(path, replace(house.keystore.status(), generation_id=b"another's own id"), [])
    return path.read_bytes()


def test_recovery_that_was_cut_short_is_done_again(home: Home, tmp_path: Path) -> None:
    """With the keystore there and the secrets' last name missing, it goes on from where it was."""
    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    key = house.keystore.create()
    back_up(house)
    lose_everything(home)
    kept(home, recover(depot, text, home.keys, url=home.url).begun)
    (home.keys / SECRETS_FILE).rename(home.keys / "installation.provisional")
    text = rotate_recovery(house_of(home, depot, house))
    assert not has_installation(home.keys)
    done = recover(depot, text, home.keys, url=home.url)
    assert kept(home, done.begun).keystore.get(key.id) == key
    assert has_installation(home.keys)


def house_of(home: Home, depot: Depot, house: KeyHouse) -> KeyHouse:
    """The same installation, opened again."""
    root = open_root("file", home.keys)
    home.root = root
    return KeyHouse(home.keys, root, house.secrets, home.open(house.secrets.installation), depot)


def test_recovery_never_runs_over_an_installation(home: Home, tmp_path: Path) -> None:
    """Keys that are there are not replaced by older ones."""
    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    back_up(house)
    with pytest.raises(FileExistsError):
        recover(depot, text, home.keys, url=home.url)
    assert not (home.keys / ".recovering.db").exists()


def test_recovery_says_what_is_missing(tmp_path: Path) -> None:
    """An empty place, another's recovery key, a slip of the pen, and escrow without a copy are told apart."""
    depot = make_depot(tmp_path)
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    text = begin_recovery(keys)
    with pytest.raises(NothingToRecover, match="no escrow in this place"):
        recover(depot, text, tmp_path / "new")
    begin_keys(keys, prepare=lambda secrets, fresh: prepare_escrow(keys, depot, secrets, fresh)).keystore.close()
    with pytest.raises(NothingToRecover, match="no copy of the keystore"):
        recover(depot, text, tmp_path / "new")
    with pytest.raises(WrongKey, match="was made for this recovery key"):
        recover(depot, make_recovery_pair()[0], tmp_path / "new")
    with pytest.raises(WrongKey, match="a letter of it is wrong"):
        recover(depot, text[:-1] + ("A" if text[-1] != "A" else "B"), tmp_path / "new")


def test_recovered_keys_stand_even_when_the_new_escrow_fails(home: Home, tmp_path: Path) -> None:
    """The depot can be read and not written: the keys are back, and what is still to do is said."""

    class ReadOnly(FolderDepot):
        def put(self, name: str, content: bytes) -> None:
            raise DepotFailed("the share is read-only")

    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    key = house.keystore.create()
    back_up(house)
    lose_everything(home)
    done = recover(ReadOnly(depot.folder), text, home.keys, url=home.url)
    assert kept(home, done.begun).keystore.get(key.id) == key
    assert done.recovery_text == ""
    assert "vitavault keys recovery rotate" in done.trouble


def test_a_first_start_cut_short_is_done_again(home: Home, tmp_path: Path) -> None:
    """Whatever was made before the end is used, not replaced, and never an installation before it is whole."""

    def stop(_secrets: object, _fresh: object) -> None:
        raise KeyboardInterrupt

    (home.keys / "root.key").unlink()
    with pytest.raises(KeyboardInterrupt):
        begin_keys(home.keys, "file", home.url, prepare=stop)
    assert not has_installation(home.keys)
    made = kept(home, begin_keys(home.keys, "file", home.url))
    (home.keys / SECRETS_FILE).rename(home.keys / "installation.provisional")
    again = kept(home, begin_keys(home.keys, "file", home.url))
    assert again.secrets == made.secrets
    with pytest.raises(FileExistsError):
        begin_keys(home.keys, "file", home.url)


def test_a_recovery_does_not_take_up_a_stranger_s_first_start(home: Home, tmp_path: Path) -> None:
    """Provisional secrets of a new installation give way to the recovered ones."""
    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    back_up(house)
    lose_everything(home)
    with pytest.raises(ZeroDivisionError):
        begin_keys(home.keys, "file", home.url, prepare=lambda _secrets, _fresh: 1 // 0)
    assert kept(home, recover(depot, text, home.keys, url=home.url).begun).secrets == house.secrets


def test_without_a_confirmed_escrow_there_is_no_new_generation(home: Home, tmp_path: Path) -> None:
    """No recovery key, or a depot that returns something else: the former generation stays in force."""

    class Lossy(FolderDepot):
        def get(self, name: str) -> bytes:
            return super().get(name)[:-1]

    house, _text = begin(home, make_depot(tmp_path))
    with pytest.raises(DepotFailed, match="came back different"):
        rotate(replace(house, depot=Lossy(tmp_path / "depot")))
    keep_recipients(home.keys, [])
    with pytest.raises(NoRecoveryKey):
        rotate(house)
    assert house.keystore.status().generation == 1


def test_a_rotation_for_a_wrong_database_changes_nothing(home: Home, tmp_path: Path) -> None:
    """The guard stands before the escrow and the rewrite."""
    house, _text = begin(home, make_depot(tmp_path))
    before = list_stored(house.depot or make_depot(tmp_path), house.secrets.installation)
    with pytest.raises(WrongDatabase):
        rotate(house, witness())
    assert house.secrets.installation != INSTALLATION
    assert list_stored(FolderDepot(tmp_path / "depot"), house.secrets.installation) == before


def test_without_a_depot_rotation_works_and_status_is_red(home: Home) -> None:
    """Nothing is escrowed, nothing pruned, and the report says what that means."""
    house, _text = begin(home, None)
    assert rotate(house).generation == 2
    assert back_up(house) is None
    assert prune(house).deleted == ()
    report = report_keys(house)
    assert "cannot be recovered" in report.troubles[0]
    assert (report.provider, report.forgets) == ("file", True)
    assert rotate_recovery(house)


def test_status_is_red_for_each_thing_that_is_missing(home: Home, tmp_path: Path) -> None:
    """No escrow of the generation in force, no recent copy, no recovery key, no depot to be reached."""
    house, _text = begin(home, make_depot(tmp_path))
    assert [trouble[:30] for trouble in report_keys(house).troubles] == ["there is no recent copy of the"]
    back_up(house)
    report = report_keys(house)
    assert report.troubles == ()
    assert report.recipients == (read_recipients(home.keys)[0].fingerprint,)
    assert report.escrowed_at is not None
    assert "no recent copy" in report_keys(house, datetime.now(UTC) + timedelta(hours=40)).troubles[0]
    house.keystore.rewrite()
    assert any("not escrowed" in trouble for trouble in report_keys(house).troubles)
    keep_recipients(home.keys, [])
    assert any("no recovery key" in trouble for trouble in report_keys(house).troubles)
    shutil.rmtree(tmp_path / "depot")
    assert "cannot be listed" in report_keys(house).troubles[0]


def test_what_is_past_the_window_goes_or_is_owed_by_a_person(home: Home, tmp_path: Path) -> None:
    """Deleted where that is allowed; named, with its time, where not; the generation in force stays recoverable."""

    class Locked(FolderDepot):
        def delete(self, name: str) -> None:
            raise DepotFailed("object lock")

    depot = make_depot(tmp_path)
    house, text = begin(home, depot)
    back_up(house)
    house.keystore.destroy([house.keystore.create().id])
    rotate(house)
    later = datetime.now(UTC) + timedelta(days=15)
    expired = set(report_keys(house, later).owed)
    assert {name.split("-")[0] for name in expired} == {"escrow", "copy"}
    locked = prune(replace(house, depot=Locked(depot.folder)), later)
    assert {name for name, _at in locked.owed} == expired
    assert set(prune(house, later).deleted) == expired
    assert report_keys(house, later).owed == ()
    assert prune(replace(house, window=Window(28)), later).deleted == ()
    lose_everything(home)
    kept(home, recover(depot, text, home.keys, url=home.url).begun)


def test_a_new_recovery_key_replaces_the_former_at_once(home: Home, tmp_path: Path) -> None:
    """What is made from then on opens with the new key only."""
    depot = make_depot(tmp_path)
    house, former = begin(home, depot)
    key = house.keystore.create()
    text = rotate_recovery(house)
    assert text != former
    lose_everything(home)
    with pytest.raises(WrongKey):
        recover(depot, former, home.keys, url=home.url)
    assert kept(home, recover(depot, text, home.keys, url=home.url).begun).keystore.get(key.id) == key


def test_a_failed_change_of_recovery_key_leaves_the_former_in_use(home: Home, tmp_path: Path) -> None:
    """Cut short, the former key still recovers."""
    depot = make_depot(tmp_path)
    house, former = begin(home, depot)
    back_up(house)
    before = read_recipients(home.keys)
    with pytest.raises(WrongDatabase):
        rotate_recovery(house, witness())
    assert read_recipients(home.keys) == before
    lose_everything(home)
    kept(home, recover(depot, former, home.keys, url=home.url).begun)


def test_escrows_of_rewrites_that_never_happened_are_dropped(home: Home, tmp_path: Path) -> None:
    """They wrapped nothing, and must not be taken for the generation's own."""
    depot = make_depot(tmp_path)
    house, _text = begin(home, depot)

    def stop(step: str) -> None:
        if step == "escrowed":
            raise InterruptedError

    from storage.keystore.escrow import escrow_to

    with pytest.raises(InterruptedError):
        house.keystore.rewrite(None, escrow_to(depot, read_recipients(home.keys)), stop)  # type: ignore[call-arg]
    assert len([s for s in list_stored(depot, house.secrets.installation) if s.generation == 2]) == 1
    rotate(house)
    (second,) = [s for s in list_stored(depot, house.secrets.installation) if (s.generation, s.kind) == (2, "escrow")]
    assert second.generation_id == house.keystore.status().generation_id


def test_a_copy_and_all_escrows_open_nothing_without_the_recovery_key(home: Home, tmp_path: Path) -> None:
    """A thief of the depot has ciphertext only; with the key folder as it is now, still no former generation."""
    depot = make_depot(tmp_path)
    house, _text = begin(home, depot)
    key = house.keystore.create()
    back_up(house)
    everything = b"".join(depot.get(entry.name) for entry in depot.list_entries())
    hidden = (key.secret, house.secrets.organisation.secret, house.secrets.digest_key, house.secrets.audit_seed)
    for secret in hidden:
        assert secret not in everything
        assert secret.hex().encode() not in everything
    status = house.keystore.status()
    rotate(house)
    context = f"generation {status.installation.hex()} {status.generation_id.hex()}"
    with pytest.raises((FormerGeneration, KeystoreError)):
        house.root.unwrap(bytes(60), context, status.generation)
