"""Makes whole installations for tests of what people and programs meet: a folder of their own, a clock to set.

Plain functions and values. Requests go through the application as a server would pass them on; the keeper and the
night do their work when a test says so.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from intake.access.actors import STAFF_COOKIE, Actor, find_actor, open_staff_session
from intake.access.passwords import hash_password
from intake.access.permissions import Permission, spell_roles
from intake.app import create_app
from intake.desk import tokens
from intake.desk.notices import notice_in_force
from intake.desk.staff import make_staff
from intake.desk.submit import Prepared, Submission, Taken, store
from intake.installation import Installation
from intake.keeper.loop import do_work, open_index
from intake.night import night_of, run_now
from intake.opening import open_installation
from intake.settings import Settings, load_settings
from retention.worker import Figures, finish_endings
from storage.identifiers import new_id
from storage.models import Application, Role
from storage.profile import Profile, Reading, Verdict
from storage.vocabulary import Channel, Source

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BASE = "http://127.0.0.1"
PASSWORD = "purple kettle on the moon 7"
_PASSWORD_HASH = hash_password(PASSWORD)
_CSRF = re.compile(r'name="csrf" value="([^"]*)"')

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


class ReaderDouble:
    """A second reader: it takes the time it is told to take and says what it is told to say, without a sandbox."""

    def __init__(self, *readings: Reading, places: int = 4) -> None:
        self._readings = list(readings)
        self._places = places

    def try_reserve(self) -> bool:
        """Take a place; False when there is none."""
        if self._places == 0:
            return False
        self._places -= 1
        return True

    def release(self) -> None:
        """Give a place back."""
        self._places += 1

    @contextmanager
    def reserve(self) -> Iterator[None]:
        """Hold a place."""
        self.try_reserve()
        yield
        self.release()

    def read(self, data: bytes, timeout: float = 8.0) -> Reading:
        """The next reading; the last one again and again."""
        del data, timeout
        return self._readings.pop(0) if len(self._readings) > 1 else self._readings[0]

    def render(self, data: bytes, kind: str, page: int, width_px: int) -> bytes | None:
        """A picture of the first page; there is no other."""
        del data, kind, width_px
        return b"\x89PNG\r\n\x1a\n" if page == 1 else None


SLOW = Reading(Verdict.TIMEOUT, kind="text")


@dataclass(frozen=True, slots=True)
class Live:
    """An installation that serves, and ways to meet it."""

    house: Installation
    clock: SettableClock
    app: Any = field(repr=False)

    def client(self, *, follow: bool = True) -> TestClient:
        """A client without cookies yet."""
        return TestClient(self.app, base_url=BASE, follow_redirects=follow)

    def work(self) -> int:
        """Let the keeper do all that waits."""
        return do_work(self.house)

    def night(self) -> Figures:
        """One night, wholly: the run, the keeper's part, the worker's finish."""
        figures = run_now(self.house, "test", is_confirmed=True)
        self.work()
        finish_endings(night_of(self.house, "test"), figures)
        return figures

    def with_reader(self, reader: ReaderDouble) -> "Live":
        """The same installation with another reader."""
        house = replace(self.house, reader=reader)  # type: ignore[arg-type]
        return Live(house, self.clock, create_app(house))

    def with_settings(self, **changed: object) -> "Live":
        """The same installation under other settings."""
        house = replace(self.house, settings=self.house.settings.model_copy(update=changed))
        return Live(house, self.clock, create_app(house))


def settings_for(folder: Path, url: str = "", **given: object) -> Settings:
    """Settings of an installation under ``folder``; an empty ``url`` is the embedded database."""
    chosen: dict[str, object] = {
        "data": folder / "data",
        "keys": folder / "keys",
        "database_url": url,
        "uploads_per_hour": 1_000_000,
    }
    return load_settings(**(chosen | given))


@contextmanager
def living(folder: Path, url: str = "", *, clock: SettableClock | None = None, **given: object) -> Iterator[Live]:
    """An installation that serves until the block ends; opened again where there is one under ``folder``."""
    clock = clock or SettableClock()
    house, stack = open_installation(settings_for(folder, url, **given), clock=clock)
    with stack:
        open_index(house)
        yield Live(house, clock, create_app(house))


def facts(house: Installation, **other: object) -> dict[str, object]:
    """The JSON part of an upload by API."""
    said: dict[str, object] = {
        "opening": None,
        "source": "person",
        "channel": "api",
        "country": "DE",
        "notice_version": notice_in_force(house, "en").version,
        "purposes": ["pool"],
        "age_confirmed": True,
    }
    return said | other


def post_application(
    live: Live,
    content: bytes | str = RESUME,
    *,
    name: str = "resume.txt",
    headers: Mapping[str, str] | None = None,
    part: str | None = None,
    **other: object,
) -> Any:
    """Apply through the API; the whole answer. ``part`` is sent as it is where given."""
    said = part if part is not None else json.dumps(facts(live.house, **other))
    data = content.encode() if isinstance(content, str) else content
    files = {"file": (name, data), "application": (None, said, "application/json")}
    return live.client().post("/api/v1/applications", files=files, headers=dict(headers or {}))


def put_on_record(
    live: Live,
    profile: Profile = Profile(name="Jane Example", emails=("jane@example.org",)),  # noqa: B008 - frozen
    *,
    text: str = "",
    consents: tuple[str, ...] = ("pool",),
    **other: Any,
) -> Taken:
    """A person with an application, without a document being read."""
    house = live.house
    given: dict[str, Any] = {
        "data": b"resume",
        "file_name": "resume.txt",
        "opening": "",
        "source": Source.PERSON,
        "channel": Channel.FORM,
        "country": "DE",
        "language": "en",
        "notice": notice_in_force(house, "en"),
        "consents": consents,
    }
    submission = Submission(**(given | other))
    key, document_id = house.vault.new_key(), new_id()
    blob_id = house.blobs.write(house.vault.sealer.seal_object(key, "document_file", document_id, submission.data))
    reading = Reading(Verdict.OK, kind="text", profile=profile, text=text, pages=1)
    prepared = Prepared(submission, new_id(), document_id, key, blob_id, "text", bytes(32), reading, is_pending=False)
    with house.database.writing() as session:
        return store(session, house, prepared)


def on_record(live: Live, look: Callable[[Session], Any]) -> Any:
    """What a look into the database finds."""
    with live.house.database.reading() as session:
        return look(session)


def application_of(live: Live, taken: Taken) -> Application:
    """The application as it stands now."""
    found = on_record(live, lambda session: session.get(Application, taken.application.id))
    assert isinstance(found, Application)
    return found


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed-in member of staff: a client that sends the cookie, and the token that forms need."""

    client: TestClient
    actor: Actor
    email: str

    def get(self, path: str) -> Any:
        """Fetch a page."""
        return self.client.get(path)

    def post(self, path: str, **form: Any) -> Any:
        """Send a form with its token."""
        return self.client.post(path, data={"csrf": self.actor.csrf, **form})


def staff_of(live: Live, *roles: Role, name: str = "Ada Example", follow: bool = True) -> Signed:
    """A new member of staff with these roles, signed in."""
    house, email = live.house, f"{new_id().hex()}@example.org"
    with house.database.writing() as session:
        row = make_staff(
            session, house, name=name, email=email, roles=spell_roles(frozenset(roles)),
            password_hash=_PASSWORD_HASH, actor="test",
        )  # fmt: skip
        token = open_staff_session(session, house, row, house.now())
        actor = find_actor(session, house, token)
    assert actor is not None
    client = live.client(follow=follow)
    client.cookies.set(STAFF_COOKIE, token)
    return Signed(client, actor, email)


def token_of(live: Live, *scopes: Permission, lasts: timedelta = timedelta(days=90)) -> dict[str, str]:
    """Headers of a machine client with these scopes."""
    with live.house.database.writing() as session:
        token = tokens.create(session, live.house, label="test", scopes=frozenset(scopes), lasts=lasts, actor="test")
    return {"Authorization": f"Bearer {token}"}


def csrf_in(page: str) -> str:
    """The token against forged requests in a page's first form."""
    found = _CSRF.search(page)
    assert found, "no form on this page carries a token"
    return found[1]
