"""Messages to people: composed, sealed under their key, put into the outbox. Nothing here sends one."""

from sqlalchemy.orm import Session

from intake.installation import Installation
from storage.identifiers import new_id
from storage.models import Mail, Person


def post_letter(
    session: Session, house: Installation, person: Person, *, template: str, to: str, subject: str, text: str
) -> Mail:
    """Seal a message to a person and put it into the outbox."""
    row_id, now = new_id(), house.now()
    key = house.vault.key_of(person)
    message = {"to": to, "subject": one_line(subject), "text": text}
    mail = Mail(
        id=row_id,
        person_id=person.id,
        template=template,
        message=house.vault.sealer.seal_json(key, "mail_message", row_id, message),
        created_at=now,
        not_before=now,
    )
    session.add(mail)
    return mail


def one_line(text: str) -> str:
    """A text without line breaks: nothing of it can become a header (ASVS v5.0.0-1.3.11)."""
    return " ".join(text.split())


def address_of(house: Installation, path: str) -> str:
    """The full address of a path under which people reach this installation."""
    settings = house.settings
    return (settings.base_url or f"http://{settings.host}:{settings.port}") + path
