"""Counts a visit that came with a source tag (``?from=a-word``): by day and word, never who (C16)."""

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from intake.access.guards import house_of
from intake.desk.tallies import BEGUN, SEEN, count_visit, read_tag

PARAMETER = "from"


def tag_of(request: Request) -> str:
    """The source tag of this address; empty where it has none."""
    return read_tag(request.query_params.get(PARAMETER, ""))


def path_of(request: Request) -> str:
    """The address of this page with its source tag and nothing else: where its form goes."""
    tag = tag_of(request)
    return f"{request.url.path}?{PARAMETER}={tag}" if tag else request.url.path


async def count_seen(request: Request) -> None:
    """Count a look at an opening. Not a guard."""
    if tag_of(request):
        await run_in_threadpool(count_visit, house_of(request), tag_of(request), what=SEEN)


async def count_begun(request: Request) -> None:
    """Count an application that was begun. Not a guard."""
    if tag_of(request):
        await run_in_threadpool(count_visit, house_of(request), tag_of(request), what=BEGUN)
