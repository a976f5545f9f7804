"""Errors of the API as RFC 9457 problem documents with stable codes. They never repeat the input."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse

from intake.desk.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"

TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not permitted",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    413: "Too large",
    415: "Unsupported type",
    422: "Not valid",
    429: "Too many requests",
    500: "Internal error",
    503: "Busy",
    507: "No room",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[dict[str, str]] = (),
    retry_after: int = 0,
) -> JSONResponse:
    """One problem document. ``code`` is stable; ``detail`` a fixed sentence."""
    body: dict[str, Any] = {
        "type": TYPE_BASE + code,
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if errors:
        body["errors"] = list(errors)
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status, media_type=MEDIA_TYPE, headers=headers)


def problem_of_refusal(refusal: Refusal) -> JSONResponse:
    """A refusal of the desk as a problem document."""
    errors = [{"pointer": refusal.field, "code": refusal.code}] if refusal.field else []
    return problem(refusal.status, refusal.code, refusal.text, errors=errors, retry_after=refusal.retry_after)


def problem_of_validation(error: RequestValidationError) -> JSONResponse:
    """What was not valid, by place and kind; the input itself is never repeated."""
    errors = [{"pointer": pointer_of(item["type"], item["loc"][1:]), "code": item["type"]} for item in error.errors()]
    return problem(422, "not_valid", "Some of what was sent is not valid.", errors=errors)


def pointer_of(kind: str, place: Sequence[int | str]) -> str:
    """A place in the input as a JSON pointer. Of a member that nothing knows only the place it stood in is told."""
    return "".join(f"/{part}" for part in (place[:-1] if kind == "extra_forbidden" else place))


def wants_problem(request: Request) -> bool:
    """Whether errors of this request are answered as problem documents rather than pages."""
    return request.url.path.startswith(("/api/", "/healthz", "/readyz"))
