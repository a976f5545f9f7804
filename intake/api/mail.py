"""``/api/v1/mail/bounces``: a mail server or service tells that a message came back."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, machine
from intake.access.permissions import Permission
from intake.api.description import refusals
from intake.desk.bounces import note_notification
from intake.desk.refusals import Refusal

router = APIRouter(prefix="/api/v1/mail", tags=["mail"])

_NOTIFICATION = {
    "requestBody": {
        "required": True,
        "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/bounces", status_code=204, openapi_extra=_NOTIFICATION, responses=refusals(401, 403, 413, 415, 422, 503))
async def post_bounce(request: Request, actor: Annotated[Actor, Depends(machine(Permission.MAIL))]) -> Response:
    """Take in one delivery status notification (RFC 3464), as it arrived. Its address then counts as not reached."""
    del actor
    if request.headers.get("Content-Type", "").partition(";")[0].strip().casefold() != "message/rfc822":
        raise Refusal("message_expected", 415, "Send the notification as message/rfc822.")
    content = await request.body()
    if not await run_in_threadpool(note_notification, house_of(request), content):
        text = "This is no notification that one of our messages failed for good."
        raise Refusal("not_a_return", 422, text)
    return Response(status_code=204)
