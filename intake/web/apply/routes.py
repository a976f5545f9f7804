"""The pages for applying: openings, upload, details, check, confirmation. They work without JavaScript and cookies.

A draft is named by a random token in its address; the address ends when the draft is sent or ends, and is never
logged.
"""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from intake.access.guards import house_of, limit_to, open_to_all
from intake.desk import drafts
from intake.desk.notices import find_coming, notice_as_shown, notice_in_force
from intake.desk.openings import find_public, list_open
from intake.desk.refusals import Refusal
from intake.desk.submit import Submission, check_submission
from intake.desk.words import Channel, Source, Stage
from intake.installation import Installation
from intake.uploads import Upload, place_for_upload, receive_upload
from intake.web.apply import pictures
from intake.web.apply.campaigns import count_begun, count_seen, path_of
from intake.web.apply.form import details_view, needed_errors, profile_from_form
from intake.web.apply.pages import (
    check_view,
    confirmation_view,
    language_of,
    list_view,
    start_errors,
    start_view,
    upload_error,
)
from intake.web.apply.views import WaitView
from intake.web.errors import SENT
from intake.web.rendering import render

router = APIRouter(dependencies=[Depends(open_to_all)])
router.include_router(pictures.router)
_LIMITED = [Depends(limit_to("upload", lambda house: house.settings.uploads_per_hour))]


def see_other(path: str) -> Response:
    """Lead on after a form was taken, so that loading again does not send it again."""
    return RedirectResponse(path, 303)


@router.get("/apply")
def get_openings(request: Request) -> Response:
    """Every opening that takes applications."""
    house = house_of(request)
    return render(request, "apply/list.html", view=list_view(list_open(house), find_coming(house)))


@router.get("/apply/draft/{token}/reading")
def get_reading(request: Request, token: str) -> Response:
    """Whether the document has been read meanwhile."""
    house = house_of(request)
    with house.database.reading() as session:
        is_pending = drafts.open_draft(session, house, token).is_pending
    details = f"/apply/draft/{token}/details"
    if not is_pending:
        return see_other(details)
    return render(request, "apply/reading.html", view=WaitView(request.url.path, f"{details}?typed=1"))


@router.get("/apply/draft/{token}/details")
def get_details(request: Request, token: str, typed: int = 0, more: str = "") -> Response:
    """What was read, to be corrected."""
    house = house_of(request)
    with house.database.reading() as session:
        draft = drafts.open_draft(session, house, token)
    if draft.is_pending and not typed:
        return see_other(f"/apply/draft/{token}/reading")
    return render(request, "apply/details.html", view=details_view(draft, request.url.path, extra=more))


@router.post("/apply/draft/{token}/details")
async def post_details(request: Request, token: str) -> Response:
    """Keep what was typed; go on when nothing needed is missing."""
    form = await request.form(max_files=0, max_fields=400)
    return await run_in_threadpool(_save_details, request, token, form)


def _save_details(request: Request, token: str, form: Any) -> Response:
    house = house_of(request)
    with house.database.writing() as session:
        draft = drafts.open_draft(session, house, token)
        profile, faults = profile_from_form(form, draft.profile)
        if not faults:
            drafts.save_details(session, house, draft, profile)
    house.wake()
    more = str(form.get("add", ""))
    if not faults and more in ("work", "education"):
        return see_other(f"/apply/draft/{token}/details?typed=1&more={more}")
    faults = faults or needed_errors(profile)
    if faults:
        shown = drafts.with_profile(draft, profile)
        view = details_view(shown, request.url.path, faults)
        return render(request, "apply/details.html", status=422, view=view)
    return see_other(f"/apply/draft/{token}/check")


@router.get("/apply/draft/{token}/check")
def get_check(request: Request, token: str) -> Response:
    """Everything that will be sent."""
    house = house_of(request)
    with house.database.writing() as session:
        draft = drafts.open_draft(session, house, token)
        end = drafts.preview_end(session, house, draft)
    if drafts.missing_details(draft.profile):
        return see_other(f"/apply/draft/{token}/details?typed=1")
    return render(request, "apply/check.html", view=check_view(house, draft, end, token, language_of(request)))


@router.post("/apply/draft/{token}/check")
def post_check(request: Request, token: str) -> Response:
    """Send the application and lead to its confirmation; sent twice, it is still one application."""
    house = house_of(request)
    with house.database.writing() as session:
        drafts.send_draft(session, house, drafts.open_draft(session, house, token), token)
    house.wake()
    return see_other(f"{SENT}{token}")


@router.get("/apply/sent/{token}")
def get_sent(request: Request, token: str) -> Response:
    """The confirmation; it can be loaded again, and opens the application once, behind a button."""
    house = house_of(request)
    with house.database.reading() as session:
        sent = drafts.look_at_sent(session, house, token)
    return render(request, "apply/confirmation.html", view=confirmation_view(sent))


@router.get("/apply/draft/{token}/start")
def get_start_again(request: Request, token: str) -> Response:
    """The first step once more, with the file that is kept."""
    house = house_of(request)
    with house.database.reading() as session:
        draft = drafts.open_draft(session, house, token)
    view = start_view(house, request, draft.opening, request.url.path, draft=draft)
    return render(request, "apply/start.html", view=view)


@router.post("/apply/draft/{token}/start", dependencies=_LIMITED)
async def post_start_again(request: Request, token: str) -> Response:
    """Change country or choices; another file begins another draft and ends this one."""
    return await _receive(request, lambda upload: _start_again(request, token, upload))


def _start_again(request: Request, token: str, upload: Upload) -> Response:
    if not upload.data:
        return _change_start(request, token, upload)
    house = house_of(request)
    with house.database.reading() as session:
        draft = drafts.open_draft(session, house, token)
    answer = _start_draft(request, upload, draft.opening.slug if draft.opening else "")
    if answer.status_code == 303:
        _drop(house, token)
    return answer


def _drop(house: Installation, token: str) -> None:
    with house.database.writing() as session:
        drafts.drop_draft(session, house, drafts.open_draft(session, house, token))
    house.wake()


def _change_start(request: Request, token: str, upload: Upload) -> Response:
    house, language = house_of(request), language_of(request)
    with house.database.writing() as session:
        draft = drafts.open_draft(session, house, token)
        errors = start_errors(house, upload, has_file=True)
        if errors:
            view = start_view(
                house, request, draft.opening, request.url.path, upload=upload, draft=draft, errors=errors
            )
            return render(request, "apply/start.html", status=422, view=view)
        notice = notice_as_shown(house, language, upload.text("notice_version"))
        drafts.change_start(
            session,
            house,
            draft,
            country=upload.text("country"),
            consents=[p.id for p in house.policy.choices if upload.text(p.id)],
            notice=notice,
            language=language,
        )
    return see_other(f"/apply/draft/{token}/check")


@router.get("/apply/pool", dependencies=[Depends(count_seen)])
def get_pool(request: Request) -> Response:
    """Apply without an opening."""
    return render(request, "apply/start.html", view=start_view(house_of(request), request, None, path_of(request)))


@router.post("/apply/pool", dependencies=[*_LIMITED, Depends(count_begun)])
async def post_pool(request: Request) -> Response:
    """Take in a resume for openings to come."""
    return await _receive(request, lambda upload: _start_draft(request, upload, ""))


@router.get("/apply/{opening}", dependencies=[Depends(count_seen)])
def get_start(request: Request, opening: str) -> Response:
    """One opening, and the first step of applying to it."""
    house = house_of(request)
    found = find_public(house, opening)
    return render(request, "apply/start.html", view=start_view(house, request, found, path_of(request)))


@router.post("/apply/{opening}", dependencies=[*_LIMITED, Depends(count_begun)])
async def post_start(request: Request, opening: str) -> Response:
    """Take in a resume for an opening."""
    return await _receive(request, lambda upload: _start_draft(request, upload, opening))


async def _receive(request: Request, take: Callable[[Upload], Response]) -> Response:
    """Refuse before the body is read when too much is in work; else take the upload in."""
    house = house_of(request)
    with place_for_upload(house):
        upload = await receive_upload(request, limit=house.settings.upload_limit)
        return await run_in_threadpool(take, upload)


def _start_draft(request: Request, upload: Upload, slug: str) -> Response:
    house, language = house_of(request), language_of(request)
    opening = find_public(house, slug) if slug else None
    errors = start_errors(house, upload, has_file=bool(upload.data))
    if not errors:
        submission = _submission(house, request, upload, slug, language)
        try:
            check_submission(house, submission)
            token = drafts.start_draft(house, submission)
            return see_other(f"/apply/draft/{token}/details")
        except Refusal as refusal:
            errors = upload_error(house, refusal)
    view = start_view(house, request, opening, path_of(request), upload=upload, errors=errors)
    return render(request, "apply/start.html", status=422, view=view)


def _submission(house: Installation, request: Request, upload: Upload, slug: str, language: str) -> Submission:
    return Submission(
        data=upload.data,
        file_name=upload.file_name,
        opening=slug,
        source=Source.PERSON,
        channel=Channel.FORM,
        country=upload.text("country"),
        language=language,
        notice=notice_in_force(house, language),
        consents=tuple(p.id for p in house.policy.choices if upload.text(p.id)),
        age_confirmed=bool(upload.text("age")),
        global_privacy_control=request.headers.get("Sec-GPC") == "1",
        stage=Stage.DRAFT,
    )
