"""All pages, by audience."""

from fastapi import APIRouter

from intake.web import public


def make_web_router() -> APIRouter:
    """Every page's route."""
    router = APIRouter(include_in_schema=False)
    router.include_router(public.router)
    return router
