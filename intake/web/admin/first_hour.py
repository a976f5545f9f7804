"""The administrators' first page: what is still to be seen to, and where."""

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from intake.access.actors import Actor
from intake.access.guards import check_form_token, house_of, staff
from intake.access.permissions import Permission
from intake.desk import first_policy, logo, setting_up
from intake.desk.first_policy import Particulars
from intake.desk.office import next_run_at
from intake.desk.refusals import Refusal
from intake.uploads import receive_upload
from intake.web.admin.views import FirstHourView
from intake.web.apply.routes import see_other
from intake.web.rendering import Pages
from intake.web.site import site_of
from intake.web.staff.frame import render_staff
from intake.web.views import FieldError, Option

router = APIRouter(prefix="/admin/first-hour")
Keeper = Annotated[Actor, Depends(staff(Permission.STAFF))]
Uploader = Annotated[Actor, Depends(staff(Permission.STAFF, by_upload=True))]
Line = Annotated[str, Form(max_length=400)]
ZONES = tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))))


@router.get("")
def get_first_hour(request: Request, actor: Keeper) -> Response:
    """What is still to be seen to."""
    return _first_hour(request, actor)


def _first_hour(request: Request, actor: Actor, given: Particulars | None = None, *errors: FieldError) -> Response:
    house = house_of(request)
    tasks, can_choose = setting_up.look_at_tasks(house, actor), first_policy.can_choose(house)
    chosen = given.profile if given else house.policy.id
    view = FirstHourView(
        csrf=actor.csrf,
        left=tasks.left,
        organisation=tasks.organisation.value,
        logo=tasks.logo.value,
        address=tasks.address.value,
        policy=tasks.policy.value,
        zone=tasks.zone.value,
        opening=tasks.opening.value,
        colleague=tasks.colleague.value,
        second_factor=tasks.second_factor.value,
        keys=tasks.keys.value,
        mail=tasks.mail.value,
        has_mail_server=tasks.has_mail_server,
        key_folder=str(house.settings.keys.resolve()),
        can_publish=Permission.OPENINGS in actor.permissions,
        zone_name=house.policy.timezone,
        now=house.now(),
        next_run_at=next_run_at(house),
        profiles=tuple(Option(name, name, name == chosen) for name in first_policy.list_profiles())
        if can_choose
        else (),
        zones=("UTC", *ZONES),
        given={name: getattr(given, name) if given else "" for name in Particulars.__slots__},
        errors=errors,
    )
    return render_staff(request, actor, "admin/first_hour.html", status=422 if errors else 200, view=view)


@router.post("/policy")
def post_policy(  # noqa: PLR0917 - the form has this many inputs
    request: Request,
    actor: Keeper,
    profile: Line = "",
    organisation: Line = "",
    address: Line = "",
    contact: Line = "",
    email: Line = "",
    zone: Line = "",
) -> Response:
    """Put the first policy into force, with the organisation's own particulars."""
    given = Particulars(profile, organisation, address, contact, email.strip(), zone.strip())
    wrong = first_policy.find_wrong(given)
    if wrong:
        return _first_hour(request, actor, given, *(FieldError(name, code) for name, code in wrong.items()))
    first_policy.choose_first_policy(house_of(request), given, actor)
    _renew_pages(request)
    return see_other("/admin/first-hour")


def _renew_pages(request: Request) -> None:
    request.app.state.pages = Pages(site_of(house_of(request)))


@router.post("/zone")
def post_zone(request: Request, actor: Keeper) -> Response:
    """Confirm the time zone."""
    setting_up.confirm_zone(house_of(request), actor)
    return see_other("/admin/first-hour")


@router.post("/logo")
async def post_logo(request: Request, actor: Uploader) -> Response:
    """Keep the logo that was sent; without a file none is kept from now on."""
    upload = await receive_upload(request, limit=logo.LARGEST)
    check_form_token(upload.text("csrf"), actor.csrf)
    try:
        await run_in_threadpool(logo.keep_logo, house_of(request), upload.data, actor)
    except Refusal as refusal:
        if refusal.code != "logo_refused":
            raise
        most = {"width": logo.WIDEST, "height": logo.HIGHEST, "kilobytes": logo.LARGEST // 1000}
        return await run_in_threadpool(_first_hour, request, actor, None, FieldError("logo", "logo_refused", most))
    await run_in_threadpool(_renew_pages, request)
    return see_other("/admin/first-hour")


@router.post("/keys")
def post_keys(request: Request, actor: Keeper) -> Response:
    """Confirm that a copy of the keys is kept elsewhere."""
    setting_up.confirm_key_copy(house_of(request), actor)
    return see_other("/admin/first-hour")


@router.post("/mail")
def post_mail(request: Request, actor: Keeper) -> Response:
    """Send a test message to oneself."""
    setting_up.send_test_mail(house_of(request), actor)
    return see_other("/admin/first-hour")
