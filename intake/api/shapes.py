"""What goes over the wire. Requests refuse unknown members; answers never hold a person's link or a key."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.desk.words import Channel, Source, Stage


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class ApplicationRequest(_Request):
    """The part ``application`` of an upload."""

    opening: str | None = Field(None, max_length=80, description="The opening's public name; absent: the pool.")
    source: Source
    channel: Channel
    country: str = Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$", description="ISO 3166, with region where law differs.")
    notice_version: str = Field(max_length=40, description="The version of the notice that the person was shown.")
    purposes: list[str] = Field(default_factory=list, max_length=20, description="Purposes consented to.")
    language: str = Field("en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=16)
    age_confirmed: bool = Field(False, description="Whether the minimum age of the notice was confirmed.")
    source_detail: str = Field("", max_length=500)


class RetainUntil(BaseModel):
    """When the record ends, by which rule and why. ``on`` is a local date; absent while held."""

    on: date | None
    rule: str
    reason: str
    action: str


class ReadValue(BaseModel):
    """One field as read: its value and the confidence of each part, by path."""

    value: Any
    confidence: float | None = None


class ProfileAnswer(BaseModel):
    """How reading ended and, when it went well, what was read."""

    state: str = Field(description="pending, read or unreadable")
    verdict: str | None = None
    message: str = ""
    fields: dict[str, ReadValue] = Field(default_factory=dict)
    confidence: dict[str, float] = Field(default_factory=dict, description="Confidence by path, as work/0/employer.")
    status_url: str | None = None


class ApplicationAnswer(BaseModel):
    """An application on record."""

    id: str
    reference: str
    stage: Stage
    received_at: datetime
    profile: ProfileAnswer
    retain_until: RetainUntil


class ProblemAnswer(BaseModel):
    """Why a call was refused (RFC 9457). ``code`` is stable; ``errors`` name the inputs at fault as JSON pointers."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = Field(default_factory=list)


class SearchRequest(_Request):
    """A search. ``purpose`` is recorded with it."""

    query: str = Field(max_length=1000)
    purpose: str = Field(max_length=40)
    page: int = Field(1, ge=1, le=500)


class SearchPiece(BaseModel):
    """A run of text; ``hit`` marks a word that matched."""

    text: str
    hit: bool


class SearchHit(BaseModel):
    """One person found, blind unless the role may see more."""

    id: str
    title: str
    pieces: list[list[SearchPiece]]
    stage: str
    country: str
    retain_until: date | None


class SearchAnswer(BaseModel):
    """A page of hits and how the query was understood."""

    understood: str
    total: int
    page: int
    hits: list[SearchHit]
    facets: dict[str, dict[str, int]]


class OpeningAnswer(BaseModel):
    """An opening as the public sees it."""

    slug: str
    title: str
    place: str
