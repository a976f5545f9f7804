"""``/api/v1/applications`` and ``/api/v1/openings``: apply, and see how reading ended."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from intake.access.actors import Actor
from intake.access.guards import house_of, limit_to, machine, open_to_all
from intake.access.permissions import Permission
from intake.api.description import refusals
from intake.api.problems import pointer_of
from intake.api.shapes import ApplicationAnswer, ApplicationRequest, OpeningAnswer
from intake.desk import applications, repeating
from intake.desk.notices import notice_as_shown
from intake.desk.openings import list_open
from intake.desk.refusals import Refusal
from intake.desk.submit import Submission, check_opening, prepare, store
from intake.installation import Installation
from intake.uploads import Upload, place_for_upload, receive_upload

router = APIRouter(prefix="/api/v1", tags=["applications"])

_MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "application"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "application": {"$ref": "#/components/schemas/ApplicationRequest"},
                    },
                },
                "encoding": {"application": {"contentType": "application/json"}},
            }
        },
    }
}


@router.get("/openings", dependencies=[Depends(open_to_all)], responses=refusals(503))
def get_openings(request: Request) -> list[OpeningAnswer]:
    """Openings that take applications."""
    return [OpeningAnswer(slug=o.slug, title=o.title, place=o.place) for o in list_open(house_of(request))]


@router.post(
    "/applications",
    status_code=201,
    response_model=ApplicationAnswer,
    openapi_extra=_MULTIPART,
    responses=refusals(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 507),
    dependencies=[Depends(limit_to("upload", lambda house: house.settings.uploads_per_hour))],
)
async def post_application(
    request: Request, actor: Annotated[Actor, Depends(machine(Permission.APPLY, or_public=True))]
) -> JSONResponse:
    """Apply: the file and its facts. Sealed bytes are durable before reading begins; see ``profile.state``."""
    house = house_of(request)
    with place_for_upload(house):
        upload = await receive_upload(request, limit=house.settings.upload_limit)
        wanted = _parse(upload)
        key = request.headers.get("Idempotency-Key", "")
        is_signal = request.headers.get("Sec-GPC") == "1"
        status, body = await run_in_threadpool(_take_in, house, upload, wanted, actor, key, is_signal=is_signal)
    return JSONResponse(body, status, headers={"Location": f"/api/v1/applications/{body['id']}"})


def _parse(upload: Upload) -> ApplicationRequest:
    try:
        return ApplicationRequest.model_validate_json(upload.text("application"))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        pointer = "/application" + pointer_of(first["type"], first["loc"])
        raise Refusal("application_not_valid", 422, "The part `application` is not valid.", field=pointer) from None


def _take_in(
    house: Installation, upload: Upload, wanted: ApplicationRequest, actor: Actor, key: str, *, is_signal: bool
) -> tuple[int, dict[str, Any]]:
    call = None
    if key:
        said = wanted.model_dump_json().encode()
        call = repeating.name_call(house, key, actor.name, upload.data, upload.file_name.encode(), said)
        with house.database.reading() as session:
            answer = repeating.find_answer(session, house, call)
        if answer is not None:
            return 201, answer
    submission = replace(_submission(house, upload, wanted, actor), global_privacy_control=is_signal)
    check_opening(house, submission.opening)
    prepared = prepare(house, submission)
    with house.database.writing() as session:
        if call is not None and (answer := repeating.find_answer(session, house, call)) is not None:
            return 201, answer
        taken = store(session, house, prepared)
        body = applications.answer_for(house, taken, wanted.language)
        if call is not None:
            repeating.keep_answer(session, house, call, taken, body)
    house.wake()
    return 201, body


def _submission(house: Installation, upload: Upload, wanted: ApplicationRequest, actor: Actor) -> Submission:
    return Submission(
        data=upload.data,
        file_name=upload.file_name,
        opening=wanted.opening or "",
        source=wanted.source,
        channel=wanted.channel,
        country=wanted.country,
        language=wanted.language,
        notice=notice_as_shown(house, wanted.language, wanted.notice_version),
        consents=tuple(dict.fromkeys(wanted.purposes)),
        age_confirmed=wanted.age_confirmed,
        source_detail=wanted.source_detail,
        actor=actor.name,
    )


@router.get(
    "/applications/{application_id}", response_model=ApplicationAnswer, responses=refusals(401, 403, 404, 422, 503)
)
def get_application(
    request: Request,
    application_id: str,
    actor: Annotated[Actor, Depends(machine(Permission.APPLY, or_public=True))],
) -> dict[str, Any]:
    """How reading ended and until when the record is kept. What was read is shown to ``candidates:read`` only."""
    house = house_of(request)
    with house.database.writing() as session:
        return applications.look_at(session, house, application_id, actor)
