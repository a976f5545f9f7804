"""Makes the web application of an opened installation: the only wiring of routes; no module-level singletons."""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib import metadata

import psycopg
import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from intake.access.guards import refuse_undeclared
from intake.access_log import AccessLog
from intake.api import applications, candidates, mail, operating, privacy
from intake.api.description import describe_openapi
from intake.api.problems import problem, problem_of_refusal, problem_of_validation, wants_problem
from intake.desk.refusals import Refusal
from intake.installation import Installation
from intake.standing import HaltGate
from intake.uploads import OVERHEAD, BodyLimit, no_room
from intake.web.errors import error_page
from intake.web.languages import LanguageKeeper
from intake.web.rendering import STATIC_PATH, Pages, make_static_files
from intake.web.routes import make_web_router
from intake.web.security_headers import INDEXED, SecurityHeaders
from intake.web.site import site_of
from intake.web.transport import RequireTls
from storage.reserve import is_out_of_room

BUSY_SECONDS = 5
"""After how long somebody whom a busy database turned away may come again."""

log = structlog.get_logger("vitavault.app")


def create_app(
    house: Installation, *, on_stop: Callable[[], None] = lambda: None, further: Sequence[APIRouter] = ()
) -> FastAPI:
    """The web application. ``on_stop`` runs when it is shut down; ``further`` are routes that only a caller adds."""

    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        yield
        on_stop()

    app = FastAPI(
        title="Vitavault",
        version=metadata.version("vitavault"),
        summary="Resume intake that keeps its promises and can prove that it forgot.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=live,
    )
    app.state.house = house
    app.state.pages = Pages(site_of(house))
    app.router.routes.extend(_own_routes())
    for router in further:
        app.include_router(router)
    app.mount(STATIC_PATH, make_static_files())
    _answer_refusals(app)
    _answer_failures(app)
    app.add_middleware(BodyLimit, limit=house.settings.upload_limit + OVERHEAD, answer=_answer_too_large)
    app.add_middleware(HaltGate, standing=house.standing)
    app.add_middleware(RequireTls, base_url=house.settings.base_url)
    is_https = house.settings.base_url.startswith("https://")
    app.add_middleware(SecurityHeaders, https=is_https, static_path=STATIC_PATH, indexed=INDEXED)
    app.add_middleware(LanguageKeeper)
    app.add_middleware(AccessLog)
    refuse_undeclared(app)
    app.openapi_schema = describe_openapi(app)
    return app


@cache
def _own_routes() -> list[BaseRoute]:
    """The routes that every application has. They hold no state, so they are worked out once."""
    whole = APIRouter()
    for router in (operating, applications, candidates, mail, privacy):
        whole.include_router(router.router)
    whole.include_router(make_web_router())
    return whole.routes


def _answer_too_large(request: Request) -> Response:
    return _answer_http(request, 413)


def _answer_http(request: Request, status: int) -> Response:
    code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(status, "refused")
    if wants_problem(request):
        return problem(status, code, "This request cannot be answered.")
    return error_page(request, Refusal(code, status, "This request cannot be answered."))


def _answer_no_room(request: Request) -> Response:
    """Tell that the disk is full, and give up the reserve, so that the next who erases or signs in can."""
    request.app.state.house.settings.reserve.lend()
    log.error("request.no_room", advice="free some of the data folder's disk")
    refusal = no_room()
    return problem_of_refusal(refusal) if wants_problem(request) else error_page(request, refusal)


def _answer_refusals(app: FastAPI) -> None:
    @app.exception_handler(Refusal)
    async def on_refusal(request: Request, refusal: Refusal) -> Response:
        return problem_of_refusal(refusal) if wants_problem(request) else error_page(request, refusal)

    @app.exception_handler(RequestValidationError)
    async def on_validation(request: Request, error: RequestValidationError) -> Response:
        if wants_problem(request):
            return problem_of_validation(error)
        return error_page(request, Refusal("not_valid", 422, "Some of what was sent is not valid."))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> Response:
        return _answer_http(request, error.status_code)


def _answer_failures(app: FastAPI) -> None:
    @app.exception_handler(OSError)
    async def on_system_error(request: Request, error: Exception) -> Response:
        return _answer_no_room(request) if is_out_of_room(error) else await on_failure(request, error)

    # The keystore speaks to its drivers itself.
    @app.exception_handler(sqlite3.OperationalError)
    @app.exception_handler(psycopg.OperationalError)
    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    async def on_busy_database(request: Request, error: Exception) -> Response:
        if is_out_of_room(error):
            return _answer_no_room(request)
        log.error("request.database_unavailable", error=type(error).__name__)
        text = "The service is busy. Nothing was kept; please try again shortly."
        refusal = Refusal("unavailable", 503, text, retry_after=BUSY_SECONDS)
        return problem_of_refusal(refusal) if wants_problem(request) else error_page(request, refusal)

    @app.exception_handler(Exception)
    async def on_failure(request: Request, error: Exception) -> Response:
        number = secrets.token_hex(6)
        log.error("request.failed", error=type(error).__name__, number=number)
        if wants_problem(request):
            return problem(
                500, "internal", f"Something went wrong on our side (number {number}). Nothing was half done."
            )
        return error_page(request, Refusal("internal", 500, number))
