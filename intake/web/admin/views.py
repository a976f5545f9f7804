"""What administrators see: openings, staff, tokens. Never a candidate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from intake.web.views import FieldError, Option


@dataclass(frozen=True, slots=True)
class SetupView:
    """The first administrator, or a colleague invited. Inputs: name, email, password, again, token, csrf."""

    action: str
    token: str
    csrf: str = ""
    name: str = ""
    email: str = ""
    role: str = "administrator"
    password_length: int = 15
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstHourView:
    """How each task of the first hour stands: ``done``, ``open``, ``waiting`` or ``failed``; ``left``: not done.

    Inputs: logo; profile, organisation, address, contact, email, zone (in ``given``); csrf.
    """

    csrf: str
    left: int
    organisation: str
    logo: str
    address: str
    policy: str
    zone: str
    opening: str
    colleague: str
    second_factor: str
    keys: str
    mail: str
    has_mail_server: bool
    key_folder: str
    can_publish: bool = True
    zone_name: str = "UTC"
    now: datetime | None = None
    next_run_at: datetime | None = None
    profiles: tuple[Option, ...] = ()
    """Shipped policies to choose from; empty once one is in force that people were told of."""
    zones: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening with what can be done to it. ``close_action`` is empty once closed."""

    title: str
    place: str
    href: str
    applications: int
    opened_on: date
    closed_on: date | None = None
    close_action: str = ""
    managers: tuple[str, ...] = ()
    managers_href: str = ""


@dataclass(frozen=True, slots=True)
class ManagerRow:
    """A hiring manager of an opening. ``may_enter`` is False where the account no longer reaches it."""

    name: str
    take_action: str
    may_enter: bool = True


@dataclass(frozen=True, slots=True)
class OpeningView:
    """One opening and its hiring managers. Inputs: manager, csrf."""

    title: str
    action: str
    csrf: str
    managers: tuple[ManagerRow, ...]
    others: tuple[Option, ...]
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningsView:
    """All openings and the form for a new one. Inputs: title, place, summary, csrf."""

    action: str
    csrf: str
    openings: tuple[Opening, ...]
    title: str = ""
    place: str = ""
    summary: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff. ``disable_action`` is empty for oneself and for those disabled."""

    name: str
    email: str
    role: str
    two_factor: bool
    last_seen_at: datetime | None = None
    disabled_on: date | None = None
    disable_action: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class MemberView:
    """One colleague's account. Inputs: role; until; csrf. ``link`` is shown once, after a reset.

    ``is_other`` is False for one's own account, about which nothing can be changed here.
    """

    action: str
    csrf: str
    name: str
    email: str
    roles: tuple[str, ...]
    choices: tuple[str, ...]
    two_factor: bool
    is_open: bool = True
    is_other: bool = True
    until: str = ""
    link: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffView:
    """All staff and the form that invites. Inputs: email, role, csrf. ``link`` is shown once, when there is no mail."""

    action: str
    csrf: str
    people: tuple[Person, ...]
    roles: tuple[str, ...]
    email: str = ""
    role: str = ""
    link: str = ""
    mailed_to: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a machine client. Only its first characters are known after it was made."""

    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_on: date
    expires_on: date | None = None
    last_used_on: date | None = None
    revoke_action: str = ""


@dataclass(frozen=True, slots=True)
class TokensView:
    """All tokens and the form for a new one.

    Inputs: name, scope (repeated), expires, csrf. ``secret`` is shown once.
    """

    action: str
    csrf: str
    tokens: tuple[Token, ...]
    scopes: tuple[Option, ...]
    name: str = ""
    expires: str = ""
    secret: str = ""
    errors: tuple[FieldError, ...] = ()
