"""What pages of every audience are made of: plain values, filled by routes, shown by templates.

Texts in ``reason`` and the like come from the policy and are shown as they are; codes (stages, bases, purposes …) are
put into the reader's language by the template. Never holds a row, a key or a session.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with a form.

    ``field`` is the input's name; ``code`` a key of ``words.PROBLEMS``, filled with ``values``.
    """

    field: str
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a select or a list of radio buttons. ``label`` is shown as it is."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """When data ends and why. ``on`` is a local date of the policy's zone; None while no date can be told yet.

    ``purpose`` and ``action`` are codes; ``reason`` is the policy's sentence; ``law`` names a floor, if one applies;
    ``held`` says that a legal hold stops the clock.
    """

    on: date | None
    reason: str
    purpose: str = "application"
    action: str = "purge"
    law: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """One part of the product that the signed-in person may enter: ``code`` is recruit, privacy or admin."""

    code: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class StaffFrame:
    """What stands around every page for staff."""

    name: str
    role: str
    areas: tuple[Area, ...]
    sign_out_action: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a list stands. ``previous`` and ``next`` are addresses, empty at the ends."""

    number: int = 1
    pages: int = 1
    previous: str = ""
    next: str = ""
