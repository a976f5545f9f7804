"""A person's own pages: opened by a one-time link, behind a button."""

import dataclasses
import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from intake.access.actors import PERSON_COOKIE, Visitor
from intake.access.guards import house_of, limit_to, open_to_all, person
from intake.desk import rights
from intake.desk.archive import export_archive
from intake.desk.consequences import consequences_of, require_told
from intake.desk.links import accept_person_link
from intake.desk.lost_links import send_new_link
from intake.desk.profiles import correct_profile, to_json_resume
from intake.desk.refusals import not_found
from intake.desk.row_ids import find_id
from intake.desk.timeline import spans_of
from intake.desk.words import Source
from intake.web.apply.form import form_of_profile, needed_errors, profile_from_form
from intake.web.apply.pages import end_view, language_of
from intake.web.apply.routes import see_other
from intake.web.me import access, keep, pictures, preferences, replace
from intake.web.me.correcting import shown_beside
from intake.web.me.pages import ERASE_WORD, home_view
from intake.web.me.views import DoneView, Follows, LinkView, OpenView
from intake.web.rendering import render
from intake.web.sessions import end_session, set_session
from intake.web.views import FieldError

public = APIRouter(dependencies=[Depends(open_to_all)])
public.include_router(preferences.public)
router = APIRouter()
for pages in (access.router, keep.router, replace.router, pictures.router):
    router.include_router(pages)
Me = Annotated[Visitor, Depends(person)]
Told = Annotated[str, Form(max_length=200)]
"""What the page said would follow."""


@public.get("/link/{token}")
def get_link(request: Request, token: str) -> Response:
    """Where a link leads: a button, since mail scanners follow links. Nothing is used up here."""
    return render(request, "me/open.html", view=OpenView("/link", token))


@public.post("/link")
def post_link(request: Request, token: Annotated[str, Form(max_length=100)]) -> Response:
    """Accept a link, once, and exchange it for a session."""
    house = house_of(request)
    with house.database.writing() as session:
        opened = accept_person_link(session, house, token)
    response = see_other("/me")
    set_session(request, response, PERSON_COOKIE, opened.token)
    return response


@public.get("/me/link")
def get_new_link(request: Request) -> Response:
    """Ask for a new link."""
    return render(request, "me/link.html", view=LinkView("/me/link"))


@public.post("/me/link", dependencies=[Depends(limit_to("link", lambda _house: 20))])
def post_new_link(request: Request, email: Annotated[str, Form(max_length=320)] = "") -> Response:
    """Send new links to an address; the answer is the same, and as quick, whether it is known, unknown or erased."""
    if "@" not in email:
        view = LinkView("/me/link", email=email, errors=(FieldError("email", "email_malformed"),))
        return render(request, "me/link.html", status=422, view=view)
    answer = render(request, "me/link.html", view=LinkView("/me/link", sent=True))
    answer.background = BackgroundTask(send_new_link, house_of(request), email.strip())
    return answer


@router.get("/me")
def get_home(request: Request, me: Me) -> Response:
    """Everything held, why, until when, who looked."""
    return _home(request, me)


def _home(request: Request, me: Visitor, errors: tuple[FieldError, ...] = ()) -> Response:
    house, language = house_of(request), language_of(request)
    with house.database.writing() as session:
        held = rights.open_held(session, house, me, language)
        floor = rights.preview_erasure(session, house, held.person, language)
        spans = spans_of(session, house, held.person, language, me.application_id)
        view = home_view(house, held, me, language, floor, spans, errors)
        told = consequences_of(session, house, me, language)
    follows = {path: Follows(end_view(found.end), found.told) for path, found in told.items()}
    view = dataclasses.replace(view, follows=follows)
    return render(request, "me/home.html", status=422 if errors else 200, view=view)


@router.post("/me/withdraw/{reference}")
def post_withdraw(request: Request, me: Me, reference: str, told: Told = "") -> Response:
    """Withdraw one application, once what follows was told."""
    house = house_of(request)
    with house.database.writing() as session:
        require_told(session, house, me, request.url.path, told, language_of(request))
        end = rights.withdraw_application(session, house, me, reference, language_of(request))
    house.wake()
    return render(request, "me/done.html", view=DoneView("withdrawn", reference, end_view(end), "/me"))


@router.post("/me/consent/{purpose}")
def post_consent(request: Request, me: Me, purpose: str, told: Told = "") -> Response:
    """Withdraw a consent, once what follows was told."""
    house = house_of(request)
    with house.database.writing() as session:
        require_told(session, house, me, request.url.path, told, language_of(request))
        end = rights.withdraw_consent(session, house, me, purpose, language_of(request))
    house.wake()
    return render(request, "me/done.html", view=DoneView("consent_withdrawn", "", end_view(end), "/me"))


@router.post("/me/erase")
def post_erase(request: Request, me: Me, confirm: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Erase everything, after the word was typed."""
    if confirm.strip().casefold() != ERASE_WORD.casefold():
        return _home(request, me, (FieldError("confirm", "retype", {"word": ERASE_WORD}),))
    house = house_of(request)
    with house.database.writing() as session:
        erased = rights.erase_now(session, house, me, language_of(request))
    house.wake()
    kind = "erased" if erased.is_ended else "restricted"
    end = None if erased.is_ended else end_view(erased.end)
    view = DoneView(kind, erased.receipt, end, digest_until=erased.digest_until)
    response = render(request, "me/done.html", view=view)
    if erased.is_ended:
        end_session(response, PERSON_COOKIE)
    return response


@router.get("/me/resume.json")
def get_resume(request: Request, me: Me) -> Response:
    """The profile as JSON Resume."""
    house = house_of(request)
    with house.database.reading() as session:
        held = rights.open_held(session, house, me, language_of(request))
    body = json.dumps(to_json_resume(held.profile), ensure_ascii=False, indent=1)
    return _download(body.encode(), "application/json", "resume.json")


@router.get("/me/everything.zip")
def get_archive(request: Request, me: Me) -> Response:
    """Everything held, in one archive."""
    house = house_of(request)
    with house.database.writing() as session:
        packed = export_archive(session, house, me, language_of(request))
    return _download(packed, "application/zip", "everything.zip")


@router.get("/me/documents/{document}")
def get_document(request: Request, me: Me, document: str) -> Response:
    """One of the person's own documents, as it came."""
    house = house_of(request)
    with house.database.reading() as session:
        content, _, kind = rights.read_own_document(session, house, me, find_id(document) or b"")
    return _download(content, "application/octet-stream", f"document.{kind}")


def _download(content: bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


@router.get("/me/correct")
def get_correct(request: Request, me: Me, more: str = "") -> Response:
    """The profile in a form."""
    house = house_of(request)
    with house.database.reading() as session:
        held = rights.open_held(session, house, me, language_of(request))
    shown = shown_beside(house, held)
    view = form_of_profile(held.profile, "/me/correct", me.csrf, extra=more, shown=shown)
    return render(request, "apply/details.html", view=view)


@router.post("/me/correct")
async def post_correct(request: Request, me: Me) -> Response:
    """Keep a correction; it wins over every later reading."""
    from starlette.concurrency import run_in_threadpool

    form = await request.form(max_files=0, max_fields=400)
    return await run_in_threadpool(_correct, request, me, form)


def _correct(request: Request, me: Visitor, form: object) -> Response:
    house = house_of(request)
    with house.database.writing() as session:
        own = rights.person_of(session, me)
        held = rights.open_held(session, house, me, "en")
        wanted, faults = profile_from_form(form, held.profile)  # type: ignore[arg-type]
        faults = faults or needed_errors(wanted)
        if not faults:
            correct_profile(session, house, own, wanted, source=Source.PERSON, actor="person")
    if faults:
        shown = shown_beside(house, held)
        view = form_of_profile(wanted, "/me/correct", me.csrf, errors=faults, shown=shown)
        return render(request, "apply/details.html", status=422, view=view)
    house.wake()
    more = form.get("add", "") if hasattr(form, "get") else ""
    if more in ("work", "education"):
        return see_other(f"/me/correct?more={more}")
    return render(request, "me/done.html", view=DoneView("corrected", "", None, "/me"))


@router.post("/me/leave")
def post_leave(request: Request, me: Me) -> Response:
    """Close the session on the server."""
    house = house_of(request)
    token = request.cookies.get(PERSON_COOKIE, "")
    if not token:
        raise not_found()
    with house.database.writing() as session:
        rights.leave(session, house, me, token)
    response = see_other("/apply")
    end_session(response, PERSON_COOKIE)
    return response
