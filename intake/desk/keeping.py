"""Asking to be kept: a consent that the person gives or renews from their own page, with the end it would come to."""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.desk.ends import EndInWords, end_of
from intake.desk.notices import NoticeInForce, notice_in_force
from intake.desk.refusals import Refusal, not_found
from intake.desk.rights import note_change, person_of
from intake.desk.timeline import Span, spans_of
from intake.installation import Installation
from retention.policy.policy import PurposeTerms
from storage.identifiers import new_id
from storage.models import Application, BasisEvent, Person, PersonState
from storage.queries import bases, people
from storage.vocabulary import BasisEvent as Kind
from storage.vocabulary import Channel, Stage


@dataclass(frozen=True, slots=True)
class Offer:
    """One purpose by consent. ``is_given``: it is live, and can be renewed; ``span`` is what a yes today comes to."""

    purpose: str
    question: str
    description: str
    is_given: bool
    span: Span | None


def offers_of(session: Session, house: Installation, visitor: Visitor, language: str) -> tuple[Offer, ...]:
    """What the person can ask for. Nothing is changed. Raises :class:`Refusal` where nothing can be asked for."""
    person, application = _who_may_ask(session, visitor)
    live = {event.purpose for event in bases.find_live(session, person.id, house.today())}
    found = []
    for terms in house.policy.choices:
        with session.begin_nested() as savepoint:
            _enter(session, house, application, terms, notice_in_force(house, language))
            spans = spans_of(session, house, person, language)
            savepoint.rollback()
        last = [span for span in spans if span.purpose == terms.id]
        found.append(_offer(terms, language, terms.id in live, last[-1] if last else None))
    return tuple(found)


def _offer(terms: PurposeTerms, language: str, is_given: bool, span: Span | None) -> Offer:
    question = terms.question or terms.title
    return Offer(terms.id, question.say(language), terms.description.say(language), is_given, span)


def _who_may_ask(session: Session, visitor: Visitor) -> tuple[Person, Application]:
    """The visitor's record and the application that a consent is entered under: the latest."""
    person = person_of(session, visitor)
    if visitor.application_id is not None:
        raise Refusal("address_not_proved", 403, "Open the link that was sent to your address first.")
    if person.state is not PersonState.LIVE:
        raise Refusal("restricted", 409, "This record is locked; nothing can be added to it.")
    sent = [a for a in people.find_applications(session, person.id) if a.stage is not Stage.DRAFT]
    if not sent:
        raise not_found()
    return person, sent[-1]


def keep(
    session: Session, house: Installation, visitor: Visitor, purpose: str, notice: NoticeInForce, language: str
) -> EndInWords:
    """Give or renew a consent (Art. 7 GDPR): under the notice that was shown, in force from now."""
    person, application = _who_may_ask(session, visitor)
    terms = next((choice for choice in house.policy.choices if choice.id == purpose), None)
    if terms is None:
        raise not_found()
    _enter(session, house, application, terms, notice)
    person.last_contact_on = house.today()
    session.flush()
    note_change(session, house, person, "consent.given", {"purpose": purpose})
    return end_of(house, person, language)


def _enter(
    session: Session, house: Installation, application: Application, terms: PurposeTerms, notice: NoticeInForce
) -> None:
    live = bases.find_live(session, application.person_id, house.today())
    is_given = any(e.purpose == terms.id and e.application_id == application.id for e in live)
    wording = notice.wordings.get(terms.id, "")
    event = BasisEvent(
        id=new_id(),
        person_id=application.person_id,
        application_id=application.id,
        purpose=terms.id,
        basis=terms.basis,
        event=Kind.RENEWED if is_given else Kind.GIVEN,
        at=house.now(),
        channel=Channel.FORM,
        notice_version=notice.version,
        notice_digest=notice.digest,
        wording_digest=hashlib.sha256(wording.encode()).hexdigest() if wording else "",
        language=notice.language,
    )
    bases.append_event(session, event)
