"""Yearly keys: one for each year, kept wrapped in the key folder, destroyed for good, never made anew unseen."""

from pathlib import Path

import pytest

from storage.keystore import WrongKey, create_root_file
from storage.keystore.yearly import destroy_yearly_key, find_yearly_key, list_yearly_keys, make_yearly_key

OURS = b"i" * 16


def test_a_year_has_one_key_until_it_is_destroyed(tmp_path: Path) -> None:
    """Asked for again it is the same; another year's differs; destroyed it is gone, and a new one is another."""
    root = create_root_file(tmp_path)
    first = make_yearly_key(tmp_path, root, OURS, 2026)
    assert make_yearly_key(tmp_path, root, OURS, 2026) == first == find_yearly_key(tmp_path, root, OURS, 2026)
    assert make_yearly_key(tmp_path, root, OURS, 2027) != first
    assert list_yearly_keys(tmp_path) == [2026, 2027]
    assert destroy_yearly_key(tmp_path, 2026)
    assert not destroy_yearly_key(tmp_path, 2026)
    assert find_yearly_key(tmp_path, root, OURS, 2026) is None
    assert list_yearly_keys(tmp_path) == [2027]
    assert make_yearly_key(tmp_path, root, OURS, 2026) != first


def test_a_key_lies_wrapped_and_opens_in_its_place_alone(tmp_path: Path) -> None:
    """The file holds no key in clear, is its owner's alone, and opens neither as another year's nor elsewhere."""
    root = create_root_file(tmp_path)
    key = make_yearly_key(tmp_path, root, OURS, 2026)
    path = tmp_path / "suppression-2026.key"
    assert key not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    path.rename(tmp_path / "suppression-2027.key")
    for installation in (OURS, b"j" * 16):
        with pytest.raises(WrongKey):
            find_yearly_key(tmp_path, root, installation, 2027)


def test_a_key_that_goes_while_it_is_asked_for_is_not_made_anew(tmp_path: Path) -> None:
    """What is neither there nor free to be made is an error, never a second key for the same year."""
    root = create_root_file(tmp_path)
    (tmp_path / "suppression-2026.key").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError, match="2026"):
        make_yearly_key(tmp_path, root, OURS, 2026)
