"""Calls that name an ``Idempotency-Key``: the first answer is kept sealed for a day and given again.

Bound to who called and to what was sent: the same key with another body is refused.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from intake.desk.refusals import Refusal
from intake.desk.submit import Taken
from intake.installation import Installation
from storage.digests import keyed_digest
from storage.identifiers import new_id
from storage.keystore import KeyGone
from storage.models import RepeatedCall
from storage.queries import people

KEPT = timedelta(hours=24)
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Call:
    """One call that may be repeated."""

    key_digest: bytes
    request_digest: bytes


def name_call(house: Installation, key: str, actor: str, *parts: bytes) -> Call:
    """The call that this key names for this caller. Raises :class:`Refusal` for a key that is none."""
    if not key.isprintable() or not 1 <= len(key) <= LONGEST_KEY:
        raise Refusal("idempotency_key_malformed", 400, "The Idempotency-Key is not usable.")
    secret = house.vault.secrets.digest_key
    body = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
    return Call(
        keyed_digest(secret, "idempotency key", actor.encode(), key.encode()),
        keyed_digest(secret, "idempotency request", body),
    )


def find_answer(session: Session, house: Installation, call: Call) -> dict[str, Any] | None:
    """The answer given to this call before, or None. Raises :class:`Refusal` when the body was another."""
    row = session.get(RepeatedCall, call.key_digest)
    if row is None or row.expires_at <= house.now():
        return None
    if row.request_digest != call.request_digest:
        raise Refusal("idempotency_key_reused", 422, "This Idempotency-Key was used for another request.")
    person = people.find_present(session, row.person_id)
    if person is None:
        return None
    try:
        key = house.vault.key_of(person)
    except KeyGone:
        return None
    answer: dict[str, Any] = house.vault.sealer.open_json(key, "idempotency_answer", row.row_id, row.answer)
    return answer


def keep_answer(session: Session, house: Installation, call: Call, taken: Taken, answer: dict[str, Any]) -> None:
    """Keep the answer, sealed under the person's key, in the transaction of what it answers."""
    now, row_id = house.now(), new_id()
    stale = session.get(RepeatedCall, call.key_digest)
    if stale is not None:
        session.delete(stale)
        session.flush()
    session.add(
        RepeatedCall(
            key_digest=call.key_digest,
            request_digest=call.request_digest,
            person_id=taken.person.id,
            row_id=row_id,
            answer=house.vault.sealer.seal_json(house.vault.key_of(taken.person), "idempotency_answer", row_id, answer),
            created_at=now,
            expires_at=now + KEPT,
        )
    )
