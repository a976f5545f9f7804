"""Questions that people ask, each under its asker's own key, answered by staff, and ended a short time after (R4).

An asker is never merged with an applicant, is never in search, and ends by the one erasure path.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.catalogues import N_
from intake.desk.candidates import refuse_untrained
from intake.desk.ends import EndInWords, end_of
from intake.desk.enquiry_words import open_words
from intake.desk.letters import address_of, compose, post_letter
from intake.desk.links import make_link
from intake.desk.notices import notice_in_force
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.records import settle_end
from storage import audit
from storage.identifiers import new_id, new_reference
from storage.models import BasisEvent, Enquiry, LinkKind, Person
from storage.profile import Profile
from storage.queries import bases, enquiries, people
from storage.vocabulary import Basis, Channel, Source
from storage.vocabulary import BasisEvent as BasisEventKind

PURPOSE = "enquiry"
TOPIC_LETTERS = (
    N_("We have your question (%(reference)s) and answer it to this address."),
    N_("See, take along or erase what we hold about you:\n%(link)s"),
)
ANSWER_LETTERS = ("%(answer)s", N_("Your question (%(reference)s) ends by itself on %(day)s."))
SENTENCES = (*TOPIC_LETTERS, ANSWER_LETTERS[1])
"""For the catalogues."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One question as the list shows it: no word of it, and not who asked."""

    reference: str
    asked_on: date
    answered_on: date | None
    days: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A question, opened. ``ends`` says when it is gone."""

    reference: str
    name: str
    email: str
    text: str
    answer: str
    asked_at: datetime
    end: EndInWords


def ask(house: Installation, *, name: str, email: str, text: str, language: str) -> str:
    """Take a question in. Returns its reference."""
    key, now = house.vault.new_key(), house.now()
    person = Person(
        id=new_id(), key_id=key.id, log_name=house.vault.log_name(key), created_at=now, last_contact_on=house.today()
    )
    profile = Profile(name=name or None, emails=(email,))
    with house.database.writing() as session:
        session.add(person)
        session.flush()
        session.add_all(
            house.vault.make_fields(key, person.id, profile, source=Source.PERSON, document_id=None, at=now)
        )
        session.add_all(house.vault.make_digests(person.id, profile))
        row_id, reference = new_id(), new_reference("VQ")
        sealed = house.vault.sealer.seal_text(key, "enquiry_text", row_id, text)
        session.add(
            Enquiry(id=row_id, person_id=person.id, reference=reference, text=sealed, language=language, asked_at=now)
        )
        _open_basis(session, house, person, row_id, language)
        session.flush()
        settle_end(session, person, house.policy, now)
        audit.record(
            session, at=now, actor="person", action="enquiry.asked", subject=person.log_name,
            about={"reference": reference},
        )  # fmt: skip
        link = address_of(house, f"/link/{make_link(session, house, LinkKind.PERSON, person_id=person.id)}")
        _write(
            session, house, person, email, reference, compose(TOPIC_LETTERS, language, reference=reference, link=link)
        )
    house.wake()
    return reference


def _open_basis(session: Session, house: Installation, person: Person, row_id: bytes, language: str) -> None:
    """A question is answered at the asker's request: a basis of its own, which permits nothing else (N3, N10)."""
    notice = notice_in_force(house, language)
    bases.append_event(
        session,
        BasisEvent(
            id=new_id(),
            person_id=person.id,
            application_id=row_id,
            purpose=PURPOSE,
            basis=Basis.CONTRACT,
            event=BasisEventKind.GIVEN,
            at=house.now(),
            channel=Channel.FORM,
            notice_version=notice.version,
            notice_digest=notice.digest,
            language=language,
        ),
    )


def _write(session: Session, house: Installation, person: Person, to: str, reference: str, text: str) -> None:
    subject = f"{house.organisation}: {reference}"
    post_letter(session, house, person, template="enquiry", to=to, subject=subject, text=text)


def list_waiting(house: Installation) -> tuple[Waiting, ...]:
    """Every question on record, those that wait for an answer first."""
    zone, today = house.policy.zone, house.today()
    with house.database.reading() as session:
        rows = enquiries.list_present(session)
    return tuple(
        Waiting(
            row.reference,
            row.asked_at.astimezone(zone).date(),
            row.answered_at.astimezone(zone).date() if row.answered_at else None,
            (today - row.asked_at.astimezone(zone).date()).days,
        )
        for row in rows
    )


def open_enquiry(house: Installation, actor: Actor, reference: str) -> Opened:
    """A question with who asked it; the look goes on record. Raises :class:`Refusal`."""
    refuse_untrained(actor)
    with house.database.writing() as session:
        row, person = _find(session, reference)
        opened = _open(house, session, row, person)
        about = {"reference": reference, "purpose": "requested_contact"}
        audit.record(
            session, at=house.now(), actor=actor.name, action="enquiry.viewed", subject=person.log_name, about=about
        )
    return opened


def _find(session: Session, reference: str) -> tuple[Enquiry, Person]:
    row = enquiries.find_by_reference(session, reference)
    person = people.find_present(session, row.person_id) if row else None
    if row is None or person is None:
        raise not_found()
    return row, person


def _open(house: Installation, session: Session, row: Enquiry, person: Person) -> Opened:
    key = house.vault.key_of(person)
    profile = house.vault.open_profile(key, people.find_fields(session, person.id))
    text, answer = open_words(house, person, row)
    return Opened(
        row.reference, profile.name or "", profile.emails[0] if profile.emails else "", text, answer, row.asked_at,
        end_of(house, person, row.language),
    )  # fmt: skip


def answer_enquiry(house: Installation, actor: Actor, reference: str, text: str) -> EndInWords:
    """Answer by mail; the question then ends by itself. Raises :class:`Refusal`, also for one that was answered."""
    refuse_untrained(actor)
    if not text.strip():
        raise Refusal("answer_missing", 422, "Write the answer.", field="/answer")
    with house.database.writing() as session:
        row, person = _find(session, reference)
        if row.answered_at is not None:
            raise Refusal("answered_already", 409, "This question was answered already.")
        key = house.vault.key_of(person)
        row.answer = house.vault.sealer.seal_text(key, "enquiry_answer", row.id, text.strip())
        row.answered_at, row.answered_by = house.now(), actor.staff_id
        session.flush()
        settle_end(session, person, house.policy, house.now())
        _send_answer(session, house, person, row, text.strip())
        audit.record(
            session, at=house.now(), actor=actor.name, action="enquiry.answered", subject=person.log_name,
            about={"reference": reference},
        )  # fmt: skip
        end = end_of(house, person, row.language)
    house.wake()
    return end


def _send_answer(session: Session, house: Installation, person: Person, row: Enquiry, text: str) -> None:
    profile = house.vault.open_profile(house.vault.key_of(person), people.find_fields(session, person.id))
    if not profile.emails:
        return
    day = person.ends_on.isoformat() if person.ends_on else ""
    body = compose(ANSWER_LETTERS, row.language, answer=text, reference=row.reference, day=day)
    _write(session, house, person, profile.emails[0], row.reference, body)
