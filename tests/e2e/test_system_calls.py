"""A real server killed with -9 at its n-th system call that touches a file, from its very first start on.

The kernel's own tracer does it, so that no step is missed for want of a wrapper. Whatever the moment, the product
starts again, and everything that was acknowledged is there.
"""

import shutil
from pathlib import Path
from typing import Any

import httpx2
import pytest
from installations import RESUME
from plain_browser import fields_of, find_form
from server_process import Server, serving

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.campaign,
    pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace here"),
]

CALLS = ("fsync", "rename", "pwrite64", "unlink")
NUMBERS = (1, 2, 3, 4, 6, 9, 14, 20, 30, 50)


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
        if answer.status_code == 201:
            told.append(answer.json()["id"])


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("number", NUMBERS)
def test_killed_at_a_system_call_it_starts_again_with_all_it_acknowledged(
    call: str, number: int, tmp_path: Path
) -> None:
    """Killed while it makes itself, while it starts, or while it takes somebody in."""
    told: list[str] = []
    tracer = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}")
    inject = ("-e", f"inject={call}:signal=KILL:when={number}")
    try:
        with serving(tmp_path, before=(*tracer, *inject)) as server:
            apply_some(server, told)
    except (AssertionError, httpx2.TransportError):
        pass  # it died, as it was to
    assert number > 1 or not told, "nothing was injected: the first such call comes before anybody can apply"
    with serving(tmp_path) as server:
        found = [server.client().get(f"/api/v1/applications/{one}") for one in told]
        assert [answer.status_code for answer in found] == [200] * len(told)
        before = len(told)
        apply_some(server, told)
        assert len(told) == before + 3
        assert server.stop() == 0
