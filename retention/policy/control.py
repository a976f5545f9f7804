"""What a control is: something in the running product that enforces a promise, and the figure that shows it.

A control without ``enforced_by`` is *not yet* there, and one with ``owed_by`` is kept by a person; neither is ever
told as kept. Every name in ``enforced_by`` must exist: the tests import each of them. Nothing here is configurable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far a control, or a promise, can be relied on."""

    KEPT = "kept"
    OWED = "owed by a person"
    NOT_YET = "not yet"
    UNTRIED = "not tried against the real one"


@dataclass(frozen=True, slots=True)
class Control:
    """One thing that enforces promises.

    ``enforced_by``: dotted names of what does it; ``probe``: the name under which the running product tells a live
    figure (empty: none); ``owed_by``: the role that owes it, and ``recorded``: how it is recorded; ``only_tried``:
    with what of our own making it was tried, where the real one was out of reach.
    """

    id: str
    does: str
    promises: tuple[str, ...]
    enforced_by: tuple[str, ...] = ()
    probe: str = ""
    owed_by: str = ""
    recorded: str = ""
    only_tried: str = ""

    @property
    def state(self) -> State:
        """Whether this control is there, owed, missing, or tried only against something of our own making."""
        if self.owed_by:
            return State.OWED
        if not self.enforced_by:
            return State.NOT_YET
        return State.UNTRIED if self.only_tried else State.KEPT


def split_ids(text: str) -> tuple[str, ...]:
    """Ids that are separated by spaces."""
    return tuple(text.split())


_WEAKEST_FIRST = (State.NOT_YET, State.UNTRIED, State.OWED, State.KEPT)


def weakest_state(controls: Iterable[Control]) -> State:
    """The state of what needs all of these controls. Without any, nothing is there yet."""
    states = {control.state for control in controls} or {State.NOT_YET}
    return next(state for state in _WEAKEST_FIRST if state in states)
