"""Sends what waits in the sealed mail outbox. A message is opened only to be handed to the mail server.

Without a mail server messages stay sealed; a person's page says so. What failed is tried again with growing waits and
ends on the dead-letter list.
"""

import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from intake.desk.bounces import message_id_of, note_return
from intake.installation import Installation
from intake.settings import Settings
from storage.keystore import KeyGone
from storage.models import Mail, MailState, Person
from storage.queries.mails import find_waiting

MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
TIMEOUT = 20
REFUSED_STATUS = "5.1.1"
"""What a server means that will not take an address: bad destination mailbox (RFC 3463)."""
_PERMANENT = 500


def send_waiting(house: Installation, limit: int = 20) -> int:
    """Send messages that are due. Returns how many went."""
    if not house.settings.smtp_host:
        return 0
    sent = 0
    with house.database.reading() as session:
        due = [mail.id for mail in find_waiting(session, house.now(), limit)]
    for mail_id in due:
        sent += _send_one(house, mail_id)
    return sent


def _send_one(house: Installation, mail_id: bytes) -> bool:
    with house.database.writing() as session:
        mail = session.get(Mail, mail_id)
        if mail is None or mail.state is not MailState.WAITING:
            return False
        try:
            message = open_message(session, house, mail)
        except (ValueError, LookupError):
            mail.state = MailState.DEAD  # an address that no header can hold: trying again would not help
            return False
        if message is None:
            mail.state = MailState.CANCELLED
            return False
        mail.attempts += 1
        mail.not_before = house.now() + FIRST_WAIT * (1 << min(mail.attempts, 10))
    try:
        deliver(house.settings, message)
    except smtplib.SMTPRecipientsRefused as refused:
        _note_refusal(house, mail_id, max((code for code, _ in refused.recipients.values()), default=0))
        return False
    except (OSError, smtplib.SMTPException):
        _note_failure(house, mail_id)
        return False
    with house.database.writing() as session:
        done = session.get(Mail, mail_id)
        if done is not None:
            done.state, done.sent_at = MailState.SENT, house.now()
    return True


def _note_failure(house: Installation, mail_id: bytes) -> None:
    with house.database.writing() as session:
        mail = session.get(Mail, mail_id)
        if mail is not None and mail.attempts >= MOST_ATTEMPTS:
            mail.state = MailState.DEAD


def _note_refusal(house: Installation, mail_id: bytes, code: int) -> None:
    """The server would not take the address: for good (RFC 5321 5yz), that is a return; else it is tried again."""
    if code < _PERMANENT:
        _note_failure(house, mail_id)
        return
    with house.database.writing() as session:
        mail = session.get(Mail, mail_id)
        if mail is not None:
            mail.state = MailState.DEAD
    note_return(house, mail_id, REFUSED_STATUS)


def sender_of(settings: Settings) -> str:
    """From whom messages go out: the sender set, else a name at the mail server's or the site's own domain."""
    if settings.mail_from:
        return settings.mail_from
    domain = settings.smtp_host or urlsplit(settings.base_url).hostname or "localhost"
    return f"no-reply@{domain if not domain.replace('.', '').isdecimal() else 'localhost'}"


def domain_of(settings: Settings) -> str:
    """The domain of the sender's address, which SPF and DKIM must vouch for."""
    return parseaddr(sender_of(settings))[1].rpartition("@")[2] or "localhost"


def open_message(session: Session, house: Installation, mail: Mail) -> EmailMessage | None:
    """The message in clear, or None when the key it was sealed under is gone."""
    try:
        key = house.vault.secrets.organisation
        if mail.person_id is not None:
            person = session.get(Person, mail.person_id)
            if person is None:
                return None
            key = house.vault.key_of(person)
    except KeyGone:
        return None
    said: dict[str, Any] = house.vault.sealer.open_json(key, "mail_message", mail.id, mail.message)
    message = EmailMessage()
    message["From"] = sender_of(house.settings)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id_of(mail, domain_of(house.settings))
    message["To"] = said["to"]
    message["Subject"] = said["subject"]
    message["Auto-Submitted"] = "auto-generated"
    if said.get("unsubscribe"):  # RFC 8058: a mail program's own button says no, without a page
        message["List-Unsubscribe"] = f"<{said['unsubscribe']}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(said["text"])
    return message


def deliver(settings: Settings, message: EmailMessage) -> None:
    """Hand one message to the mail server. Raises ``OSError`` or ``SMTPException``."""
    context = ssl.create_default_context()
    kind: Any = smtplib.SMTP_SSL if settings.smtp_tls == "tls" else smtplib.SMTP
    options = {"context": context} if settings.smtp_tls == "tls" else {}
    with kind(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, **options) as server:
        if settings.smtp_tls == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message, from_addr=settings.mail_return or None)
