"""Pages of a person whose address was proved: apply again, add a resume."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from intake.access.actors import Visitor
from intake.access.guards import house_of, limit_to, person, person_by_upload
from intake.desk import more, rights
from intake.desk.notices import notice_as_shown, notice_in_force
from intake.desk.openings import list_open
from intake.desk.refusals import Refusal
from intake.desk.submit import Submission
from intake.desk.words import Channel, Source
from intake.reading.kinds import accepted_suffixes, names_of_kinds
from intake.uploads import place_for_upload, receive_upload
from intake.web.apply.pages import choices_of, country_options, language_of, upload_error
from intake.web.apply.routes import see_other
from intake.web.me.views import MoreView
from intake.web.rendering import render
from intake.web.views import FieldError, Option

router = APIRouter()


@router.get("/me/more")
def get_more(request: Request, me: Annotated[Visitor, Depends(person)]) -> Response:
    """What can be added."""
    return _show(request, me)


def _show(request: Request, me: Visitor, *errors: FieldError) -> Response:
    house, language = house_of(request), language_of(request)
    with house.database.reading() as session:
        more.person_who_may_add(session, me)
        held = rights.open_held(session, house, me, language)
    notice = notice_in_force(house, language)
    applied = {opening.slug for _, opening in held.applications if opening}
    country = held.applications[-1][0].country if held.applications else ""
    view = MoreView(
        csrf=me.csrf,
        notice_version=notice.version,
        openings=tuple(Option(row.slug, row.title) for row in list_open(house) if row.slug not in applied),
        countries=country_options(language, country),
        choices=choices_of(house, notice.language, ()),
        kinds=names_of_kinds(),
        accept=accepted_suffixes(),
        megabytes=house.settings.upload_limit_mb,
        room_for_applications=len(held.applications) < house.settings.applications_per_person,
        room_for_documents=len(held.documents) < house.settings.documents_per_person,
        errors=errors,
    )
    return render(request, "me/more.html", status=422 if errors else 200, view=view)


@router.post("/me/apply")
async def post_again(request: Request, me: Annotated[Visitor, Depends(person)]) -> Response:
    """Another application with what is on record."""
    form = await request.form(max_files=0)
    return await run_in_threadpool(_apply_again, request, me, form)


def _apply_again(request: Request, me: Visitor, form: FormData) -> Response:
    house, language = house_of(request), language_of(request)
    country = str(form.get("country", ""))
    if not any(option.value == country for option in country_options(language, country)):
        return _show(request, me, FieldError("country", "country_missing"))
    submission = Submission(
        data=b"",
        file_name="",
        opening=str(form.get("opening", "")),
        source=Source.PERSON,
        channel=Channel.FORM,
        country=country,
        language=language,
        notice=notice_as_shown(house, language, str(form.get("notice_version", ""))),
        consents=tuple(p.id for p in house.policy.choices if form.get(p.id)),
        age_confirmed=True,
        global_privacy_control=request.headers.get("Sec-GPC") == "1",
    )
    with house.database.writing() as session:
        more.apply_again(session, house, me, submission)
    house.wake()
    return see_other("/me")


@router.post("/me/documents", dependencies=[Depends(limit_to("upload", lambda house: house.settings.uploads_per_hour))])
async def post_document(request: Request, me: Annotated[Visitor, Depends(person_by_upload)]) -> Response:
    """Another resume. The token against forged requests is read with the upload, since the body is read once."""
    house = house_of(request)
    with place_for_upload(house):
        upload = await receive_upload(request, limit=house.settings.upload_limit)
        if not hmac.compare_digest(upload.text("csrf").encode(), me.csrf.encode()):
            raise Refusal("csrf", 403, "This form has expired. Go back, load the page again and repeat.")
        try:
            await run_in_threadpool(more.add_document, house, me, upload.data, upload.file_name)
        except Refusal as refusal:
            return await run_in_threadpool(_show, request, me, *upload_error(house, refusal))
    house.wake()
    return see_other("/me")
