"""What a person sees of their own data.

Opened by a one-time link, it shows the application that the link was made for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from intake.web.apply.views import Choice
from intake.web.me.timeline import Timeline
from intake.web.views import End, FieldError, Option


@dataclass(frozen=True, slots=True)
class OpenView:
    """Where the link in a mail leads: a button, since mail scanners follow links."""

    action: str
    token: str
    csrf: str = ""


@dataclass(frozen=True, slots=True)
class LinkView:
    """Ask for a new link. The answer (``sent``) is the same for everybody."""

    action: str
    sent: bool = False
    email: str = ""
    csrf: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One thing held: the field's code and its values; a document's ``href`` opens, its ``replace_href`` replaces it.

    ``source`` is where this one thing came from (a code), and ``corrected`` that the person put it right since.
    """

    field: str
    values: tuple[str, ...]
    href: str = ""
    replace_href: str = ""
    source: str = ""
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class HeldCategory:
    """What is held of one category, and which sources it came from (codes)."""

    category: str
    sources: tuple[str, ...]
    items: tuple[HeldItem, ...]


@dataclass(frozen=True, slots=True)
class Application:
    """One application. ``withdraw_action`` is empty where there is nothing to withdraw."""

    reference: str
    title: str
    stage: str
    received_at: datetime
    source: str
    channel: str
    decided_on: date | None = None
    withdraw_action: str = ""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why one purpose is lawful, and how to end it.

    ``withdraw_action`` is empty where the basis is not the person's to end.
    """

    purpose: str
    basis: str
    since: date
    text: str = ""
    withdraw_action: str = ""
    ended_on: date | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened the record: when, in which role, for which purpose (codes)."""

    at: datetime
    role: str
    purpose: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody outside who received data."""

    name: str
    on: date
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """The form to erase everything now. ``floor`` is set where a law asks for part of it to be kept until a date."""

    action: str
    word: str
    floor: End | None = None


@dataclass(frozen=True, slots=True)
class Follows:
    """What an act would come to: the record's end after it, and the mark that the confirming form sends back."""

    end: End
    told: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """Everything held, why, until when, and what can be done.

    ``processors`` are those who work on the data for the organisation; ``bounced`` addresses that mail comes back from;
    ``restricted``: the record is only kept. Erasing asks for ``confirm`` to equal ``erasure.word``.
    """

    reference: str
    applications: tuple[Application, ...]
    categories: tuple[HeldCategory, ...]
    grounds: tuple[Grounds, ...]
    ends: tuple[End, ...]
    looks: tuple[Look, ...]
    recipients: tuple[Recipient, ...]
    timeline: Timeline
    resume_href: str
    archive_href: str
    correct_href: str
    erasure: Erasure
    csrf: str
    sign_out_action: str = ""
    more_href: str = ""
    keep_href: str = ""
    access_href: str = ""
    preferences_href: str = ""
    processors: tuple[str, ...] = ()
    bounced: tuple[str, ...] = ()
    restricted: bool = False
    authority: str = ""
    authority_href: str = ""
    follows: Mapping[str, Follows] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class DoneView:
    """What just happened: ``kind`` is withdrawn, consent_withdrawn, kept, erased, restricted or corrected."""

    kind: str
    reference: str
    end: End | None = None
    back_href: str = ""
    digest_until: date | None = None


@dataclass(frozen=True, slots=True)
class MoreView:
    """Apply again with what is on record, or add a resume. Inputs: opening, country, choices; file."""

    csrf: str
    notice_version: str
    openings: tuple[Option, ...]
    countries: tuple[Option, ...]
    choices: tuple[Choice, ...]
    kinds: tuple[str, ...]
    accept: str
    megabytes: int
    room_for_applications: bool
    room_for_documents: bool
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A purpose by consent that can be given, or renewed where ``is_given``; ``end`` is what a yes today comes to."""

    action: str
    question: str
    description: str
    is_given: bool
    end: End | None


@dataclass(frozen=True, slots=True)
class KeepView:
    """Ask to be kept. Inputs: notice_version, csrf."""

    csrf: str
    notice_version: str
    language: str
    offers: tuple[Offer, ...]
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class WayIn:
    """A link or a session that opens the record now (``kind``: application, person, session)."""

    kind: str
    is_whole: bool
    since: datetime
    until: datetime
    is_own: bool
    close_action: str


@dataclass(frozen=True, slots=True)
class AccessView:
    """What opens the record at present. Inputs: csrf."""

    csrf: str
    ways: tuple[WayIn, ...]


@dataclass(frozen=True, slots=True)
class ReplaceView:
    """A new document in the place of one. Inputs: file, csrf."""

    action: str
    csrf: str
    file_name: str
    kinds: tuple[str, ...]
    accept: str
    megabytes: int
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """One purpose, and each way of contact for it: its input's name, its code, whether it is wanted."""

    title: str
    ways: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """About what and by which way the person may be contacted. Inputs: the ways' names; ``none`` switches all off."""

    action: str
    purposes: tuple[Ways, ...]
    saved: bool = False
