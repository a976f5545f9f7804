"""Openings: made, listed, given to hiring managers, closed. Nothing about them is personal."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from intake.access.actors import Actor, is_active
from intake.access.permissions import parse_roles
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from retention.records import settle_end
from storage import audit
from storage.identifiers import new_id
from storage.models import Opening, OpeningManager, OpeningState, Role, Staff
from storage.queries import access
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


def list_own(house: Installation, actor: Actor) -> list[tuple[str, str]]:
    """Public name and title of the openings that were given to a hiring manager, the newest first."""
    with house.database.reading() as session:
        return [(row.slug, row.title) for row in queries.find_all(session) if row.id in (actor.bound_to or ())]


@dataclass(frozen=True, slots=True)
class Manager:
    """A hiring manager by name. ``may_enter`` is False once the account closed or has another role."""

    id: bytes
    name: str
    may_enter: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An opening, the managers to whom it was given, and those to whom it can be."""

    opening: Opening
    managers: tuple[Manager, ...]
    others: tuple[Manager, ...]


def look_at_given(house: Installation, opening_id: bytes) -> Given:
    """To whom an opening was given. Raises :class:`Refusal` for one that never was."""
    with house.database.reading() as session:
        opening = queries.find_opening(session, opening_id)
        if opening is None:
            raise not_found()
        own = queries.find_managers(session).get(opening_id, [])
        everybody = {row.id: _manager(house, row) for row in access.find_all_staff(session)}
    others = tuple(one for row_id, one in everybody.items() if one.may_enter and row_id not in own)
    return Given(opening, tuple(everybody[row_id] for row_id in own if row_id in everybody), others)


def _manager(house: Installation, row: Staff) -> Manager:
    may_enter = is_active(house, row) and Role.HIRING_MANAGER in parse_roles(row.roles)
    name = house.vault.open_organisation("staff.name", row.id, row.name)
    return Manager(row.id, name or house.vault.open_organisation("staff.email", row.id, row.email), may_enter)


def list_manager_names(house: Installation) -> dict[bytes, tuple[str, ...]]:
    """The names of the managers to whom each opening was given."""
    with house.database.reading() as session:
        given = queries.find_managers(session)
        named = {row.id: _manager(house, row).name for row in access.find_all_staff(session)} if given else {}
    return {opening: tuple(named[one] for one in ids if one in named) for opening, ids in given.items()}


def give_opening(house: Installation, opening_id: bytes, staff_id: bytes, actor: Actor) -> None:
    """Give an opening to a hiring manager: from their next request on they reach its applicants.

    Raises :class:`Refusal` for anybody else. Giving it twice changes nothing.
    """
    with house.database.writing() as session:
        opening, row = queries.find_opening(session, opening_id), access.find_staff(session, staff_id)
        if opening is None:
            raise not_found()
        if row is None or not _manager(house, row).may_enter:
            raise Refusal("manager_needed", 422, "Choose a hiring manager.", field="/manager")
        if session.get(OpeningManager, (opening_id, staff_id)) is None:
            session.add(OpeningManager(opening_id=opening_id, staff_id=staff_id, given_at=house.now()))
            _record_given(session, house, actor, "opening.given", opening_id, staff_id)


def take_opening(house: Installation, opening_id: bytes, staff_id: bytes, actor: Actor) -> None:
    """Take an opening from a hiring manager: from their next request on they reach its applicants no more."""
    with house.database.writing() as session:
        if queries.take_opening(session, opening_id, staff_id):
            _record_given(session, house, actor, "opening.taken", opening_id, staff_id)


def _record_given(
    session: Session, house: Installation, actor: Actor, action: str, opening_id: bytes, staff_id: bytes
) -> None:
    about = {"opening": opening_id.hex(), "staff": staff_id.hex()}
    audit.record(session, at=house.now(), actor=actor.name, action=action, subject=None, about=about)
