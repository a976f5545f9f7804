"""Which page answers which refusal."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from intake.desk.refusals import Refusal
from intake.web.faults import FAULTS, find_fault_code, render_fault

SIGN_IN = "/sign-in"
SENT = "/apply/sent/"
"""Where the confirmation of a sent application lies, under the token that named its draft."""

_CODES = {
    "csrf": "form_expired",
    "link_expired": "link_expired",
    "link_needed": "link_needed",
    "address_not_proved": "address_not_proved",
    "notice_changed": "notice_changed",
    "opening_closed": "opening_closed",
    "too_many_applications": "limit_reached",
    "too_many_documents": "limit_reached",
    "restricted": "locked",
    "draft_expired": "draft_expired",
    "file_too_large": "too_large",
    "document_gone": "gone",
}


def error_page(request: Request, refusal: Refusal) -> Response:
    """The page for a refusal; who is not signed in is led to the sign-in, who sent a draft to its confirmation."""
    if refusal.code in ("sign_in_needed", "sign_in_again") and request.method in ("GET", "HEAD"):
        return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path)}", 303)
    if refusal.code == "draft_sent":
        return RedirectResponse(f"{SENT}{request.path_params['token']}", 303)
    code = _CODES.get(refusal.code) or find_fault_code(403 if refusal.status == 401 else refusal.status)
    return render_fault(request, code if code in FAULTS else "internal", retry_after=refusal.retry_after)
