"""What a person asks about their own data: see it, withdraw, erase; by the one erasure path.

A visitor who came by the link of one application reaches that application's person only; nothing is merged.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.access.actors import Visitor, digest_of
from intake.desk.ends import EndInWords, end_of
from intake.desk.enquiry_words import open_all
from intake.desk.notices import notice_in_force
from intake.desk.refusals import Refusal, not_found
from intake.desk.suppression import find_digest_day
from intake.installation import Installation
from retention import erasure
from retention.records import settle_end
from storage import audit, outbox
from storage.blobs import BlobGone
from storage.identifiers import find_id, new_id
from storage.models import (
    Application,
    BasisEvent,
    Document,
    EndCause,
    Enquiry,
    Note,
    Opening,
    Person,
    PersonField,
    PersonState,
)
from storage.profile import Profile
from storage.queries import access, bases, people
from storage.queries.mails import find_bounces
from storage.queries.openings import find_opening
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import Basis, Channel, Stage
from storage.vocabulary import BasisEvent as BasisEventKind

LOOKS = frozenset({"candidate.viewed", "candidate.revealed", "document.viewed", "application.viewed", "enquiry.viewed"})


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened the record. ``name`` is theirs, where the settings let people see it."""

    at: datetime
    role: str
    purpose: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """Everything held about a person, opened."""

    person: Person
    profile: Profile
    fields: tuple[PersonField, ...]
    applications: tuple[tuple[Application, Opening | None], ...]
    documents: tuple[tuple[Document, str], ...]
    notes: tuple[tuple[Note, str], ...]
    ledger: tuple[BasisEvent, ...]
    looks: tuple[Look, ...]
    end: EndInWords
    bounced: tuple[str, ...] = ()
    """Addresses at which messages came back, and which nothing has reached since."""
    enquiries: tuple[tuple[Enquiry, str, str], ...] = ()
    """Each question that was asked, its words and its answer."""

    @property
    def is_restricted(self) -> bool:
        """Whether the record is only kept: nothing can be added to it."""
        return self.person.state is not PersonState.LIVE


def person_of(session: Session, visitor: Visitor) -> Person:
    """The visitor's own record. Raises :class:`Refusal` once it ended."""
    person = people.find_present(session, visitor.person_id)
    if person is None:
        raise not_found()
    return person


def _require_whole(session: Session, visitor: Visitor, person: Person) -> None:
    """What bears on the whole record needs a proved address, unless the one application is all there is (Q3)."""
    if visitor.application_id is not None and len(people.find_applications(session, person.id)) > 1:
        raise Refusal("address_not_proved", 403, "Open the link that was sent to your address first.")


def open_held(session: Session, house: Installation, visitor: Visitor, language: str) -> Held:
    """Everything held about the visitor; of a larger record, to an unproved one, that application's part only."""
    person = person_of(session, visitor)
    key, vault = house.vault.key_of(person), house.vault
    is_part = visitor.application_id is not None and len(people.find_applications(session, person.id)) > 1
    fields = people.find_fields(session, person.id)
    profile = vault.open_profile(key, fields)
    return Held(
        person=person,
        profile=profile,
        fields=tuple(fields),
        applications=tuple(
            (a, find_opening(session, a.opening_id) if a.opening_id else None)
            for a in people.find_applications(session, person.id)
            if visitor.application_id in (None, a.id)
        ),
        documents=tuple(
            (d, vault.sealer.open_text(key, "document_name", d.id, d.name))
            for d in people.find_documents(session, person.id)
            if visitor.application_id in (None, d.application_id)
        ),
        notes=tuple(
            (n, vault.sealer.open_text(key, "note_text", n.id, n.text))
            for n in people.find_notes(session, person.id)
            if not is_part
        ),
        ledger=tuple(
            e for e in bases.find_ledger(session, person.id) if visitor.application_id in (None, e.application_id)
        ),
        looks=() if is_part else find_looks(session, house, person),
        bounced=_bounced_addresses(session, house, person, profile),
        enquiries=() if is_part else open_all(session, house, person),
        end=end_of(house, person, language),
    )


def find_looks(session: Session, house: Installation, person: Person) -> tuple[Look, ...]:
    """Who opened the record: from the audit log, by the person's pseudonym, newest first."""
    found = []
    for entry in audit.entries_for(session, person.log_name):
        if entry.action in LOOKS:
            about = json.loads(entry.entry)["about"]
            role = about.get("role", entry.actor.partition(":")[0])
            found.append(Look(entry.at, role, about.get("purpose", ""), _name_of(session, house, entry.actor)))
    return tuple(reversed(found))


def _name_of(session: Session, house: Installation, actor: str) -> str:
    row_id = find_id(actor.partition(":")[2]) if house.settings.show_staff_names else None
    staff = access.find_staff(session, row_id) if row_id else None
    return house.vault.open_organisation("staff.name", staff.id, staff.name) if staff else ""


def _bounced_addresses(session: Session, house: Installation, person: Person, profile: Profile) -> tuple[str, ...]:
    bounced = {bounce.address for bounce in find_bounces(session, person.id)}
    return tuple(a for a in profile.emails if bounced and house.vault.address_digest(a) in bounced)


def name_of_document(house: Installation, person: Person, document: Document) -> str:
    """The name that a document's file had."""
    return house.vault.sealer.open_text(house.vault.key_of(person), "document_name", document.id, document.name)


def read_own_document(
    session: Session, house: Installation, visitor: Visitor, document_id: bytes
) -> tuple[bytes, str, str]:
    """One of the visitor's documents, as far as their link reaches. Raises :class:`Refusal`."""
    person, document = person_of(session, visitor), people.find_document(session, document_id)
    if document is None or visitor.application_id not in (None, document.application_id):
        raise not_found()
    return read_document(session, house, person, document_id)


def read_document(session: Session, house: Installation, person: Person, document_id: bytes) -> tuple[bytes, str, str]:
    """One of the person's own documents: bytes, file name, kind. Raises :class:`Refusal`."""
    document = people.find_document(session, document_id)
    if document is None or document.person_id != person.id:
        raise not_found()
    key = house.vault.key_of(person)
    name = house.vault.sealer.open_text(key, "document_name", document.id, document.name)
    try:
        sealed = house.blobs.read(document.blob_id)
    except BlobGone:
        raise Refusal("document_gone", 410, "This document is no longer there.") from None
    return house.vault.sealer.open_object(key, "document_file", document.id, sealed), name, document.kind


def withdraw_application(
    session: Session, house: Installation, visitor: Visitor, reference: str, language: str = "en"
) -> EndInWords:
    """Withdraw one application: nobody considers it any more, and its clock starts today."""
    person = person_of(session, visitor)
    own = [a for a in people.find_applications(session, person.id) if visitor.application_id in (None, a.id)]
    application = next((a for a in own if a.reference == reference), None)
    if application is None or application.stage in (Stage.WITHDRAWN, Stage.DRAFT):
        raise not_found()
    application.stage, application.decision_on = Stage.WITHDRAWN, house.today()
    session.flush()
    return _changed(session, house, person, "application.withdrawn", {"reference": application.reference}, language)


def withdraw_consent(
    session: Session, house: Installation, visitor: Visitor, purpose: str, language: str
) -> EndInWords:
    """End a consent as easily as it was given (Art. 7(3) GDPR); it stops at once."""
    person = person_of(session, visitor)
    _require_whole(session, visitor, person)
    live = [e for e in bases.find_live(session, person.id, house.today()) if e.purpose == purpose]
    live = [e for e in live if e.basis in (Basis.CONSENT, Basis.DEEMED_CONSENT)]
    if not live:
        raise not_found()
    notice = notice_in_force(house, language)
    wording = notice.wordings.get(purpose, "")
    for event in live:
        bases.append_event(
            session,
            BasisEvent(
                id=new_id(),
                person_id=person.id,
                application_id=event.application_id,
                purpose=purpose,
                basis=event.basis,
                event=BasisEventKind.WITHDRAWN,
                at=house.now(),
                channel=Channel.FORM,
                notice_version=notice.version,
                notice_digest=notice.digest,
                wording_digest=hashlib.sha256(wording.encode()).hexdigest() if wording else "",
                language=language,
            ),
        )
    return _changed(session, house, person, "consent.withdrawn", {"purpose": purpose}, language)


def _changed(
    session: Session, house: Installation, person: Person, action: str, about: dict[str, str], language: str
) -> EndInWords:
    note_change(session, house, person, action, about)
    return end_of(house, person, language)


def note_change(session: Session, house: Installation, person: Person, action: str, about: dict[str, str]) -> None:
    """What follows every act of the person: a new end, the index, the record."""
    settle_end(session, person, house.policy, house.now())
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, house.now())
    audit.record(session, at=house.now(), actor="person", action=action, subject=person.log_name, about=about)


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of a request for erasure: a receipt when it ended, else the day and law that keep it meanwhile.

    ``digest_until``: the last day of the digest that keeps lists from bringing the person back, where one is kept.
    """

    receipt: str
    end: EndInWords
    is_ended: bool
    digest_until: date | None = None


def preview_erasure(session: Session, house: Installation, person: Person, language: str = "en") -> EndInWords | None:
    """The floor or hold that would keep the record if the person asked for erasure now; None when nothing would."""
    with session.begin_nested() as savepoint:
        person.erasure_asked_at = person.erasure_asked_at or house.now()
        session.flush()
        outcome = settle_end(session, person, house.policy, house.now())
        end = end_of(house, person, language)
        is_kept = outcome.ends_at is None or outcome.ends_at > house.now()
        savepoint.rollback()
    session.refresh(person)
    return end if is_kept else None


def erase_now(session: Session, house: Installation, visitor: Visitor, language: str = "en") -> Erased:
    """Erase the visitor's record: at once, or, where a law or a hold keeps it, restrict it at once until that day."""
    house.settings.reserve.lend()
    person = people.lock_person(session, visitor.person_id)
    if person is None or person.state is PersonState.ENDING:
        raise not_found()
    _require_whole(session, visitor, person)
    now = house.now()
    person.erasure_asked_at = person.erasure_asked_at or now
    session.flush()
    outcome = settle_end(session, person, house.policy, now)
    end = end_of(house, person, language)
    audit.record(session, at=now, actor="person", action="erasure.asked", subject=person.log_name)
    if outcome.ends_at is None or outcome.ends_at > now:
        person.state = PersonState.RESTRICTED
        outbox.enqueue(session, INDEX_TOPIC, person.id, {}, now)
        return Erased("", end, is_ended=False)
    cause = erasure.end_of_record(person, EndCause.REQUEST, "person")
    digest_until = find_digest_day(session, house, person)
    ending = erasure.begin_end(session, person.id, cause, now)
    return Erased(ending.receipt, end, is_ended=True, digest_until=digest_until)


def leave(session: Session, house: Installation, visitor: Visitor, token: str) -> None:
    """End the visitor's session on the server."""
    row = access.find_person_session(session, digest_of(house, token), house.now())
    if row is not None and row.person_id == visitor.person_id:
        session.delete(row)
