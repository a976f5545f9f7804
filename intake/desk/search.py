"""Recruiters' search: understood, asked of the word index, every hit checked against live state, only then opened.

The record keeps a keyed digest of the query, never its words. Names are hidden: review is blind by default.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy.orm import Session

from intake.access.actors import Actor
from intake.desk.blind import Blinded, blind_profile, headline
from intake.desk.reach import find_applications, find_documents, scope_of
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage import audit
from storage.codes import Code
from storage.digests import query_digest
from storage.identifiers import new_id
from storage.keystore import KeyGone
from storage.models import Person, StaffSearch
from storage.queries import access, bases, people
from storage.queries.openings import find_opening, find_slugs
from storage.queries.searching import find_concealed, find_findable, find_unapplied
from storage.search import Hits, Node, QueryError, explain, highlight, parse

PAGE = 20
PURPOSES = ("recruitment", "requested_contact", "checking")
"""Purposes that staff state before they see anybody's data (D1)."""
Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One person found, blind: a heading that names nobody, and the passages that matched."""

    person_id: bytes
    heading: str
    line: str
    pieces: tuple[tuple[str, Pieces], ...]
    stage: str
    source: str
    basis: str
    country: str
    opening: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Results:
    """A page of people found, and how the query was understood."""

    understood: str
    total: int
    page: int
    pages: int
    found: tuple[Found, ...]
    facets: dict[str, dict[str, int]] = field(default_factory=dict)


class QueryNotUnderstood(Refusal):
    """A query that cannot be understood: where, and why."""

    def __init__(self, error: QueryError) -> None:
        super().__init__(f"query_{error.code}", 422, error.message, field="/query")
        self.position = error.position


def keep_search(session: Session, house: Installation, actor: Actor, query: str) -> bytes:
    """Keep a query sealed and return the opaque id under which its results are shown."""
    understand(query)
    row_id = new_id()
    session.add(
        StaffSearch(
            id=row_id,
            staff_id=actor.staff_id or b"",
            query=house.vault.seal_organisation("staff.query", row_id, query),
            created_at=house.now(),
        )
    )
    return row_id


def find_search(session: Session, house: Installation, actor: Actor, search_id: bytes) -> str:
    """The query kept under an id, for whoever ran it and nobody else."""
    row = access.find_staff_search(session, search_id)
    if row is None or row.staff_id != actor.staff_id:
        raise Refusal("search_gone", 410, "This search is no longer kept. Please search again.")
    return house.vault.open_organisation("staff.query", row.id, row.query)


def understand(query: str) -> Node | None:
    """The query as a tree; None for one that asks for everybody. Raises :class:`QueryNotUnderstood`."""
    if not query.strip():
        return None
    try:
        return parse(query)
    except QueryError as error:
        raise QueryNotUnderstood(error) from None


def search(house: Installation, actor: Actor, query: str, purpose: str, page: int = 1) -> Results:
    """Find people. Raises :class:`Refusal` without a stated purpose, :class:`QueryNotUnderstood`."""
    if purpose not in PURPOSES:
        raise Refusal("purpose_needed", 422, "State for which purpose you search.", field="/purpose")
    node = understand(query)
    hits = _ask_index(house, actor, node, page)
    with house.database.writing() as session:
        live = find_findable(session, [hit.person for hit in hits.hits], scope_of(house, actor))
        people_found = [live[hit.person] for hit in hits.hits if hit.person in live]
        found = tuple(
            one for person in people_found if (one := _open_hit(session, house, actor, person, node)) is not None
        )
        about: dict[str, Code] = {
            "query_digest": query_digest(house.vault.secrets.digest_key, query).hex()[:32],
            "purpose": purpose,
            "total": hits.total,
            "returned": len(found),
            "page": page,
        }
        audit.record(session, at=house.now(), actor=actor.name, action="candidates.searched", subject=None, about=about)
    pages = max(1, -(-hits.total // PAGE))
    return Results(explain(node) if node else "", hits.total, page, pages, found, hits.facets)


def _ask_index(house: Installation, actor: Actor, node: Node | None, page: int) -> Hits:
    """What the word index finds for this actor: who is out of their reach is left out inside the query."""
    scope = scope_of(house, actor)
    with house.database.reading() as session:
        exclude = find_unapplied(session, scope) | find_concealed(session, scope)
        own = None if scope.openings is None else find_slugs(session, scope.openings)
    if own == []:
        return Hits(0)
    allowed = None if own is None else {"opening": own}
    hits = house.index.search(
        node, today=scope.today, exclude=exclude, allowed=allowed, limit=PAGE, offset=(page - 1) * PAGE, facets=True
    )
    return hits if own is None else replace(hits, facets=_own_facets(hits.facets, own))


def _own_facets(facets: dict[str, dict[str, int]], own: list[str]) -> dict[str, dict[str, int]]:
    """Counts by own opening alone: stages and countries of applications to others' openings are not theirs to count."""
    return {"opening": {slug: count for slug, count in facets.get("opening", {}).items() if slug in own}}


def _open_hit(session: Session, house: Installation, actor: Actor, person: Person, node: Node | None) -> Found | None:
    try:
        key = house.vault.key_of(person)
    except KeyGone:
        return None
    profile = house.vault.open_profile(key, people.find_fields(session, person.id))
    documents = people.find_documents(session, person.id)
    readings = {document.id: house.vault.open_reading(key, document) for document in documents}
    shown = [readings[document.id] for document in find_documents(session, actor, person.id)]
    text = "\n".join(reading.text for reading in shown if reading)
    latest = find_applications(session, actor, person.id)[-1]
    opening = find_opening(session, latest.opening_id) if latest.opening_id else None
    live = bases.find_live(session, person.id, house.today())
    blinded = blind_profile(profile, *(reading.profile for reading in readings.values() if reading))
    return Found(
        person_id=person.id,
        heading=heading_of(person),
        line=headline(blinded),
        pieces=_pieces(blinded, text, node),
        stage=latest.stage.value,
        source=latest.source.value,
        basis=live[0].basis.value if live else "",
        country=latest.country,
        opening=opening.title if opening else "",
        ends_on=person.ends_on,
    )


def heading_of(person: Person) -> str:
    """A heading that names nobody and is the same each time: from the random row id."""
    return f"Candidate {person.id.hex()[:6].upper()}"


def _pieces(blinded: Blinded, text: str, node: Node | None) -> tuple[tuple[str, Pieces], ...]:
    """Up to three passages that matched, from what blind review may show."""
    found = []
    for name, search_field, shown in (*blinded.texts, ("document_text", "text", blinded.redact(text))):
        marked = tuple(highlight(shown, node, field=search_field, snippets=1))
        if any(is_hit for _, is_hit in marked):
            found.append((name, marked))
    return tuple(found[:3])
