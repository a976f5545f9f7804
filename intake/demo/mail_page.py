"""The demo's mail, opened at ``/mail``: letters that wait sealed in the outbox, as their receivers would read them.

Exists in the demo only. No setting leads here: the router is handed to the application by the demo alone, and the page
refuses any installation whose settings are not a demo's.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from intake.access.guards import house_of, open_to_all
from intake.demo.throwaway import DemoSettings
from intake.desk.refusals import not_found
from intake.installation import Installation
from intake.keeper.mailing import open_message
from intake.web.rendering import render
from storage.queries.mails import find_latest

SHOWN = 100
_ADDRESS = re.compile(r"https?://\S+")

router = APIRouter(include_in_schema=False, dependencies=[Depends(open_to_all)])


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a letter's text; ``href`` where it is an address."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message in clear."""

    to: str
    subject: str
    at: datetime
    state: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class MailView:
    """The latest messages, newest first."""

    letters: tuple[Letter, ...]


@router.get("/mail")
def get_mail(request: Request) -> Response:
    """The latest messages of the demo."""
    house = house_of(request)
    if not isinstance(house.settings, DemoSettings):
        raise not_found()
    return render(request, "demo/mail.html", view=MailView(tuple(open_letters(house))))


def open_letters(house: Installation) -> list[Letter]:
    """The latest messages, opened; those whose receiver's key is gone cannot be and are left out."""
    letters = []
    with house.database.reading() as session:
        for mail in find_latest(session, SHOWN):
            message = open_message(session, house, mail)
            if message is not None:
                text = tuple(split_addresses(str(message.get_content())))
                letters.append(Letter(message["To"], message["Subject"], mail.created_at, mail.state.value, text))
    return letters


def split_addresses(text: str) -> list[Run]:
    """A letter's text as runs, addresses apart."""
    runs, end = [], 0
    for found in _ADDRESS.finditer(text):
        runs += [Run(text[end : found.start()]), Run(found.group(), found.group())]
        end = found.end()
    return [run for run in (*runs, Run(text[end:])) if run.text]
