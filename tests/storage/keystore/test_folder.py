"""The key folder: private, beside the data and never inside it; its files whole, or gone."""

import os
import stat
from pathlib import Path

import pytest

from storage.keystore.folder import (
    KeyFolderRefused,
    check_private,
    destroy_file,
    locked,
    prepare_key_folder,
    write_private,
)


@pytest.mark.asvs("13.3.1")
@pytest.mark.parametrize(("keys", "data"), [("a", "a"), ("a/keys", "a"), ("a", "a/data"), ("a/b/../keys", "a")])
def test_keys_and_data_one_inside_the_other_are_refused(tmp_path: Path, keys: str, data: str) -> None:
    """Whoever copies the data must not copy the keys with it."""
    with pytest.raises(KeyFolderRefused, match="side by side"):
        prepare_key_folder(tmp_path / keys, tmp_path / data)


def test_a_link_into_the_data_folder_is_seen_through(tmp_path: Path) -> None:
    """A symbolic link does not hide where the keys really are."""
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "keys").symlink_to(tmp_path / "data" / "inner")
    with pytest.raises(KeyFolderRefused):
        prepare_key_folder(tmp_path / "keys", tmp_path / "data")


def test_the_folder_is_made_private(tmp_path: Path) -> None:
    """Mode 0700, and used again as it is."""
    for _ in range(2):
        keys = prepare_key_folder(tmp_path / "deep" / "keys", tmp_path / "data")
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_folder_open_to_others_is_refused_with_what_to_do(tmp_path: Path, mode: int) -> None:
    """Any right of anybody else is too much."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys").chmod(mode)
    with pytest.raises(KeyFolderRefused, match="chmod 700"):
        prepare_key_folder(tmp_path / "keys", tmp_path / "data")


def test_a_file_open_to_others_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Likewise for a key file."""
    (tmp_path / "root.key").write_text("x")
    (tmp_path / "root.key").chmod(0o640)
    with pytest.raises(KeyFolderRefused, match="chmod 600"):
        check_private(tmp_path / "root.key")


def test_a_path_that_cannot_be_looked_at_is_refused(tmp_path: Path) -> None:
    """The message says which and why; a missing file is another matter."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(KeyFolderRefused, match="cannot be read"):
        check_private(tmp_path / "file" / "below")
    with pytest.raises(FileNotFoundError):
        check_private(tmp_path / "nothing")


def test_what_belongs_to_another_user_is_refused() -> None:
    """Keys are their owner's alone; as root, another's folder is refused too."""
    somebody_elses = Path("/proc/1") if os.geteuid() else None
    if somebody_elses is None:
        folder = Path(os.path.realpath("/tmp")) / f"vitavault-owner-{os.getpid()}"
        folder.mkdir(mode=0o700)
        os.chown(folder, 65534, 65534)
    try:
        with pytest.raises(KeyFolderRefused, match="another user"):
            check_private(somebody_elses or folder)
    finally:
        if somebody_elses is None:
            folder.rmdir()


def test_a_private_file_is_whole_and_never_replaced_unasked(tmp_path: Path) -> None:
    """Mode 0600; with ``replace=False`` the first content stays and nothing is left over."""
    path = tmp_path / "secret"
    write_private(path, b"one", replace=False)
    with pytest.raises(FileExistsError):
        write_private(path, b"two", replace=False)
    assert path.read_bytes() == b"one"
    write_private(path, b"three")
    assert path.read_bytes() == b"three"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secret"]


def test_a_destroyed_file_is_overwritten_first(tmp_path: Path) -> None:
    """Even somebody who still has the file open finds only noise in it."""
    path = tmp_path / "secret"
    path.write_bytes(b"secret" * 10)
    with path.open("rb") as held:
        assert destroy_file(path)
        assert len(noise := held.read()) == 60
    assert b"secret" not in noise
    assert not destroy_file(path)


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    """Whoever does not wait is told."""
    with locked(tmp_path / "lock") as first, locked(tmp_path / "lock", wait=False) as second:
        assert (first, second) == (True, False)
    with locked(tmp_path / "lock", wait=False) as third:
        assert third
