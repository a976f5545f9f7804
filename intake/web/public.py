"""Pages and files that anybody may read without giving anything away (C14), and the well-known addresses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from intake.access.guards import house_of, open_to_all
from intake.desk.letters import address_of
from intake.desk.logo import find_logo
from intake.desk.notices import ComingNotice, find_coming, find_kept, whole_notice
from intake.desk.refusals import not_found
from intake.web.api_reference import describe_api
from intake.web.apply.pages import language_of
from intake.web.rendering import render

router = APIRouter(dependencies=[Depends(open_to_all)])


@dataclass(frozen=True, slots=True)
class NoticeView:
    """The notice in force. ``coming`` is set while a changed one is posted."""

    title: str
    version: str
    digest: str
    language: str
    summary: tuple[str, ...]
    sections: tuple[Any, ...]
    coming: ComingNotice | None = None


@router.get("/")
def get_home() -> Response:
    """The first page: what one can apply for."""
    return RedirectResponse("/apply", 303)


@router.get("/logo.png")
def get_logo(request: Request) -> Response:
    """The organisation's logo."""
    logo = find_logo(house_of(request))
    if logo is None:
        raise not_found()
    return Response(logo, media_type="image/png")


@router.get("/accessibility")
def get_accessibility(request: Request) -> Response:
    """What was done so that everybody can use these pages, and whom to tell when it does not work."""
    return render(request, "accessibility.html")


@router.get("/notice")
def get_notice(request: Request) -> Response:
    """The notice in force, made from the policy."""
    notice = whole_notice(house_of(request), language_of(request))
    view = NoticeView(
        notice.title,
        notice.version,
        notice.digest,
        notice.language,
        tuple(notice.summary),
        tuple(notice.sections),
        find_coming(house_of(request)),
    )
    return render(request, "notice.html", view=view)


@router.get("/notice/{version}")
def get_former_notice(request: Request, version: str) -> Response:
    """A notice as it was posted, word for word."""
    kept = find_kept(house_of(request), version, language_of(request))
    return render(request, "notice_kept.html", view=kept)


@router.get("/api")
def get_api(request: Request) -> Response:
    """The API's description as a page."""
    return render(request, "api.html", view=describe_api(request.app.openapi()))


@router.get("/openapi.json")
def get_openapi(request: Request) -> Response:
    """The API's description as OpenAPI 3.1."""
    return JSONResponse(request.app.openapi())


@router.get("/robots.txt")
def get_robots() -> Response:
    """Search engines may keep openings, nothing else."""
    refused = "Disallow: /\nDisallow: /apply/draft/\nDisallow: /apply/sent/\n"
    return PlainTextResponse(f"User-agent: *\nAllow: /apply\nAllow: /notice\n{refused}")


@router.get("/.well-known/gpc.json")
def get_gpc(request: Request) -> Response:
    """Global Privacy Control is honoured: nothing is sold, and no analytics runs."""
    return JSONResponse({"gpc": True, "lastUpdate": house_of(request).policy.dated_on.isoformat()})


@router.get("/.well-known/security.txt")
def get_security(request: Request) -> Response:
    """Whom to tell of a vulnerability (RFC 9116)."""
    house = house_of(request)
    expires: datetime = (house.now() + timedelta(days=180)).replace(microsecond=0)
    return PlainTextResponse(
        f"Contact: mailto:{house.policy.privacy_contact.email}\nExpires: {expires.isoformat()}\n"
        f"Preferred-Languages: {', '.join(house.policy.languages)}\n"
        f"Canonical: {address_of(house, '/.well-known/security.txt')}\n"
    )


@router.get("/.well-known/change-password")
def get_change_password() -> Response:
    """Where staff change their password."""
    return RedirectResponse("/account", 302)


@router.api_route("/.well-known/api-catalog", methods=["GET", "HEAD"])
def get_api_catalog(request: Request) -> Response:
    """Where the API is described (RFC 9727)."""
    house = house_of(request)
    entry = {
        "anchor": address_of(house, "/api/v1"),
        "service-desc": [{"href": address_of(house, "/openapi.json"), "type": "application/json"}],
        "service-doc": [{"href": address_of(house, "/api"), "type": "text/html"}],
        "service-meta": [{"href": address_of(house, "/notice"), "type": "text/html"}],
    }
    profile = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    return JSONResponse({"linkset": [entry]}, media_type=profile)
