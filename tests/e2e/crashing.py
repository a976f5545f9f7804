"""Kills a process at the n-th step of what it does: real parts, wrapped so that each step is counted.

The product has no crash points of its own. A child is forked, opens the installation anew, puts wrappers around its
parts and goes on until it kills itself with SIGKILL, which nothing can catch, clean up after or flush.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from installations import SettableClock, settings_for
from sqlalchemy.orm import Session

from intake.installation import Installation
from intake.keeper.loop import open_index
from intake.opening import open_installation
from storage.database import Database
from storage.profile import Evidence, Profile, Reading, Verdict

STEPS_AT_MOST = 200


class Fuse:
    """Counts steps and kills the process at the n-th."""

    def __init__(self, at: int) -> None:
        self._at = at
        self._done = 0

    def step(self, name: str) -> None:
        """One more step; maybe the last."""
        del name
        self._done += 1
        if self._done == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class Wrapped:
    """A part whose named methods are steps: before they act, and after."""

    def __init__(self, part: Any, fuse: Fuse, *methods: str) -> None:
        self._part = part
        self._fuse = fuse
        self._methods = methods

    def __getattr__(self, name: str) -> Any:
        """The part's own attribute, with steps around it where it is named."""
        own = getattr(self._part, name)
        return self._around(name, own) if name in self._methods else own

    def _around(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def stepwise(*args: Any, **given: Any) -> Any:
            self._fuse.step(f"before {name}")
            result = act(*args, **given)
            self._fuse.step(f"after {name}")
            return result

        return stepwise


@dataclass(frozen=True)
class SteppedDatabase(Database):
    """A database whose commits are steps."""

    fuse: Fuse = field(default_factory=lambda: Fuse(0))

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """As ever, with a step before each commit and one after it."""
        with Database.writing(self) as session:
            yield session
            session.flush()
            self.fuse.step("before commit")
        self.fuse.step("after commit")


class QuickReader:
    """Reads nothing and answers at once: what is tested here does not depend on what was read."""

    def try_reserve(self) -> bool:
        """There is always a place."""
        return True

    def release(self) -> None:
        """Nothing was taken."""

    def read(self, data: bytes, timeout: float = 8.0) -> Reading:
        """The same for every document."""
        profile = Profile(name="Jane Example", emails=("jane@example.org",), skills=("python",))
        return Reading(Verdict.OK, "text", "quick", profile, {"name": Evidence(1.0)}, data.decode(), 1)


@contextmanager
def opened(folder: Path, url: str, clock: SettableClock) -> Iterator[Installation]:
    """The installation under ``folder`` with the quick reader and its index open."""
    house, stack = open_installation(settings_for(folder, url), clock=clock, is_serving=False)
    with stack:
        house = replace(house, reader=QuickReader())  # type: ignore[arg-type]
        open_index(house)
        yield house


def stepped(house: Installation, fuse: Fuse) -> Installation:
    """The same installation with every part's steps counted."""
    keystore: Any = Wrapped(house.vault.keystore, fuse, "create", "destroy", "rewrite", "attest")
    blobs: Any = Wrapped(house.blobs, fuse, "write", "delete")
    index: Any = Wrapped(house.index, fuse, "apply", "erase", "rebuild", "save")
    return replace(
        house,
        vault=replace(house.vault, keystore=keystore),
        blobs=blobs,
        index=index,
        database=SteppedDatabase(house.database.engine, house.database.forget, fuse),
    )


def run_until_killed(act: Callable[[Fuse], None], at: int) -> bool:
    """Run ``act`` in a forked child that dies at its step ``at``. Whether it died; False: it had fewer steps."""
    child = multiprocessing.get_context("fork").Process(target=act, args=(Fuse(at),))
    child.start()
    child.join(120)
    assert child.exitcode in (0, -signal.SIGKILL), f"the child ended with {child.exitcode}"
    return child.exitcode != 0
