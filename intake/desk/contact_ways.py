"""By which ways a person wants to hear from us, purpose by purpose (N6): entries of the ledger, latest word wins.

Letters and mail may be used for a purpose that is live until the person says no; calls and texts only after they said
yes. Administrative messages (what is held, what was asked for) are not asked about here and cannot be switched off.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake.desk.notices import notice_in_force
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage import audit
from storage.digests import keyed_digest
from storage.identifiers import find_id, new_id
from storage.models import BasisEvent, Person
from storage.queries import bases, people
from storage.vocabulary import Basis, Channel, Contact, Purpose
from storage.vocabulary import BasisEvent as Kind

UNASKED = frozenset({Contact.EMAIL, Contact.POST})
"""Ways that need no yes of their own. Calls and texts to a mobile do."""
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Wish:
    """Whether a person may be contacted by one way for one purpose."""

    purpose: str
    way: Contact
    is_wanted: bool


def wishes_of(session: Session, house: Installation, person: Person) -> tuple[Wish, ...]:
    """Every purpose of the policy under which anybody would be written to, by every way."""
    said = bases.find_ways(session, person.id)
    live = {event.purpose for event in bases.find_live(session, person.id, house.today())}
    return tuple(
        Wish(purpose, way, _is_wanted(said.get((purpose, way.value)), way))
        for purpose in asked_purposes(house)
        if purpose in live or any(key[0] == purpose for key in said)
        for way in Contact
    )


def asked_purposes(house: Installation) -> tuple[str, ...]:
    """Purposes beside the application itself, about which messages are administrative."""
    return tuple(p.id for p in house.policy.purposes if p.id != Purpose.APPLICATION)


def _is_wanted(said: Kind | None, way: Contact) -> bool:
    return way in UNASKED if said is None else said in bases.LIVE_KINDS


def may_contact(session: Session, house: Installation, person: Person, purpose: str, way: Contact) -> bool:
    """Whether there is a live basis for the purpose, and this way was not refused (or, where it must be, was asked)."""
    if person.suppressed or all(e.purpose != purpose for e in bases.find_live(session, person.id, house.today())):
        return False
    return _is_wanted(bases.find_ways(session, person.id).get((purpose, way.value)), way)


def set_wishes(
    session: Session, house: Installation, person: Person, wanted: Mapping[tuple[str, str], bool], language: str
) -> int:
    """Enter what changed into the ledger. Keys are purpose and way; how many changed."""
    changed = [w for w in wishes_of(session, house, person) if wanted.get((w.purpose, w.way), False) != w.is_wanted]
    application = next(iter(reversed(people.find_applications(session, person.id))), None)
    if application is None or not changed:
        return 0
    notice = notice_in_force(house, language)
    for wish in changed:
        event = BasisEvent(
            id=new_id(),
            person_id=person.id,
            application_id=application.id,
            purpose=wish.purpose,
            basis=_basis_of(house, wish),
            event=Kind.OBJECTED if wish.is_wanted else Kind.GIVEN,
            at=house.now(),
            channel=Channel.FORM,
            notice_version=notice.version,
            notice_digest=notice.digest,
            language=notice.language,
            contact=wish.way.value,
        )
        bases.append_event(session, event)
    about = {"count": len(changed)}
    audit.record(session, at=house.now(), actor="person", action="contact.chosen", subject=person.log_name, about=about)
    return len(changed)


def _basis_of(house: Installation, wish: Wish) -> Basis:
    terms = house.policy.find_purpose(wish.purpose)
    return Basis.CONSENT if terms is None or wish.way not in UNASKED else terms.basis


def preferences_path(house: Installation, person: Person) -> str:
    """The address of the person's preferences, as it stands in each message. It opens nothing else of theirs.

    Made from the record's random id under the installation's key: it holds as long as the record, since who opts out
    must never be asked to prove who they are first (Q3).
    """
    return f"/me/preferences/{person.id.hex()}{_mark_of(house, person.id)}"


def objection_path(house: Installation, person: Person) -> str:
    """Where one press of a button objects to all advertising; told at first contact (Art. 21(4) GDPR)."""
    return preferences_path(house, person).replace("/me/preferences/", "/me/objection/")


def find_by_preferences(session: Session, house: Installation, token: str) -> Person:
    """The person whose preferences a message's link leads to. Raises :class:`Refusal` once the record ended."""
    person_id = find_id(token[:32])
    is_ours = person_id is not None and hmac.compare_digest(_mark_of(house, person_id), token[32:])
    person = people.find_present(session, person_id) if is_ours and person_id is not None else None
    if person is None:
        raise Refusal("gone", 410, "There is no record behind this link any more.")
    return person


def _mark_of(house: Installation, person_id: bytes) -> str:
    return keyed_digest(house.vault.secrets.token_key, "preferences", person_id)[:_MAC_BYTES].hex()
