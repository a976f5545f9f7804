"""Ask a question: a form that says what is needed and when the question ends. Works without cookies and scripts."""

from dataclasses import dataclass
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from intake.access.guards import house_of, limit_to, open_to_all
from intake.desk.enquiries import ask
from intake.installation import Installation
from intake.web.apply.pages import language_of
from intake.web.rendering import render
from intake.web.views import FieldError
from retention.policy.policy import Kept
from retention.policy.wording import say_length

router = APIRouter(dependencies=[Depends(open_to_all)])
LONGEST = 4000
PER_HOUR = 10


@dataclass(frozen=True, slots=True)
class AskView:
    """The form. Inputs: name, email, question. ``kept_for`` says how long it is kept after the answer, in words.

    ``reference`` is set once the question was taken.
    """

    action: str
    kept_for: str
    reference: str = ""
    name: str = ""
    email: str = ""
    question: str = ""
    errors: tuple[FieldError, ...] = ()


@router.get("/ask")
def get_ask(request: Request) -> Response:
    """The form."""
    return render(request, "ask.html", view=AskView("/ask", _kept_for(request)))


def _kept_for(request: Request) -> str:
    kept = house_of(request).policy.find_kept_apart(Kept.ENQUIRY)
    return say_length(kept.length, language_of(request), lambda message: message) if kept else ""


@router.post("/ask", dependencies=[Depends(limit_to("enquiry", lambda _house: PER_HOUR))])
def post_ask(
    request: Request,
    name: Annotated[str, Form(max_length=200)] = "",
    email: Annotated[str, Form(max_length=320)] = "",
    question: Annotated[str, Form(max_length=2 * LONGEST)] = "",
) -> Response:
    """Take a question in."""
    house, language = house_of(request), language_of(request)
    errors = tuple(_faults(email.strip(), question.strip()))
    if errors:
        view = AskView("/ask", _kept_for(request), name=name, email=email, question=question, errors=errors)
        return render(request, "ask.html", status=422, view=view)
    reference = _take(house, name, email, question, language)
    return render(request, "ask.html", view=AskView("/ask", _kept_for(request), reference))


def _take(house: Installation, name: str, email: str, question: str, language: str) -> str:
    plain = " ".join(name.replace("\0", "").split())
    return ask(house, name=plain, email=email.strip(), text=question.replace("\0", "").strip(), language=language)


def _faults(email: str, question: str) -> list[FieldError]:
    found = []
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        found.append(FieldError("email", "email_malformed" if email else "email_missing"))
    if not question:
        found.append(FieldError("question", "question_missing"))
    if len(question) > LONGEST:
        found.append(FieldError("question", "too_long", {"limit": LONGEST}))
    return found
