"""Root providers: each wraps in its place alone, refuses a wrong root with what to do, and says whether it forgets.

KMS is tried against moto's server. Transit is tried against a stand-in that follows HashiCorp's documentation of the
engine's HTTP interface (``transit_stand_in``); where a real Vault or OpenBao is at hand, give its address and token
in ``TEST_VAULT_ADDR`` and ``TEST_VAULT_TOKEN``.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import hvac
import pytest
from moto.server import ThreadedMotoServer
from transit_stand_in import serve_transit

from storage.keystore import (
    FormerGeneration,
    KeystoreError,
    MissingKey,
    Root,
    WrongKey,
    create_keystore,
    create_root_file,
    open_keystore,
    open_root,
)
from storage.keystore.beginning import begin_keys
from storage.keystore.kms import KmsRoot
from storage.keystore.roots import EnvironmentRoot, _read_root, check_root
from storage.keystore.transit import TransitRoot, create_transit_keys

HOME = b"installation-one"
VARIABLE = "VITAVAULT_ROOT_KEY"


@pytest.fixture(scope="module")
def kms_address() -> Iterator[str]:
    """The address of a KMS server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def vault() -> Iterator[tuple[str, str]]:
    """Address and token of a Transit engine."""
    if os.environ.get("TEST_VAULT_ADDR"):
        yield os.environ["TEST_VAULT_ADDR"], os.environ["TEST_VAULT_TOKEN"]
        return
    with serve_transit("fictional-token") as address:
        yield address, "fictional-token"


def make_file(_request: pytest.FixtureRequest, folder: Path) -> Root:
    """A root in a file."""
    folder.mkdir(mode=0o700)
    return create_root_file(folder)


def make_environment(_request: pytest.FixtureRequest, _folder: Path) -> Root:
    """A root in the environment."""
    return EnvironmentRoot(os.urandom(32))


def kms_client(address: str) -> Any:
    """A client of the KMS server."""
    return boto3.client(
        "kms", endpoint_url=address, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
    )


def make_kms(request: pytest.FixtureRequest, _folder: Path) -> Root:
    """A root in KMS."""
    client = kms_client(request.getfixturevalue("kms_address"))
    return KmsRoot(client, client.create_key()["KeyMetadata"]["KeyId"])


def make_transit(request: pytest.FixtureRequest, _folder: Path) -> Root:
    """A root in Transit."""
    address, token = request.getfixturevalue("vault")
    root = TransitRoot(hvac.Client(url=address, token=token), "test-" + os.urandom(4).hex())
    create_transit_keys(root)
    return root


@pytest.fixture(params=[make_file, make_environment, make_kms, make_transit], ids=["file", "env", "kms", "transit"])
def make_root(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Root]:
    """Makes roots of one provider, another each time."""
    return lambda: request.param(request, tmp_path / os.urandom(4).hex())


def test_what_was_wrapped_is_unwrapped_in_its_place_only(make_root: Callable[[], Root]) -> None:
    """Context and epoch are bound; the same secret is never wrapped twice alike."""
    root = make_root()
    wrapped = root.wrap(b"s" * 32, "generation one", 3)
    assert root.unwrap(wrapped, "generation one", 3) == b"s" * 32
    assert root.wrap(b"s" * 32, "generation one", 3) != wrapped
    assert b"s" * 32 not in wrapped
    for context, epoch in (("generation two", 3), ("generation one", 4), ("generation one", 0)):
        with pytest.raises(WrongKey):
            root.unwrap(wrapped, context, epoch)
    lasting = root.wrap(b"t" * 32, "installation")
    assert root.unwrap(lasting, "installation") == b"t" * 32


def test_another_root_of_the_same_provider_is_told_apart(make_root: Callable[[], Root]) -> None:
    """By its check value before anything is opened, and by the wrap itself."""
    one, two = make_root(), make_root()
    wrapped = one.wrap(b"s" * 32, "installation")
    check_root(one, one.check_value())
    with pytest.raises(WrongKey, match="not the one that this installation was made with"):
        check_root(two, one.check_value())
    with pytest.raises(KeystoreError):
        two.unwrap(wrapped, "installation")


def test_a_damaged_wrap_is_refused(make_root: Callable[[], Root]) -> None:
    """Bytes changed in the wrap never come out as a key."""
    root = make_root()
    wrapped = root.wrap(b"s" * 32, "installation")
    for damaged in (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), wrapped[:-9]):
        with pytest.raises(KeystoreError):
            root.unwrap(damaged, "installation")


def test_forgetting_keeps_what_is_in_force_and_lasts(make_root: Callable[[], Root]) -> None:
    """Where a provider forgets, former generations are gone for good; elsewhere it says that they are not."""
    root = make_root()
    lasting = root.wrap(b"t" * 32, "installation")
    former = root.wrap(b"a" * 32, "generation", 1)
    current = root.wrap(b"b" * 32, "generation", 2)
    never_in_force = root.wrap(b"c" * 32, "generation", 3)
    for _ in range(2):
        forgets = root.forget_before(2, current)
        assert root.unwrap(current, "generation", 2) == b"b" * 32
        assert root.unwrap(never_in_force, "generation", 3) == b"c" * 32
        assert root.unwrap(lasting, "installation") == b"t" * 32
    assert forgets == (root.provider in {"file", "transit"})
    if forgets:
        with pytest.raises((FormerGeneration, WrongKey)):
            root.unwrap(former, "generation", 1)


def test_a_keystore_lives_on_every_provider(make_root: Callable[[], Root], tmp_path: Path) -> None:
    """Created, rewritten and opened again."""
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    root = make_root()
    store = create_keystore(keys, root, HOME)
    key = store.create()
    for _ in range(3):
        store.rewrite()
    assert store.forget_former() == (root.provider in {"file", "transit"})
    store.close()
    again = open_keystore(keys, root, HOME)
    assert again.get(key.id) == key
    again.close()


def test_no_root_shows_its_secret(make_root: Callable[[], Root]) -> None:
    """Nor the credentials of its client."""
    root = make_root()
    shown = repr(root)
    assert "fictional-token" not in shown
    assert "bytes" not in shown
    assert "\\x" not in shown


def test_a_missing_root_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """Each provider names what it needs."""
    for provider, variables, why in (
        ("file", {}, "vitavault keys recover"),
        ("environment", {}, "openssl rand -base64 32"),
        ("transit", {"VAULT_ADDR": "http://127.0.0.1:1"}, "VAULT_TOKEN"),
        ("kms", {}, "VITAVAULT_KMS_KEY"),
    ):
        with pytest.raises(MissingKey, match=why):
            open_root(provider, tmp_path, variables)
    with pytest.raises(KeystoreError, match="no root provider 'paper'"):
        open_root("paper", tmp_path, {})


def test_a_missing_client_library_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The optional extra to install stands in the message."""
    for provider, library, extra in (("transit", "hvac", "vault"), ("kms", "boto3", "aws")):
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(MissingKey, match=rf"vitavault\[{extra}\]"):
            open_root(provider, tmp_path, {})


@pytest.mark.parametrize("value", ["short", "%%%", "QUJD", "A" * 44])
def test_a_root_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    """Neither a variable nor a file that holds something else is taken for a root."""
    with pytest.raises(WrongKey, match="openssl rand"):
        open_root("environment", tmp_path, {VARIABLE: value})
    (tmp_path / "root.key").write_text(value)
    (tmp_path / "root.key").chmod(0o600)
    with pytest.raises(WrongKey, match="not a root key of this product"):
        open_root("file", tmp_path)


def test_a_file_root_turns_forward_only_and_within_reason(tmp_path: Path) -> None:
    """It never turns back, and a number out of all reason is refused rather than waited for."""
    root = create_root_file(tmp_path)
    root.forget_before(5, b"")
    root.forget_before(3, b"")
    with pytest.raises(FormerGeneration):
        root.wrap(bytes(32), "generation", 4)
    assert root.unwrap(root.wrap(bytes(32), "generation", 5), "generation", 5) == bytes(32)
    assert repr(_read_root(tmp_path / "root.key")) == "_RootState(epoch=5)"
    with pytest.raises(WrongKey):
        root.unwrap(bytes(60), "generation", 10**9)


def test_roots_are_opened_from_their_settings(
    tmp_path: Path, vault: tuple[str, str], kms_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment names is what is used, and a first start makes the Transit keys."""
    address, token = vault
    variables = {"VAULT_ADDR": address, "VAULT_TOKEN": token, "VITAVAULT_TRANSIT_KEY": "named-" + os.urandom(4).hex()}
    tmp_path.chmod(0o700)
    begun = begin_keys(tmp_path, "transit", environ=variables)
    begun.keystore.close()
    assert begun.root.check_value() == open_root("transit", tmp_path, variables).check_value()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "fictional")
    key_id = kms_client(kms_address).create_key()["KeyMetadata"]["KeyId"]
    settings = {"VITAVAULT_KMS_KEY": key_id, "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL_KMS": kms_address}
    kms = open_root("kms", tmp_path, settings)
    assert kms.unwrap(kms.wrap(b"s" * 32, "installation"), "installation") == b"s" * 32
    assert isinstance(open_root("environment", tmp_path, {VARIABLE: "A" * 43 + "="}), EnvironmentRoot)


def test_a_provider_that_does_not_answer_or_allow_is_named(kms_address: str, vault: tuple[str, str]) -> None:
    """An unreachable server, a refused token and a missing key each say what to look at; nothing else leaks."""
    unreachable = TransitRoot(hvac.Client(url="http://127.0.0.1:9", token="fictional-token"), "x")
    with pytest.raises(KeystoreError, match="Vault could not be used"):
        unreachable.wrap(bytes(32), "installation")
    refused = TransitRoot(hvac.Client(url=vault[0], token="another"), "x")
    with pytest.raises(KeystoreError, match="check address, token") as caught:
        refused.check_value()
    assert "another" not in str(caught.value)
    assert not refused.forget_before(2, b"vault:v2:xxxx")
    missing = TransitRoot(hvac.Client(url=vault[0], token=vault[1]), "never-made")
    with pytest.raises(WrongKey, match="check mount and name"):
        missing.check_value()
    with pytest.raises(WrongKey, match="NotFoundException"):
        KmsRoot(kms_client(kms_address), "00000000-0000-0000-0000-000000000000").check_value()
    client = kms_client(kms_address)
    key_id = client.create_key()["KeyMetadata"]["KeyId"]
    another_s = KmsRoot(client, client.create_key()["KeyMetadata"]["KeyId"]).wrap(bytes(32), "installation")
    with pytest.raises(KeystoreError, match="check the rights"):
        KmsRoot(client, key_id).unwrap(another_s, "installation")
    with pytest.raises(KeystoreError, match="KMS was not reached"):
        KmsRoot(kms_client("http://127.0.0.1:9"), key_id).wrap(bytes(32), "installation")
