"""The one registry of personal data.

Everything we may know about a person is declared here once, with what it is, how it is shown, found, exported,
hidden in blind review and what of it may outlive the person in anonymous form. Sealing, export, search, blind
review, anonymising and log redaction are derived from :data:`REGISTRY`; none of them keeps a list of its own.

To add a field, annotate one attribute of :class:`Profile` (what a resume says) or :class:`Kept` (what else we
hold). Registry names are bound into every seal and must never be renamed: renaming one makes old seals unreadable.
"""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints


class Category(StrEnum):
    """Categories of personal data, in the words a notice uses."""

    IDENTITY = "identity"
    CONTACT = "contact"
    EMPLOYMENT = "employment"
    EDUCATION = "education"
    SKILLS = "skills"
    DOCUMENTS = "documents"
    CORRESPONDENCE = "correspondence"
    STAFF_NOTES = "staff notes"
    TECHNICAL = "technical"


class Blind(StrEnum):
    """What blind review does with a field."""

    SHOW = "show"
    HIDE = "hide"
    REDACT = "redact"
    """Shown with names, contacts, dates of education and the like taken out of its text."""


class Coarse(StrEnum):
    """The only form in which a field may outlive the person (never the value itself)."""

    NOTHING = "nothing"
    EXPERIENCE_BAND = "experience band"
    """Years of work, in bands of five."""
    EDUCATION_LEVEL = "education level"
    """ISCED level of the highest degree."""
    LANGUAGE_COUNT = "language count"


@dataclass(frozen=True, slots=True)
class Personal:
    """How one field of personal data is treated everywhere.

    ``dpv`` is the W3C DPV 2.3 term; ``json_resume`` the path in JSON Resume 1.3.1 (empty: not part of it);
    ``search`` the query field under which its words are found (empty: not searchable) and ``weight`` its
    rank boost; ``correctable`` whether the person may edit it.
    """

    category: Category
    label: str
    dpv: str
    json_resume: str = ""
    search: str = ""
    weight: float = 0.0
    blind: Blind = Blind.HIDE
    coarse: Coarse = Coarse.NOTHING
    correctable: bool = True


@dataclass(frozen=True, slots=True)
class Work:
    """One position held. Dates are ``YYYY`` or ``YYYY-MM``; a position still held has no ``end`` and ``current``."""

    employer: str | None = None
    title: str | None = None
    start: str | None = None
    end: str | None = None
    current: bool = False
    location: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Education:
    """One course of study. ``level`` is the ISCED 2011 level (0-8) of the degree, where it could be told."""

    institution: str | None = None
    degree: str | None = None
    area: str | None = None
    start: str | None = None
    end: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a resume says about a person. Absent values are ``None`` or empty, never guessed."""

    name: Annotated[
        str | None,
        Personal(Category.IDENTITY, "Full name", "pd:Name", "basics.name", "name", 3.0),
    ] = None
    emails: Annotated[
        tuple[str, ...],
        Personal(Category.CONTACT, "E-mail addresses", "pd:EmailAddress", "basics.email", "email"),
    ] = ()
    phones: Annotated[
        tuple[str, ...],
        Personal(Category.CONTACT, "Phone numbers", "pd:TelephoneNumber", "basics.phone"),
    ] = ()
    location: Annotated[
        str | None,
        Personal(Category.CONTACT, "Location", "pd:PhysicalAddress", "basics.location", "location", 1.0),
    ] = None
    links: Annotated[
        tuple[str, ...],
        Personal(Category.CONTACT, "Links", "pd:SocialMediaData", "basics.profiles"),
    ] = ()
    summary: Annotated[
        str | None,
        Personal(
            Category.EMPLOYMENT, "Summary", "pd:ProfessionalExperience", "basics.summary", "summary", 1.0, Blind.REDACT
        ),
    ] = None
    work: Annotated[
        tuple[Work, ...],
        Personal(
            Category.EMPLOYMENT,
            "Work",
            "pd:EmploymentHistory",
            "work",
            "work",
            2.0,
            Blind.REDACT,
            Coarse.EXPERIENCE_BAND,
        ),
    ] = ()
    education: Annotated[
        tuple[Education, ...],
        Personal(
            Category.EDUCATION,
            "Education",
            "pd:Education",
            "education",
            "school",
            1.0,
            Blind.REDACT,
            Coarse.EDUCATION_LEVEL,
        ),
    ] = ()
    skills: Annotated[
        tuple[str, ...],
        Personal(Category.SKILLS, "Skills", "pd:ProfessionalExperience", "skills", "skill", 2.0, Blind.SHOW),
    ] = ()
    languages: Annotated[
        tuple[str, ...],
        Personal(
            Category.SKILLS, "Languages", "pd:Language", "languages", "lang", 1.0, Blind.SHOW, Coarse.LANGUAGE_COUNT
        ),
    ] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What else is held about a person, beside the profile. Only the annotations matter; it is never instantiated."""

    document_file: Annotated[
        bytes, Personal(Category.DOCUMENTS, "Document", "pd:WorkHistory", blind=Blind.REDACT, correctable=False)
    ]
    document_name: Annotated[str, Personal(Category.DOCUMENTS, "File name", "pd:WorkHistory", correctable=False)]
    document_text: Annotated[
        str,
        Personal(
            Category.DOCUMENTS,
            "Text of the document",
            "pd:WorkHistory",
            search="text",
            weight=1.0,
            blind=Blind.REDACT,
            correctable=False,
        ),
    ]
    document_reading: Annotated[
        dict[str, Any],
        Personal(Category.DOCUMENTS, "What was read from the document", "pd:WorkHistory", correctable=False),
    ]
    source_detail: Annotated[
        str, Personal(Category.CORRESPONDENCE, "Where the application came from", "pd:Contact", correctable=False)
    ]
    note_text: Annotated[str, Personal(Category.STAFF_NOTES, "Notes of contacts", "pd:Opinion", correctable=False)]
    decision_reason: Annotated[
        str, Personal(Category.STAFF_NOTES, "Reason of a decision", "pd:Opinion", correctable=False)
    ]
    mail_message: Annotated[
        str, Personal(Category.CORRESPONDENCE, "Messages sent", "pd:Communication", correctable=False)
    ]
    request_text: Annotated[
        str, Personal(Category.CORRESPONDENCE, "Requests made", "pd:Communication", correctable=False)
    ]
    enquiry_text: Annotated[
        str, Personal(Category.CORRESPONDENCE, "Questions asked", "pd:Communication", correctable=False)
    ]
    enquiry_answer: Annotated[
        str, Personal(Category.CORRESPONDENCE, "Our answers", "pd:Communication", correctable=False)
    ]
    idempotency_answer: Annotated[
        str, Personal(Category.TECHNICAL, "Answer kept for a repeated call", "pd:Identifier", correctable=False)
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document a value stood. Page from 1; the box in points from the page's top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Extent:
    """The size of a page in points, by which places are marked on its picture; 0 × 0 where they cannot be."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a value is believed. ``confidence`` is in [0, 1]."""

    confidence: float
    places: tuple[Place, ...] = ()


class Verdict(StrEnum):
    """How the reading of one document ended (``safety``: every file gets one)."""

    OK = "ok"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MALFORMED = "malformed"
    NEEDS_OCR = "needs_ocr"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one document.

    ``evidence`` is keyed by path: ``name``, ``emails/0``, ``work/0/employer``. ``text`` is the document's text in
    reading order. ``kind`` is the type told by content (``pdf``, ``docx`` …), ``reader`` which reader and version.
    ``extents`` are the sizes of the first pages.
    """

    verdict: Verdict
    kind: str = ""
    reader: str = ""
    profile: Profile = field(default_factory=Profile)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    text: str = ""
    pages: int = 0
    warnings: tuple[str, ...] = ()
    extents: tuple[Extent, ...] = ()


def _declared(cls: type[Any]) -> dict[str, Personal]:
    hints = get_type_hints(cls, include_extras=True)
    found: dict[str, Personal] = {}
    for item in fields(cls):
        hint = hints[item.name]
        marks = [a for a in get_args(hint)[1:] if isinstance(a, Personal)] if get_origin(hint) is Annotated else []
        if len(marks) != 1:
            raise TypeError(f"{cls.__name__}.{item.name} does not declare how it is treated as personal data")
        found[item.name] = marks[0]
    return found


PROFILE_FIELDS: dict[str, Personal] = _declared(Profile)
KEPT_FIELDS: dict[str, Personal] = _declared(Kept)
REGISTRY: dict[str, Personal] = PROFILE_FIELDS | KEPT_FIELDS
"""Every kind of personal data by its stable name."""
