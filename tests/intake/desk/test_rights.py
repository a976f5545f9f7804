"""A person's rights over their own record: everything held comes out; correcting, withdrawing and erasing hold."""

import io
import json
import zipfile
from typing import Any

import pytest
from houses import Live, application_of, on_record, put_on_record, staff_of

from intake.access.actors import Visitor
from intake.desk import candidates, rights
from intake.desk.applications import move_stage
from intake.desk.archive import export_archive, safe_name
from intake.desk.letters import post_letter
from intake.desk.profiles import correct_profile, to_json_resume
from intake.desk.refusals import Refusal
from storage.identifiers import new_id, new_reference
from storage.models import Enquiry, Holds, Model, PersonState, RepeatedCall, RightsRequest, Role
from storage.profile import KEPT_FIELDS, PROFILE_FIELDS, Education, Profile, Work
from storage.queries import people
from storage.vocabulary import Channel, Source, Stage

CANARIES = {name: f"canary-{name.replace('_', '-')}" for name in (*PROFILE_FIELDS, *KEPT_FIELDS)}

FULL = Profile(
    name=CANARIES["name"],
    emails=(f"{CANARIES['emails']}@example.org",),
    phones=(CANARIES["phones"],),
    location=CANARIES["location"],
    links=(CANARIES["links"],),
    summary=CANARIES["summary"],
    work=(Work(employer=CANARIES["work"], title="x", start="2020"),),
    education=(Education(institution=CANARIES["education"], start="2010"),),
    skills=(CANARIES["skills"],),
    languages=(CANARIES["languages"],),
)


def visit(taken: Any) -> Visitor:
    """The person themselves, their address proved."""
    return Visitor(taken.person.id, None)


def fill_every_column(live: Live) -> Any:
    """A person of whom every registry field that a table can hold is held, each with a word of its own."""
    taken = put_on_record(
        live,
        FULL,
        text=CANARIES["document_text"],
        data=CANARIES["document_file"].encode(),
        file_name=CANARIES["document_name"],
        source_detail=CANARIES["source_detail"],
    )
    recruiter, house = staff_of(live, Role.RECRUITER), live.house
    with house.database.writing() as session:
        candidates.add_note(session, house, recruiter.actor, taken.person.id, CANARIES["note_text"])
        move_stage(
            session, house, taken.application.id, stage=Stage.REVIEW, reason=CANARIES["decision_reason"],
            actor=recruiter.actor,
        )  # fmt: skip
        person = people.find_person(session, taken.person.id)
        post_letter(
            session, house, person, template="t", to="a@example.org", subject=CANARIES["mail_message"],
            text="open http://127.0.0.1/link/secret-token now",
        )  # fmt: skip
        row_id = bytes(16)
        key = house.vault.key_of(person)
        answer = {"said": CANARIES["idempotency_answer"]}
        session.add(
            RepeatedCall(
                key_digest=taken.person.id * 2,
                request_digest=bytes(32),
                person_id=person.id,
                row_id=row_id,
                answer=house.vault.sealer.seal_json(key, "idempotency_answer", row_id, answer),
                created_at=house.now(),
                expires_at=house.now(),
            )
        )
        session.add_all(what_was_asked(live, person))
    return taken


def what_was_asked(live: Live, person: Any) -> list[Any]:
    """A question with its answer, and a request under a right."""
    house, key, now = live.house, live.house.vault.key_of(person), live.house.now()
    sealer, row_id = house.vault.sealer, new_id()
    enquiry = Enquiry(
        id=row_id, person_id=person.id, reference=new_reference(), language="en", asked_at=now,
        text=sealer.seal_text(key, "enquiry_text", row_id, CANARIES["enquiry_text"]),
        answer=sealer.seal_text(key, "enquiry_answer", row_id, CANARIES["enquiry_answer"]),
    )  # fmt: skip
    request = RightsRequest(
        id=row_id, person_id=person.id, right="access", channel=Channel.FORM, arrived_on=now.date(), due_on=now.date(),
        text=sealer.seal_json(key, "request_text", row_id, {"asked": CANARIES["request_text"]}),
    )  # fmt: skip
    return [enquiry, request]


def held_names() -> set[str]:
    """Every registry name that some column seals."""
    named = {c.info.get("seals", "") for table in Model.metadata.tables.values() for c in table.columns}
    sealed = {c for c in named if c in KEPT_FIELDS}
    return sealed | set(PROFILE_FIELDS) | {"document_file"}


@pytest.mark.promise("Q1")
def test_everything_that_is_held_is_in_the_archive(live: Live) -> None:
    """A word put into every field of the registry comes out, the document byte for byte."""
    taken = fill_every_column(live)
    with live.house.database.writing() as session:
        packed = export_archive(session, live.house, visit(taken), "en")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        whole = "\n".join(name + archive.read(name).decode() for name in archive.namelist())
        said = json.loads(archive.read("data.json"))
        resume = json.loads(archive.read("resume.json"))
    left_out = {name for name in held_names() if CANARIES[name] not in whole}
    assert left_out == {"document_reading"}, "what was read is there field by field, without a word of its own"
    assert said["documents"][0]["read"]["name"] == CANARIES["name"]
    assert resume["basics"]["name"] == CANARIES["name"]
    assert said["bases"]
    assert said["ends"]["reason"]
    assert said["applications"][0]["source"] == "person"


def test_an_archive_opens_no_more_than_its_reader_may(live: Live) -> None:
    """A link in a message that waits would prove the address: it is left out of the archive."""
    taken = fill_every_column(live)
    with live.house.database.writing() as session:
        packed = export_archive(session, live.house, Visitor(taken.person.id, taken.application.id), "en")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert b"secret-token" not in archive.read("data.json")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("cv.pdf", "cv.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("a\\b:c", "a_b_c"),
    ],
)
def test_a_name_in_the_archive_means_nothing_to_a_file_system(name: str, kept: str) -> None:
    """No path, no device, no hidden file."""
    assert safe_name(name, "pdf") == kept


def test_a_column_about_a_person_that_is_sealed_is_one_of_the_registry() -> None:
    """What the archive test walks is every sealed column about a person."""
    for table in people.tables_about_a_person():
        for column in table.columns:
            if column.info["holds"] is Holds.SEALED:
                assert column.info["seals"] in {*KEPT_FIELDS, "profile.*", "hold.reason"}


def test_a_correction_keeps_its_source_and_is_told_apart(live: Live) -> None:
    """Only what changed is marked corrected; recognition follows the new address."""
    taken = put_on_record(live, Profile(name="Old Name", emails=("old@example.org",), skills=("Go",)))
    house, wanted = live.house, Profile(name="New Name", emails=("new@example.org",), skills=("Go",))
    with house.database.writing() as session:
        person = people.find_person(session, taken.person.id)
        changed = correct_profile(session, house, person, wanted, source=Source.PERSON, actor="person")
        again = correct_profile(session, house, person, wanted, source=Source.PERSON, actor="person")
    assert set(changed) == {"name", "emails"}
    assert again == ()
    rows = {row.name: row.corrected for row in on_record(live, lambda s: people.find_fields(s, taken.person.id))}
    assert rows == {"name": True, "emails": True, "skills": False}
    digests = [row.value for row in on_record(live, lambda s: people.find_digests(s, taken.person.id))]
    assert digests == [house.vault.address_digest("new@example.org")]


def test_withdrawing_starts_the_clock_and_cannot_be_done_twice(live: Live) -> None:
    """The stage says so; a reference that is not one's own is not found."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        rights.withdraw_application(session, live.house, visit(taken), taken.application.reference)
    assert application_of(live, taken).stage is Stage.WITHDRAWN
    for reference in (taken.application.reference, "VV-NONE"):
        with pytest.raises(Refusal) as refused, live.house.database.writing() as session:
            rights.withdraw_application(session, live.house, visit(taken), reference)
        assert refused.value.code == "not_found"


def test_a_consent_that_was_not_given_cannot_be_withdrawn(live: Live) -> None:
    """Withdrawing ends a live consent; a second time there is none."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        rights.withdraw_consent(session, live.house, visit(taken), "pool", "en")
    with pytest.raises(Refusal), live.house.database.writing() as session:
        rights.withdraw_consent(session, live.house, visit(taken), "pool", "en")


def test_what_is_ending_is_not_there_for_its_person_either(live: Live) -> None:
    """After erasure nothing opens, nothing ends twice, no document is read."""
    taken = put_on_record(live)
    with live.house.database.writing() as session:
        erased = rights.erase_now(session, live.house, visit(taken))
    assert erased.is_ended
    person = on_record(live, lambda s: people.find_person(s, taken.person.id))
    assert person.state is PersonState.ENDING
    with live.house.database.writing() as session:
        with pytest.raises(Refusal):
            rights.erase_now(session, live.house, visit(taken))
        with pytest.raises(Refusal):
            rights.open_held(session, live.house, visit(taken), "en")


def test_somebody_elses_document_is_not_found_and_a_lost_one_is_gone(live: Live) -> None:
    """Not found for another person's; 410 where the bytes are missing."""
    taken, other = put_on_record(live), put_on_record(live)
    with live.house.database.reading() as session:
        with pytest.raises(Refusal) as refused:
            rights.read_document(session, live.house, taken.person, other.document.id)
        assert refused.value.status == 404
        live.house.blobs.delete(taken.document.blob_id)
        with pytest.raises(Refusal) as refused:
            rights.read_document(session, live.house, taken.person, taken.document.id)
        assert refused.value.code == "document_gone"


def test_json_resume_holds_no_empty_part() -> None:
    """What is not known is left out, not empty."""
    empty = to_json_resume(Profile())
    assert empty.pop("meta") == {"version": "v1.3.1"}
    assert not any(empty.values())
    many = to_json_resume(Profile(emails=("a@example.org", "b@example.org")))
    assert many["meta"]["x-vitavault"]["emails"] == ["b@example.org"]
