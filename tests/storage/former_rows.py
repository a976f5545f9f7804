"""Rows as version 0001 of the database had them: plain values, so that tests of older shapes need no model of today."""

from datetime import UTC, date, datetime
from typing import Any

from storage.identifiers import new_id, new_reference

THEN = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)


def former_rows(blob_id: str) -> dict[str, dict[str, Any]]:
    """One person with one application and one document, by table, in an order that the database takes."""
    person, application, basis = new_id(), new_id(), new_id()
    notice = {"notice_version": "1", "notice_digest": "0" * 64, "language": "en", "channel": "form"}
    return {
        "person": {
            "id": person, "key_id": new_id(), "log_name": new_id(), "state": "live", "created_at": THEN,
            "last_contact_on": THEN.date(), "suppressed": False, "ends_on": date(2027, 1, 1), "end_rule": "pool",
            "end_action": "purge", "end_decision": {"winner": {}}, "policy_version": "1", "index_shard": 0,
        },
        "basis_event": {
            "id": basis, "person_id": person, "application_id": application, "position": 1, "purpose": "application",
            "basis": "contract", "event": "given", "at": THEN, "wording_digest": "", "global_privacy_control": False,
            **notice,
        },
        "application": {
            "id": application, "reference": new_reference(), "person_id": person, "basis_id": basis,
            "stage": "received", "received_at": THEN, "touched_at": THEN, "source": "person", "country": "DE",
            "age_confirmed": True, **notice,
        },
        "document": {
            "id": new_id(), "person_id": person, "application_id": application, "blob_id": blob_id, "size": 8,
            "kind": "text", "state": "stored", "attempts": 0, "reader": "", "pages": 0, "received_at": THEN,
            "content_digest": b"d" * 32, "name": b"ciphertext",
        },
    }  # fmt: skip
