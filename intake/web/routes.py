"""All pages, by audience."""

from fastapi import APIRouter

from intake.web import public
from intake.web.admin import first_hour, managers, members
from intake.web.admin import routes as admin
from intake.web.apply import routes as apply
from intake.web.ask import routes as ask
from intake.web.me import choices as me_choices
from intake.web.me import more as me_more
from intake.web.me import objections as me_objections
from intake.web.me import receipts as me_receipts
from intake.web.me import routes as me
from intake.web.privacy import clocks as privacy_clocks
from intake.web.privacy import enquiries as privacy_enquiries
from intake.web.privacy import policy as privacy_policy
from intake.web.privacy import promises as privacy_promises
from intake.web.privacy import reports as privacy_reports
from intake.web.privacy import routes as privacy
from intake.web.recruit import routes as recruit
from intake.web.staff import account, passkeys, training
from intake.web.staff import routes as staff


def make_web_router() -> APIRouter:
    """Every page's route."""
    router = APIRouter(include_in_schema=False)
    for pages in (
        public.router,
        apply.router,
        ask.router,
        me.public,
        me.router,
        me_more.router,
        me_choices.router,
        me_objections.public,
        me_objections.router,
        me_receipts.public,
        me_receipts.router,
        staff.router,
        recruit.router,
        privacy.router,
        privacy_policy.router,
        privacy_clocks.router,
        privacy_promises.router,
        privacy_enquiries.router,
        privacy_reports.router,
        admin.router,
        members.router,
        managers.router,
        first_hour.router,
        account.router,
        passkeys.router,
        training.router,
    ):
        router.include_router(pages)
    return router
