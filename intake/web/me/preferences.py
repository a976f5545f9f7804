"""Communication preferences on one page, reached from every message by a link of its own: nobody signs in to say no."""

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from intake.access.guards import house_of, limit_to, open_to_all
from intake.desk import contact_ways
from intake.web.apply.pages import language_of
from intake.web.me.views import PreferencesView, Ways
from intake.web.rendering import render

public = APIRouter(dependencies=[Depends(open_to_all)])


@public.get("/me/preferences/{token}")
def get_preferences(request: Request, token: str) -> Response:
    """Each purpose by each way, as the person last chose. Shows nothing else of theirs."""
    return _show(request, token, saved=False)


def _show(request: Request, token: str, *, saved: bool) -> Response:
    house, language = house_of(request), language_of(request)
    with house.database.reading() as session:
        person = contact_ways.find_by_preferences(session, house, token)
        wishes = contact_ways.wishes_of(session, house, person)
    by_purpose: dict[str, list[tuple[str, str, bool]]] = {}
    for wish in wishes:
        row = (f"{wish.purpose}-{wish.way.value}", wish.way.value, wish.is_wanted)
        by_purpose.setdefault(wish.purpose, []).append(row)
    titles = {p.id: p.title.say(language) for p in house.policy.purposes}
    purposes = tuple(Ways(titles[purpose], tuple(ways)) for purpose, ways in by_purpose.items())
    return render(request, "me/preferences.html", view=PreferencesView(request.url.path, purposes, saved))


@public.post("/me/preferences/{token}", dependencies=[Depends(limit_to("preferences", lambda _house: 60))])
async def post_preferences(request: Request, token: str) -> Response:
    """Keep what was chosen. A mail program's own button (RFC 8058) and ``none`` switch everything off."""
    form = await request.form(max_files=0, max_fields=200)
    return await run_in_threadpool(_save, request, token, form)


def _save(request: Request, token: str, form: FormData) -> Response:
    house = house_of(request)
    is_nothing = bool(form.get("none")) or form.get("List-Unsubscribe") == "One-Click"
    with house.database.writing() as session:
        person = contact_ways.find_by_preferences(session, house, token)
        wanted = {
            (wish.purpose, wish.way.value): bool(form.get(f"{wish.purpose}-{wish.way.value}")) and not is_nothing
            for wish in contact_ways.wishes_of(session, house, person)
        }
        contact_ways.set_wishes(session, house, person, wanted, language_of(request))
    return _show(request, token, saved=True)
