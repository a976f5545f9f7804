"""The registry of controls: what enforces which promise. The notice and the promise check speak from it alone."""

from retention.policy.control import Control
from retention.policy.controls_intake import INTAKE_CONTROLS
from retention.policy.controls_rights import RIGHTS_CONTROLS
from retention.policy.controls_use import USE_CONTROLS

CONTROLS: dict[str, Control] = {c.id: c for c in (*INTAKE_CONTROLS, *USE_CONTROLS, *RIGHTS_CONTROLS)}
"""Every control by its id."""

CLOCKS = {
    "enquiry": "enquiry-clock",
    "technical": "technical-apart",
    "erased_digest": "digest-only",
    "request_log": "request-log",
    "idempotency": "kept-apart-clocks",
    "backup": "key-window",
}
"""The control that ends each thing kept apart from the record. A clock that is not here, or not run, is not told."""


def controls_for(promise: str) -> tuple[Control, ...]:
    """The controls that together keep one promise; none: nothing keeps it."""
    return tuple(control for control in CONTROLS.values() if promise in control.promises)
