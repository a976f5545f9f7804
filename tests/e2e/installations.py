"""Makes running installations for whole-product tests: a folder of their own, either database, a clock to set.

Plain functions and values only. Nothing here reaches around the product: people apply, staff sign in and the night
runs through the same functions that a running server uses.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from plain_browser import Page, PlainBrowser
from starlette.testclient import TestClient

from intake.app import create_app
from intake.desk.first_start import first_link
from intake.desk.notices import notice_in_force
from intake.installation import Installation
from intake.keeper.loop import do_work, open_index
from intake.night import night_of, run_now
from intake.opening import open_installation
from intake.settings import Settings, load_settings
from retention.worker import Figures, finish_endings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BASE = "http://127.0.0.1"
PASSWORD = "purple kettle on the moon 7"
STAFF_EMAIL = "ada@example.org"

RESUME = """\
Jane Example
jane@example.org
+1 202 555 0143
Berlin, Germany

Experience

Software Engineer, Acme GmbH
Jan 2019 - Present
Built quuxomatic pipelines in Python.

Education
BSc Computer Science, University of Example
2012 - 2016

Skills
Python, SQL, Docker
"""


class SettableClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.now

    def advance(self, **length: float) -> None:
        """Go on by a ``timedelta``'s worth."""
        self.now += timedelta(**length)

    def go_to(self, day: str, hour: int = 9) -> None:
        """Go on to an hour of a day, never back."""
        then = datetime.fromisoformat(day).replace(hour=hour, tzinfo=UTC)
        if then < self.now:
            raise ValueError("this clock never goes back")
        self.now = then


@dataclass(frozen=True, slots=True)
class Running:
    """An installation with its keeper's and worker's work done on demand, and clients to meet it with."""

    house: Installation
    clock: SettableClock
    app: Any = field(repr=False)

    def client(self) -> TestClient:
        """A client without cookies yet."""
        return TestClient(self.app, base_url=BASE)

    def browser(self) -> PlainBrowser:
        """A browser without JavaScript and without cookies yet."""
        return PlainBrowser(self.client())

    def work(self) -> int:
        """Let the keeper do all that waits."""
        return do_work(self.house)

    def night(self) -> Figures:
        """One night: the run, the keeper's part, the worker's finish, the keystore's rewrite."""
        figures = run_now(self.house, "test", is_confirmed=True)
        self.work()
        finish_endings(night_of(self.house, "test"), figures)
        self.work()
        return figures


def settings_for(folder: Path, url: str = "", **given: object) -> Settings:
    """Settings of an installation under ``folder``; an empty ``url`` is the embedded database."""
    chosen: dict[str, object] = {
        "data": folder / "data",
        "keys": folder / "keys",
        "database_url": url,
        "uploads_per_hour": 100_000,
    }
    return load_settings(**(chosen | given))


@contextmanager
def running(folder: Path, url: str = "", *, clock: SettableClock | None = None, **given: object) -> Iterator[Running]:
    """An installation that serves until the block ends; opened again where there is one under ``folder``."""
    clock = clock or SettableClock()
    house, stack = open_installation(settings_for(folder, url, **given), clock=clock)
    with stack:
        open_index(house)
        yield Running(house, clock, create_app(house))


def ready_staff(live: Running) -> PlainBrowser:
    """A browser in which the first administrator has just signed up by the first link."""
    return sign_up(live.browser(), f"/setup/{first_link(live.house)}")


def sign_up(browser: PlainBrowser, link: str) -> PlainBrowser:
    """Create the first administrator by the link that the server printed."""
    given = {"name": "Ada Example", "email": STAFF_EMAIL, "password": PASSWORD, "again": PASSWORD}
    page = browser.submit(browser.open(link), "/setup", given)
    assert page.path == "/admin/first-hour", page.text
    return browser


def sign_in(live: Running) -> PlainBrowser:
    """A browser in which the first administrator has signed in by password."""
    browser = live.browser()
    page = browser.submit(browser.open("/sign-in"), "/sign-in", {"email": STAFF_EMAIL, "password": PASSWORD})
    assert page.status == 200, page.text
    return browser


def application_facts(house: Installation, **other: object) -> dict[str, object]:
    """The JSON part of an upload by API."""
    facts: dict[str, object] = {
        "opening": None,
        "source": "person",
        "channel": "api",
        "country": "DE",
        "notice_version": notice_in_force(house, "en").version,
        "purposes": ["pool"],
        "age_confirmed": True,
    }
    return facts | other


def post_application(
    live: Running,
    content: bytes | str = RESUME,
    *,
    name: str = "resume.txt",
    key: str = "",
    headers: Mapping[str, str] | None = None,
    **facts: object,
) -> Any:
    """Apply through the API; the whole answer."""
    said = json.dumps(application_facts(live.house, **facts))
    data = content.encode() if isinstance(content, str) else content
    return live.client().post(
        "/api/v1/applications",
        files={"file": (name, data), "application": (None, said, "application/json")},
        headers={**(headers or {}), **({"Idempotency-Key": key} if key else {})},
    )


def apply_by_page(
    browser: PlainBrowser,
    content: bytes | str = RESUME,
    *,
    name: str = "resume.txt",
    path: str = "/apply/pool",
    country: str = "DE",
    details: Mapping[str, str] = MappingProxyType({}),
    **choices: str,
) -> Page:
    """Apply through the pages, without cookies and scripts; the confirmation."""
    data = content.encode() if isinstance(content, str) else content
    page = browser.submit(browser.open(path), path, {"country": country, **choices}, file=(name, data))
    assert page.path.endswith("/details"), page.text
    page = browser.submit(page, "/details", details, button=("next", "check"))
    assert page.path.endswith("/check"), page.text
    page = browser.submit(page, "/check")
    assert page.status == 200, page.text
    assert not browser.cookies, "applying set a cookie"
    return page


def open_own_page(browser: PlainBrowser, confirmation: Page) -> PlainBrowser:
    """The browser of a person who followed the link of their confirmation and pressed its button."""
    page = browser.submit(browser.open(confirmation.link_to("/link/")), "/link")
    assert page.path == "/me", page.text
    return browser


def find_candidates(browser: PlainBrowser, query: str) -> list[str]:
    """Addresses of the candidates that staff find, in order."""
    page = browser.submit(browser.open("/recruit"), "/recruit/search", {"query": query, "purpose": "recruitment"})
    assert page.status == 200, page.text
    return page.links_to("/recruit/candidates/")
