"""Everything held about a person in one archive: readable data, JSON Resume, the documents as they came.

Whatever the registry of personal data names and a table holds is in it (Art. 15 and 20 GDPR). Links that would open
the record are left out of messages: an archive must never open more than its reader may.
"""

import io
import json
import re
import zipfile
from typing import Any

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.desk.ends import reason_of
from intake.desk.profiles import to_json_resume
from intake.desk.receipts import receipts_of_visitor
from intake.desk.requests import describe_requests
from intake.desk.rights import Held, open_held, read_document
from intake.installation import Installation
from storage import audit
from storage.models import Application, Document, Opening
from storage.profile_json import field_to_json, to_json
from storage.queries import mails, people
from storage.seal import DataKey, Sealed

_LINK = re.compile(r"/link/[\w-]+")


def export_archive(session: Session, house: Installation, visitor: Visitor, language: str) -> bytes:
    """Everything held, packed. Raises :class:`~intake.desk.refusals.Refusal` once the record ended."""
    held = open_held(session, house, visitor, language)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", _as_text(describe_held(session, house, held, language)))
        archive.writestr("resume.json", _as_text(to_json_resume(held.profile)))
        receipts = [receipt.document for receipt in receipts_of_visitor(session, house, visitor)]
        archive.writestr("receipts.jsonld", _as_text(receipts))
        for document, name in held.documents:
            content, _, kind = read_document(session, house, held.person, document.id)
            archive.writestr(f"documents/{document.id.hex()[:8]}-{safe_name(name, kind)}", content)
    audit.record(
        session, at=house.now(), actor="person", action="person.exported", subject=held.person.log_name,
        about={"format": "zip"},
    )  # fmt: skip
    return packed.getvalue()


def _as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def safe_name(name: str, kind: str) -> str:
    """A file name that means nothing to any file system."""
    kept = "".join(c if c.isalnum() or c in "-_. " else "_" for c in name).strip(". ")
    return kept[:100] or f"document.{kind}"


def describe_held(session: Session, house: Installation, held: Held, language: str) -> dict[str, Any]:
    """Everything held as plain values, with sources, bases, messages, looks and the end."""
    key = house.vault.key_of(held.person)
    return {
        "profile": {row.name: field_to_json(held.profile, row.name) for row in held.fields},
        "sources": {row.name: {"source": row.source.value, "corrected": row.corrected} for row in held.fields},
        "applications": [_application(house, key, a, opening) for a, opening in held.applications],
        "documents": [_document(house, key, document, name) for document, name in held.documents],
        "addresses_that_bounced": list(held.bounced),
        "notes": [{"at": n.written_at.isoformat(), "text": text} for n, text in held.notes],
        "questions": [
            {"reference": e.reference, "at": e.asked_at.isoformat(), "text": text, "answer": answer}
            for e, text, answer in held.enquiries
        ],
        "messages": _messages(session, house, key, held),
        "requests": describe_requests(session, house, held.person),
        "kept_answers": _kept_answers(session, house, key, held),
        "bases": [
            {"purpose": e.purpose, "basis": e.basis.value, "event": e.event.value, "at": e.at.isoformat(),
             "notice_version": e.notice_version, "language": e.language, "contact": e.contact}
            for e in held.ledger
        ],
        "looked_at": [{"at": look.at.isoformat(), "role": look.role, "purpose": look.purpose} for look in held.looks],
        "ends": {
            "on": held.end.on.isoformat() if held.end.on else None,
            "rule": held.end.rule,
            "reason": reason_of(house, held.end.rule, language),
            "then": held.end.action,
        },
    }  # fmt: skip


def _application(house: Installation, key: DataKey, a: Application, opening: Opening | None) -> dict[str, Any]:
    def opened(name: str, sealed: Sealed | None) -> str | None:
        return house.vault.sealer.open_text(key, name, a.id, sealed) if sealed else None

    return {
        "reference": a.reference,
        "opening": opening.title if opening else None,
        "stage": a.stage.value,
        "received_at": a.received_at.isoformat(),
        "decision_on": a.decision_on.isoformat() if a.decision_on else None,
        "decision_reason": opened("decision_reason", a.decision_reason),
        "source": a.source.value,
        "source_detail": opened("source_detail", a.source_detail),
        "channel": a.channel.value,
        "country": a.country,
        "notice_version": a.notice_version,
    }


def _document(house: Installation, key: DataKey, document: Document, name: str) -> dict[str, Any]:
    reading = house.vault.open_reading(key, document)
    return {
        "id": document.id.hex(),
        "name": name,
        "kind": document.kind,
        "received_at": document.received_at.isoformat(),
        "text": reading.text if reading else None,
        "read": to_json(reading.profile) if reading else None,
    }


def _messages(session: Session, house: Installation, key: DataKey, held: Held) -> list[dict[str, Any]]:
    found = []
    for mail in mails.find_of(session, held.person.id):
        said = house.vault.sealer.open_json(key, "mail_message", mail.id, mail.message)
        text = _LINK.sub("/link/…", said["text"])
        state = {"at": mail.created_at.isoformat(), "state": mail.state.value}
        found.append({**state, "to": said["to"], "subject": said["subject"], "text": text})
    return found


def _kept_answers(session: Session, house: Installation, key: DataKey, held: Held) -> list[Any]:
    return [
        house.vault.sealer.open_json(key, "idempotency_answer", call.row_id, call.answer)
        for call in people.find_repeated_calls(session, held.person.id)
    ]
