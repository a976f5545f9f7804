"""Replacing a resume from a person's own page: the new document takes the place of the former one."""

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from intake.access.actors import Visitor
from intake.access.guards import house_of, limit_to, person, person_by_upload
from intake.desk import replacing, rights
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.reading.kinds import accepted_suffixes, names_of_kinds
from intake.uploads import place_for_upload, receive_upload
from intake.web.apply.pages import upload_error
from intake.web.apply.routes import see_other
from intake.web.me.views import ReplaceView
from intake.web.rendering import render
from intake.web.views import FieldError

router = APIRouter()
_LIMITED = [Depends(limit_to("upload", lambda house: house.settings.uploads_per_hour))]


@router.get("/me/documents/{document}/replace")
def get_replace(request: Request, me: Annotated[Visitor, Depends(person)], document: str) -> Response:
    """Which document, and what may take its place."""
    return _show(request, me, document)


def _show(request: Request, me: Visitor, document: str, *errors: FieldError) -> Response:
    house = house_of(request)
    with house.database.reading() as session:
        own, row = replacing.find_own(session, me, find_id(document) or b"")
        file_name = rights.name_of_document(house, own, row)
    view = ReplaceView(
        action=f"/me/documents/{document}/replace",
        csrf=me.csrf,
        file_name=file_name,
        kinds=names_of_kinds(),
        accept=accepted_suffixes(),
        megabytes=house.settings.upload_limit_mb,
        errors=errors,
    )
    return render(request, "me/replace.html", status=422 if errors else 200, view=view)


@router.post("/me/documents/{document}/replace", dependencies=_LIMITED)
async def post_replace(request: Request, me: Annotated[Visitor, Depends(person_by_upload)], document: str) -> Response:
    """Put the new document in its place. The token against forged requests is read with the upload."""
    house = house_of(request)
    with place_for_upload(house):
        upload = await receive_upload(request, limit=house.settings.upload_limit)
        if not hmac.compare_digest(upload.text("csrf").encode(), me.csrf.encode()):
            raise Refusal("csrf", 403, "This form has expired. Go back, load the page again and repeat.")
        found = find_id(document) or b""
        try:
            await run_in_threadpool(replacing.replace_document, house, me, found, upload.data, upload.file_name)
        except Refusal as refusal:
            return await run_in_threadpool(_show, request, me, document, *upload_error(house, refusal))
    return see_other("/me")
