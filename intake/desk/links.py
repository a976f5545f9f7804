"""One-time links: made, shown behind a button, accepted once, exchanged for a session. Never logged."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from intake.access.actors import digest_of, open_person_session
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage import audit
from storage.identifiers import new_id, new_token
from storage.models import Link, LinkKind
from storage.queries import access, people
from storage.queries.mails import forget_bounces


def link_refused() -> Refusal:
    """The same answer for a link that never was, was used, ran out or whose person ended."""
    return Refusal("link_expired", 410, "This link no longer works.")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link was exchanged for. ``is_whole``: all of the person's record, not one application only."""

    token: str
    is_whole: bool


def make_link(
    session: Session,
    house: Installation,
    kind: LinkKind,
    *,
    person_id: bytes | None = None,
    application_id: bytes | None = None,
    staff_id: bytes | None = None,
    lasts: timedelta | None = None,
    proves: bytes | None = None,
) -> str:
    """Make a link and return its token; only the token's digest is kept. ``proves``: the address it is sent to."""
    token, now = new_token(), house.now()
    session.add(
        Link(
            id=new_id(),
            token_digest=digest_of(house, token),
            kind=kind,
            person_id=person_id,
            application_id=application_id,
            staff_id=staff_id,
            created_at=now,
            expires_at=now + (lasts or timedelta(hours=house.settings.link_hours)),
            proves=proves,
        )
    )
    return token


def rename_link(session: Session, house: Installation, token: str, *, person_id: bytes, application_id: bytes) -> None:
    """Let the token that named a draft open the application it has become."""
    now = house.now()
    session.add(
        Link(
            id=new_id(),
            token_digest=digest_of(house, token),
            kind=LinkKind.APPLICATION,
            person_id=person_id,
            application_id=application_id,
            created_at=now,
            expires_at=now + timedelta(hours=house.settings.link_hours),
        )
    )


def find_usable(session: Session, house: Installation, token: str, *kinds: LinkKind) -> Link:
    """The link, unused and in time, of one of these kinds. Raises :class:`Refusal`."""
    link = access.find_link(session, digest_of(house, token), house.now())
    if link is None or link.kind not in kinds:
        raise link_refused()
    return link


def accept_person_link(session: Session, house: Installation, token: str) -> Opened:
    """Exchange a person's link for a session. One that came by mail proves the address and opens the whole record."""
    link = find_usable(session, house, token, LinkKind.APPLICATION, LinkKind.PERSON)
    person = people.find_present(session, link.person_id or b"")
    if person is None or not access.use_link(session, link, house.now()):
        raise link_refused()
    is_whole = link.kind is LinkKind.PERSON
    if is_whole:
        _prove_address(session, house, link)
    audit.record(
        session, at=house.now(), actor="person", action="link.opened", subject=person.log_name,
        about={"kind": link.kind.value},
    )  # fmt: skip
    application_id = None if is_whole else link.application_id
    return Opened(open_person_session(session, house, person.id, application_id), is_whole)


def _prove_address(session: Session, house: Installation, link: Link) -> None:
    """The address that the link was sent to is the person's, and reaches them; no other one is proved by it."""
    for digest in people.find_digests(session, link.person_id or b""):
        if digest.value == link.proves:
            digest.proved_at = digest.proved_at or house.now()
            forget_bounces(session, digest.person_id, digest.value)
