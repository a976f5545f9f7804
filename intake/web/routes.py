"""All pages, by audience."""

from fastapi import APIRouter

from intake.web import public
from intake.web.apply import routes as apply


def make_web_router() -> APIRouter:
    """Every page's route."""
    router = APIRouter(include_in_schema=False)
    router.include_router(public.router)
    router.include_router(apply.router)
    return router
