"""Pages of a person's own document as pictures, drawn in the reading sandbox.

A draft's token opens the draft's document and no other; a signed-in person opens their own. Nobody else's look is
made here: what staff look at goes through `candidates` and on record.
"""

from intake.access.actors import Visitor
from intake.desk.drafts import open_draft
from intake.desk.refusals import Refusal, not_found
from intake.desk.rights import person_of, read_document
from intake.installation import Installation
from storage.queries import people

PICTURE_WIDTH = 1000
MOST_PICTURES = 10


def draw_draft_page(house: Installation, token: str, number: int) -> bytes:
    """One page of a draft's document as PNG. Raises :class:`Refusal`."""
    with house.database.reading() as session:
        draft = open_draft(session, house, token)
        content, _, kind = read_document(session, house, draft.person, draft.document.id)
    return _draw(house, content, kind, number)


def draw_own_page(house: Installation, visitor: Visitor, document_id: bytes, number: int) -> bytes:
    """One page of one of the visitor's own documents as PNG. Raises :class:`Refusal`."""
    with house.database.reading() as session:
        person = person_of(session, visitor)
        own = {d.id for d in people.find_documents(session, person.id) if _reaches(visitor, d.application_id)}
        if document_id not in own:
            raise not_found()
        content, _, kind = read_document(session, house, person, document_id)
    return _draw(house, content, kind, number)


def _reaches(visitor: Visitor, application_id: bytes | None) -> bool:
    return visitor.application_id in (None, application_id)


def _draw(house: Installation, content: bytes, kind: str, number: int) -> bytes:
    """Draw unless too many documents wait: the page is whole without its pictures."""
    if not 1 <= number <= MOST_PICTURES:
        raise not_found()
    if not house.reader.try_reserve():
        raise Refusal("unavailable", 503, "Too many documents are being read. Please try again.", retry_after=5)
    try:
        picture = house.reader.render(content, kind, number, PICTURE_WIDTH)
    finally:
        house.reader.release()
    if picture is None:
        raise not_found()
    return picture
