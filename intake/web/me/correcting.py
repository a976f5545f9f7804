"""The document shown beside a person's correction: the newest of theirs that could be read."""

from intake.desk.rights import Held
from intake.installation import Installation
from intake.web.apply.form import Shown


def shown_beside(house: Installation, held: Held) -> Shown | None:
    """The document to show, with what was read from it; None where no document could be read."""
    key = house.vault.key_of(held.person)
    for document, _ in sorted(held.documents, key=lambda pair: pair[0].received_at, reverse=True):
        reading = house.vault.open_reading(key, document)
        if reading is not None and reading.evidence:
            return Shown(reading, f"/me/documents/{document.id.hex()}/{{}}.png".format)
    return None
