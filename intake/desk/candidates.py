"""One candidate: seen blind or revealed, each look on record with its purpose; notes; pages as pictures."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.access.permissions import Permission
from intake.desk.blind import Blinded, blind_profile
from intake.desk.ends import EndInWords, end_of
from intake.desk.reach import find_applications, find_documents, find_viewable, scope_of
from intake.desk.refusals import Refusal, not_found
from intake.desk.rights import read_document
from intake.desk.search import PURPOSES, heading_of
from intake.installation import Installation
from storage import audit
from storage.identifiers import new_id
from storage.models import Application, BasisEvent, Document, Note, Opening, Person
from storage.profile import Profile, Reading
from storage.queries import access, bases, people
from storage.queries.openings import find_opening
from storage.queries.searching import is_person_findable

PICTURE_WIDTH = 1000
LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate as this look may see them. ``profile`` is whole only when revealed.

    ``readings`` are those of ``documents``, in their order; a blind look has none.
    """

    person: Person
    heading: str
    profile: Profile
    blinded: Blinded | None
    applications: tuple[tuple[Application, Opening | None], ...]
    documents: tuple[tuple[Document, str, str], ...]
    live: tuple[BasisEvent, ...]
    notes: tuple[tuple[Note, str, str], ...]
    end: EndInWords
    readings: tuple[Reading | None, ...] = ()


def is_viewable(session: Session, house: Installation, actor: Actor, person_id: bytes) -> bool:
    """Whether this actor may see this person today."""
    return is_person_findable(session, person_id, scope_of(house, actor))


def view_candidate(
    session: Session, house: Installation, actor: Actor, person_id: bytes, *, purpose: str, language: str
) -> Candidate:
    """One candidate. With a stated purpose and the permission they are revealed; without, review is blind."""
    person = find_viewable(session, house, actor, person_id)
    if purpose:
        refuse_untrained(actor)
    if purpose and (purpose not in PURPOSES or Permission.REVEAL not in actor.permissions):
        raise Refusal("purpose_needed", 422, "State for which purpose you need to see this.", field="/purpose")
    key, vault = house.vault.key_of(person), house.vault
    profile = vault.open_profile(key, people.find_fields(session, person.id))
    every = people.find_documents(session, person.id)
    read = [reading.profile for row in every if (reading := vault.open_reading(key, row))]
    blinded = None if purpose else blind_profile(profile, *read)
    action = "candidate.revealed" if purpose else "candidate.viewed"
    record_look(session, house, actor, person, action, {"purpose": purpose or "recruitment"})
    documents, readings = [], []
    for d in find_documents(session, actor, person.id):
        text = vault.open_text_of(key, d)
        name = "" if blinded else vault.sealer.open_text(key, "document_name", d.id, d.name)
        readings.append(None if blinded else vault.open_reading(key, d))
        documents.append((d, name, blinded.redact(text) if blinded else text))
    return Candidate(
        person=person,
        heading=heading_of(person) if blinded else profile.name or heading_of(person),
        profile=blinded.profile if blinded else profile,
        blinded=blinded,
        applications=tuple(
            (a, find_opening(session, a.opening_id) if a.opening_id else None)
            for a in find_applications(session, actor, person.id)
        ),
        documents=tuple(documents),
        live=tuple(bases.find_live(session, person.id, house.today())),
        notes=_open_notes(session, house, person, blinded),
        end=end_of(house, person, language),
        readings=tuple(readings),
    )


def refuse_untrained(actor: Actor) -> None:
    """Raise :class:`Refusal` for staff whose privacy training is missing or too old, where the policy asks for it."""
    if not actor.is_trained:
        text = "Your privacy training is not on record, or is too old. Until it is renewed you see no identified data."
        raise Refusal("training_needed", 403, text)


def record_look(
    session: Session, house: Installation, actor: Actor, person: Person, action: str, about: dict[str, Any]
) -> None:
    """Enter a look into the record, with the role it was made in."""
    role = min((r.value for r in actor.roles), default="machine")
    role = "recruiter" if "recruiter" in {r.value for r in actor.roles} else role
    about = {**about, "role": role}
    audit.record(session, at=house.now(), actor=actor.name, action=action, subject=person.log_name, about=about)


def _open_notes(
    session: Session, house: Installation, person: Person, blinded: Blinded | None
) -> tuple[tuple[Note, str, str], ...]:
    key, found = house.vault.key_of(person), []
    for note in people.find_notes(session, person.id):
        author = access.find_staff(session, note.staff_id)
        name = house.vault.open_organisation("staff.name", author.id, author.name) if author else ""
        text = house.vault.sealer.open_text(key, "note_text", note.id, note.text)
        found.append((note, blinded.redact(text) if blinded else text, name))
    return tuple(found)


def add_note(session: Session, house: Installation, actor: Actor, person_id: bytes, text: str) -> None:
    """Keep a note on a contact; it is part of the person's data (C12)."""
    person = find_viewable(session, house, actor, person_id)
    if not text.strip() or len(text) > LONGEST_NOTE:
        raise Refusal("note_needed", 422, f"Write a note of at most {LONGEST_NOTE} characters.", field="/note")
    row_id = new_id()
    session.add(
        Note(
            id=row_id,
            person_id=person.id,
            staff_id=actor.staff_id or b"",
            written_at=house.now(),
            text=house.vault.sealer.seal_text(house.vault.key_of(person), "note_text", row_id, text.strip()),
        )
    )
    audit.record(session, at=house.now(), actor=actor.name, action="note.added", subject=person.log_name)


def draw_page(
    house: Installation, actor: Actor, person_id: bytes, document_id: bytes, number: int, purpose: str
) -> bytes:
    """A page of a document as a PNG picture, drawn in the reading sandbox. Only who was revealed to may see it."""
    refuse_untrained(actor)
    if purpose not in PURPOSES or Permission.DOCUMENTS not in actor.permissions:
        raise Refusal("purpose_needed", 403, "State for which purpose you need to see this.")
    with house.database.writing() as session:
        person = find_viewable(session, house, actor, person_id)
        if document_id not in {d.id for d in find_documents(session, actor, person.id)}:
            raise not_found()
        content, _, kind = read_document(session, house, person, document_id)
        about = {"document": document_id.hex(), "page": number, "purpose": purpose}
        record_look(session, house, actor, person, "document.viewed", about)
    picture = house.reader.render(content, kind, number, PICTURE_WIDTH)
    if picture is None:
        raise not_found()
    return picture
