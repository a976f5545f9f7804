"""Mail that came back: told by a delivery status notification (RFC 3464), from a mailbox or by a call.

A notification is believed only when it names a message of ours by the random id that the message carried; whoever it
was for then counts as not told. Of the notification nothing is kept but its status code.
"""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from intake.installation import Installation
from storage import audit
from storage.identifiers import find_id, new_id
from storage.models import Bounce, Mail, Person
from storage.queries.mails import find_bounce_of

LARGEST = 1_000_000
"""Bytes of a notification that are looked at; those of a mail server are far smaller."""
_OURS = re.compile(r"<([0-9a-f]{32})\.vitavault@")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
UNKNOWN_STATUS = "5.0.0"
"""Permanent failure without a reason (RFC 3463)."""


def message_id_of(mail: Mail, domain: str) -> str:
    """The ``Message-ID`` under which a message goes out, by which its return is recognised."""
    return f"<{mail.id.hex()}.vitavault@{domain}>"


def read_notification(content: bytes) -> tuple[bytes, str] | None:
    """The id of our message that failed for good, and the status; None for anything else. Never raises for content."""
    parsed = message_from_bytes(content[:LARGEST], policy=compat32)
    parts = list(parsed.walk())
    status = next(filter(None, map(_failure_in, parts)), "")
    row_id = next(filter(None, map(_message_in, parts)), None)
    return (row_id, status) if status and row_id else None


def _failure_in(part: Message) -> str:
    """The status of the first recipient whom the message did not reach."""
    if part.get_content_type() != "message/delivery-status":
        return ""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if isinstance(block, Message) and str(block.get("Action", "")).strip().casefold() == "failed":
            told = _STATUS.search(str(block.get("Status", "")))
            return told[0] if told else UNKNOWN_STATUS
    return ""


def _message_in(part: Message) -> bytes | None:
    """Our id in the headers of the message that came back."""
    if part.get_content_type() == "text/rfc822-headers":
        payload = part.get_payload(decode=True)
        text = payload.decode("ascii", "replace") if isinstance(payload, bytes) else ""
    elif part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        text = str(first.get("Message-ID", "")) if isinstance(first, Message) else ""
    else:
        return None
    found = _OURS.search(text)
    return find_id(found[1]) if found else None


def note_notification(house: Installation, content: bytes) -> bool:
    """Note that a message came back. False for anything that does not say so of a message of ours."""
    told = read_notification(content)
    return told is not None and note_return(house, *told)


def note_return(house: Installation, mail_id: bytes, status: str) -> bool:
    """Note that one message came back, once. False where there is no such message any more."""
    with house.database.writing() as session:
        mail = session.get(Mail, mail_id)
        if mail is None or find_bounce_of(session, mail_id) is not None:
            return mail is not None
        person = session.get(Person, mail.person_id) if mail.person_id else None
        key = house.vault.find_key_of(person)
        if key is None:
            return False
        to = house.vault.sealer.open_json(key, "mail_message", mail.id, mail.message)["to"]
        bounce = Bounce(
            id=new_id(),
            person_id=mail.person_id,
            mail_id=mail.id,
            address=house.vault.address_digest(to),
            status=status,
            at=house.now(),
        )
        session.add(bounce)
        subject = person.log_name if person else None
        about = {"code": status}
        audit.record(session, at=house.now(), actor="keeper", action="mail.returned", subject=subject, about=about)
    return True
