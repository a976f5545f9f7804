"""The worker's watch and the server's deadlines: once a night, not after a leapt clock; no body may trickle in."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from houses import SLOW, Live, ReaderDouble, living, on_record, put_on_record, settings_for
from starlette.types import Message, Receive, Scope, Send
from typer.testing import CliRunner

from intake.cli.commands import app
from intake.desk.health import is_ready
from intake.night import NightWatch, is_run_due, is_run_missed, open_worker
from intake.opening import open_installation
from intake.serving import ReceiveDeadline, _make_parts
from retention.worker import RunRefused
from storage.keystore import WrongDatabase
from storage.models import RetentionRun
from storage.queries import people

pytestmark = pytest.mark.enable_socket


def runs(live: Live) -> int:
    """How many runs are on record."""
    return int(on_record(live, lambda session: session.query(RetentionRun).count()))


def test_the_night_runs_once_and_finishes_what_the_keeper_made_ready(live: Live) -> None:
    """Due once a night; missed after the policy's hours; an end is purged in a later round."""
    watch = NightWatch(live.house, "test")
    assert is_run_due(live.house, live.clock.now)
    assert is_run_missed(live.house, live.clock.now)
    taken = put_on_record(live)
    watch.round()
    watch.round()
    assert runs(live) == 1
    assert not is_run_missed(live.house, live.clock.now)
    assert is_run_missed(live.house, live.clock.now + timedelta(days=4))
    from intake.access.actors import Visitor
    from intake.desk.rights import erase_now

    with live.house.database.writing() as session:
        erase_now(session, live.house, Visitor(taken.person.id, None))
    live.work()
    watch.round()
    assert on_record(live, lambda session: people.find_person(session, taken.person.id)) is None


def test_a_clock_that_leapt_ends_nobody(tmp_path: Path) -> None:
    """Far ahead of the last run with somebody due: a person has to look first."""
    with living(tmp_path) as live:
        watch = NightWatch(live.house, "test")
        watch.round()
        put_on_record(live)
        live.clock.advance(days=4000)
        with pytest.raises(RunRefused) as refused:
            watch.round()
        assert refused.value.code == "clock_jumped"
        assert on_record(live, people.count_people) == 1


@pytest.mark.parametrize("error", [None, RunRefused("too_many", "x"), LookupError()])
def test_the_watch_goes_on_whatever_a_round_met(tmp_path: Path, error: Exception | None) -> None:
    """A refused or failed round ends neither the thread nor the process; stopping ends it at once."""
    reached = threading.Event()

    class Watch(NightWatch):
        def round(self) -> None:
            reached.set()
            if error is not None:
                raise error

    with living(tmp_path) as live:
        watch = Watch(live.house, "test")
        watch.start()
        assert reached.wait(30)
        watch.stop()
        NightWatch(live.house, "never started").stop()
        assert len(_make_parts(live.house, threading.Event(), with_keeper=True, with_worker=True)) == 2
        assert _make_parts(live.house, threading.Event(), with_keeper=False, with_worker=False) == []


def test_a_worker_of_its_own_needs_no_key(tmp_path: Path) -> None:
    """It runs beside the keys' absence, by function and by command."""
    settings = settings_for(tmp_path)
    _, stack = open_installation(settings, is_serving=False)
    stack.close()
    settings.keys.rename(tmp_path / "away")
    with open_worker(settings.model_copy(update={"forget_list": str(tmp_path / "list.txt")})) as ground:
        NightWatch(ground, "apart").round()
        assert not is_run_due(ground, ground.clock())
    environment = {"VITAVAULT_FORGET_LIST": str(tmp_path / "list.txt")}
    done = CliRunner().invoke(app, ["worker", "--once", "--data", str(settings.data)], env=environment)
    assert done.exit_code == 0, done.output


def test_a_body_that_trickles_is_cut_off() -> None:
    """The application hears that the caller went away; what came in time is passed on, a whole body once."""
    heard: list[Message] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            heard.append(await receive())
            heard.append(await receive())

    async def ask(messages: list[Message], kind: str = "http") -> None:
        async def receive() -> Message:
            if messages:
                return messages.pop(0)
            await asyncio.sleep(60)
            raise LookupError

        async def send(message: Message) -> None:
            del message

        await ReceiveDeadline(application, 0.05)({"type": kind}, receive, send)

    asyncio.run(ask([{"type": "http.request", "body": b"a", "more_body": True}]))
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]
    heard.clear()
    asyncio.run(ask([{"type": "http.request", "body": b"a"}, {"type": "http.disconnect"}]))
    assert [message["type"] for message in heard] == ["http.request", "http.disconnect"]
    heard.clear()
    asyncio.run(ask([], "lifespan"))
    assert heard == []


def test_it_is_not_ready_without_its_database_or_once_halted(tmp_path: Path) -> None:
    """Each part says whether it answers, whatever it raises."""
    with living(tmp_path) as live:
        assert is_ready(live.house)["database"]
        live.house.standing.begin_check()
        assert not is_ready(live.house)["database"]
        assert live.client().get("/apply").status_code == 503
        live.house.standing.end_check()
        assert live.client().get("/apply").status_code == 200
        live.house.standing.halt("another database")
        live.house.standing.halt("a later reason")
        assert live.house.standing.reason == "another database"
        assert live.client().get("/apply").headers["Retry-After"] == "60"
        assert live.client().get("/healthz").status_code == 200
        (tmp_path / "data" / "vitavault.db").rename(tmp_path / "gone.db")
        (tmp_path / "data" / "vitavault.db").mkdir()
        live.house.database.close()
        assert not is_ready(live.house)["database"]
        (tmp_path / "data" / "vitavault.db").rmdir()
        (tmp_path / "gone.db").rename(tmp_path / "data" / "vitavault.db")


def test_reading_is_refused_while_every_place_is_taken() -> None:
    """The double behaves as the reader does: a place is given back."""
    reader = ReaderDouble(SLOW, places=1)
    with reader.reserve():
        assert not reader.try_reserve()
    assert reader.try_reserve()
    assert issubclass(WrongDatabase, Exception)
