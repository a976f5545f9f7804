"""The installation's secrets: made once, opened with the right root only, never shown."""

import json
import stat
from pathlib import Path

import pytest

from storage.keystore.contract import MissingKey, WrongKey
from storage.keystore.roots import EnvironmentRoot, create_root_file
from storage.secrets import (
    INDEX_FILE,
    SECRETS_FILE,
    create_installation,
    find_index_key,
    has_installation,
    open_installation_keys,
    renew_index_key,
)


def test_secrets_come_back_as_they_were_made(tmp_path: Path) -> None:
    """What the first start drew, every later start opens."""
    root = create_root_file(tmp_path)
    assert not has_installation(tmp_path)
    made = create_installation(tmp_path, root)
    assert has_installation(tmp_path)
    assert open_installation_keys(tmp_path, root) == made
    assert made.audit_key.public_key().public_bytes_raw() == made.audit_key.public_key().public_bytes_raw()
    kept = {made.digest_key, made.token_key, made.audit_seed, made.organisation.secret}
    assert len(kept) == 4


def test_secrets_are_made_only_once(tmp_path: Path) -> None:
    """A second first start replaces nothing."""
    root = create_root_file(tmp_path)
    made = create_installation(tmp_path, root)
    with pytest.raises(FileExistsError):
        create_installation(tmp_path, root)
    assert open_installation_keys(tmp_path, root) == made


@pytest.mark.asvs("13.3.1")
def test_secrets_lie_wrapped_and_private(tmp_path: Path) -> None:
    """The file is its owner's alone, and none of the secrets stands in it or in a repr."""
    made = create_installation(tmp_path, create_root_file(tmp_path))
    path = tmp_path / SECRETS_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shown = path.read_text() + repr(made)
    for secret in (made.digest_key, made.token_key, made.audit_seed, made.organisation.secret):
        assert secret.hex() not in shown
        assert repr(secret) not in shown


def test_another_root_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """A wrong root of the same provider, and another provider, are each told apart and named."""
    create_installation(tmp_path, EnvironmentRoot(bytes(32)))
    with pytest.raises(WrongKey, match="VITAVAULT_ROOT_KEY"):
        open_installation_keys(tmp_path, EnvironmentRoot(bytes(31) + b"\x01"))
    with pytest.raises(WrongKey, match="provider is 'environment', not 'file': set root_provider"):
        open_installation_keys(tmp_path, create_root_file(tmp_path))


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"installation": 3, "check": "", "root": "file"}'])
def test_missing_and_damaged_secrets_are_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    """Without the file, or with one that is no such file, the start says how to recover."""
    root = create_root_file(tmp_path)
    with pytest.raises(MissingKey, match="vitavault keys recover"):
        open_installation_keys(tmp_path, root)
    (tmp_path / SECRETS_FILE).write_bytes(content)
    with pytest.raises(WrongKey, match="damaged"):
        open_installation_keys(tmp_path, root)


def test_secrets_of_another_installation_do_not_pass(tmp_path: Path) -> None:
    """The wrap is bound to the installation's id: an edited file does not open."""
    root = create_root_file(tmp_path)
    create_installation(tmp_path, root)
    path = tmp_path / SECRETS_FILE
    path.write_text(json.dumps({**json.loads(path.read_text()), "installation": "00" * 16}))
    with pytest.raises(WrongKey):
        open_installation_keys(tmp_path, root)


def test_the_index_key_is_replaced_and_the_former_gone(tmp_path: Path) -> None:
    """Each re-seal draws a fresh key; without one that opens, the index is simply built anew."""
    root = create_root_file(tmp_path)
    home = b"installation-one"
    assert find_index_key(tmp_path, root, home) is None
    first = renew_index_key(tmp_path, root, home)
    assert find_index_key(tmp_path, root, home) == first
    second = renew_index_key(tmp_path, root, home)
    assert find_index_key(tmp_path, root, home) == second != first
    assert find_index_key(tmp_path, root, b"installation-two") is None
    (tmp_path / INDEX_FILE).write_bytes(b"short")
    assert find_index_key(tmp_path, root, home) is None
