"""What opens a person's record at present, for that person: links not yet used, sessions still open. Each can be ended.

A visitor who came by the link of one application sees and ends what reaches that application only.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake.access.actors import Visitor, digest_of
from intake.desk.refusals import not_found
from intake.desk.rights import person_of
from intake.installation import Installation
from storage import audit
from storage.models import Link, LinkKind, PersonSession
from storage.queries import access

SHOWN = (LinkKind.APPLICATION, LinkKind.PERSON)


@dataclass(frozen=True, slots=True)
class WayIn:
    """A link (``kind``: application or person) or a session (``kind``: session). ``is_own``: the one at work now."""

    id: str
    kind: str
    is_whole: bool
    since: datetime
    until: datetime
    is_own: bool = False


def ways_in(session: Session, house: Installation, visitor: Visitor, token: str) -> tuple[WayIn, ...]:
    """Everything that opens the record now, newest first."""
    person = person_of(session, visitor)
    own = digest_of(house, token)
    links = [
        WayIn(row.id.hex(), row.kind.value, row.kind is LinkKind.PERSON, row.created_at, row.expires_at)
        for row in access.find_open_links(session, person.id, house.now())
        if row.kind in SHOWN and visitor.application_id in (None, row.application_id)
    ]
    sessions = [
        WayIn(
            row.id.hex(), "session", row.application_id is None, row.created_at, row.expires_at, own == row.token_digest
        )
        for row in access.find_open_sessions(session, person.id, house.now())
        if visitor.application_id in (None, row.application_id)
    ]
    return tuple(sorted((*links, *sessions), key=lambda way: way.since, reverse=True))


def close_way_in(session: Session, house: Installation, visitor: Visitor, way_id: bytes) -> None:
    """End one link or session. Raises :class:`Refusal` where there is none of the visitor's with this id."""
    person = person_of(session, visitor)
    links: list[Link | PersonSession] = [*access.find_open_links(session, person.id, house.now())]
    for row in (*links, *access.find_open_sessions(session, person.id, house.now())):
        if row.id == way_id and visitor.application_id in (None, row.application_id):
            session.delete(row)
            break
    else:
        raise not_found()
    audit.record(session, at=house.now(), actor="person", action="access.closed", subject=person.log_name)
