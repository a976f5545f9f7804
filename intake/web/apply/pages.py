"""What the pages for applying show, made from what the desk answers. Nothing here changes anything."""

from collections.abc import Sequence

from babel import Locale
from fastapi import Request

from intake.desk.drafts import Draft, Sent
from intake.desk.ends import EndInWords
from intake.desk.notices import ComingNotice, notice_in_force
from intake.desk.profile_values import PROFILE_FIELDS, Education, Profile, Work
from intake.desk.refusals import Refusal
from intake.desk.words import OpeningRow
from intake.installation import Installation
from intake.reading.kinds import accepted_suffixes, names_of_kinds
from intake.uploads import Upload
from intake.web.apply.collection import tell_collection
from intake.web.apply.views import (
    CheckView,
    Choice,
    ConfirmationView,
    ListView,
    NoticeSummary,
    Opening,
    StartView,
    SummaryRow,
)
from intake.web.rendering import Pages
from intake.web.views import End, FieldError, Option
from retention.places import COUNTRIES

REGIONS = {"US-CA": "California"}
"""Regions whose law differs from their country's, offered beside it."""


def language_of(request: Request) -> str:
    """The language in which this request is answered."""
    pages: Pages = request.app.state.pages
    return pages.language_of(request)


def opening_view(row: OpeningRow) -> Opening:
    """An opening as the public sees it."""
    return Opening(title=row.title, place=row.place, href=f"/apply/{row.slug}")


def list_view(rows: Sequence[OpeningRow], coming: ComingNotice | None) -> ListView:
    """All openings, applying without one, and a changed notice while it is posted (N2)."""
    openings = tuple(opening_view(row) for row in rows)
    if coming is None:
        return ListView(openings, pool_href="/apply/pool")
    return ListView(openings, pool_href="/apply/pool", coming_on=coming.in_force_on, coming_href=coming.href)


def country_options(language: str, chosen: str) -> tuple[Option, ...]:
    """Countries by name in the reader's language; a region stands after its country."""
    territories = Locale.parse(language.replace("-", "_")).territories
    named = {code: territories[code] for code in COUNTRIES}
    named |= {code: f"{territories[code[:2]]} – {name}" for code, name in REGIONS.items()}
    ordered = sorted(named.items(), key=lambda item: item[1])
    return tuple(Option(code, name, code == chosen) for code, name in ordered)


def country_name(language: str, code: str) -> str:
    """A country's name in the reader's language."""
    return next((option.label for option in country_options(language, code) if option.chosen), code)


def start_view(
    house: Installation,
    request: Request,
    opening: OpeningRow | None,
    action: str,
    *,
    upload: Upload | None = None,
    draft: Draft | None = None,
    errors: Sequence[FieldError] = (),
) -> StartView:
    """The first step, with what was chosen before kept."""
    language, pages = language_of(request), request.app.state.pages
    notice = notice_in_force(house, language)
    country = upload.text("country") if upload else draft.application.country if draft else ""
    ticked = {p.id for p in house.policy.choices if upload.text(p.id)} if upload else draft.consents if draft else ()
    return StartView(
        action=action,
        opening=opening_view(opening) if opening else None,
        notice=NoticeSummary(notice.summary, "/notice", notice.version, notice.language),
        countries=country_options(language, country),
        kinds=names_of_kinds(),
        accept=accepted_suffixes(),
        megabytes=house.settings.upload_limit_mb,
        age=house.policy.minimum_age or 0,
        age_confirmed=bool(upload.text("age")) if upload else draft is not None,
        choices=choices_of(house, notice.language, ticked),
        kept_file=draft.file_name if draft else "",
        errors=tuple(errors),
        told=tell_collection(house.policy, language, lambda message: pages.say(request, message)),
    )


def choices_of(
    house: Installation, language: str, ticked: Sequence[str] | frozenset[str] | set[str]
) -> tuple[Choice, ...]:
    """Purposes that rest on consent, in the policy's words."""
    return tuple(
        Choice(
            p.id,
            p.question.say(language) if p.question else p.title.say(language),
            p.description.say(language),
            p.id in ticked,
        )
        for p in house.policy.choices
    )


def start_errors(house: Installation, upload: Upload, *, has_file: bool) -> tuple[FieldError, ...]:
    """What is missing in the first step."""
    found = []
    if not has_file:
        found.append(FieldError("file", "file_empty" if upload.file_name else "file_missing"))
    if not upload.text("country"):
        found.append(FieldError("country", "country_missing"))
    if house.policy.minimum_age and not upload.text("age"):
        found.append(FieldError("age", "age_missing", {"age": house.policy.minimum_age}))
    if upload.text("notice_version") != notice_in_force(house, "en").version:
        found.append(FieldError("file", "notice_changed"))
    return tuple(found)


_UPLOAD_ERRORS = {
    "file_empty": ("file", "file_empty"),
    "file_too_large": ("file", "file_too_large"),
    "file_unsupported": ("file", "file_kind"),
    "country_unknown": ("country", "country_missing"),
    "age_not_confirmed": ("age", "age_missing"),
}


def upload_error(house: Installation, refusal: Refusal) -> tuple[FieldError, ...]:
    """The form's words for why an upload was refused; what has no words here is answered by a page of its own."""
    if refusal.code not in _UPLOAD_ERRORS:
        raise refusal
    name, code = _UPLOAD_ERRORS[refusal.code]
    kinds = ", ".join(names_of_kinds())
    values = {"megabytes": house.settings.upload_limit_mb, "kinds": kinds, "age": house.policy.minimum_age}
    return (FieldError(name, code, values),)


def end_view(end: EndInWords) -> End:
    """When data ends and why, as a page shows it."""
    return End(on=end.on, reason=end.reason, purpose=end.purpose, action=end.action, law=end.law, held=end.is_held)


def check_view(house: Installation, draft: Draft, end: EndInWords, token: str, language: str) -> CheckView:
    """Everything that will be sent."""
    details, start = f"/apply/draft/{token}/details?typed=1", f"/apply/draft/{token}/start"
    return CheckView(
        action=f"/apply/draft/{token}/check",
        opening_title=draft.opening.title if draft.opening else "",
        rows=tuple(SummaryRow(name, values_of(draft.profile, name), details) for name in PROFILE_FIELDS),
        country=country_name(language, draft.application.country),
        country_href=start,
        file_name=draft.file_name,
        file_href=start,
        choices=choices_of(house, language, draft.consents),
        choices_href=start,
        ends=(end_view(end),),
    )


def values_of(profile: Profile, name: str) -> tuple[str, ...]:
    """One field's values as lines."""
    value = getattr(profile, name)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(line_of(item) for item in value)


def line_of(item: str | Work | Education) -> str:
    """One entry in one line."""
    if isinstance(item, str):
        return item
    if isinstance(item, Work):
        what = ", ".join(part for part in (item.title, item.employer, item.location) if part)
        return (
            f"{what} ({period_of(item.start, item.end, is_current=item.current)})" if item.start or item.end else what
        )
    what = ", ".join(part for part in (item.degree, item.area, item.institution) if part)
    return f"{what} ({period_of(item.start, item.end)})" if item.start or item.end else what


def period_of(start: str | None, end: str | None, *, is_current: bool = False) -> str:
    """A period as years and months; an open end is an open dash."""
    return f"{start or ''}–{'' if is_current else end or ''}" if start != end else start or ""


def confirmation_view(sent: Sent) -> ConfirmationView:
    """The application is here."""
    return ConfirmationView(
        reference=sent.reference,
        opening_title=sent.opening_title,
        received_at=sent.application.received_at,
        ends=(end_view(sent.end),),
        href=sent.link,
        mail_sent=sent.is_mailed,
    )
