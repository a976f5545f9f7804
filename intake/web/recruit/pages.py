"""What recruiters' pages show, made from what the desk opened. A blind view never holds what must not be seen."""

from collections.abc import Mapping

from fastapi import Request

from intake.access.actors import Actor
from intake.access.guards import house_of
from intake.access.permissions import Permission
from intake.desk.candidates import Candidate
from intake.desk.openings import list_own
from intake.desk.profile_values import PROFILE_FIELDS, Education, Work
from intake.desk.search import PURPOSES, Found, Results
from intake.desk.words import Stage
from intake.web.apply.pages import end_view, period_of, values_of
from intake.web.recruit.views import (
    Application,
    Beside,
    CandidateView,
    Document,
    Fact,
    Grounds,
    Hit,
    Note,
    Part,
    Piece,
    Position,
    Reveal,
    SearchView,
)
from intake.web.rendering import Pages
from intake.web.sheets import NOWHERE, Sheet, Spot, Trace, find_spots, lay_sheets, shown_in, trace
from intake.web.views import FieldError, Option, Paging
from intake.web.words import PURPOSES as PURPOSE_WORDS

MOVABLE = tuple(stage.value for stage in Stage if stage not in (Stage.DRAFT, Stage.WITHDRAWN))
_LISTS = ("work", "education")


def purpose_options(request: Request, chosen: str = "recruitment") -> tuple[Option, ...]:
    """The purposes that staff can state, in the reader's language."""
    pages: Pages = request.app.state.pages
    return tuple(Option(code, pages.say(request, PURPOSE_WORDS[code]), code == chosen) for code in PURPOSES)


def search_view(
    request: Request,
    actor: Actor,
    query: str,
    results: Results,
    search_id: str,
    purpose: str,
    shown: Candidate | None = None,
) -> SearchView:
    """A page of what a search found, with one candidate beside the list where one was chosen."""

    def page_href(number: int) -> str:
        return f"/recruit/search/{search_id}?purpose={purpose}&page={number}"

    here, shown_id = page_href(results.page), shown.person.id if shown else b""

    return SearchView(
        action="/recruit/search",
        csrf=actor.csrf,
        query=query,
        explained=(results.understood,) if results.understood else (),
        hits=tuple(_hit(found, search_id, here, is_shown=found.person_id == shown_id) for found in results.found),
        beside=_beside(request, actor, shown, search_id) if shown else None,
        count=results.total,
        paging=Paging(
            results.page,
            results.pages,
            page_href(results.page - 1) if results.page > 1 else "",
            page_href(results.page + 1) if results.page < results.pages else "",
        ),
        purposes=purpose_options(request, purpose),
        openings=own_openings(request, actor),
    )


def own_openings(request: Request, actor: Actor) -> tuple[Option, ...] | None:
    """A hiring manager's own openings; None for who sees every opening."""
    if actor.bound_to is None:
        return None
    return tuple(Option(f"opening:{slug}", title) for slug, title in list_own(house_of(request), actor))


def _beside(request: Request, actor: Actor, found: Candidate, search_id: str) -> Beside:
    view = candidate_view(request, actor, found, "", "")
    href = f"/recruit/candidates/{found.person.id.hex()}?back={search_id}"
    shown = tuple(fact for fact in view.facts if fact.values and not fact.hidden)
    return Beside(view.heading, view.reference, href, shown, view.work, view.education, view.documents)


def _hit(found: Found, search_id: str, here: str, *, is_shown: bool) -> Hit:
    return Hit(
        href=f"/recruit/candidates/{found.person_id.hex()}?back={search_id}",
        heading=found.heading,
        line=found.line,
        pieces=tuple(Piece(name, tuple(Part(text, is_hit) for text, is_hit in parts)) for name, parts in found.pieces),
        stage=found.stage,
        source=found.source,
        basis=found.basis,
        ends_on=found.ends_on,
        opening=found.opening,
        show_href=f"{here}&show={found.person_id.hex()}",
        is_shown=is_shown,
    )


def candidate_view(
    request: Request,
    actor: Actor,
    found: Candidate,
    purpose: str,
    back_href: str,
    errors: tuple[FieldError, ...] = (),
) -> CandidateView:
    """One candidate, as this look may see them."""
    is_blind = found.blinded is not None
    hidden = found.blinded.hidden if found.blinded else ()
    own = f"/recruit/candidates/{found.person.id.hex()}"
    can_reveal = is_blind and Permission.REVEAL in actor.permissions
    traced = _trace_first(found)
    spots = find_spots(traced)
    return CandidateView(
        csrf=actor.csrf,
        heading=found.heading,
        reference=found.applications[0][0].reference if found.applications else "",
        blind=is_blind,
        facts=tuple(
            Fact(name, values_of(found.profile, name), hidden=name in hidden, spot=spots.get(name, NOWHERE))
            for name in PROFILE_FIELDS
            if name not in _LISTS
        ),
        work=tuple(_position(n, w, spots) for n, w in enumerate(found.profile.work)),
        education=tuple(_course(n, e, spots) for n, e in enumerate(found.profile.education)),
        applications=_applications(actor, found),
        grounds=tuple(Grounds(e.purpose, e.basis.value, e.at.date()) for e in found.live),
        ends=(end_view(found.end),),
        documents=_documents(found, traced, purpose, own),
        notes=tuple(Note(text, author, note.written_at) for note, text, author in found.notes),
        note_action=f"{own}/notes",
        back_href=back_href,
        reveal=Reveal(f"{own}/reveal", purpose_options(request, "")) if can_reveal else None,
        training_needed=not actor.is_trained,
        errors=errors,
    )


def _applications(actor: Actor, found: Candidate) -> tuple[Application, ...]:
    can_move = Permission.DECIDE in actor.permissions
    return tuple(
        Application(
            reference=a.reference,
            title=opening.title if opening else "",
            stage=a.stage.value,
            source=a.source.value,
            channel=a.channel.value,
            received_at=a.received_at,
            stage_action=f"/recruit/applications/{a.id.hex()}/stage",
            stages=MOVABLE if can_move and a.stage is not Stage.WITHDRAWN else (),
            decided_on=a.decision_on,
        )
        for a, opening in found.applications
    )


def _position(number: int, job: Work, spots: Mapping[str, Spot]) -> Position:
    period = period_of(job.start, job.end, is_current=job.current)
    spot = spots.get(f"work-{number}", NOWHERE)
    return Position(job.title or "", job.employer or "", period, job.summary or "", spot)


def _course(number: int, course: Education, spots: Mapping[str, Spot]) -> Position:
    title, spot = course.degree or course.area or "", spots.get(f"education-{number}", NOWHERE)
    return Position(title, course.institution or "", period_of(course.start, course.end), spot=spot)


def _marked(found: Candidate) -> int:
    """Which document carries the marks: the first that was read; anchors must not repeat on a page."""
    return next((n for n, reading in enumerate(found.readings) if reading and reading.evidence), -1)


def _trace_first(found: Candidate) -> Trace:
    """Where the revealed profile stands in its document; nothing for a blind look."""
    number = _marked(found)
    return trace(found.profile, found.readings[number]) if number >= 0 else {}


def _documents(found: Candidate, traced: Trace, purpose: str, own: str) -> tuple[Document, ...]:
    """Each document's text; its pages as pictures only once the candidate is revealed, since a picture shows names."""
    made = []
    for number, (document, name, text) in enumerate(found.documents):
        pages: tuple[Sheet, ...] = ()
        if purpose:
            src = f"{own}/documents/{document.id.hex()}/{{}}.png?purpose={purpose}".format
            marks = traced if number == _marked(found) else {}
            pages = lay_sheets(found.readings[number], marks, src, shown_in)
        verdict = document.verdict.value if document.verdict else "timeout"
        made.append(Document(name or "Resume", verdict, pages, text))
    return tuple(made)
