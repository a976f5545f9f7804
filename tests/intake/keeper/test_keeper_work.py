"""The keeper's work: coarse facts, reading again, the rewrite's refusal, and mail handed to a real server."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from houses import SLOW, Live, ReaderDouble, living, on_record, post_application, put_on_record

from intake.desk.letters import one_line, post_letter
from intake.desk.profiles import correct_profile
from intake.keeper import loop, mailing, record, rewriting
from intake.keeper.forgetting import coarse_forms
from intake.night import REWRITE_TOPIC
from storage import leases, outbox
from storage.keystore import WrongDatabase
from storage.models import Mail, MailState, PersonState
from storage.profile import PROFILE_FIELDS, Coarse, Education, Profile, Reading, Verdict, Work
from storage.queries import people
from storage.vocabulary import Source


class Inbox:
    """What a mail server of our own took in, and how it answers."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.messages: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep a message, or refuse it."""
        del server, session
        if self.answer.startswith("250"):
            self.messages.append((envelope.rcpt_tos, envelope.original_content))
        return self.answer


@contextmanager
def mail_server(inbox: Inbox) -> Iterator[dict[str, object]]:
    """A mail server on the loopback, and the settings that lead to it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "mail_from": "jobs@example.org"}
    finally:
        server.stop()


def write_to(live: Live, to: str = "jane@example.org", subject: str = "Hello") -> tuple[Any, bytes]:
    """A person and the id of a message that waits for them."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        person = people.find_person(session, taken.person.id)
        mail = post_letter(session, live.house, person, template="t", to=to, subject=subject, text="Grüße\n")
    return taken, mail.id


def mail_of(live: Live, mail_id: bytes) -> Mail:
    """The message's row."""
    found = on_record(live, lambda session: session.get(Mail, mail_id))
    assert isinstance(found, Mail)
    return found


@pytest.fixture(autouse=True)
def no_mail_waits(live: Live) -> Iterator[None]:
    """Each test sends its own messages only."""
    yield
    with live.house.database.writing() as session:
        session.query(Mail).delete()


def test_a_message_is_sent_once_and_nothing_of_it_becomes_a_header(live: Live) -> None:
    """A line break in a subject stays in the subject; the message goes to its address alone, once."""
    inbox = Inbox()
    with mail_server(inbox) as settings:
        sending = live.with_settings(**settings)
        _, mail_id = write_to(live, subject="Hello\r\nBcc: everybody@example.org")
        assert mailing.send_waiting(sending.house) == 1
        assert mailing.send_waiting(sending.house) == 0
    ((recipients, content),) = inbox.messages
    assert recipients == ["jane@example.org"]
    assert b"\nBcc:" not in content
    assert b"Subject: Hello Bcc: everybody@example.org" in content
    assert b"Auto-Submitted: auto-generated" in content
    assert (mail_of(live, mail_id).state, mail_of(live, mail_id).sent_at) == (MailState.SENT, live.clock.now)


def test_a_refused_message_is_tried_again_later_and_in_the_end_given_up(live: Live) -> None:
    """Each try waits longer; after the tenth the message is dead."""
    with mail_server(Inbox("451 not now")) as settings:
        house = live.with_settings(**settings).house
        _, mail_id = write_to(live)
        waits = []
        for _ in range(mailing.MOST_ATTEMPTS):
            assert mailing.send_waiting(house) == 0
            waits.append((mail_of(live, mail_id).not_before - live.clock.now).total_seconds())
            assert mailing.send_waiting(house) == 0, "not before its time"
            live.clock.advance(seconds=waits[-1])
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert mail_of(live, mail_id).state is MailState.DEAD


def test_an_unreachable_server_loses_nothing(live: Live) -> None:
    """Nobody listens: the message waits on."""
    house = live.with_settings(smtp_host="127.0.0.1", smtp_port=1, smtp_tls="none").house
    _, mail_id = write_to(live)
    assert mailing.send_waiting(house) == 0
    assert mail_of(live, mail_id).state is MailState.WAITING


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_server_without_the_protection_asked_for_gets_nothing(live: Live, tls: str) -> None:
    """No message goes out in clear where the settings ask for TLS."""
    inbox = Inbox()
    with mail_server(inbox) as settings:
        house = live.with_settings(**(settings | {"smtp_tls": tls})).house
        _, mail_id = write_to(live)
        assert mailing.send_waiting(house) == 0
    assert inbox.messages == []
    assert mail_of(live, mail_id).state is MailState.WAITING
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_an_address_that_no_header_can_hold_stops_nobody_elses_mail(live: Live) -> None:
    """A message that can never be sent is given up at once; the next one goes."""
    inbox = Inbox()
    with mail_server(inbox) as settings:
        house = live.with_settings(**settings).house
        _, bad = write_to(live, to="jane@example.org\nBcc: all@example.org")
        _, good = write_to(live)
        assert mailing.send_waiting(house) == 1
    assert mail_of(live, bad).state is MailState.DEAD
    assert mail_of(live, good).state is MailState.SENT


def test_nothing_is_sent_to_somebody_whose_key_is_gone(live: Live) -> None:
    """The message cannot be opened any more and is cancelled."""
    taken, mail_id = write_to(live)
    live.house.vault.keystore.destroy([taken.person.key_id], rewriting.witness_of(live.house))
    with mail_server(Inbox()) as settings:
        assert mailing.send_waiting(live.with_settings(**settings).house) == 0
    assert mail_of(live, mail_id).state is MailState.CANCELLED
    with live.house.database.writing() as session:
        people.find_person(session, taken.person.id).state = PersonState.ENDING


def test_without_a_server_messages_stay_sealed(live: Live) -> None:
    """Nothing is tried; a subject never holds a line break."""
    _, mail_id = write_to(live)
    assert mailing.send_waiting(live.house) == 0
    assert mail_of(live, mail_id).attempts == 0
    assert one_line(" a\r\n b\tc ") == "a b c"


def test_every_coarse_form_of_the_registry_can_be_made() -> None:
    """Bands and levels only, and one for each field that declares a coarse form."""
    declared = {mark.coarse for mark in PROFILE_FIELDS.values()} - {Coarse.NOTHING}
    profile = Profile(
        work=(Work(title="x", start="2010-01", end="2017-01"),),
        education=(Education(degree="BSc", level=6), Education(degree="Course")),
        languages=("Polish", "English"),
    )
    said = coarse_forms(profile)
    assert set(said) == declared
    assert said[Coarse.EXPERIENCE_BAND] == "5-9"
    assert said[Coarse.EDUCATION_LEVEL] == "isced 6"
    assert said[Coarse.LANGUAGE_COUNT] == "2"


def test_extremes_are_folded_into_bands_that_single_nobody_out() -> None:
    """A life's work is 30+, many languages 4+, nothing known says nothing."""
    long = coarse_forms(Profile(work=(Work(title="x", start="1960", end="2020"),), languages=tuple("abcdef")))
    assert (long[Coarse.EXPERIENCE_BAND], long[Coarse.LANGUAGE_COUNT]) == ("30+", "4+")
    assert coarse_forms(Profile())[Coarse.EDUCATION_LEVEL] == ""
    assert coarse_forms(Profile())[Coarse.LANGUAGE_COUNT] == ""


def test_reading_again_keeps_what_was_corrected_and_whom_it_recognises(live: Live) -> None:
    """A corrected address stays the only one recognised; what was missing is filled in, from the same source."""
    read = Reading(
        Verdict.OK, kind="text", profile=Profile(name="Read Name", emails=("misread@example.org",), skills=("Go",))
    )
    slow = live.with_reader(ReaderDouble(SLOW, read))
    body = post_application(slow, source="employer").json()
    from storage.models import Application

    person_id = on_record(live, lambda s: s.get(Application, bytes.fromhex(body["id"])).person_id)
    corrected = Profile(name="My Name", emails=("mine@example.org",))
    with live.house.database.writing() as session:
        person = people.find_person(session, person_id)
        correct_profile(session, live.house, person, corrected, source=Source.PERSON, actor="person")
    slow.work()
    with live.house.database.reading() as session:
        rows = people.find_fields(session, person_id)
        digests = [row.value for row in people.find_digests(session, person_id)]
        profile = live.house.vault.open_profile(live.house.vault.key_of(person), rows)
    assert profile == Profile(name="My Name", emails=("mine@example.org",), skills=("Go",))
    assert digests == [live.house.vault.address_digest("mine@example.org")]
    assert {row.name: row.source for row in rows}["skills"] is Source.EMPLOYER


@pytest.mark.parametrize("lost", ["blob", "key", "person"])
def test_reading_again_what_is_gone_meanwhile_ends_the_work(live: Live, lost: str) -> None:
    """Bytes, key or person gone: nothing is read and the work does not come back."""
    slow = live.with_reader(ReaderDouble(SLOW))
    body = post_application(slow).json()
    from storage.models import Application
    from storage.queries.applications import find_document_of

    application_id = bytes.fromhex(body["id"])
    document = on_record(live, lambda s: find_document_of(s, application_id))
    with live.house.database.writing() as session:
        person = people.find_person(session, session.get(Application, application_id).person_id)
        if lost == "person":
            person.state = PersonState.ENDING
    if lost == "blob":
        live.house.blobs.delete(document.blob_id)
    if lost == "key":
        live.house.vault.keystore.destroy([person.key_id], rewriting.witness_of(live.house))
    slow.work()
    assert on_record(live, lambda s: outbox.pending(s, "read")) == 0
    with live.house.database.writing() as session:
        people.find_person(session, person.id).state = PersonState.ENDING


def test_a_rewrite_for_another_database_drops_nothing(live: Live) -> None:
    """Where the database is not the one that the keystore knows, it refuses and the work waits."""
    taken = put_on_record(live)
    record.sign_record(live.house)
    foreign = rewriting.witness_of(live.house)
    from dataclasses import replace

    with pytest.raises(WrongDatabase):
        live.house.vault.keystore.rewrite(replace(foreign, installation=bytes(16)))
    assert live.house.vault.key_of(taken.person)


def test_work_that_fails_is_given_back_and_stops_nothing(live: Live) -> None:
    """A batch that raises is tried again later; the rest of the round goes on."""
    with live.house.database.writing() as session:
        outbox.enqueue(session, "index", bytes(16), {}, live.house.now())

    def fail(works: Any) -> None:
        raise LookupError

    assert loop._do_batch(live.house, "index", fail) == 0
    assert on_record(live, lambda s: outbox.pending(s, "index")) >= 1
    live.clock.advance(hours=1)
    assert live.work() >= 1


def test_the_keeper_works_in_the_background_and_alone(live: Live) -> None:
    """A keeper that runs does what waits; while it holds the lease a command leaves the work to it."""
    done, woken = threading.Event(), threading.Event()
    keeper = loop.Keeper(live.house, "one", woken)
    with live.house.database.writing() as session:
        outbox.enqueue(session, REWRITE_TOPIC, None, {}, live.house.now())
    keeper.start()
    try:
        for _ in range(100):
            with live.house.database.reading() as session:
                is_done = not outbox.pending(session, REWRITE_TOPIC)
            if is_done and record.checkpoints_path(live.house).exists():
                done.set()
                break
            woken.set()
            threading.Event().wait(0.1)
        assert done.is_set()
        assert not loop.keep_if_alone(live.house, "two")
    finally:
        keeper.stop()
    assert loop.keep_if_alone(live.house, "two")


def test_an_index_is_made_anew_from_live_people(tmp_path: Any, live: Live) -> None:
    """Opened again, what was on record is found again, without the people who ended."""
    with living(tmp_path / "own") as own:
        post_application(own)
        own.work()
    with living(tmp_path / "own") as own:
        from storage.search import parse

        found = own.house.index.search(parse("quuxomatic"), exclude=set(), today=own.house.today())
        assert found.total == 1
        with own.house.database.reading() as session:
            assert leases.heartbeat_age(session, "keeper", own.house.now()) is None
