"""A real server whose n-th system call that touches a file kills it, fails, or finds the disk full.

The kernel's own tracer does it, from the very first start on, so that no step is missed for want of a wrapper. Whatever
the moment, the product starts again, and everything that was acknowledged is there.
"""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from installations import RESUME
from plain_browser import fields_of, find_form
from server_process import DidNotStart, Server, serving

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.campaign,
    pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here"),
]

NUMBERS = (1, 2, 4, 9, 20, 50)
FAULTS = {
    "signal=KILL:when={}": ("fsync", "rename", "pwrite64", "unlink"),
    "error=EIO:when={}": ("fsync", "pwrite64"),
    "error=ENOSPC:when={}+": ("write",),
}
CASES = [(fault, call, number) for number in NUMBERS for fault, calls in FAULTS.items() for call in calls]


def apply_some(server: Server, told: list[str]) -> None:
    """Apply a few times; every acknowledged application is noted."""
    browser = server.browser()
    notice = fields_of(find_form(browser.open("/apply/pool"), "/apply/pool"))["notice_version"][0]
    said = f'{{"source":"person","channel":"api","country":"DE","notice_version":"{notice}","age_confirmed":true}}'
    for _ in range(3):
        files: dict[str, Any] = {
            "file": ("a.txt", RESUME.encode()),
            "application": (None, said.encode(), "application/json"),
        }
        answer = server.client().post("/api/v1/applications", files=files)
        assert answer.status_code in (201, 500, 503, 507), answer.text
        if answer.status_code == 201:
            told.append(answer.json()["id"])


def start_and_apply(folder: Path, url: str, before: list[str], told: list[str]) -> None:
    """A server under the tracer takes somebody in, or dies of it."""
    with suppress(httpx2.TransportError, DidNotStart), serving(folder, url, before=before) as server:
        apply_some(server, told)


@pytest.mark.parametrize(("fault", "call", "number"), CASES)
def test_whatever_a_system_call_does_it_starts_again_with_all_it_acknowledged(
    fault: str, call: str, number: int, tmp_path: Path, address: str
) -> None:
    """While it makes itself, while it starts, or while it takes somebody in."""
    told: list[str] = []
    inject = f"inject={call}:{fault.format(number)}"
    start_and_apply(
        tmp_path, address, ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject], told
    )
    assert number > 1 or not told, "nothing was injected: the first such call comes before anybody can apply"
    with serving(tmp_path, address) as server:
        found = [server.client().get(f"/api/v1/applications/{one}") for one in told]
        assert [answer.status_code for answer in found] == [200] * len(told)
        before = len(told)
        apply_some(server, told)
        assert len(told) == before + 3
        assert server.stop() == 0
