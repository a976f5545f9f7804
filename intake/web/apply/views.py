"""What the pages for applying show. ``action`` is where a form goes; ``draft`` names the draft in a hidden field.

Inputs are named after the registry (``name``, ``emails``, ``work-0-employer``). Never holds the file itself.
"""

from dataclasses import dataclass
from datetime import date, datetime

from intake.web.apply.collection import AtCollection
from intake.web.sheets import Sheet
from intake.web.views import End, FieldError, Option


@dataclass(frozen=True, slots=True)
class Opening:
    """An opening as the public sees it."""

    title: str
    place: str
    href: str
    summary: str = ""
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class ListView:
    """All open openings. ``pool_href`` is empty where nobody may apply without one; ``coming_*``: a changed notice."""

    openings: tuple[Opening, ...]
    pool_href: str = ""
    coming_on: date | None = None
    coming_href: str = ""


@dataclass(frozen=True, slots=True)
class NoticeSummary:
    """The notice in force, in a few lines of its own language."""

    lines: tuple[str, ...]
    href: str
    version: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Choice:
    """A purpose that rests on consent: offered, never ticked for anyone.

    ``name`` is the input, ``text`` the policy's words.
    """

    name: str
    title: str
    text: str
    ticked: bool = False


@dataclass(frozen=True, slots=True)
class StartView:
    """The first step: file, country, notice, age, choices. ``opening`` is None for the pool.

    Inputs: file, country, age, each choice's name, notice_version, draft, csrf. ``kept_file`` is the name of a file
    that an earlier attempt left with the draft; ``kinds`` and ``accept`` come from the readers installed, the limit
    from settings.
    """

    action: str
    opening: Opening | None
    notice: NoticeSummary
    countries: tuple[Option, ...]
    kinds: tuple[str, ...]
    accept: str
    megabytes: int
    age: int
    age_confirmed: bool = False
    choices: tuple[Choice, ...] = ()
    kept_file: str = ""
    draft: str = ""
    csrf: str = ""
    errors: tuple[FieldError, ...] = ()
    told: AtCollection | None = None


@dataclass(frozen=True, slots=True)
class WaitView:
    """The document is still being read. ``href`` looks again; ``type_href`` goes on without waiting."""

    href: str
    type_href: str


@dataclass(frozen=True, slots=True)
class Read:
    """One value as read or typed. ``found`` is false where reading found nothing; ``sure`` where it may be wrong.

    ``mark`` is the number beside its place in the document, on page ``page``, 0 where it has none; ``at`` is that
    place's anchor.
    """

    value: str = ""
    sure: bool = True
    found: bool = True
    mark: int = 0
    page: int = 0
    at: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to ask about: the input, the field's code, and which position or course it is (0: neither)."""

    input: str
    field: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One position. Inputs ``work-N-employer``, ``-title``, ``-start``, ``-end``, ``-location``, ``-summary``."""

    employer: Read = Read()
    title: Read = Read()
    start: Read = Read()
    end: Read = Read()
    location: Read = Read()
    summary: Read = Read()


@dataclass(frozen=True, slots=True)
class EducationRow:
    """One course. Inputs ``education-N-institution``, ``-degree``, ``-area``, ``-start``, ``-end``."""

    institution: Read = Read()
    degree: Read = Read()
    area: Read = Read()
    start: Read = Read()
    end: Read = Read()


@dataclass(frozen=True, slots=True)
class DetailsView:
    """The second step: what was read, to be corrected. Give a spare empty row at the end of ``work`` and ``education``.

    ``emails`` and ``phones`` repeat one input (``emails``, ``phones``; ids ``emails``, ``emails-1`` …); ``links``,
    ``skills`` and ``languages`` hold one entry a line. The buttons ``add=work`` and ``add=education`` ask for the
    same page with another row; ``next=check`` goes on. ``verdict`` is ``ok`` or a code of
    ``intake.reading.verdicts``; without ``file_name`` the same form corrects what is held. ``sheets`` are the
    document's pages, to be shown beside the form, ``text`` the document for those who do not see them.
    """

    action: str
    file_name: str
    verdict: str
    name: Read = Read()
    emails: tuple[Read, ...] = (Read(),)
    phones: tuple[Read, ...] = (Read(),)
    location: Read = Read()
    links: Read = Read()
    summary: Read = Read()
    work: tuple[WorkRow, ...] = (WorkRow(),)
    education: tuple[EducationRow, ...] = (EducationRow(),)
    skills: Read = Read()
    languages: Read = Read()
    sheets: tuple[Sheet, ...] = ()
    text: str = ""
    doubts: tuple[Doubt, ...] = ()
    draft: str = ""
    csrf: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One answer: the field's code (``words.FIELDS``, or ``label`` as it is), its values, and where to change it."""

    field: str
    values: tuple[str, ...]
    change_href: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """The third step: everything that will be sent. ``choices`` are shown with yes or no."""

    action: str
    opening_title: str
    rows: tuple[SummaryRow, ...]
    country: str
    country_href: str
    file_name: str
    file_href: str
    choices: tuple[Choice, ...]
    choices_href: str
    ends: tuple[End, ...]
    draft: str = ""
    csrf: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmationView:
    """The application is here. ``href`` opens only this application; it is empty once it was used.

    ``answer_by`` is when the person will hear.
    """

    reference: str
    opening_title: str
    received_at: datetime
    ends: tuple[End, ...]
    href: str
    mail_sent: bool
    answer_by: date | None = None
