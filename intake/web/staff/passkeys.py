"""Passkeys: made and removed on one's own account, and signed in with. The only pages that need a script."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import STAFF_COOKIE, Actor
from intake.access.ceremonies import LONGEST, Party, party_of
from intake.access.guards import house_of, limit_to, open_to_all, staff
from intake.desk import passkeys
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.web.apply.routes import see_other
from intake.web.sessions import set_session
from intake.web.staff.account_views import PasskeyView
from intake.web.staff.frame import render_staff
from intake.web.staff.sign_in import safe_path, show_sign_in
from intake.web.views import FieldError

router = APIRouter()
FreshSelf = Annotated[Actor, Depends(staff(fresh=True))]
Answer = Annotated[str, Form(max_length=LONGEST)]
Ticket = Annotated[str, Form(max_length=300)]
SIGN_INS_PER_HOUR = 120


def find_party(request: Request) -> Party | None:
    """Who asks, as the browser names this address; None where no passkey can be bound to it."""
    return party_of(house_of(request), f"{request.url.scheme}://{request.url.netloc}")


def get_party(request: Request) -> Party:
    """The same. Raises :class:`Refusal` where no passkey can be bound to the address."""
    party = find_party(request)
    if party is None:
        raise Refusal("passkeys_need_a_name", 409, "Passkeys need a name instead of a number in the address.")
    return party


@router.get("/account/passkeys")
def get_new(request: Request, actor: FreshSelf) -> Response:
    """The form that makes a passkey."""
    return _new(request, actor)


def _new(request: Request, actor: Actor, *errors: FieldError) -> Response:
    party = find_party(request)
    view = PasskeyView(actor.csrf, errors=errors)
    if party is not None:
        asked = passkeys.offer_new(house_of(request), actor, party)
        view = PasskeyView(actor.csrf, asked.options, asked.ticket, errors)
    return render_staff(request, actor, "account/passkeys.html", status=422 if errors else 200, view=view)


@router.post("/account/passkeys")
def post_new(
    request: Request,
    actor: FreshSelf,
    ticket: Ticket = "",
    answer: Answer = "",
    name: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a new passkey."""
    try:
        passkeys.add_passkey(house_of(request), actor, get_party(request), ticket, answer, name)
    except Refusal as refusal:
        if refusal.code != "passkey_refused":
            raise
        return _new(request, actor, FieldError("name", "passkey_refused"))
    return see_other("/account?changed")


@router.post("/account/passkeys/{passkey}/remove")
def post_remove(request: Request, actor: FreshSelf, passkey: str) -> Response:
    """Remove a passkey."""
    passkeys.remove_passkey(house_of(request), actor, find_id(passkey) or b"")
    return see_other("/account?changed")


@router.post(
    "/sign-in/passkey",
    dependencies=[Depends(open_to_all), Depends(limit_to("passkey", lambda _: SIGN_INS_PER_HOUR))],
)
def post_sign_in(
    request: Request,
    ticket: Ticket = "",
    answer: Answer = "",
    next: Annotated[str, Form(max_length=200)] = "",  # noqa: A002 - the name that the address shows
) -> Response:
    """Open a session for whose passkey answers."""
    try:
        token = passkeys.sign_in_with_passkey(house_of(request), get_party(request), ticket, answer)
    except Refusal as refusal:
        if refusal.code != "sign_in_failed":
            raise
        return show_sign_in(request, next, FieldError("", "passkey_unknown"), status=401)
    response = see_other(safe_path(next) or "/staff")
    set_session(request, response, STAFF_COOKIE, token)
    return response
