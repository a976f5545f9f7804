"""The notice in force: what a person is shown before they send anything, and what their record remembers of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from intake.catalogues import load_translations
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.policy.dpv import describe_notice
from retention.policy.notice import Notice, render_notice
from retention.policy.policy import Policy
from storage.models import NoticeVersion
from storage.queries.notices import find_posted


@dataclass(frozen=True, slots=True)
class NoticeInForce:
    """One version of the notice in one language. ``wordings`` are the questions of purposes that rest on consent."""

    version: str
    digest: str
    language: str
    title: str
    summary: tuple[str, ...]
    wordings: Mapping[str, str]


@lru_cache(maxsize=32)
def render_in(policy: Policy, language: str) -> Notice:
    """The notice of a policy in one language, our own sentences from the catalogues. Rendered once for each."""
    return render_notice(policy, language, load_translations(language).ugettext)


def notice_in_force(house: Installation, language: str) -> NoticeInForce:
    """The notice that holds now, in ``language`` where the policy speaks it, else in the policy's own."""
    spoken = language if language in house.policy.languages else house.policy.languages[0]
    notice = render_in(house.policy, spoken)
    wordings = {p.id: p.question.say(spoken) for p in house.policy.choices if p.question is not None}
    return NoticeInForce(notice.version, notice.digest, spoken, notice.title, tuple(notice.summary), wordings)


def notice_as_shown(house: Installation, language: str, version: str) -> NoticeInForce:
    """The notice in force, if ``version`` is the one the person was shown. Raises :class:`Refusal` otherwise."""
    notice = notice_in_force(house, language)
    if version != notice.version:
        raise Refusal(
            "notice_changed",
            409,
            "The privacy notice has changed. Please read it and send again.",
            field="/notice_version",
        )
    return notice


def post_notice(session: Session, house: Installation, at: datetime) -> None:
    """Keep the notice in force word for word, once for each language, so that it stays readable at its address."""
    for language in house.policy.languages:
        notice = render_in(house.policy, language)
        row = session.get(NoticeVersion, (notice.version, language))
        if row is not None and not row.described:
            row.described = describe_notice(house.policy, notice)
        if row is None:
            session.add(
                NoticeVersion(
                    version=notice.version,
                    language=language,
                    digest=notice.digest,
                    text=notice.markdown,
                    described=describe_notice(house.policy, notice),
                    published_at=at,
                    in_force_from=at,
                )
            )


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A notice as it was posted."""

    version: str
    language: str
    digest: str
    text: str
    in_force_from: datetime


def whole_notice(house: Installation, language: str) -> Notice:
    """The notice in force with every section."""
    spoken = language if language in house.policy.languages else house.policy.languages[0]
    return render_in(house.policy, spoken)


def find_kept(house: Installation, version: str, language: str) -> KeptNotice:
    """A former or present notice, word for word. Raises :class:`Refusal` for a version that never was."""
    with house.database.reading() as session:
        for spoken in (language, *house.policy.languages):
            row = session.get(NoticeVersion, (version, spoken))
            if row is not None:
                return KeptNotice(row.version, row.language, row.digest, row.text, row.in_force_from)
    raise not_found()


@dataclass(frozen=True, slots=True)
class ComingNotice:
    """A changed notice that is posted and does not hold yet."""

    in_force_on: date
    href: str


def find_coming(house: Installation) -> ComingNotice | None:
    """The changed notice that takes effect next, or None."""
    with house.database.reading() as session:
        posted = find_posted(session, house.now())
        if not posted:
            return None
        day = posted[0].in_force_from.astimezone(house.policy.zone).date()
        return ComingNotice(day, f"/notice/{posted[0].version}")


def find_described(session: Session, house: Installation, version: str, language: str) -> dict[str, Any]:
    """A posted notice in DPV terms, in ``language`` where it was posted in it; empty where none was kept."""
    for spoken in dict.fromkeys((language, *house.policy.languages)):
        row = session.get(NoticeVersion, (version, spoken))
        if row is not None and row.described:
            return dict(row.described)
    return {}
