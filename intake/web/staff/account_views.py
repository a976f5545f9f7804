"""What members of staff see of their own account."""

from dataclasses import dataclass
from datetime import date, datetime

from intake.web.qr import QrCode
from intake.web.views import FieldError, Option


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where somebody is signed in. ``end_action`` is empty for the one that asks."""

    since: datetime
    seen_at: datetime
    end_action: str = ""


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role, and where it is given up; empty for the last one."""

    role: str
    give_up_action: str = ""


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey by its name, and where it is removed."""

    name: str
    since: datetime
    used_at: datetime | None
    remove_action: str


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """The form that makes a passkey. Inputs: name, ticket, answer, csrf. ``options`` is what the browser is asked.

    Empty ``options``: none can be made at this address.
    """

    csrf: str
    options: str = ""
    ticket: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its owner sees it. Inputs: present, password, again; name; csrf."""

    name: str
    email: str
    csrf: str
    roles: tuple[RoleRow, ...]
    sessions: tuple[SessionRow, ...]
    has_second_factor: bool
    codes_left: int = 0
    passkeys: tuple[PasskeyRow, ...] = ()
    password_length: int = 12
    is_changed: bool = False
    kept_after_end: str = ""
    kept_reason: str = ""
    last_day: date | None = None
    trained_on: date | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainedRow:
    """A colleague and their privacy training."""

    name: str
    roles: tuple[str, ...]
    trained_on: date | None
    until: date | None
    counts: bool


@dataclass(frozen=True, slots=True)
class TrainingView:
    """Who was trained when, and the form that enters a training. Inputs: colleague, trained_on, csrf.

    ``lasts``: for how long a training counts; empty where the policy asks for none.
    """

    csrf: str
    rows: tuple[TrainedRow, ...]
    colleagues: tuple[Option, ...]
    lasts: str = ""
    trained_on: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondFactorView:
    """The second factor: turned on with a code, or, where it is on, renewed or turned off. Inputs: code, csrf."""

    csrf: str
    is_on: bool
    secret: str = ""
    qr: QrCode | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class RecoveryCodesView:
    """Fresh recovery codes, shown this once."""

    codes: tuple[str, ...]
