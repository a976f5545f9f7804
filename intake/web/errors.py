"""Which page answers which refusal."""

from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from intake.desk.refusals import Refusal
from intake.web.faults import FAULTS, find_fault_code, render_fault

SIGN_IN = "/sign-in"

_CODES = {
    "csrf": "form_expired",
    "link_expired": "link_expired",
    "link_needed": "link_expired",
    "draft_expired": "draft_expired",
    "file_too_large": "too_large",
    "document_gone": "gone",
}


def error_page(request: Request, refusal: Refusal) -> Response:
    """The page for a refusal; who is not signed in is led to the sign-in."""
    if refusal.code in ("sign_in_needed", "sign_in_again") and request.method in ("GET", "HEAD"):
        return RedirectResponse(f"{SIGN_IN}?next={quote(request.url.path)}", 303)
    code = _CODES.get(refusal.code) or find_fault_code(403 if refusal.status == 401 else refusal.status)
    return render_fault(request, code if code in FAULTS else "internal", retry_after=refusal.retry_after)
