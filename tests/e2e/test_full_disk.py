"""A disk without room: nothing new is taken in, erasing goes on to the end, and all is well once there is room."""

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from installations import apply_by_page, open_own_page, post_application, running

from storage.models import Ending, Person

pytestmark = pytest.mark.enable_socket

DISK = 40_000_000
RESERVE_MB = 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """Write until not another byte fits."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1_000_000, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017 - the loop ends so
    return ballast


def test_on_a_full_disk_nothing_is_taken_in_and_erasing_still_works(small_disk: Path, address: str) -> None:
    """507 before the body is read; an erasure asked for is carried out whole, key, rows and file; then room returns."""
    with running(small_disk, address, reserve_mb=RESERVE_MB) as live:
        me = open_own_page(live.browser(), apply_by_page(live.browser()))
        live.work()
        ballast = fill(small_disk)
        refused = post_application(live)  # the reserve is still whole: this is the one that finds the disk full
        assert (refused.status_code, refused.json()["code"]) == (507, "no_room")
        assert live.client().post("/apply/pool", files={"file": b"a"}).status_code == 507
        assert os.statvfs(small_disk).f_bavail > 0, "the reserve was given up"

        assert me.submit(me.open("/me"), "/me/erase", {"confirm": "ERASE"}).status == 200
        live.work()
        live.night()
        with live.house.database.reading() as session:
            assert session.query(Person).count() == 0
            assert all(ending.purged_at for ending in session.query(Ending))
        assert list((small_disk / "data/blobs").rglob("*/*")) == []

        ballast.unlink()
        assert post_application(live).status_code == 201
        assert live.house.settings.reserve.is_kept()
