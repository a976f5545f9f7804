"""The shape of one entry of the record: closed keys, codes only, one canonical spelling, one hash.

It must never hold personal data in clear: no names, addresses, file names, search words or free text. Low-entropy
facts about a person go in only as keyed digests. What is refused is never repeated in the error.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from storage.codes import Code, check_code

ABOUT = frozenset(
    {
        # what was touched: pseudonyms, references, digests
        "application", "blob", "client", "disclosure", "document", "ending", "hold", "incident", "key", "link", "note",
        "opening", "receipt", "recipient", "reference", "request", "run", "session", "staff", "token",
        "content_digest", "notice_digest", "policy_digest", "query_digest", "wording_digest",
        # coded facts of what happened
        "action", "basis", "category", "cause", "channel", "code", "country", "decision", "end", "event", "field",
        "fields", "format", "from", "kind", "language", "legal_basis", "mode", "outcome", "place", "purpose",
        "purposes", "reason", "right", "role", "roles", "route", "rule", "scope", "scopes", "source", "stage", "state",
        "status", "step", "to", "topic", "verdict", "via", "losers", "winner", "setting", "check",
        # times and versions
        "as_of", "decision_on", "ends_at", "ends_on", "expires_at", "expires_on", "generation", "notice_version",
        "policy_version", "retain_until", "since", "until", "version",
        # counts and flags
        "anonymised", "applications", "attempts", "blobs", "bytes", "count", "days", "documents", "due", "entries",
        "failed", "hits", "held", "is_dry", "keys", "matches", "page", "pages", "people", "position", "purged",
        "returned", "rows", "seconds", "size", "total", "fresh_sign_in", "break_glass",
    }
)  # fmt: skip
"""The only keys that ``about`` may have. A new one is added here, after asking whether its values are codes."""

_ACTOR = re.compile(r"[a-z][a-z_]{1,30}|[a-z][a-z_]{1,30}:[0-9a-f]{32}|token:[0-9A-Za-z_]{4,16}")
_ACTION = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){0,4}")
_OUTCOME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ACTION_LONGEST = 64
_SUBJECT_BYTES = 16
_LEAF = b"\x00"


class NotAnEntry(ValueError):
    """What was about to be recorded is not of the record's shape. The text names the part, never its value."""


def canonical(content: Mapping[str, Any]) -> str:
    """The one spelling that is hashed: keys sorted, no spaces, no floats, UTF-8."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def leaf_hash(entry: str) -> bytes:
    """The leaf's hash, SHA-256(0x00 ‖ entry) (RFC 9162 §2.1.1)."""
    return hashlib.sha256(_LEAF + entry.encode()).digest()


def spell_time(at: datetime) -> str:
    """An aware instant as the record spells it: UTC, microseconds, ``Z``."""
    if at.tzinfo is None:
        raise NotAnEntry("an instant needs its time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def compose(
    *,
    number: int,
    at: datetime,
    actor: str,
    action: str,
    subject: bytes | None,
    outcome: str,
    about: Mapping[str, Code],
) -> str:
    """The canonical text of one entry. Raises :class:`NotAnEntry` or ``storage.codes.NotACode``."""
    _check("actor", _ACTOR.fullmatch(actor) is not None)
    _check("action", _ACTION.fullmatch(action) is not None and len(action) <= _ACTION_LONGEST)
    _check("outcome", _OUTCOME.fullmatch(outcome) is not None)
    _check("subject", subject is None or len(subject) == _SUBJECT_BYTES)
    _check("about: an unknown key", ABOUT.issuperset(about))
    for key, value in about.items():
        check_code(f"about.{key}", value)
    content = {
        "about": dict(about),
        "action": action,
        "actor": actor,
        "at": spell_time(at),
        "id": number,
        "outcome": outcome,
        "subject": None if subject is None else subject.hex(),
    }
    return canonical(content)


def _check(part: str, is_right: bool) -> None:
    if not is_right:
        raise NotAnEntry(f"not an entry of the record: {part}")
