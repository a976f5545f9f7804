"""The words of a question and of its answer, opened under their asker's key: for whoever answers, and for the asker."""

from sqlalchemy.orm import Session

from intake.installation import Installation
from storage.models import Enquiry, Person
from storage.queries import enquiries


def open_words(house: Installation, person: Person, row: Enquiry) -> tuple[str, str]:
    """What was asked and what was answered; empty where nothing was."""
    key, sealer = house.vault.key_of(person), house.vault.sealer
    answer = sealer.open_text(key, "enquiry_answer", row.id, row.answer) if row.answer else ""
    return sealer.open_text(key, "enquiry_text", row.id, row.text), answer


def open_all(session: Session, house: Installation, person: Person) -> tuple[tuple[Enquiry, str, str], ...]:
    """Each question of a person with its words and its answer, oldest first."""
    return tuple((row, *open_words(house, person, row)) for row in enquiries.find_of(session, person.id))
