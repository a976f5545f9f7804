"""The sign-in page itself: password, code, or passkey."""

from fastapi import Request
from starlette.responses import Response

from intake.access.ceremonies import ask_for_known, party_of
from intake.access.guards import house_of
from intake.web.recruit.views import SignInView
from intake.web.rendering import render
from intake.web.views import FieldError


def show_sign_in(
    request: Request, next_path: str, *errors: FieldError, email: str = "", half: str = "", status: int = 200
) -> Response:
    """The page. With ``half``, which proves a right password, only the code is asked."""
    house = house_of(request)
    party = party_of(house, f"{request.url.scheme}://{request.url.netloc}")
    asked = ask_for_known(house, party) if party and not half else None
    view = SignInView(
        "/sign-in",
        "",
        email=email,
        next=safe_path(next_path),
        code_asked=bool(half),
        half=half,
        passkey_options=asked.options if asked else "",
        passkey_ticket=asked.ticket if asked else "",
        errors=errors,
    )
    return render(request, "recruit/sign_in.html", status=status, view=view)


def safe_path(path: str) -> str:
    """A path of this site, or nothing: never an address elsewhere (CWE-601)."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() and "\\" not in path
    return path if is_own else ""
