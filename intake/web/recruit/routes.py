"""Recruiters' pages: search, one candidate, stage and decision, notes. Blind until somebody states a purpose."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.permissions import Permission
from intake.desk import applications, candidates
from intake.desk import search as searching
from intake.desk.refusals import Refusal, not_found
from intake.desk.row_ids import find_id
from intake.desk.words import Stage
from intake.installation import Installation
from intake.web.apply.pages import language_of
from intake.web.apply.routes import see_other
from intake.web.recruit import decided
from intake.web.recruit.pages import candidate_view, own_openings, purpose_options, search_view
from intake.web.recruit.views import QueryProblem, SearchView
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError

router = APIRouter()
router.include_router(decided.router)
Searcher = Annotated[Actor, Depends(staff(Permission.SEARCH))]
Viewer = Annotated[Actor, Depends(staff(Permission.VIEW))]
Mover = Annotated[Actor, Depends(staff(Permission.DECIDE))]


@router.get("/recruit")
def get_search(request: Request, actor: Searcher) -> Response:
    """The search box."""
    view = SearchView(
        "/recruit/search", actor.csrf, purposes=purpose_options(request), openings=own_openings(request, actor)
    )
    return render_staff(request, actor, "recruit/search.html", view=view)


@router.post("/recruit/search")
def post_search(
    request: Request,
    actor: Searcher,
    query: Annotated[str, Form(max_length=1000)] = "",
    purpose: Annotated[str, Form(max_length=40)] = "recruitment",
) -> Response:
    """Keep the query under an opaque id, so that its words stand in no address, and lead there."""
    house = house_of(request)
    try:
        with house.database.writing() as session:
            search_id = searching.keep_search(session, house, actor, query)
    except searching.QueryNotUnderstood as problem:
        view = SearchView(
            "/recruit/search",
            actor.csrf,
            query=query,
            problem=QueryProblem(problem.text, problem.position),
            purposes=purpose_options(request, purpose),
        )
        return render_staff(request, actor, "recruit/search.html", status=422, view=view)
    return see_other(f"/recruit/search/{search_id.hex()}?purpose={purpose}")


@router.get("/recruit/search")
def get_search_again(actor: Searcher) -> Response:
    """Where loading a refused query again leads: the search box."""
    del actor
    return see_other("/recruit")


@router.get("/recruit/search/{search_id}")
def get_results(
    request: Request, actor: Searcher, search_id: str, purpose: str = "", page: int = 1, show: str = ""
) -> Response:
    """A page of what a search found; ``show``: with this candidate beside the list, blind."""
    house = house_of(request)
    with house.database.reading() as session:
        query = searching.find_search(session, house, actor, find_id(search_id) or b"")
    try:
        results = searching.search(house, actor, query, purpose, max(1, min(page, 500)))
    except Refusal as refusal:
        if refusal.code != "purpose_needed":
            raise
        errors = (FieldError("purpose", "purpose_missing"),)
        view = SearchView("/recruit/search", actor.csrf, query, purposes=purpose_options(request), errors=errors)
        return render_staff(request, actor, "recruit/search.html", status=422, view=view)
    shown = _look_beside(request, actor, find_id(show)) if show else None
    view = search_view(request, actor, query, results, search_id, purpose, shown)
    return render_staff(request, actor, "recruit/search.html", view=view)


def _look_beside(request: Request, actor: Actor, person_id: bytes | None) -> candidates.Candidate:
    house = house_of(request)
    with house.database.writing() as session:
        return candidates.view_candidate(
            session, house, actor, person_id or b"", purpose="", language=language_of(request)
        )


@router.get("/recruit/candidates/{person_id}")
def get_candidate(request: Request, actor: Viewer, person_id: str, back: str = "") -> Response:
    """One candidate, blind."""
    return _show(request, actor, person_id, back=back)


def _show(
    request: Request,
    actor: Actor,
    person_id: str,
    *,
    purpose: str = "",
    back: str = "",
    errors: tuple[FieldError, ...] = (),
) -> Response:
    house = house_of(request)
    with house.database.writing() as session:
        found = candidates.view_candidate(
            session, house, actor, find_id(person_id) or b"", purpose=purpose, language=language_of(request)
        )
    back_href = f"/recruit/search/{back}?purpose=recruitment" if find_id(back) else ""
    view = candidate_view(request, actor, found, purpose, back_href, errors)
    return render_staff(request, actor, "recruit/candidate.html", status=422 if errors else 200, view=view)


@router.post("/recruit/candidates/{person_id}/reveal")
def post_reveal(
    request: Request, actor: Viewer, person_id: str, purpose: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Show who a candidate is, for a stated purpose, which is recorded."""
    if not purpose:
        return _show(request, actor, person_id, errors=(FieldError("purpose", "purpose_missing"),))
    return _show(request, actor, person_id, purpose=purpose)


@router.post("/recruit/candidates/{person_id}/notes")
def post_note(
    request: Request, actor: Mover, person_id: str, note: Annotated[str, Form(max_length=5000)] = ""
) -> Response:
    """Keep a note of a contact."""
    if not note.strip():
        return _show(request, actor, person_id, errors=(FieldError("note", "note_missing"),))
    house = house_of(request)
    with house.database.writing() as session:
        candidates.add_note(session, house, actor, find_id(person_id) or b"", note)
    return see_other(f"/recruit/candidates/{person_id}")


@router.post("/recruit/applications/{application_id}/stage")
def post_stage(
    request: Request,
    actor: Mover,
    application_id: str,
    stage: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Move an application on; a decision needs a reason."""
    if stage not in set(Stage):
        raise not_found()
    house = house_of(request)
    try:
        with house.database.writing() as session:
            moved = applications.move_stage(
                session, house, find_id(application_id) or b"", stage=Stage(stage), reason=reason, actor=actor
            )
    except Refusal as refusal:
        if refusal.code != "reason_needed":
            raise
        with house.database.reading() as session:
            person, reference = applications.person_and_reference(session, find_id(application_id) or b"")
        return _show(request, actor, person.hex(), errors=(FieldError(f"reason-{reference}", "reason_missing"),))
    house.wake()
    return see_other(_where_after(house, actor, moved.person_id, moved.reference))


def _where_after(house: Installation, actor: Actor, person_id: bytes, reference: str) -> str:
    """The candidate's page, or the decision's where it leaves nobody a reason to see the candidate any more."""
    with house.database.reading() as session:
        is_shown = candidates.is_viewable(session, house, actor, person_id)
    return f"/recruit/candidates/{person_id.hex()}" if is_shown else decided.decided_path(reference)


@router.get("/recruit/candidates/{person_id}/documents/{document_id}/{number}.png")
def get_page(
    request: Request, actor: Viewer, person_id: str, document_id: str, number: int, purpose: str = ""
) -> Response:
    """A page of the document as a picture."""
    picture = candidates.draw_page(
        house_of(request), actor, find_id(person_id) or b"", find_id(document_id) or b"", number, purpose
    )
    return Response(picture, media_type="image/png")
