"""The sandbox holds: nothing gets out of a child, and no child harms its parent."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.reading.sandbox.client import Ending, Outcome, Plan, Sandbox
from intake.reading.sandbox.layers import Layers, Mode, SandboxUnavailableError, probe
from intake.reading.sandbox.limits import Limits

_HERE = str(Path(__file__).parent)
pytestmark = pytest.mark.skipif(not probe().is_complete, reason="this kernel has no Landlock or no seccomp")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox whose children behave badly."""
    opened = Sandbox(Plan("misbehaving", Mode.REQUIRE, path=(_HERE,)))
    opened.start()
    yield opened
    opened.close()


def _run(sandbox: Sandbox, name: str, wall: float = 30.0, data: bytes = b"document", **params: Any) -> Outcome:
    limits = Limits(memory_mib=256, cpu_seconds=1, output_bytes=100_000)
    return sandbox.run(name, params, data, wall=wall, limits=limits)


def test_a_captured_child_can_do_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    """Each way out is tried from inside and refused by the kernel (safety, table 4.2)."""
    secret = tmp_path / "secret"
    secret.write_text("secret")

    outcome = _run(sandbox, "probe", secret=str(secret), parent=os.getpid())

    answers = json.loads(outcome.output)
    assert len(answers) == 17
    assert {name: answer for name, answer in answers.items() if answer not in ("EPERM", "EACCES")} == {}


@pytest.mark.asvs("13.3.1")
def test_a_child_knows_no_environment_and_no_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the web process holds in variables and descriptors does not reach a child."""
    monkeypatch.setenv("VITAVAULT_SECRET", "key material")
    descriptor = os.open("/etc/hostname", os.O_RDONLY)
    os.set_inheritable(descriptor, True)
    with_secret = Sandbox(Plan("misbehaving", Mode.REQUIRE, path=(_HERE,)))
    try:
        with_secret.start()
        known = json.loads(_run(with_secret, "environment").output)
    finally:
        with_secret.close()
        os.close(descriptor)

    assert set(known["environment"]) <= {"LANG", "LC_CTYPE", "OMP_THREAD_LIMIT"}
    assert known["descriptors"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("task", "wall", "ending"),
    [
        ("flood", 20.0, Ending.FLOODED),
        ("rubbish", 20.0, Ending.DONE),
        ("nothing", 20.0, Ending.DONE),
        ("linger", 20.0, Ending.DONE),
        ("deaf", 0.4, Ending.TIMEOUT),
        ("crash", 20.0, Ending.CRASHED),
        ("spin", 20.0, Ending.TIMEOUT),
        ("hoard", 20.0, Ending.FAILED),
    ],
)
def test_whatever_a_child_does_ends(sandbox: Sandbox, task: str, wall: float, ending: Ending) -> None:
    """A child that floods, lies, stays or dies has an ending with a name, and no process is left of it."""
    zygote = sandbox.zygote_pid

    outcome = _run(sandbox, task, wall)

    assert outcome.ending is ending
    assert sandbox.zygote_pid == zygote
    assert _children_of(zygote) == []
    assert _run(sandbox, "echo").output == b"document"


def _children_of(pid: int | None) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_memory_stays_below_its_cap(sandbox: Sandbox) -> None:
    """A child that takes all it can get is stopped at its limit."""
    outcome = _run(sandbox, "hoard")

    assert outcome.peak_kib < 256 * 1024


def test_a_large_document_passes_whole(sandbox: Sandbox) -> None:
    """Bytes beyond a pipe's size arrive complete."""
    document = os.urandom(1024) * 90

    assert _run(sandbox, "echo", data=document).output == document


def test_a_killed_zygote_is_replaced(sandbox: Sandbox) -> None:
    """The next document is read by a new one, without a word to the caller."""
    before = sandbox.zygote_pid
    assert before is not None
    os.kill(before, signal.SIGKILL)

    outcome = _run(sandbox, "echo")

    assert outcome.output == b"document"
    assert sandbox.zygote_pid != before


def test_a_stopped_zygote_is_replaced(sandbox: Sandbox) -> None:
    """One that no longer answers is ended; its document is given up in time, the next one is read."""
    before = sandbox.zygote_pid
    assert before is not None
    os.kill(before, signal.SIGSTOP)

    assert _run(sandbox, "echo", wall=0.3).ending is Ending.TIMEOUT
    assert _run(sandbox, "echo").output == b"document"
    assert sandbox.zygote_pid != before


def test_a_closed_sandbox_reads_no_more() -> None:
    """After closing there is no process and no way to start one by accident."""
    opened = Sandbox(Plan("misbehaving", Mode.BEST_EFFORT, path=(_HERE,)))
    opened.start()
    opened.close()

    assert _run(opened, "echo").ending is Ending.LOST
    assert opened.zygote_pid is None


def test_without_the_layers_a_child_still_has_its_limits() -> None:
    """Switched off, the sandbox leaves a process of its own with its resource limits."""
    opened = Sandbox(Plan("misbehaving", Mode.OFF, path=(_HERE,)))
    opened.start()
    try:
        assert _run(opened, "echo").output == b"document"
        assert _run(opened, "spin").ending is Ending.TIMEOUT
    finally:
        opened.close()


def test_require_refuses_a_kernel_that_cannot() -> None:
    """The refusal says what is missing and what to do."""
    with pytest.raises(SandboxUnavailableError, match=r"Landlock and seccomp.*best-effort") as refused:
        Layers(0, seccomp=False).demand(Mode.REQUIRE)

    assert refused.value.code == "sandbox_unavailable"
    Layers(0, seccomp=False).demand(Mode.BEST_EFFORT)
    Layers(7, seccomp=True).demand(Mode.REQUIRE)
