"""Blobs: opaque sealed bytes in a folder and in a bucket, durable, deleted when said so."""

import os
import resource
import stat
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from storage.blobs import BlobGone, Blobs, BucketBlobs, FolderBlobs, open_blobs
from storage.seal import Sealed

ACCESS = {"aws_access_key_id": "fictional", "aws_secret_access_key": "fictional"}


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """The address of an S3 server on this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def make_bucket(address: str) -> BucketBlobs:
    """Blobs in a fresh bucket of the server at ``address``."""
    bucket = f"sealed-{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **ACCESS)
    client.create_bucket(Bucket=bucket)
    client.close()
    client_options = {"allow_http": True}
    return BucketBlobs(
        f"s3://{bucket}/blobs", endpoint=address, region="us-east-1", client_options=client_options, **ACCESS
    )


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """An empty store of each kind."""
    if request.param == "folder":
        return FolderBlobs(tmp_path / "blobs")
    return make_bucket(request.getfixturevalue("s3_address"))


def test_what_was_written_is_read_and_listed_until_deleted(blobs: Blobs) -> None:
    """A blob comes back whole, is listed with its size and age, and is gone after its deletion."""
    content = Sealed(os.urandom(100_000))
    blob_id = blobs.write(content)
    assert blobs.read(blob_id) == content
    assert isinstance(blobs.read(blob_id), Sealed)
    (entry,) = blobs.list_ids()
    assert (entry.blob_id, entry.size) == (blob_id, len(content))
    assert abs(datetime.now(UTC) - entry.written_at) < timedelta(minutes=5)
    assert blobs.delete(blob_id)
    assert not blobs.delete(blob_id)
    assert list(blobs.list_ids()) == []
    with pytest.raises(BlobGone):
        blobs.read(blob_id)


def test_only_sealed_bytes_are_kept(blobs: Blobs) -> None:
    """Clear bytes are refused before anything is written."""
    with pytest.raises(TypeError, match="Sealed bytes, not bytes"):
        blobs.write(b"%PDF-1.7")  # type: ignore[arg-type]
    assert list(blobs.list_ids()) == []


def test_ids_say_nothing_and_lead_nowhere_else(blobs: Blobs) -> None:
    """Equal content gets unrelated ids; an id that is none, a path say, finds nothing."""
    one, two = blobs.write(Sealed(b"same")), blobs.write(Sealed(b"same"))
    assert one != two
    for odd in ("", "../../etc/passwd", "aa/" + one, one.upper() + "g", one + "\n"):
        with pytest.raises(BlobGone):
            blobs.read(odd)
        with pytest.raises(BlobGone):
            blobs.delete(odd)


def test_files_and_folders_are_their_owners_alone(tmp_path: Path) -> None:
    """Modes 0700 and 0600, whatever the umask."""
    former = os.umask(0)
    try:
        store = FolderBlobs(tmp_path / "blobs")
        store.write(Sealed(b"x"))
    finally:
        os.umask(former)
    found = list((tmp_path / "blobs").rglob("*"))
    assert len(found) == 2
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """When the disk refuses, the temporary file goes and no id is given."""
    store = FolderBlobs(tmp_path / "blobs")
    for _ in range(257):  # so that every way through is taken: a subfolder new and there already
        store.write(Sealed(b"x"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            store.write(Sealed(b"x" * 100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [entry.size for entry in store.list_ids()] == [1] * 257


def test_what_a_crash_half_wrote_can_be_swept(tmp_path: Path) -> None:
    """A file left in the middle of a write is listed and can be deleted by its listed name."""
    store = FolderBlobs(tmp_path / "blobs")
    kept = store.write(Sealed(b"x"))
    half = tmp_path / "blobs" / kept[:2] / (kept[:2] + "0" * 30 + ".part")
    half.write_bytes(b"half")
    (left,) = [entry.blob_id for entry in store.list_ids() if entry.blob_id != kept]
    assert store.delete(left)
    assert not half.exists()


def test_the_settings_choose_the_store(tmp_path: Path) -> None:
    """Without an address the data folder, with one the bucket."""
    assert isinstance(open_blobs(tmp_path), FolderBlobs)
    assert isinstance(open_blobs(tmp_path, "s3://bucket/prefix"), BucketBlobs)
