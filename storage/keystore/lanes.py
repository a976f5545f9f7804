"""A few open connections, lent to one caller at a time, never carried over a fork.

It must never lend a connection that was in trouble: whoever fails closes it.
"""

import contextlib
import os
import queue
from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar


class Lane(Protocol):
    """One open connection to a generation of the keystore."""

    def close(self) -> None:
        """Let go of it."""
        ...


LaneT = TypeVar("LaneT", bound=Lane)


class Lanes(Generic[LaneT]):
    """Lends lanes: opened on demand, kept when returned in order, closed when ``is_current`` says otherwise."""

    def __init__(
        self,
        open_lane: Callable[[], LaneT],
        is_current: Callable[[LaneT], bool],
        kept: int = 16,
        whose: Callable[[], int] = os.getpid,
    ) -> None:
        self._open_lane = open_lane
        self._is_current = is_current
        self._kept = kept
        self._whose = whose
        self._begin()

    def _begin(self) -> None:
        self._owner = self._whose()
        self._idle: queue.LifoQueue[LaneT] = queue.LifoQueue(self._kept)

    @contextlib.contextmanager
    def lend(self) -> Iterator[LaneT]:
        """A lane for the caller alone until the block ends."""
        lane = self._take()
        try:
            yield lane
        except BaseException:
            lane.close()
            raise
        try:
            self._idle.put_nowait(lane)
        except queue.Full:
            lane.close()

    def close(self) -> None:
        """Close what is idle; lanes out on loan are closed by their callers' errors or kept until collected."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _take(self) -> LaneT:
        if self._owner != self._whose():
            self._abandoned = self._idle  # a parent's connections must be neither used nor closed in a child
            self._begin()
        with contextlib.suppress(queue.Empty):
            while True:
                lane = self._idle.get_nowait()
                if self._is_current(lane):
                    return lane
                lane.close()
        return self._open_lane()
