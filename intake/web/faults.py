"""What a page says when a request cannot be answered: what happened, what was kept, what to do.

Never repeats what was sent, and never tells more than the status does: a record that is forbidden, gone or erased may
look the same, as the route decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from intake.catalogues import N_
from intake.web.rendering import render


@dataclass(frozen=True, slots=True)
class Fault:
    """One page's sentences, English, for the catalogues."""

    status: int
    title: str
    happened: str
    kept: str
    advice: str


_NOTHING_CHANGED = N_("Nothing was changed. What you had sent before is as it was.")

FAULTS: Mapping[str, Fault] = {
    "bad_request": Fault(
        400,
        N_("We could not understand that"),
        N_("What arrived was incomplete or not in a form that this page takes."),
        _NOTHING_CHANGED,
        N_("Go back, load the page again and repeat the last step."),
    ),
    "form_expired": Fault(
        400,
        N_("This form was open for too long"),
        N_("For your safety a form can be sent only for a while after it was opened."),
        _NOTHING_CHANGED,
        N_("Go back, load the page again and send the form once more."),
    ),
    "link_needed": Fault(
        401,
        N_("Open your link first"),
        N_("This page shows one person’s data, so it opens only from a link of theirs, for two hours each time."),
        N_("Your data is as it was."),
        N_("Open the link that we sent you, or ask for a new one under “See or erase my data” below."),
    ),
    "forbidden": Fault(
        403,
        N_("This is not open to you"),
        N_("You are not signed in, or your role does not reach this page."),
        _NOTHING_CHANGED,
        N_("Sign in, or ask an administrator for the role that you need."),
    ),
    "address_not_proved": Fault(
        403,
        N_("Open the link from your mail first"),
        N_("The link that you came by opens one application. This step concerns more than that one."),
        _NOTHING_CHANGED,
        N_("Open the link in the message that we sent you, or ask for a new one under “See or erase my data” below."),
    ),
    "not_found": Fault(
        404,
        N_("There is nothing here"),
        N_("The address is wrong, or what was here has ended."),
        _NOTHING_CHANGED,
        N_("Check the address. Open positions and your own data can be reached from the foot of this page."),
    ),
    "method_not_allowed": Fault(
        405,
        N_("That cannot be done here"),
        N_("The address exists, but it does not take this kind of request."),
        _NOTHING_CHANGED,
        N_("Go back and use the button on the page."),
    ),
    "conflict": Fault(
        409,
        N_("That no longer fits"),
        N_("Something changed after you opened the page, so that the step can no longer be taken as it stood there."),
        _NOTHING_CHANGED,
        N_("Go back, load the page again and look at what stands there now."),
    ),
    "notice_changed": Fault(
        409,
        N_("The privacy notice has changed"),
        N_("Since you opened the form, a new version of the notice took effect. You should read it before you decide."),
        N_("Nothing was sent. What you had saved before is still there."),
        N_("Read the notice from the foot of this page, then go back, load the form again and send it."),
    ),
    "opening_closed": Fault(
        409,
        N_("This position is closed"),
        N_("It stopped taking applications after you opened the page."),
        N_("The file that you just chose was not kept. Applications that you sent before are as they were."),
        N_("Look at the open positions, or send your resume for positions to come, from the foot of this page."),
    ),
    "limit_reached": Fault(
        409,
        N_("You have as many here as one person may have"),
        N_("A record holds a set number of applications and of documents. It is full."),
        N_("What you just sent was not kept. Everything that you had sent before is as it was."),
        N_("Withdraw an application or replace a resume on the page with your data, then try again."),
    ),
    "locked": Fault(
        409,
        N_("Your data is locked"),
        N_("It is only kept, because you asked for that or because a law demands it. Nothing can be added to it."),
        N_("What you just sent was not kept. What is locked stays as it was until the day that your page names."),
        N_("To apply again, start from the list of open positions: that makes a new record."),
    ),
    "gone": Fault(
        410,
        N_("This has ended"),
        N_("What was here was closed or has been erased, as was promised."),
        N_("Nothing of it can be opened here any more."),
        N_("Open positions and your own data can be reached from the foot of this page."),
    ),
    "link_expired": Fault(
        410,
        N_("This link no longer works"),
        N_("Links work once and for a short time; a newer link ends an older one."),
        N_("Your data is as it was. Nobody has opened it with this link now."),
        N_("Ask for a new link under “See or erase my data” at the foot of this page."),
    ),
    "draft_expired": Fault(
        410,
        N_("This application was not finished in time"),
        N_("Applications that are begun and not sent are erased after a short while."),
        N_("Nothing was kept: neither the file nor what you typed."),
        N_("Start again from the list of open positions. It takes a few minutes."),
    ),
    "too_large": Fault(
        413,
        N_("The file is too large"),
        N_("What was sent is larger than this site takes in."),
        N_("The file was not kept. Answers that you had saved before are still there."),
        N_("Go back and choose a smaller file. Saving a document as PDF without pictures usually helps."),
    ),
    "unsupported_type": Fault(
        415,
        N_("We cannot take this kind of file"),
        N_("The file’s content is not one of the types that the page lists, whatever its name says."),
        N_("The file was not kept. Answers that you had saved before are still there."),
        N_("Go back and choose a file of a type that the page lists, such as PDF."),
    ),
    "unprocessable": Fault(
        422,
        N_("Something in the form does not fit"),
        N_("One of the answers is missing or not in a form that can be used."),
        _NOTHING_CHANGED,
        N_("Go back and check your answers."),
    ),
    "too_many_requests": Fault(
        429,
        N_("Too many tries in a short time"),
        N_("To protect everybody’s data, this site limits how often it can be asked from one place."),
        _NOTHING_CHANGED,
        N_("Wait a little, then try again. You do not lose your place."),
    ),
    "internal": Fault(
        500,
        N_("Something went wrong on our side"),
        N_("The fault is ours. It was recorded without any of your data."),
        N_("What was confirmed to you before is safe. The last step may not have been saved."),
        N_("Go back and try the last step again. If it fails again, write to us."),
    ),
    "unavailable": Fault(
        503,
        N_("We are busy at the moment"),
        N_("More is being done here than fits, or the site is being looked after."),
        N_("What was confirmed to you before is safe. What you just sent was not taken in."),
        N_("Wait a little, then send it again."),
    ),
    "no_room": Fault(
        507,
        N_("There is no room at the moment"),
        N_("The disk of this site is full. What room is left is kept for erasing what is to be erased."),
        N_("What was confirmed to you before is safe. What you just sent was not taken in."),
        N_("Try again later; whoever runs this site has been told. Erasing your data works meanwhile."),
    ),
}

_BY_STATUS = {fault.status: code for code, fault in reversed(list(FAULTS.items()))}


def find_fault_code(status: int) -> str:
    """The page for a bare HTTP status; one without a page of its own is told as a bad request or an internal fault."""
    return _BY_STATUS.get(status, "internal" if status >= 500 else "bad_request")


def render_fault(
    request: Request, code: str, *, retry_after: int = 0, back_href: str = "", headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """The page for ``code`` (a key of :data:`FAULTS`). ``retry_after`` in seconds is shown and sent as a header."""
    fault = FAULTS[code]
    extra = {"Retry-After": str(retry_after)} if retry_after else {}
    return render(
        request,
        "error.html",
        status=fault.status,
        headers={**(headers or {}), **extra},
        fault=fault,
        retry_after=retry_after,
        back_href=back_href,
    )
