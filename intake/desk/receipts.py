"""Receipts of the ledger's entries: derived, signed, never stored. The same receipt for person, officer and program."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.desk.letters import address_of
from intake.desk.notices import find_described
from intake.desk.refusals import Refusal, not_found
from intake.desk.rights import person_of
from intake.desk.signing import published_key, sign_document
from intake.installation import Installation
from retention.policy.receipts import LedgerEntry, describe_receipt, identify
from storage.models import Application, BasisEvent
from storage.queries import bases, people
from storage.queries.applications import find_by_reference


@dataclass(frozen=True, slots=True)
class Receipt:
    """One entry of the ledger, and its signed receipt as JSON-LD."""

    id: str
    reference: str
    at: datetime
    purpose: str
    basis: str
    event: str
    channel: str
    contact: str
    language: str
    notice_version: str
    notice_digest: str
    wording_digest: str
    title: str
    document: dict[str, Any]


def receipts_of_visitor(session: Session, house: Installation, visitor: Visitor) -> tuple[Receipt, ...]:
    """The visitor's own receipts, newest first: of one application, or of all once the address was proved."""
    person = person_of(session, visitor)
    applications = {
        a.id: a for a in people.find_applications(session, person.id) if visitor.application_id in (None, a.id)
    }
    return _make_receipts(session, house, person.id, applications)


def find_receipt(session: Session, house: Installation, visitor: Visitor, receipt: str) -> Receipt:
    """One of the visitor's own receipts. Raises :class:`Refusal`."""
    wanted = _parse(receipt)
    for one in receipts_of_visitor(session, house, visitor):
        if one.id == wanted:
            return one
    raise not_found()


def receipts_of_reference(session: Session, house: Installation, reference: str) -> tuple[Receipt, ...]:
    """The receipts of the record that a reference names, for the privacy office. Raises :class:`Refusal`."""
    application = find_by_reference(session, reference)
    person = people.find_present(session, application.person_id) if application else None
    if person is None:
        raise Refusal("reference_unknown", 404, "No record has this reference.", field="/reference")
    applications = {a.id: a for a in people.find_applications(session, person.id)}
    return _make_receipts(session, house, person.id, applications)


def receipts_key(house: Installation) -> dict[str, Any]:
    """The published key set by which every receipt can be checked (RFC 7517)."""
    return {"keys": [published_key(house)]}


def _parse(receipt: str) -> str:
    try:
        return str(UUID(receipt))
    except ValueError:
        raise not_found() from None


def _make_receipts(
    session: Session, house: Installation, person_id: bytes, applications: dict[bytes, Application]
) -> tuple[Receipt, ...]:
    entries = [e for e in bases.find_ledger(session, person_id) if e.application_id in applications]
    return tuple(_make(session, house, e, applications[e.application_id].reference) for e in reversed(entries))


def _make(session: Session, house: Installation, event: BasisEvent, reference: str) -> Receipt:
    notice = find_described(session, house, event.notice_version, event.language)
    entry = LedgerEntry(
        id=event.id,
        subject=reference,
        purpose=event.purpose,
        basis=event.basis,
        event=event.event,
        at=event.at,
        channel=event.channel,
        language=event.language,
        notice_version=event.notice_version,
        notice_digest=event.notice_digest,
        wording_digest=event.wording_digest,
        expires_on=event.expires_on,
        contact=event.contact,
        global_privacy_control=event.global_privacy_control,
    )
    document = describe_receipt(entry, notice, address_of(house, ""))
    process = document["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"][0]
    return Receipt(
        id=identify(event.id),
        reference=reference,
        at=event.at,
        purpose=event.purpose,
        basis=event.basis.value,
        event=event.event.value,
        channel=event.channel.value,
        contact=event.contact,
        language=event.language,
        notice_version=event.notice_version,
        notice_digest=event.notice_digest,
        wording_digest=event.wording_digest,
        title=str(process.get("dct:title", "")),
        document=sign_document(house, document),
    )
