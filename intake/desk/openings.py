"""Openings: made, listed, closed. Nothing about them is personal."""

import re
import unicodedata
from datetime import datetime

from sqlalchemy.orm import Session

from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.records import settle_end
from storage import audit
from storage.identifiers import new_id
from storage.models import Opening, OpeningState
from storage.queries import openings as queries


def list_open(house: Installation) -> list[Opening]:
    """Openings that take applications."""
    with house.database.reading() as session:
        return queries.find_open(session)


def make_slug(title: str) -> str:
    """A title as it can stand in an address."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "opening"


def create_opening(session: Session, house: Installation, *, title: str, place: str, actor: str) -> Opening:
    """Open an opening to applications. Raises :class:`Refusal` without a title."""
    if not title.strip() or len(title) > 200 or len(place) > 200:
        raise Refusal("title_needed", 422, "Enter a title of at most 200 characters.", field="/title")
    row_id, slug = new_id(), make_slug(title)
    if queries.find_opening_by_slug(session, slug) is not None:
        slug = f"{slug}-{row_id.hex()[:6]}"
    opening = Opening(
        id=row_id,
        slug=slug,
        title=title.strip(),
        place=place.strip(),
        state=OpeningState.OPEN,
        created_at=house.now(),
    )
    session.add(opening)
    session.flush()
    audit.record(
        session, at=house.now(), actor=actor, action="opening.created", subject=None, about={"opening": row_id.hex()}
    )
    return opening


def close_opening(session: Session, house: Installation, opening_id: bytes, actor: str) -> Opening:
    """Close an opening: it takes no more applications, and clocks anchored on its closing start today."""
    opening = queries.find_opening(session, opening_id)
    if opening is None:
        raise not_found()
    if opening.state is OpeningState.OPEN:
        opening.state, opening.closed_on = OpeningState.CLOSED, house.today()
        session.flush()
        _settle_applicants(session, house, opening, house.now())
        audit.record(
            session, at=house.now(), actor=actor, action="opening.closed", subject=None,
            about={"opening": opening.id.hex()},
        )  # fmt: skip
    return opening


def _settle_applicants(session: Session, house: Installation, opening: Opening, at: datetime) -> None:
    for person in queries.find_applicants(session, opening.id):
        settle_end(session, person, house.policy, at)


def find_public(house: Installation, slug: str) -> Opening:
    """An opening that takes applications. Raises :class:`Refusal` for one that is closed or never was."""
    with house.database.reading() as session:
        opening = queries.find_opening_by_slug(session, slug)
    if opening is None:
        raise not_found()
    if opening.state is not OpeningState.OPEN:
        raise Refusal("opening_closed", 410, "This opening takes no more applications.")
    return opening


def list_with_counts(house: Installation) -> list[tuple[Opening, int]]:
    """Every opening with how many applied."""
    with house.database.reading() as session:
        counts = queries.count_applications(session)
        return [(row, counts.get(row.id, 0)) for row in queries.find_all(session)]
