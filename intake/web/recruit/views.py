"""What recruiters see: sign-in, search, one candidate.

Blind by default: a blind view never holds what must not be seen.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from intake.web.sheets import NOWHERE, Sheet, Spot
from intake.web.views import End, FieldError, Option, Paging


@dataclass(frozen=True, slots=True)
class SignInView:
    """Sign-in of staff. Inputs: email, password, next, csrf; then, when ``code_asked``, code and half.

    ``half`` proves that the password was right; with it only the code is asked. With ``passkey_options`` a passkey is
    offered too.
    """

    action: str
    csrf: str
    email: str = ""
    next: str = ""
    code_asked: bool = False
    half: str = ""
    passkey_options: str = ""
    passkey_ticket: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """Why a query was not understood, and the 0-based place in it. ``text`` is the parser's sentence."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text in a result; ``hit`` marks words that matched."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage that matched: the field's code (``words.FIELDS``) and its parts."""

    field: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One candidate found. ``heading`` is a name, or a pseudonym while blind; ``line`` the last position held."""

    href: str
    heading: str
    line: str
    pieces: tuple[Piece, ...]
    stage: str
    source: str
    basis: str
    ends_on: date | None
    opening: str = ""
    show_href: str = ""
    """Where this candidate stands beside the list."""
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """What is read beside the list, always blind: profile and documents as text. ``href`` leads to the whole record."""

    heading: str
    reference: str
    href: str
    facts: tuple["Fact", ...]
    work: tuple["Position", ...]
    education: tuple["Position", ...]
    documents: tuple["Document", ...]


@dataclass(frozen=True, slots=True)
class SearchView:
    """Query, how it was understood, and a page of what it found. ``hits`` is None before the first search.

    Inputs: query, purpose (when ``purposes`` are given), csrf. ``explained`` are the query's parts in words.
    """

    action: str
    csrf: str
    query: str = ""
    problem: QueryProblem | None = None
    explained: tuple[str, ...] = ()
    hits: tuple[Hit, ...] | None = None
    count: int = 0
    paging: Paging = field(default_factory=Paging)
    purposes: tuple[Option, ...] = ()
    blind: bool = True
    errors: tuple[FieldError, ...] = ()
    beside: Beside | None = None
    openings: tuple[Option, ...] | None = None
    """Of a hiring manager: their own openings, each with the query for who applied to it; None: every opening."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """The form that shows who a candidate is, for a stated purpose, which is recorded. Inputs: purpose, csrf."""

    action: str
    purposes: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of the profile: its code and values; ``hidden`` says that blind review keeps it back."""

    field: str
    values: tuple[str, ...]
    hidden: bool = False
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Position:
    """A position or a course: one line for what, one for where, one for when; ``text`` below."""

    title: str
    place: str
    period: str
    text: str = ""
    spot: Spot = NOWHERE


@dataclass(frozen=True, slots=True)
class Grounds:
    """The basis of one purpose, and since when."""

    purpose: str
    basis: str
    since: date


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its pages as pictures with marks, its text for those who read by ear or keyboard."""

    title: str
    verdict: str
    pages: tuple[Sheet, ...]
    text: str = ""
    download_href: str = ""


@dataclass(frozen=True, slots=True)
class Application:
    """One application with the form that moves it on. Inputs of the form: stage, reason, csrf."""

    reference: str
    title: str
    stage: str
    source: str
    channel: str
    received_at: datetime
    stage_action: str
    stages: tuple[str, ...]
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a contact, who wrote it, and when."""

    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One candidate. ``reveal`` is None once shown, or where the role may not. Notes: input note, csrf.

    ``back_href`` leads to the search it came from. ``held`` says that a legal hold stops the end.
    """

    csrf: str
    heading: str
    reference: str
    blind: bool
    facts: tuple[Fact, ...]
    work: tuple[Position, ...]
    education: tuple[Position, ...]
    applications: tuple[Application, ...]
    grounds: tuple[Grounds, ...]
    ends: tuple[End, ...]
    documents: tuple[Document, ...]
    notes: tuple[Note, ...]
    note_action: str
    back_href: str
    reveal: Reveal | None = None
    restricted: bool = False
    training_needed: bool = False
    note_text: str = ""
    errors: tuple[FieldError, ...] = ()
