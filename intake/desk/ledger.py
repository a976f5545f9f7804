"""What a person says about the uses of their data, entered on the ledger of bases: give, renew, refuse, object.

Each entry carries notice, wording, language, channel and time (Art. 7(1) GDPR); none is ever changed. An objection to
advertising is absolute (Art. 21(2) and (3)): nothing is weighed, and it needs neither sign-in nor proof.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy.orm import Session

from intake.desk.notices import notice_in_force
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.policy.policy import PurposeTerms
from retention.records import settle_end
from storage import audit, outbox
from storage.identifiers import new_id
from storage.models import Application, BasisEvent, Person
from storage.queries import bases, people
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import Basis, Channel, Purpose
from storage.vocabulary import BasisEvent as Kind

ADVERTISING = (Purpose.MARKETING, Purpose.SALE)
"""Uses to which an objection is absolute, whether the policy in force names them or not."""


def enter(
    session: Session,
    house: Installation,
    application: Application,
    purpose: str,
    event: Kind,
    *,
    language: str,
    channel: Channel = Channel.FORM,
    basis: Basis | None = None,
) -> BasisEvent:
    """One entry about a purpose of an application. ``basis`` where the policy in force does not know it yet."""
    notice = notice_in_force(house, language)
    wording = notice.wordings.get(purpose, "")
    return bases.append_event(
        session,
        BasisEvent(
            id=new_id(),
            person_id=application.person_id,
            application_id=application.id,
            purpose=purpose,
            basis=basis or _basis_of(session, house, application, purpose),
            event=event,
            at=house.now(),
            channel=channel,
            notice_version=notice.version,
            notice_digest=notice.digest,
            wording_digest=hashlib.sha256(wording.encode()).hexdigest() if wording else "",
            language=notice.language,
        ),
    )


def _basis_of(session: Session, house: Installation, application: Application, purpose: str) -> Basis:
    """The basis that the person was told of, else the policy's, else a legitimate interest: what one objects to."""
    told = [e for e in bases.find_ledger(session, application.person_id) if e.purpose == purpose]
    mine = [e.basis for e in told if e.application_id == application.id and not e.contact]
    terms = house.policy.find_purpose(purpose)
    return mine[-1] if mine else terms.basis if terms else Basis.LEGITIMATE_INTEREST


def give_consent(
    session: Session, house: Installation, person: Person, purpose: str, *, language: str, channel: Channel
) -> None:
    """Give or renew a consent for the person's latest application. Raises :class:`Refusal` where none is asked for."""
    if all(terms.id != purpose for terms in house.policy.choices):
        raise Refusal("purpose_unknown", 422, "Only purposes that rest on consent can be chosen.", field="/purposes")
    live = [e for e in bases.find_live(session, person.id, house.today()) if e.purpose == purpose]
    asked = _applications(session, person)
    renewed = [a for a in asked if any(e.application_id == a.id for e in live)] or asked[-1:]
    for application in renewed:
        event = Kind.RENEWED if live else Kind.GIVEN
        enter(session, house, application, purpose, event, language=language, channel=channel)
    settle(session, house, person, "consent.renewed" if live else "consent.given", purpose)


def object_to(
    session: Session,
    house: Installation,
    person: Person,
    purposes: Iterable[str],
    *,
    language: str,
    channel: Channel = Channel.FORM,
    actor: str = "person",
) -> tuple[str, ...]:
    """Object to uses, for every application of the record; they stop at once. Which of them were new objections."""
    latest = _latest(session, person)
    stopped = []
    for purpose in dict.fromkeys(purposes):
        concerned = [a for a in _applications(session, person) if latest.get((a.id, purpose)) is not Kind.OBJECTED]
        for application in concerned:
            enter(session, house, application, purpose, Kind.OBJECTED, language=language, channel=channel)
        if concerned:
            stopped.append(purpose)
            settle(session, house, person, "basis.objected", purpose, actor=actor)
    return tuple(stopped)


def object_to_advertising(
    session: Session, house: Installation, person: Person, *, language: str, channel: Channel = Channel.FORM
) -> None:
    """Object to all advertising: it stops at once (Art. 21(3) GDPR; PECR reg. 22)."""
    object_to(session, house, person, ADVERTISING, language=language, channel=channel)


def can_object(terms: PurposeTerms | None) -> bool:
    """Whether a person may object to a purpose: what rests on our interest, and advertising on whatever basis."""
    return terms is not None and (terms.basis is Basis.LEGITIMATE_INTEREST or terms.id in ADVERTISING)


def object_by_name(session: Session, house: Installation, person: Person, purpose: str, *, language: str) -> None:
    """Object to one purpose of the policy in force. Raises :class:`Refusal` where there is nothing to object to."""
    if not can_object(house.policy.find_purpose(purpose)) and purpose not in ADVERTISING:
        raise not_found()
    object_to(session, house, person, (purpose,), language=language)


def _applications(session: Session, person: Person) -> list[Application]:
    return people.find_applications(session, person.id)


def _latest(session: Session, person: Person) -> dict[tuple[bytes, str], Kind]:
    entries = bases.find_ledger(session, person.id)
    return {(entry.application_id, entry.purpose): entry.event for entry in entries if not entry.contact}


def settle(
    session: Session, house: Installation, person: Person, action: str, purpose: str, *, actor: str = "person"
) -> None:
    """What follows from an entry: the end worked out anew, the index told, the record written."""
    session.flush()
    settle_end(session, person, house.policy, house.now())
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, house.now())
    audit.record(
        session, at=house.now(), actor=actor, action=action, subject=person.log_name, about={"purpose": purpose}
    )
