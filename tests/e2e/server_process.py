"""A real server as a process of its own, with its own temporary folder and its output kept in a file."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from plain_browser import PlainBrowser

VITAVAULT = (sys.executable, "-W", "ignore", "-c", "from intake.cli import main; main()")
START_SECONDS = 90.0


class DidNotStart(AssertionError):
    """A server ended, or said nothing, instead of serving."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves. ``first_link`` is the path that creates the first administrator, empty once used."""

    process: subprocess.Popen[bytes] = field(repr=False)
    address: str
    first_link: str
    log: Path
    clients: ExitStack = field(repr=False, default_factory=ExitStack)

    def client(self) -> httpx2.Client:
        """A client without cookies yet, as patient as a busy machine asks; closed with the server."""
        client = httpx2.Client(base_url=self.address, follow_redirects=True, timeout=60.0)
        return self.clients.enter_context(client)

    def browser(self) -> PlainBrowser:
        """A browser without JavaScript and without cookies yet."""
        return PlainBrowser(self.client())

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> int:
        """Ask it to end, as a service manager does; how it ended."""
        self.process.terminate()
        return self.process.wait(60)


def environment(folder: Path, url: str = "", **given: str) -> dict[str, str]:
    """The environment of a command on the installation under ``folder``."""
    (folder / "temp").mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VITAVAULT_")}
    chosen = {
        "TMPDIR": str(folder / "temp"),
        "VITAVAULT_DATA": str(folder / "data"),
        "VITAVAULT_KEYS": str(folder / "keys"),
        "VITAVAULT_DATABASE_URL": url,
        "VITAVAULT_UPLOADS_PER_HOUR": "100000",
        "PYTHONUNBUFFERED": "1",
    }
    return kept | chosen | {f"VITAVAULT_{name.upper()}": value for name, value in given.items()}


@contextmanager
def serving(folder: Path, url: str = "", *, before: Sequence[str] = (), **given: str) -> Iterator[Server]:
    """A server that has said where it is; killed at the end of the block if it still runs. ``before`` wraps it."""
    log = folder / "server.log"
    with log.open("ab") as output:
        start = output.tell()
        process = subprocess.Popen(
            [*before, *VITAVAULT, "serve", "--port", "0"],
            cwd=folder,
            env=environment(folder, url, **given),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        server = _wait_until_it_serves(process, log, start)
        with server.clients:
            yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # also what a wrapper leaves running
        process.wait(30)


def _wait_until_it_serves(process: subprocess.Popen[bytes], log: Path, start: int) -> Server:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        said = log.read_bytes()[start:].decode()
        found = re.search(r"serves at (http\S+)", said)
        if found and _answers(found[1]):
            link = re.search(r"http\S+(/setup/\S+)", log.read_bytes()[start:].decode())
            return Server(process, found[1], link[1] if link else "", log)
        time.sleep(0.1)
    raise DidNotStart(f"the server did not start:\n{log.read_text()[start:]}")


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


def wait_for(what: str, is_so: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until ``is_so()`` holds; fail with ``what`` when it never does."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if is_so():
            return
        time.sleep(0.2)
    raise AssertionError(f"waited in vain: {what}")
