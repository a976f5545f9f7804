"""Too much, too slow, too large, broken: each is answered as it should be, and nothing that was sent is echoed."""

import json
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from installations import RESUME, Running, application_facts, post_application, running
from server_process import Server, serving, wait_for
from sqlalchemy import create_engine, event, make_url, text

pytestmark = pytest.mark.enable_socket

CANARY = "zqwyxkorbel"
LIMIT_SECONDS = 6
ROUTES = ("/apply/pool", "/api/v1/applications")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server that takes two uploads at once, of one megabyte, within a few seconds."""
    limits = {"reading_queue": "2", "receive_seconds": str(LIMIT_SECONDS), "upload_limit_mb": "1"}
    with serving(tmp_path_factory.mktemp("busy"), **limits) as started:
        yield started


class Line:
    """A bare connection, to send less than a client would, or other things."""

    def __init__(self, server: Server) -> None:
        place = urlsplit(server.address)
        self._socket = socket.create_connection((place.hostname, place.port), timeout=30)

    def send(self, path: str, *, length: int, body: bytes = b"") -> None:
        """The head of an upload that promises ``length`` bytes, and as much of its body as given."""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
            f"Content-Length: {length}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + body)

    def send_without_length(self, path: str, size: int) -> None:
        """A file of at least ``size`` bytes in chunks, whose end never comes."""
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        part = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        self._socket.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n{len(part):x}\r\n{part}\r\n".encode())
        chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
        for _ in range(-(-size // 0x10000)):
            self._socket.sendall(chunk)

    def answer(self) -> bytes:
        """What the server says until it closes or has nothing more to say."""
        said = b""
        try:
            while chunk := self._socket.recv(65536):
                said += chunk
                if b"\r\n\r\n" in said:
                    return said
        except (ConnectionResetError, TimeoutError):
            pass
        return said

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


@pytest.fixture
def connect(server: Server) -> Iterator[Callable[[], Line]]:
    """Makes bare connections that end with the test."""
    lines: list[Line] = []

    def one() -> Line:
        lines.append(Line(server))
        return lines[-1]

    yield one
    for line in lines:
        line.close()


def status_of(said: bytes) -> int:
    """The status of an answer; 0 where the connection just ended."""
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/") else 0


def has_a_free_place(line: Line, path: str) -> bool:
    """Whether a short, whole and useless upload is looked at rather than turned away."""
    line.send(path, length=5, body=b"--x--")
    return status_of(line.answer()) != 503


@pytest.mark.parametrize("path", ROUTES)
def test_uploads_beyond_the_queue_are_turned_away_until_slow_ones_are_cut_off(
    path: str, connect: Callable[[], Line]
) -> None:
    """With every place taken by bodies that trickle, the answer comes after the head alone and says when to come
    again; at the deadline the slow ones lose their places (CWE-400)."""
    slow: list[Line] = []

    def all_places_are_taken() -> bool:
        # A probe can itself hold the place that a slow one asks for: another slow one follows each probe that got in.
        slow.append(connect())
        slow[-1].send(path, length=1000, body=b"--x\r\nContent-Disposition: form-data; name=")
        return not has_a_free_place(connect(), path)

    wait_for("both places to be taken", all_places_are_taken)
    third = connect()
    third.send(path, length=900_000)
    said = third.answer()
    assert status_of(said) == 503
    assert b"retry-after: " in said.lower()
    ends = [status_of(line.answer()) for line in slow]
    assert set(ends) <= {400, 503, 0}
    assert sum(end != 503 for end in ends) >= 2
    assert has_a_free_place(connect(), path)


@pytest.mark.parametrize("path", ROUTES)
def test_a_body_over_the_cap_is_refused_by_its_length_alone(path: str, connect: Callable[[], Line]) -> None:
    """What says that it is too large is not read."""
    line = connect()
    line.send(path, length=500_000_000)
    assert status_of(line.answer()) == 413


@pytest.mark.parametrize("path", ROUTES)
def test_a_body_of_no_stated_length_is_cut_at_the_cap(path: str, connect: Callable[[], Line]) -> None:
    """What does not say its length is read up to the cap and not further."""
    line = connect()
    line.send_without_length(path, 2_000_000)
    assert status_of(line.answer()) == 413


@pytest.mark.parametrize("megabytes", [1.000_001, 1.4])
def test_a_file_over_the_cap_is_refused_with_its_code(megabytes: float, server: Server) -> None:
    """A file that is a byte too large is told so, by page and by call."""
    client, content = server.client(), b"a" * int(megabytes * 1_000_000)
    page = client.post("/apply/pool", files={"file": ("a.txt", content)}, data={"country": "DE"})
    said = json.dumps({"source": "person", "channel": "api", "country": "DE", "notice_version": "1"})
    call = client.post("/api/v1/applications", files={"file": ("a", content), "application": (None, said)})
    assert (page.status_code, call.status_code) == (422, 413) or call.json()["code"] == "notice_changed"


def multipart(name: str, value: str) -> bytes:
    """One part of a form."""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


FILE = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{CANARY}.txt"\r\n\r\n{CANARY}\r\n'.encode()
BROKEN = {
    "nothing": b"",
    "no boundary": CANARY.encode(),
    "no end": FILE,
    "no name": f"--x\r\nContent-Disposition: form-data; {CANARY}\r\n\r\n{CANARY}\r\n--x--".encode(),
    "broken head": f"--x\r\n{CANARY}\r\n\r\n--x--".encode(),
    "two files": FILE + FILE + b"--x--",
    "many fields": b"".join(multipart(f"{CANARY}{n}", CANARY) for n in range(400)) + b"--x--",
    "a huge field": multipart("country", CANARY * 40_000) + b"--x--",
    "not json": FILE + multipart("application", f"{{{CANARY}") + b"--x--",
    "wrong json": FILE + multipart("application", json.dumps({"source": CANARY, CANARY: [CANARY]})) + b"--x--",
    "wrong text": FILE + b'--x\r\nContent-Disposition: form-data; name="country"\r\n\r\n\xff\xfe\r\n--x--',
}


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_form_is_refused_and_nothing_of_it_is_echoed(path: str, how: str, server: Server) -> None:
    """Whatever is sent, the answer is a refusal that repeats none of it, in body and head."""
    head = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = server.client().post(path, content=BROKEN[how], headers=head)
    assert answer.status_code in (400, 413, 415, 422)
    if path.startswith("/api"):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert CANARY not in answer.text
    assert CANARY not in str(answer.headers)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/api/v1/applications/{CANARY}"),
        ("GET", f"/api/v1/{CANARY}"),
        ("GET", f"/apply/{CANARY}"),
        ("GET", f"/link/{CANARY}/{CANARY}"),
        ("GET", f"/setup/{CANARY}"),
        ("GET", f"/apply/draft/{CANARY}/details"),
        ("POST", f"/api/v1/candidates/search?{CANARY}={CANARY}"),
        ("DELETE", f"/api/v1/applications/{CANARY}"),
        ("GET", f"/recruit/candidates/{CANARY}?back={CANARY}"),
    ],
)
def test_no_refusal_repeats_the_address(method: str, path: str, server: Server) -> None:
    """An unknown address, token or id is not written back."""
    answer = server.client().request(method, path, json={"query": CANARY} if method == "POST" else None)
    assert answer.status_code >= 400 or answer.url.path == "/sign-in"
    own_address = path.partition("?")[0]  # pages link to themselves in other languages
    assert CANARY not in answer.text.replace(own_address, "")


def lock_sqlite(live: Running) -> sqlite3.Connection:
    """Hold the embedded database as another program could, and make the product lose patience soon."""
    engine = live.house.database.engine
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=200"))
    engine.dispose()
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


def close_postgres(url: str, *, is_open: bool) -> None:
    """Let nobody in, and put out who is in; or let everybody in again."""
    name = make_url(url).database
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {is_open}'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"), {"n": name}
        )
    engine.dispose()


def test_a_locked_database_is_told_as_busy_and_nothing_is_half_taken(tmp_path: Path) -> None:
    """Somebody else holds SQLite: 503 with Retry-After by call and by page, and the same call goes through later."""
    with running(tmp_path) as live:
        facts = application_facts(live.house)
        other = lock_sqlite(live)
        refused = post_application(live, key="call-1", notice_version=facts["notice_version"])
        page = live.client().get("/apply")
        assert refused.status_code == 503
        assert (refused.json()["code"], refused.headers["Retry-After"]) == ("unavailable", "5")
        assert page.status_code in (200, 503)
        other.rollback()
        other.close()
        assert post_application(live, key="call-1").status_code == 201


def test_a_database_that_went_away_is_told_as_busy(tmp_path: Path, empty_postgres_url: str) -> None:
    """PostgreSQL refuses everybody for a while: 503, not ready, and all is well when it is back."""
    with running(tmp_path, empty_postgres_url) as live:
        close_postgres(empty_postgres_url, is_open=False)
        try:
            # The notice in force was asked for before: the call itself needs the database first.
            answer = live.client().post("/api/v1/applications", files={"file": ("a.txt", RESUME)})
            ready = live.client().get("/readyz")
        finally:
            close_postgres(empty_postgres_url, is_open=True)
        assert (answer.status_code, ready.status_code) == (503, 503)
        assert answer.headers["Retry-After"] == "5"
        assert post_application(live).status_code == 201
