"""Documents are read again by a better reader: what a person corrected stays, and nothing waits for ever."""

from typing import Any

import pytest
from houses import SLOW, Live, ReaderDouble, on_record, post_application, put_on_record
from sqlalchemy import delete, select, update

from intake.desk.profiles import correct_profile
from intake.desk.rereading import REREAD_TOPIC, queue_older, tell_standing
from intake.desk.submit import Taken
from intake.installation import Installation
from intake.keeper import loop
from intake.reading.verdicts import code_for
from intake.reading.version import VERSION, version_in
from storage import leases, outbox
from storage.identifiers import new_id
from storage.models import Application, Document, DocumentState, Outbox, PersonField
from storage.profile import Profile, Reading, Verdict
from storage.queries import people
from storage.vocabulary import Source

pytestmark = pytest.mark.enable_socket

FIRST = Profile(name="Jane Example", emails=("jane@example.org",), skills=("Gardening",))
BETTER = Profile(name="Jane Roe", emails=("jane@example.org",), skills=("SQL",), location="Berlin")
READ = Reading(Verdict.OK, "text", f"test; structure {VERSION}", BETTER, pages=1)
BROKEN = Reading(Verdict.CRASHED, "text")


@pytest.fixture(autouse=True)
def nothing_is_old(live: Live) -> None:
    """Each test brings its own documents."""
    with live.house.database.writing() as session:
        session.execute(delete(Outbox))
        session.execute(update(Document).values(reader=f"test; structure {VERSION}"))


def read_by_an_older(live: Live, profile: Profile = FIRST) -> Taken:
    """Somebody whose document an older version read."""
    taken = put_on_record(live, profile)
    with live.house.database.writing() as session:
        changed = update(Document).where(Document.id == taken.document.id)
        session.execute(changed.values(reader=f"test; structure {VERSION - 1}"))
    return taken


def as_it_stands(live: Live, taken: Taken) -> tuple[Document, Profile]:
    """The document's row and the person's profile."""

    def look(session: Any) -> tuple[Document, Profile]:
        rows = people.find_fields(session, taken.person.id)
        key = live.house.vault.key_of(people.find_person(session, taken.person.id))
        return session.get(Document, taken.document.id), live.house.vault.open_profile(key, rows)

    found: tuple[Document, Profile] = on_record(live, look)
    return found


def reread(live: Live, *readings: Reading) -> Installation:
    """Queue what is old and let the keeper read it."""
    other = live.with_reader(ReaderDouble(*readings))
    queue_older(other.house, VERSION, "operator")
    other.work()
    return other.house


def test_a_better_reader_reads_old_documents_again(live: Live) -> None:
    """What it finds takes the place of what was found before; then nothing is old any more."""
    taken = read_by_an_older(live)
    assert tell_standing(live.house).by_version[VERSION - 1] == 1

    house = reread(live, READ)

    document, profile = as_it_stands(live, taken)
    assert profile == BETTER
    assert version_in(document.reader) == VERSION
    assert tell_standing(house).old == 0
    assert queue_older(house, VERSION, "operator") == 0


def test_a_correction_wins_over_a_later_reading(live: Live) -> None:
    """What the person said stays, also where they emptied a field; only the rest is read anew."""
    taken = read_by_an_older(live)
    said = Profile(name="Janet Example", emails=("jane@example.org",), skills=("Gardening",), location=None)
    with live.house.database.writing() as session:
        person = people.find_person(session, taken.person.id)
        correct_profile(session, live.house, person, said, source=Source.PERSON, actor="person")

    reread(live, READ)

    _, profile = as_it_stands(live, taken)
    assert (profile.name, profile.skills) == ("Janet Example", ("SQL",))


def test_a_field_that_was_erased_stays_erased(live: Live) -> None:
    """Emptying a field is a correction like any other."""
    taken = read_by_an_older(live)
    with live.house.database.writing() as session:
        person = people.find_person(session, taken.person.id)
        emptied = Profile(name="Jane Example", emails=("jane@example.org",))
        correct_profile(session, live.house, person, emptied, source=Source.PERSON, actor="person")

    reread(live, READ)

    assert as_it_stands(live, taken)[1].skills == ()


def test_a_worse_answer_never_replaces_a_good_one(live: Live) -> None:
    """A reader that fails today does not make a document unreadable that was read before."""
    taken = read_by_an_older(live)

    reread(live, BROKEN)

    document, profile = as_it_stands(live, taken)
    assert (document.state, profile) == (DocumentState.READ, FIRST)


def test_an_old_document_does_not_speak_over_a_newer_one(live: Live) -> None:
    """A field that came from another document is left to that document."""
    taken = read_by_an_older(live)
    with live.house.database.writing() as session:
        of_name = (PersonField.person_id == taken.person.id) & (PersonField.name == "name")
        session.execute(update(PersonField).where(of_name).values(document_id=new_id()))

    reread(live, READ)

    _, profile = as_it_stands(live, taken)
    assert (profile.name, profile.skills) == ("Jane Example", ("SQL",))


def test_what_could_not_be_read_may_be_read_today(live: Live) -> None:
    """An unreadable document is old as long as no better reader tried."""
    slow = live.with_reader(ReaderDouble(SLOW, BROKEN))
    body = post_application(slow).json()
    slow.work()
    assert tell_standing(live.house).unreadable >= 1

    found = select(Document).where(Document.application_id == bytes.fromhex(body["id"]))
    with live.house.database.writing() as session:
        session.scalars(found).one().reader = ""  # as former releases left it

    reread(live, READ)

    document = on_record(live, lambda s: s.scalars(found).one())
    assert document.state is DocumentState.READ


@pytest.mark.parametrize(("harm", "code"), [("gone", "file_gone"), ("swapped", "malformed")])
def test_a_document_without_its_file_does_not_wait_for_ever(live: Live, harm: str, code: str) -> None:
    """It ends as unreadable, with a verdict and a sentence for the person, who may then type instead."""
    slow = live.with_reader(ReaderDouble(SLOW))
    body = post_application(slow).json()
    found = select(Document).where(Document.application_id == bytes.fromhex(body["id"]))
    document = on_record(live, lambda s: s.scalars(found).one())
    assert document.state is DocumentState.STORED
    if harm == "gone":
        live.house.blobs.delete(document.blob_id)
    else:
        key, other = live.house.vault.new_key(), new_id()
        swapped = live.house.blobs.write(live.house.vault.sealer.seal_object(key, "document_file", other, b"x"))
        with live.house.database.writing() as session:
            session.execute(update(Document).where(Document.id == document.id).values(blob_id=swapped))

    slow.work()

    document = on_record(live, lambda s: s.scalars(found).one())
    person = on_record(live, lambda s: people.find_person(s, s.get(Application, document.application_id).person_id))
    reading = live.house.vault.open_reading(live.house.vault.key_of(person), document)
    assert document.state is DocumentState.UNREADABLE
    assert reading is not None
    assert code_for(reading) == code
    assert on_record(live, lambda s: outbox.pending(s, "read")) == 0


def test_reading_again_leaves_room_for_everything_else(live: Live) -> None:
    """A few documents in a round; the rest waits for the next ones and is queued only once."""
    for _ in range(loop.REREADS + 2):
        read_by_an_older(live)
    other = live.with_reader(ReaderDouble(READ))
    assert queue_older(other.house, VERSION, "operator") == loop.REREADS + 2
    assert queue_older(other.house, VERSION, "operator") == 0

    other.work()
    assert on_record(live, lambda s: outbox.pending(s, REREAD_TOPIC)) == 2
    other.work()
    assert tell_standing(other.house).waiting == 0


def test_a_command_reads_where_no_keeper_runs_and_tells_how_many_are_left(live: Live) -> None:
    """While a keeper holds its lease the command leaves the work to it."""
    for _ in range(loop.REREADS + 1):
        read_by_an_older(live)
    other = live.with_reader(ReaderDouble(READ))
    queue_older(other.house, VERSION, "operator")
    with live.house.database.writing() as session:
        token = leases.acquire(session, loop.LEASE, "a keeper", live.house.now(), 30)
    assert loop.reread_if_alone(other.house, "a command") is None
    with live.house.database.writing() as session:
        leases.release(session, loop.LEASE, token, live.house.now())

    steps = loop.reread_if_alone(other.house, "a command")

    assert steps is not None
    assert list(steps) == [1, 0]
    with live.house.database.writing() as session:
        assert leases.acquire(session, loop.LEASE, "a keeper", live.house.now(), 30) is not None
