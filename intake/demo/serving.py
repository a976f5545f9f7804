"""Runs a demo from the empty folder to its removal: fills it, prints the log-ins, serves it, and leaves nothing.

Must never be pointed at an installation: it makes its folder itself and takes no other.
"""

import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from intake.demo import mail_page
from intake.demo.accounts import Account, make_accounts
from intake.demo.people import make_people
from intake.demo.resumes import render_resume
from intake.demo.story import tell_stories
from intake.demo.telling import Telling
from intake.demo.throwaway import open_throwaway
from intake.desk.refusals import Refusal
from intake.serving import end_in_order, serve_opened
from storage.models import Role

PEOPLE = 60
Say = Callable[[str], None]


def run_demo(port: int, say: Say, people: int = PEOPLE) -> None:
    """Serve a demo on the loopback until told to stop. ``port`` 0: any free one. Raises :class:`Refusal`."""
    check_ready()
    end_in_order()
    port = choose_port(port)
    woken = threading.Event()
    with tempfile.TemporaryDirectory(prefix="vitavault-demo-") as folder:
        say(f"A demo with {people} fictional people, in {folder} until you stop it (Ctrl+C).")
        with open_throwaway(Path(folder), port, woken.set) as (house, clock):
            accounts = make_accounts(house)
            Telling(house, clock, accounts).tell(tell_stories(make_people(people)), say)
            print_accounts(accounts, port, say)
            serve_opened(house, woken, say=say, further=(mail_page.router,))
    say("The demo and all that was in it are gone.")


def check_ready() -> None:
    """Raise :class:`Refusal` where resumes cannot be typeset, with what to install."""
    try:
        render_resume(make_people(1)[0], "classic")
    except ImportError:
        text = "The demo needs Typst to typeset its resumes. Install the extra: pip install 'vitavault[demo]'"
        raise Refusal("demo_extra_missing", 500, f"{text} (in a checkout: uv sync --extra demo).") from None


def choose_port(wanted: int) -> int:
    """The port, or a free one for 0. Raises :class:`Refusal` when it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            text = f"Port {wanted} is in use: choose another with --port, or any free one with --port 0."
            raise Refusal("port_taken", 500, text) from None
        return int(probe.getsockname()[1])


def print_accounts(accounts: dict[Role, Account], port: int, say: Say) -> None:
    """Print how to sign in as each role, and where to begin."""
    address = f"http://127.0.0.1:{port}"
    say(f"\nSign in at {address}/sign-in")
    for account in accounts.values():
        say(f"  {account.role.value.replace('_', ' '):<16} {account.email:<24} {account.password}")
    say(f"Apply at {address}/apply · read the demo's mail at {address}/mail\n")
