"""The promise check: what of a policy's promises is kept here and now, owed by a person, or not yet.

Nothing is told as kept on its own word: a promise needs controls that exist, and where the running product offers a
live figure, one that does not contradict it. Never touches a person's data; figures come from whoever asks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from retention.calendar import add_months
from retention.policy.control import Control, State, weakest_state
from retention.policy.controls import controls_for
from retention.policy.policy import Policy
from retention.policy.promises import PROMISES, Promise
from retention.policy.tested import TESTS


@dataclass(frozen=True, slots=True)
class Finding:
    """What a probe found in the running installation: a figure in words, and whether it is as promised."""

    figure: str
    is_good: bool


Probe = Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class CheckedControl:
    """One control with its live figure, where there is one."""

    control: Control
    state: State
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class CheckedPromise:
    """One promise, how far it is kept, and by what."""

    promise: Promise
    state: State
    controls: tuple[CheckedControl, ...]

    @property
    def evidence(self) -> str:
        """What is shown for it, in one line: each control with what enforces it and its live figure."""
        return "; ".join(_describe(checked) for checked in self.controls) or "no control exists"

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that show it."""
        return TESTS.get(self.promise.id, ())


def check_promises(
    policy: Policy,
    probes: Mapping[str, Probe] | None = None,
    controls: Callable[[str], Iterable[Control]] = controls_for,
    is_there: Callable[[str], bool] = lambda _name: True,
) -> tuple[CheckedPromise, ...]:
    """Every promise of the policy, in its order. A probe is asked once, however many promises rest on it.

    ``is_there`` tells whether what a control names exists in the code that runs. Where there are ``probes``, what has
    none is *not yet*: nothing is kept on its own word.
    """
    asked: dict[str, Finding] = {}

    def look(control: Control) -> CheckedControl:
        probe = (probes or {}).get(control.probe)
        if probe is not None and control.probe not in asked:
            asked[control.probe] = probe()
        finding = asked.get(control.probe)
        is_broken = not all(map(is_there, control.enforced_by)) or _contradicts(control, finding, is_live=bool(probes))
        return CheckedControl(control, State.NOT_YET if is_broken else control.state, finding)

    return tuple(_judge(PROMISES[name], tuple(map(look, controls(name)))) for name in policy.promises)


def _contradicts(control: Control, finding: Finding | None, *, is_live: bool) -> bool:
    """Whether what the running product shows, or fails to show, denies the control. What people owe may be overdue."""
    if control.state is State.OWED:
        return False
    return is_live if finding is None else not finding.is_good


def _judge(promise: Promise, controls: tuple[CheckedControl, ...]) -> CheckedPromise:
    if any(checked.state is State.NOT_YET for checked in controls):
        return CheckedPromise(promise, State.NOT_YET, controls)
    enforced = [checked.control for checked in controls if checked.state is not State.OWED]
    told = enforced or [checked.control for checked in controls]  # owed alone, unless the product enforces it as well
    return CheckedPromise(promise, weakest_state(told), controls)


def _describe(checked: CheckedControl) -> str:
    control = checked.control
    if control.owed_by:
        said = f"{control.id}: owed by the {control.owed_by}, recorded as {control.recorded}"
    elif control.enforced_by:
        said = f"{control.id}: {', '.join(control.enforced_by)}"
    else:
        said = f"{control.id}: not there"
    if control.only_tried:
        said += f" (tried with {control.only_tried} only)"
    return f"{said} [{checked.finding.figure}]" if checked.finding else said


def count_states(checked: Iterable[CheckedPromise]) -> dict[State, int]:
    """How many promises are in each state; every state is named."""
    counted = Counter(promise.state for promise in checked)
    return {state: counted[state] for state in State}


def is_all_there(checked: Iterable[CheckedPromise]) -> bool:
    """Whether nothing is *not yet*: what the exit status of the check tells."""
    return all(promise.state is not State.NOT_YET for promise in checked)


def find_stale(policy: Policy, today: date) -> Finding:
    """Whether the policy was dated within the last twelve months (Cal. Civ. Code 1798.130(a)(5))."""
    due = add_months(policy.dated_on, 12)
    return Finding(f"dated {policy.dated_on.isoformat()}, due again {due.isoformat()}", today <= due)
