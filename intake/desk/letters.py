"""Messages to people: composed in their language, sealed under their key, put into the outbox. Nothing here sends one.

Every message ends with the way to the page of communication preferences (N6).
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from intake.catalogues import N_, load_translations
from intake.desk.contact_ways import may_contact, preferences_path
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage.identifiers import new_id
from storage.models import Mail, Person, Staff
from storage.queries import people
from storage.vocabulary import Contact

RECEIVED = (
    N_("Your application %(reference)s has arrived."),
    N_("See, correct, take along or erase what we hold about you:\n%(link)s"),
    N_("The link works once, for %(hours)s hours. You can ask for a new one at any time:\n%(again)s"),
    N_("You can object to advertising at any time, without a reason. It stops at once:\n%(object)s"),
)
NEW_LINK = (
    N_("Somebody, probably you, asked for a link to the data that we hold about you."),
    "%(link)s",
    N_("It works once, for %(hours)s hours. If it was not you, do nothing."),
)
ADMINISTRATIVE = N_("Messages like this one, about what we hold of you or what you asked for, cannot be switched off.")
PREFERENCES = N_("Choose about what and by which way we may write to you:\n%(preferences)s")
SENTENCES = tuple(line for line in (*RECEIVED, *NEW_LINK, ADMINISTRATIVE, PREFERENCES) if line != "%(link)s")
"""For the catalogues."""


def post_letter(
    session: Session,
    house: Installation,
    person: Person,
    *,
    template: str,
    to: str,
    subject: str,
    text: str,
    purpose: str = "",
) -> Mail:
    """Seal a message to a person and put it into the outbox.

    ``purpose`` is empty for an administrative message. Raises :class:`Refusal` where the person wants no mail for it.
    """
    if purpose and not may_contact(session, house, person, purpose, Contact.EMAIL):
        raise Refusal("contact_refused", 409, "This person wants no mail for this purpose.")
    row_id, now = new_id(), house.now()
    key = house.vault.key_of(person)
    way_out = address_of(house, preferences_path(house, person))
    footer = (PREFERENCES,) if purpose else (ADMINISTRATIVE, PREFERENCES)
    closing = compose(footer, language_of(session, person), preferences=way_out)
    message = {"to": to, "subject": one_line(subject), "text": f"{text.rstrip()}\n\n-- \n{closing}"}
    if purpose:
        message["unsubscribe"] = way_out
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


def compose(paragraphs: Sequence[str], language: str, **values: object) -> str:
    """A letter's text in ``language``: its paragraphs (gettext message ids) filled in, with empty lines between."""
    translations = load_translations(language)
    return "\n\n".join(translations.ugettext(line) % values for line in paragraphs) + "\n"


def language_of(session: Session, person: Person) -> str:
    """The language in which the person applied last."""
    return next((a.language for a in reversed(people.find_applications(session, person.id))), "en")


def post_to_staff(
    session: Session, house: Installation, staff: Staff, *, template: str, subject: str, text: str
) -> Mail:
    """Seal a message to a member of staff under the organisation's key and put it into the outbox."""
    row_id, now = new_id(), house.now()
    to = house.vault.open_organisation("staff.email", staff.id, staff.email)
    message = {"to": to, "subject": one_line(subject), "text": text}
    mail = Mail(
        id=row_id,
        staff_id=staff.id,
        template=template,
        message=house.vault.sealer.seal_json(house.vault.secrets.organisation, "mail_message", row_id, message),
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
