"""Depots, copies and recovery keys: what is put is there, what is damaged or wrong is refused by name."""

import sqlite3
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from storage.keystore import KeyFolderRefused, KeystoreError, KeystoreStatus, NewGeneration, WrongKey
from storage.keystore.copies import DamagedCopy, read_copy, read_rows, write_copy
from storage.keystore.depot import BucketDepot, Depot, DepotFailed, FolderDepot, open_depot
from storage.keystore.escrow import copy_name, escrow_to, list_stored, open_escrow
from storage.keystore.recovery_key import (
    decrypt_with,
    encrypt_to,
    fingerprint_of,
    keep_recipients,
    make_recovery_pair,
    parse_private,
    print_private,
    read_recipients,
)

ACCESS = {"aws_access_key_id": "fictional", "aws_secret_access_key": "fictional"}
STATUS = KeystoreStatus(b"installation-one", 4, b"generation four.", 3, 0, date(2026, 1, 1), None)


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def make_bucket(address: str, *, exists: bool = True) -> BucketDepot:
    """A depot in a fresh bucket."""
    bucket = f"escrow-{uuid.uuid4().hex}"
    if exists:
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **ACCESS)
        client.create_bucket(Bucket=bucket)
        client.close()
    options = {"endpoint": address, "region": "us-east-1", "client_options": {"allow_http": True}}
    return BucketDepot(f"s3://{bucket}/keys", **options, **ACCESS)


@pytest.fixture(params=["folder", "bucket"])
def depot(request: pytest.FixtureRequest, tmp_path: Path) -> Depot:
    """An empty depot of each kind."""
    if request.param == "bucket":
        return make_bucket(request.getfixturevalue("s3_address"))
    (tmp_path / "depot").mkdir()
    return FolderDepot(tmp_path / "depot")


def test_what_was_put_is_there_until_deleted(depot: Depot) -> None:
    """Read back, listed with size and time, replaced, deleted; deleting again is no error."""
    depot.put("escrow", b"one")
    depot.put("escrow", b"three")
    assert depot.get("escrow") == b"three"
    (entry,) = depot.list_entries()
    assert (entry.name, entry.size) == ("escrow", 5)
    assert abs(datetime.now(UTC) - entry.written_at) < timedelta(minutes=5)
    for _ in range(2):
        depot.delete("escrow")
    assert list(depot.list_entries()) == []
    with pytest.raises(DepotFailed):
        depot.get("escrow")


def test_a_depot_that_is_gone_says_so(tmp_path: Path, s3_address: str) -> None:
    """Every call fails by name, none in silence."""
    for gone in (FolderDepot(tmp_path / "gone"), make_bucket(s3_address, exists=False)):
        for call in (lambda d=gone: d.put("x", b""), lambda d=gone: d.get("x"), lambda d=gone: list(d.list_entries())):
            with pytest.raises(DepotFailed):
                call()
    (tmp_path / "file").write_text("")
    with pytest.raises(DepotFailed, match="kept"):
        FolderDepot(tmp_path / "file").delete("x")


def test_a_depot_lies_outside_key_and_data_folder(tmp_path: Path) -> None:
    """Else it would be lost, or stolen, with what it is to save."""
    keys, data = tmp_path / "keys", tmp_path / "data"
    for inside in (keys, keys / "escrow", data / "x", tmp_path):
        with pytest.raises(KeyFolderRefused, match="no place for escrows"):
            open_depot(str(inside), keys, data)
    assert open_depot(str(tmp_path / "other"), keys, data) == FolderDepot(tmp_path / "other")
    assert isinstance(open_depot("s3://bucket/prefix", keys, data), BucketDepot)


def test_a_copy_tells_what_it_is_and_gives_its_rows(tmp_path: Path) -> None:
    """Installation, generation, count and time, and the rows in batches."""
    rows = [(bytes([at]) * 16, b"w" * 60, at) for at in range(3)]
    made = write_copy(tmp_path / "copy", STATUS, [rows[:2], rows[2:]])
    assert read_copy(tmp_path / "copy") == made
    assert (made.generation, made.generation_id, made.keys) == (4, b"generation four.", 3)
    assert [row for batch in read_rows(tmp_path / "copy") for row in batch] == rows
    with pytest.raises(FileExistsError):
        write_copy(tmp_path / "copy", STATUS, [])


def test_a_copy_that_lost_rows_is_not_whole(tmp_path: Path) -> None:
    """Fewer rows than it says are not taken for all."""
    write_copy(tmp_path / "copy", STATUS, [[(b"k" * 16, b"w" * 60, 1)]])
    file = sqlite3.connect(tmp_path / "copy")
    file.execute("DELETE FROM data_key")
    file.commit()
    file.close()
    with pytest.raises(DamagedCopy, match="not all of its keys"):
        read_copy(tmp_path / "copy")


def test_names_in_a_depot_are_recognised_and_others_passed_by(tmp_path: Path) -> None:
    """Only this installation's escrows and copies count."""
    depot = FolderDepot(tmp_path)
    generation = NewGeneration(b"installation-one", 2, b"generation two..", bytes(32))
    escrow_to(depot, [make_recovery_pair()[1]])(generation)
    name = copy_name(b"installation-one", 2, b"generation two..", datetime(2026, 5, 1, 3, tzinfo=UTC))
    assert name.endswith("-20260501T030000Z.db")
    others = (
        "notes.txt",
        "escrow-x-y-z.json",
        "copy-696e7374-two-ff-20260101T000000Z.db",
        "copy-00000000-000001-ff-x.db",
    )
    for put in (name, *others):
        (tmp_path / put).write_bytes(b"")
    found = {(one.kind, one.generation, one.generation_id) for one in list_stored(depot, b"installation-one")}
    assert found == {("escrow", 2, b"generation two.."), ("copy", 2, b"generation two..")}


def test_an_escrow_opens_with_each_of_its_keys_and_no_other(tmp_path: Path) -> None:
    """Several people may each hold a recovery key; a stranger's opens nothing, nor does any open a changed escrow."""
    depot = FolderDepot(tmp_path)
    pairs = [make_recovery_pair() for _ in range(3)]
    generation = NewGeneration(b"installation-one", 2, b"generation two..", b"s" * 32)
    escrow_to(depot, [public for _text, public in pairs[:2]])(generation)
    (entry,) = depot.list_entries()
    content = depot.get(entry.name)
    for text, _public in pairs[:2]:
        assert open_escrow(content, parse_private(text)) == generation
    with pytest.raises(WrongKey, match="made for other recovery keys"):
        open_escrow(content, parse_private(pairs[2][0]))
    for changed in (content.replace(b'"generation": 2', b'"generation": 3'), b"{}", b"\xff", content[:-3]):
        with pytest.raises(WrongKey):
            open_escrow(changed, parse_private(pairs[0][0]))


@given(st.binary(min_size=32, max_size=32))
def test_a_recovery_key_survives_being_written_down(raw: bytes) -> None:
    """Case, dashes and spaces do not matter; one wrong letter does."""
    private = X25519PrivateKey.from_private_bytes(raw)
    text = print_private(private)
    for written in (text, text.lower(), text.replace("-", " "), text.removeprefix("VITAVAULT-RECOVERY-1-")):
        assert parse_private(written).private_bytes_raw() == raw
    slipped = text[:-2] + ("A" if text[-2] != "A" else "B") + text[-1]
    for wrong in (slipped, text[:-4], "", "0189", text + "AAAA"):
        with pytest.raises(WrongKey, match="compare it with what was written down"):
            parse_private(wrong)


def test_what_is_encrypted_to_a_recovery_key_opens_with_it_in_its_context() -> None:
    """HPKE: another key, another context or a changed byte opens nothing; no two encryptions are alike."""
    text, public = make_recovery_pair()
    private = parse_private(text)
    assert fingerprint_of(private) == public.fingerprint
    sealed = encrypt_to(public, b"s" * 32, b"here")
    assert decrypt_with(private, sealed, b"here") == b"s" * 32
    assert encrypt_to(public, b"s" * 32, b"here") != sealed
    wrong = [(sealed, b"there"), (b"", b"here"), (sealed[:40], b"here")]
    wrong += [(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], b"here") for at in range(len(sealed))]
    for ciphertext, context in wrong:
        with pytest.raises(WrongKey):
            decrypt_with(private, ciphertext, context)


@pytest.mark.parametrize("content", ["", "{}", '[{"public": "xyz"}]'])
def test_damaged_recipients_are_refused_with_what_to_do(tmp_path: Path, content: str) -> None:
    """An escrow to nobody, or to the wrong one, would be worse than none."""
    assert read_recipients(tmp_path) == []
    _text, public = make_recovery_pair()
    keep_recipients(tmp_path, [public])
    assert read_recipients(tmp_path) == [public]
    (tmp_path / "recovery.json").write_text(content)
    if content == "{}":
        assert read_recipients(tmp_path) == []
        return
    with pytest.raises(KeystoreError, match="vitavault keys recovery rotate"):
        read_recipients(tmp_path)
