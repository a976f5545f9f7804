"""Cookies: only the two session ones, named on the notice, never readable by scripts, sent to this site alone."""

from fastapi import Request
from starlette.responses import Response

from intake.access.guards import house_of


def set_session(request: Request, response: Response, name: str, token: str) -> None:
    """Give the browser a session token; it ends with the browser, and on the server before that."""
    is_secure = house_of(request).settings.base_url.startswith("https://")
    response.set_cookie(name, token, httponly=True, samesite="lax", secure=is_secure, path="/")


def end_session(response: Response, name: str) -> None:
    """Take the session token away."""
    response.delete_cookie(name, path="/", httponly=True, samesite="lax")
