"""One's own account: where one is signed in, the second factor, the password, roles to give up."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import house_of, staff
from intake.access.passwords import LONGEST, SHORTEST
from intake.desk import own_account, own_data, second_factor
from intake.desk.refusals import Refusal
from intake.desk.row_ids import find_id
from intake.web.apply.routes import see_other
from intake.web.qr import draw_qr
from intake.web.staff.account_views import (
    AccountView,
    PasskeyRow,
    RecoveryCodesView,
    RoleRow,
    SecondFactorView,
    SessionRow,
)
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError

router = APIRouter(prefix="/account")
Self = Annotated[Actor, Depends(staff())]
FreshSelf = Annotated[Actor, Depends(staff(fresh=True))]
Code = Annotated[str, Form(max_length=64)]
_FAULTS = {
    "password_wrong": ("present", "password_wrong"),
    "password_too_short": ("password", "password_short"),
    "password_too_long": ("password", "too_long"),
    "password_too_common": ("password", "password_common"),
    "password_too_personal": ("password", "password_personal"),
    "last_administrator": ("", "last_administrator"),
    "role_needed": ("", "role_kept"),
    "code_refused": ("code", "code_wrong"),
    "name_needed": ("name", "name_missing"),
}


def _fault_of(refusal: Refusal) -> FieldError:
    if refusal.code not in _FAULTS:
        raise refusal
    field, code = _FAULTS[refusal.code]
    return FieldError(field, code, {"length": SHORTEST, "limit": LONGEST})


@router.get("")
def get_account(request: Request, actor: Self) -> Response:
    """One's own account."""
    return _account(request, actor, is_changed="changed" in request.query_params)


def _account(request: Request, actor: Actor, *errors: FieldError, is_changed: bool = False) -> Response:
    found, terms = own_account.look_at_own(house_of(request), actor), own_data.find_terms(house_of(request), actor)
    is_last = len(found.roles) == 1
    view = AccountView(
        name=found.name,
        email=found.email,
        csrf=actor.csrf,
        roles=tuple(RoleRow(r, "" if is_last else f"/account/roles/{r}/give-up") for r in found.roles),
        sessions=tuple(
            SessionRow(one.since, one.seen_at, "" if one.is_this else f"/account/sessions/{one.id.hex()}/end")
            for one in found.sessions
        ),
        has_second_factor=found.has_second_factor,
        codes_left=found.codes_left,
        passkeys=tuple(
            PasskeyRow(one.name, one.created_at, one.used_at, f"/account/passkeys/{one.id.hex()}/remove")
            for one in found.passkeys
        ),
        password_length=SHORTEST,
        is_changed=is_changed,
        kept_after_end=terms.kept_after_end,
        kept_reason=terms.reason,
        last_day=terms.last_day,
        trained_on=terms.trained_on,
        errors=errors,
    )
    return render_staff(request, actor, "account/home.html", status=422 if errors else 200, view=view)


@router.post("/sessions/{session}/end")
def post_end_session(request: Request, actor: Self, session: str) -> Response:
    """Sign out somewhere else."""
    own_account.end_own_session(house_of(request), actor, find_id(session) or b"")
    return see_other("/account")


@router.post("/sessions/end-others")
def post_end_others(request: Request, actor: Self) -> Response:
    """Sign out everywhere else."""
    own_account.end_own_others(house_of(request), actor)
    return see_other("/account")


@router.post("/password")
def post_password(
    request: Request,
    actor: Self,
    present: Annotated[str, Form(max_length=1000)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    again: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Change one's own password."""
    if password != again:
        return _account(request, actor, FieldError("again", "password_differs"))
    try:
        own_account.change_password(house_of(request), actor, present, password)
    except Refusal as refusal:
        return _account(request, actor, _fault_of(refusal))
    return see_other("/account?changed")


@router.get("/data.json")
def get_own_data(request: Request, actor: FreshSelf) -> Response:
    """Everything held about oneself, to take along."""
    found = json.dumps(own_data.export_own(house_of(request), actor), indent=1, ensure_ascii=False)
    headers = {"Content-Disposition": 'attachment; filename="account.json"'}
    return Response(found, media_type="application/json", headers=headers)


@router.post("/name")
def post_name(request: Request, actor: Self, name: Annotated[str, Form(max_length=300)] = "") -> Response:
    """Correct one's own name."""
    try:
        own_data.correct_name(house_of(request), actor, name)
    except Refusal as refusal:
        return _account(request, actor, _fault_of(refusal))
    return see_other("/account?changed")


@router.post("/roles/{role}/give-up")
def post_give_up(request: Request, actor: FreshSelf, role: str) -> Response:
    """Give up a role of one's own."""
    try:
        own_account.give_up_role(house_of(request), actor, role)
    except Refusal as refusal:
        return _account(request, actor, _fault_of(refusal))
    return see_other("/account?changed")


@router.get("/second-factor")
def get_second_factor(request: Request, actor: FreshSelf) -> Response:
    """The second factor: the secret to enrol, or what can be done where it is on."""
    return _second_factor(request, actor)


def _second_factor(request: Request, actor: Actor, *errors: FieldError) -> Response:
    house = house_of(request)
    status = 422 if errors else 200
    if own_account.look_at_own(house, actor).has_second_factor:
        view = SecondFactorView(actor.csrf, is_on=True, errors=errors)
        return render_staff(request, actor, "account/second_factor.html", status=status, view=view)
    offered = second_factor.offer(house, actor)
    parts = " ".join(offered.secret[start : start + 4] for start in range(0, len(offered.secret), 4))
    view = SecondFactorView(actor.csrf, is_on=False, secret=parts, qr=draw_qr(offered.address), errors=errors)
    return render_staff(request, actor, "account/second_factor.html", status=status, view=view)


@router.post("/second-factor")
def post_second_factor(request: Request, actor: FreshSelf, code: Code = "") -> Response:
    """Turn the second factor on."""
    try:
        codes = second_factor.enrol(house_of(request), actor, code)
    except Refusal as refusal:
        return _second_factor(request, actor, _fault_of(refusal))
    return render_staff(request, actor, "account/codes.html", view=RecoveryCodesView(codes))


@router.post("/second-factor/codes")
def post_codes(request: Request, actor: FreshSelf, code: Code = "") -> Response:
    """Draw fresh recovery codes."""
    try:
        codes = second_factor.renew_codes(house_of(request), actor, code)
    except Refusal as refusal:
        return _second_factor(request, actor, _fault_of(refusal))
    return render_staff(request, actor, "account/codes.html", view=RecoveryCodesView(codes))


@router.post("/second-factor/off")
def post_off(request: Request, actor: FreshSelf, code: Code = "") -> Response:
    """Turn the second factor off."""
    try:
        second_factor.turn_off(house_of(request), actor, code)
    except Refusal as refusal:
        return _second_factor(request, actor, _fault_of(refusal))
    return see_other("/account?changed")
