"""The named statements, on both databases, over rows made without any key."""

from datetime import date, timedelta

import pytest
from people_on_record import DIGEST, NOW, SEALED, add_basis, add_person
from sqlalchemy.orm import Session

from storage.database import Database
from storage.identifiers import new_id
from storage.models import (
    ApiToken,
    BasisEvent,
    DigestKind,
    DoomedBlob,
    EndCause,
    Ending,
    Hold,
    Link,
    LinkKind,
    Mail,
    MailState,
    NoticeVersion,
    Opening,
    OpeningState,
    Outbox,
    Person,
    PersonDigest,
    PersonSession,
    PersonState,
    RepeatedCall,
    RetentionRun,
    RunState,
    Staff,
    StaffSearch,
    StaffSession,
    WorkState,
)
from storage.outbox import enqueue
from storage.queries import access, applications, bases, endings, mails, notices, openings, people, searching, sweeping
from storage.vocabulary import Action, Basis, Channel, Stage
from storage.vocabulary import BasisEvent as Kind

pytestmark = pytest.mark.enable_socket
TODAY = NOW.date()
SCOPE = searching.Scope(TODAY, ("application", "pool"))
LATER = NOW + timedelta(days=1)


def a_fresh_person(session: Session, **given: object) -> Person:
    """Somebody who applied yesterday."""
    return add_person(session, **({"at": NOW - timedelta(days=1), "stage": Stage.RECEIVED} | given))  # type: ignore[arg-type]


def a_link(person: Person | None, kind: LinkKind = LinkKind.PERSON) -> Link:
    """A one-time link that can be opened for a day."""
    return Link(
        id=new_id(), token_digest=new_id() * 2, kind=kind, person_id=person.id if person else None, created_at=NOW,
        expires_at=LATER,
    )  # fmt: skip


def a_mail(person: Person, **given: object) -> Mail:
    """A message that waits."""
    values = {"id": new_id(), "person_id": person.id, "template": "t", "message": SEALED, "created_at": NOW}
    return Mail(**(values | {"not_before": NOW} | given))


def a_colleague() -> Staff:
    """A member of staff."""
    return Staff(
        id=new_id(), name=SEALED, email=SEALED, email_digest=new_id() * 2, roles="recruiter", created_at=NOW
    )  # fmt: skip


def test_a_link_is_used_once_and_not_after_its_time(database: Database) -> None:
    """The second acceptance loses; an expired one is not found."""
    with database.writing() as session:
        link = a_link(None, LinkKind.FIRST_ADMINISTRATOR)
        session.add(link)
        session.flush()
        assert access.find_link(session, link.token_digest, NOW) is link
        assert access.find_link(session, link.token_digest, LATER) is None
        assert access.use_link(session, link, NOW)
        assert not access.use_link(session, link, NOW)
        session.refresh(link)
        assert access.find_link(session, link.token_digest, NOW) is None
        assert access.find_link(session, bytes(32), NOW) is None
        access.delete_links(session, LinkKind.FIRST_ADMINISTRATOR)
        assert session.query(Link).count() == 0


def test_an_ended_person_has_no_way_in_and_gets_no_mail(database: Database) -> None:
    """Links and sessions go, waiting messages are cancelled; nobody else's are touched."""
    with database.writing() as session:
        gone, other = a_fresh_person(session), a_fresh_person(session)
        for person in (gone, other):
            session.add_all([a_link(person), a_mail(person)])
            session.add(
                PersonSession(
                    id=new_id(), token_digest=person.id * 2, person_id=person.id, created_at=NOW, expires_at=LATER
                )
            )
        session.flush()
        assert access.find_person_session(session, gone.id * 2, NOW)
        assert access.find_person_session(session, gone.id * 2, LATER) is None
        access.end_access(session, gone.id)
        assert access.find_person_session(session, gone.id * 2, NOW) is None
        assert [link.person_id for link in session.query(Link)] == [other.id]
        session.expire_all()
        assert {mail.person_id: mail.state for mail in session.query(Mail)} == {
            gone.id: MailState.CANCELLED,
            other.id: MailState.WAITING,
        }


def test_what_is_over_is_swept(database: Database) -> None:
    """Links, sessions and searches past their time go and are counted."""
    with database.writing() as session:
        staff = a_colleague()
        session.add_all([staff, a_link(None, LinkKind.INVITATION)])
        session.flush()
        session.add(
            StaffSession(
                id=new_id(), token_digest=bytes(32), staff_id=staff.id, created_at=NOW, seen_at=NOW, proved_at=NOW
            )
        )
        search = StaffSearch(id=new_id(), staff_id=staff.id, query=SEALED, created_at=NOW)
        session.add(search)
        session.flush()
        assert access.find_staff_search(session, search.id) is search
        assert access.sweep_access(session, NOW, NOW - timedelta(days=1)) == 0
        assert access.sweep_access(session, LATER, NOW) == 3
        assert access.count_staff(session) == 1


def test_mail_that_is_due_is_found_and_what_is_over_is_swept(database: Database) -> None:
    """Oldest first; sent and cancelled messages end, waiting ones stay."""
    with database.writing() as session:
        person = a_fresh_person(session)
        waiting, later = a_mail(person), a_mail(person, not_before=LATER)
        sent = a_mail(person, state=MailState.SENT, sent_at=NOW)
        session.add_all([waiting, later, sent, a_mail(person, state=MailState.CANCELLED)])
        session.flush()
        assert mails.find_waiting(session, NOW, 10) == [waiting]
        assert len(mails.find_latest(session, 2)) == 2
        assert len(mails.find_of(session, person.id)) == 4
        assert sweeping.sweep_mail(session, NOW) == 2
        assert len(mails.find_of(session, person.id)) == 2


def test_a_kept_answer_ends_after_its_day(database: Database) -> None:
    """Found by its person until swept."""
    with database.writing() as session:
        person = a_fresh_person(session)
        session.add(
            RepeatedCall(
                key_digest=bytes(32), request_digest=bytes(32), person_id=person.id, row_id=bytes(16), answer=SEALED,
                created_at=NOW, expires_at=LATER,
            )
        )  # fmt: skip
        session.flush()
        assert sweeping.sweep_repeated_calls(session, NOW) == 0
        assert len(people.find_repeated_calls(session, person.id)) == 1
        assert sweeping.sweep_repeated_calls(session, LATER) == 1


def test_the_ledger_says_what_is_live(database: Database) -> None:
    """What was withdrawn or ran out is not live; the ledger keeps everything in order."""
    with database.writing() as session:
        person = a_fresh_person(session, pool=True)
        (application,) = people.find_applications(session, person.id)
        expiring = BasisEvent(
            id=new_id(), person_id=person.id, application_id=application.id, purpose="share", basis=Basis.CONSENT,
            event=Kind.GIVEN, at=NOW, channel=Channel.FORM, notice_version="1", notice_digest=DIGEST, language="en",
            expires_on=TODAY,
        )  # fmt: skip
        bases.append_event(session, expiring)
        assert [e.purpose for e in bases.find_live(session, person.id, TODAY)] == ["application", "pool", "share"]
        assert len(bases.find_live(session, person.id, TODAY + timedelta(days=1))) == 2
        add_basis(session, application, "pool", Basis.CONSENT, NOW, Kind.WITHDRAWN)
        assert [e.purpose for e in bases.find_live(session, person.id, TODAY)] == ["application", "share"]
        assert [e.position for e in bases.find_ledger(session, person.id)] == [1, 2, 3, 4]
        assert bases.count_by_basis(session, TODAY) == {"contract": 1, "consent": 1}
        assert bases.count_without(session, TODAY) == 0
        add_basis(session, application, "application", Basis.CONTRACT, NOW, Kind.WITHDRAWN)
        add_basis(session, application, "share", Basis.CONSENT, NOW, Kind.WITHDRAWN)
        assert bases.count_without(session, TODAY) == 1


def test_who_may_be_found_follows_state_basis_and_day(database: Database) -> None:
    """Live people under consideration or in the pool; nobody restricted, suppressed, ended, rejected or a draft."""
    with database.writing() as session:
        seen = a_fresh_person(session)
        pooled = add_person(session, at=NOW - timedelta(days=1), stage=Stage.REJECTED, pool=True)
        hidden = [add_person(session, at=NOW - timedelta(days=1), stage=Stage.REJECTED)]
        hidden.append(a_fresh_person(session, stage=Stage.DRAFT))
        hidden += [a_fresh_person(session) for _ in range(5)]
        hidden[2].state = PersonState.RESTRICTED
        hidden[3].state = PersonState.ENDING
        hidden[4].suppressed = True
        hidden[5].ends_on = TODAY - timedelta(days=1)
        hidden[6].restricted_from = TODAY - timedelta(days=1)
        session.flush()
        everyone = [person.id for person in (seen, pooled, *hidden)]
        assert set(searching.find_findable(session, everyone, SCOPE)) == {seen.id, pooled.id}
        assert searching.find_findable(session, [], SCOPE) == {}
        assert searching.is_person_findable(session, seen.id, SCOPE)
        assert not searching.is_person_findable(session, hidden[2].id, SCOPE)
        assert {i.person.id: len(i.applications) for i in searching.find_indexable(session, everyone, SCOPE)} == {
            seen.id: 1,
            pooled.id: 1,
        }
        assert set(searching.find_shard_members(session, 0, SCOPE)) == {seen.id, pooled.id}
        assert searching.count_by_shard(session) == {0: len(everyone)}
        for person in (seen, hidden[2]):
            enqueue(session, searching.INDEX_TOPIC, person.id, {}, NOW)
        session.flush()
        assert searching.find_unapplied(session, SCOPE) == {hidden[2].id}
        for work in session.query(Outbox):
            work.state = WorkState.DONE
        session.flush()
        assert searching.find_unapplied(session, SCOPE) == set()


def test_people_are_found_by_address_and_counted(database: Database) -> None:
    """By digest, newest first, nobody who is ending; walked through in batches."""
    with database.writing() as session:
        first, second = a_fresh_person(session), a_fresh_person(session, at=NOW)
        for person in (first, second):
            session.add(PersonDigest(id=new_id(), person_id=person.id, kind=DigestKind.EMAIL, value=bytes(32)))
        session.flush()
        assert people.find_by_digest(session, bytes(32), 5) == [second, first]
        assert people.find_present(session, first.id) is first
        first.state = PersonState.ENDING
        session.flush()
        assert people.find_by_digest(session, bytes(32), 5) == [second]
        assert people.find_present(session, first.id) is None
        assert people.find_present(session, bytes(16)) is None
        assert (people.count_people(session), people.count_not_ending(session)) == (2, 1)
        assert people.known_keys(session, [first.key_id, bytes(16)]) == {first.key_id}
        assert people.lock_person(session, second.id) is second
        walked = sweeping.find_people_after(session, b"", 1)
        walked += sweeping.find_people_after(session, walked[0].id, 5)
        assert {person.id for person in walked} == {first.id, second.id}


def test_deleting_a_person_leaves_no_row_about_them_anywhere(database: Database) -> None:
    """Every table with a person's id is emptied of them; what is left is named."""
    with database.writing() as session:
        person = a_fresh_person(session, blob_id="b1")
        session.add_all([a_link(person), a_mail(person)])
        session.flush()
        left = set(people.rows_left(session, person.id))
        assert {"person", "application", "document", "basis_event", "link", "mail"} <= left
        assert people.delete_person_rows(session, [person.id]) == 1
        session.expire_all()
        assert list(people.rows_left(session, person.id)) == []


def test_holds_and_dooms_are_found_until_they_are_over(database: Database) -> None:
    """A lifted hold is no hold; a struck-off blob is known no more."""
    with database.writing() as session:
        person = a_fresh_person(session, blob_id="b1")
        hold = Hold(id=new_id(), person_id=person.id, reason=SEALED, owner="x", placed_at=NOW, ends_on=date(2027, 1, 1))
        session.add_all([hold, DoomedBlob(blob_id="b2", doomed_at=NOW)])
        session.flush()
        assert endings.find_hold(session, hold.id) is hold
        assert endings.find_holds(session, person.id) == endings.find_all_holds(session) == [hold]
        hold.lifted_at = NOW
        session.flush()
        assert endings.find_all_holds(session) == []
        assert endings.known_blobs(session, ["b1", "b2", "b3"]) == {"b1", "b2"}
        assert endings.find_blob_ids(session, [person.id]) == ["b1"]
        assert [doomed.blob_id for doomed in endings.find_doomed(session, 5)] == ["b2"]
        endings.forget_doomed(session, ["b2"])
        assert endings.find_doomed(session, 5) == []
        day = person.ends_on
        assert day is not None
        assert endings.ends_by_day(session, day, day) == {day: 1}


def test_openings_are_listed_counted_and_know_who_applied(database: Database) -> None:
    """Open ones for the public, all for staff, drafts not counted."""
    with database.writing() as session:
        opening = Opening(id=new_id(), slug="baker", title="Baker", created_at=NOW)
        closed = Opening(
            id=new_id(), slug="cook", title="Cook", created_at=NOW, state=OpeningState.CLOSED, closed_on=TODAY
        )
        session.add_all([opening, closed])
        session.flush()
        sent, draft = a_fresh_person(session), a_fresh_person(session, stage=Stage.DRAFT)
        for person in (sent, draft):
            (application,) = people.find_applications(session, person.id)
            application.opening_id = opening.id
        session.flush()
        assert openings.find_opening(session, opening.id) is opening
        assert openings.find_opening_by_slug(session, "baker") is opening
        assert openings.find_open(session) == [opening]
        assert set(openings.find_all(session)) == {opening, closed}
        assert openings.count_applications(session) == {opening.id: 1}
        assert sent in openings.find_applicants(session, opening.id)
        assert endings.find_openings_closed(session, [opening.id, closed.id]) == {closed.id: TODAY}
        (application,) = people.find_applications(session, sent.id)
        assert applications.find_by_reference(session, f" {application.reference.lower()} ") is application
        assert applications.count_by(session, "country") == {"DE": 1}
        assert applications.find_document_of(session, application.id) is None


def test_notices_and_posted_policies_hold_from_their_day(database: Database) -> None:
    """The newest that is in force; those that are only posted are told apart."""
    with database.writing() as session:
        for version, start in (("1", NOW), ("2", LATER)):
            session.add(
                NoticeVersion(
                    version=version, language="en", digest=DIGEST, text="x", policy_toml=version,
                    published_at=NOW, in_force_from=start,
                )
            )  # fmt: skip
        session.flush()
        assert notices.find_notice(session, "2", "en").version == "2"  # type: ignore[union-attr]
        assert notices.find_notice(session, "3", "en") is None
        assert [n.version for n in notices.find_notices(session, "en")] == ["2", "1"]
        assert {n.version for n in notices.find_posted(session, NOW)} == {"2"}
        assert notices.find_published_policy(session, NOW).version == "1"  # type: ignore[union-attr]
        assert notices.find_published_policy(session, LATER).version == "2"  # type: ignore[union-attr]


def test_staff_and_tokens_are_found_by_what_names_them(database: Database) -> None:
    """By id, by address, by session, by prefix; signed out everywhere at once."""
    with database.writing() as session:
        staff = a_colleague()
        token = ApiToken(
            id=new_id(), prefix="abc", token_digest=bytes(32), label="x", scopes="search", created_at=NOW,
            expires_at=LATER,
        )  # fmt: skip
        session.add_all([staff, token])
        session.flush()
        signed_in = StaffSession(
            id=new_id(), token_digest=bytes(32), staff_id=staff.id, created_at=NOW, seen_at=NOW, proved_at=NOW
        )
        session.add(signed_in)
        session.flush()
        assert access.find_staff(session, staff.id) is access.find_staff_by_email(session, staff.email_digest) is staff
        assert access.find_all_staff(session) == [staff]
        assert access.find_staff_session(session, bytes(32)) is signed_in
        access.end_staff_sessions(session, staff.id)
        assert access.find_staff_session(session, bytes(32)) is None
        assert access.find_token(session, "abc") is access.find_tokens(session)[0] is token


def test_who_is_due_is_neither_held_nor_ending(database: Database) -> None:
    """Longest overdue first; who is held is counted apart, whom only law keeps is found to be restricted."""
    with database.writing() as session:
        due, held, ending, live = (
            add_person(session),
            add_person(session),
            add_person(session),
            a_fresh_person(session),
        )
        session.add(
            Hold(id=new_id(), person_id=held.id, reason=SEALED, owner="x", placed_at=NOW, ends_on=date(2027, 1, 1))
        )
        ending.state = PersonState.ENDING
        live.restricted_from = TODAY - timedelta(days=1)
        session.flush()
        assert endings.find_due(session, NOW, 5) == [due]
        assert endings.count_due(session, NOW) == 1
        assert endings.count_held_due(session, NOW) == 1
        assert live in endings.find_newly_restricted(session, TODAY, 5)
        assert endings.was_ever_held(session, held.id)
        assert not endings.was_ever_held(session, due.id)
        assert people.find_person(session, due.id) is due
        assert people.find_fields(session, due.id) == people.find_documents(session, due.id) == []
        assert people.find_notes(session, due.id) == []


def test_an_end_is_followed_until_it_is_purged(database: Database) -> None:
    """Keyless once key and index are gone, rowless once the rows are, finished once purged."""
    with database.writing() as session:
        ending = Ending(
            id=new_id(), subject=bytes(16), receipt="VV-1", cause=EndCause.REQUEST, action=Action.PURGE, rule="x",
            ended_at=NOW,
        )  # fmt: skip
        run = RetentionRun(id=new_id(), as_of=NOW, started_at=NOW, state=RunState.RUNNING)
        session.add_all([ending, run])
        session.flush()
        assert endings.find_ending(session, bytes(16)) is ending
        assert endings.find_unfinished(session) == [ending]
        assert (endings.find_keyless(session, 5), endings.find_rowless(session, 5)) == ([], [])
        ending.key_gone_at = ending.index_gone_at = NOW
        session.flush()
        assert endings.find_keyless(session, 5) == [ending]
        ending.rows_gone_at = NOW
        session.flush()
        assert (endings.find_keyless(session, 5), endings.find_rowless(session, 5)) == ([], [ending])
        session.add(DoomedBlob(blob_id="b", ending_id=ending.id, doomed_at=NOW))
        session.flush()
        assert endings.count_doomed(session, ending.id) == 1
        ending.purged_at = NOW
        session.flush()
        assert endings.find_unfinished(session) == []
        assert endings.count_endings(session) == 1
        assert sweeping.find_open_runs(session) == [run]
        assert endings.find_last_run(session) is None
        run.state = RunState.FINISHED
        session.flush()
        assert endings.find_last_run(session) is run
