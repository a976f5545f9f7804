"""What stands around every page for staff: who is signed in, and which parts of the product they may enter."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.permissions import Permission
from intake.web.rendering import render
from intake.web.views import Area, StaffFrame

AREAS: tuple[tuple[str, str, frozenset[Permission]], ...] = (
    ("recruit", "/recruit", frozenset({Permission.SEARCH})),
    ("privacy", "/privacy", frozenset({Permission.RETENTION, Permission.AUDIT})),
    ("admin", "/admin/first-hour", frozenset({Permission.STAFF})),
    ("admin", "/admin/openings", frozenset({Permission.OPENINGS})),
)
"""Code, first page and permissions of each part; of two entries with one code the first that fits counts."""


def render_staff(request: Request, actor: Actor, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page for staff."""
    return render(request, template, status=status, frame=frame_of(request, actor), **values)


def frame_of(request: Request, actor: Actor) -> StaffFrame:
    """The frame for whoever is signed in."""
    here = request.url.path.strip("/").partition("/")[0]
    found: dict[str, str] = {}
    for code, href, needed in AREAS:
        if not needed.isdisjoint(actor.permissions):
            found.setdefault(code, href)
    areas = tuple(Area(code, href, here == code) for code, href in found.items())
    role = min((role.value for role in actor.roles), default="")
    return StaffFrame(actor.display_name, role, areas, "/sign-out", actor.csrf)


def first_page(actor: Actor) -> str:
    """Where somebody lands after signing in."""
    return next((href for _, href, needed in AREAS if not needed.isdisjoint(actor.permissions)), "/account")
