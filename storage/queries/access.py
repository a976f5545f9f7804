"""Who may get in: staff, sessions, links, machine tokens."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.models import (
    ApiToken,
    Lease,
    Link,
    LinkKind,
    Mail,
    MailState,
    Outbox,
    PersonSession,
    Staff,
    StaffSearch,
    StaffSession,
)


def end_access(session: Session, person_id: bytes) -> None:
    """Close every link and session of a person and cancel what waits to be sent to them."""
    session.execute(delete(Link).where(Link.person_id == person_id))
    session.execute(delete(PersonSession).where(PersonSession.person_id == person_id))
    session.execute(
        update(Mail)
        .where(Mail.person_id == person_id, Mail.state == MailState.WAITING)
        .values(state=MailState.CANCELLED)
    )


def find_link(session: Session, token_digest: bytes, now: datetime) -> Link | None:
    """The unused, unexpired link with this digest, or None."""
    found = session.scalar(select(Link).where(Link.token_digest == token_digest))
    return None if found is None or found.used_at is not None or found.expires_at <= now else found


def find_named_link(session: Session, token_digest: bytes, now: datetime) -> Link | None:
    """The unexpired link with this digest, used or not, or None: what its token still names."""
    found = session.scalar(select(Link).where(Link.token_digest == token_digest))
    return None if found is None or found.expires_at <= now else found


def use_link(session: Session, link: Link, now: datetime) -> bool:
    """Accept a link once; False when somebody else just did."""
    done = session.execute(update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=now))
    return bool(getattr(done, "rowcount", 0))


def end_unused_links(session: Session, person_id: bytes, kind: LinkKind) -> None:
    """Withdraw a person's links of one kind that were not used yet: a newer one takes their place."""
    unused = delete(Link).where(Link.person_id == person_id, Link.kind == kind, Link.used_at.is_(None))
    session.execute(unused)


def find_open_links(session: Session, person_id: bytes, now: datetime) -> list[Link]:
    """A person's links that are neither used nor over."""
    found = select(Link).where(Link.person_id == person_id, Link.used_at.is_(None), Link.expires_at > now)
    return list(session.scalars(found))


def find_open_sessions(session: Session, person_id: bytes, now: datetime) -> list[PersonSession]:
    """A person's sessions that are not over."""
    found = select(PersonSession).where(PersonSession.person_id == person_id, PersonSession.expires_at > now)
    return list(session.scalars(found))


def delete_links(session: Session, kind: LinkKind) -> None:
    """Withdraw every link of one kind."""
    session.execute(delete(Link).where(Link.kind == kind))


def find_person_session(session: Session, token_digest: bytes, now: datetime) -> PersonSession | None:
    """A person's session, or None when unknown or over."""
    found = session.scalar(select(PersonSession).where(PersonSession.token_digest == token_digest))
    return None if found is None or found.expires_at <= now else found


def find_staff_session(session: Session, token_digest: bytes) -> StaffSession | None:
    """A staff session by its token's digest."""
    return session.scalar(select(StaffSession).where(StaffSession.token_digest == token_digest))


def find_staff(session: Session, staff_id: bytes) -> Staff | None:
    """One member of staff, or None."""
    return session.get(Staff, staff_id)


def find_staff_by_email(session: Session, email_digest: bytes) -> Staff | None:
    """The member of staff with this address, or None."""
    return session.scalar(select(Staff).where(Staff.email_digest == email_digest))


def find_all_staff(session: Session) -> list[Staff]:
    """Every member of staff, oldest account first."""
    return list(session.scalars(select(Staff).order_by(Staff.created_at)))


def count_staff(session: Session) -> int:
    """How many accounts there are."""
    return session.scalar(select(func.count()).select_from(Staff)) or 0


def end_staff_sessions(session: Session, staff_id: bytes) -> None:
    """Sign a member of staff out everywhere."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def find_token(session: Session, prefix: str) -> ApiToken | None:
    """The machine token with this public prefix."""
    return session.scalar(select(ApiToken).where(ApiToken.prefix == prefix))


def find_tokens(session: Session) -> list[ApiToken]:
    """Every machine token, newest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.created_at.desc())))


def find_staff_search(session: Session, search_id: bytes) -> StaffSearch | None:
    """A search that was run, or None."""
    return session.get(StaffSearch, search_id)


def sweep_access(session: Session, now: datetime, searches_before: datetime) -> int:
    """Delete links, sessions and searches whose time is over. Returns how many rows went."""
    gone = 0
    for statement in (
        delete(Link).where(Link.expires_at <= now),
        delete(PersonSession).where(PersonSession.expires_at <= now),
        delete(StaffSession).where(StaffSession.created_at <= searches_before),
        delete(StaffSearch).where(StaffSearch.created_at <= searches_before),
    ):
        gone += int(getattr(session.execute(statement), "rowcount", 0))
    return gone


def end_all_access(session: Session, at: datetime) -> None:
    """End every session, link and machine token, and cancel waiting mail: what is put back must open nothing."""
    for table in (StaffSession, PersonSession, Link, StaffSearch):
        session.execute(delete(table))
    session.execute(update(ApiToken).where(ApiToken.revoked_at.is_(None)).values(revoked_at=at))
    session.execute(update(Mail).where(Mail.state == MailState.WAITING).values(state=MailState.CANCELLED))


def end_all_leases(session: Session, at: datetime) -> None:
    """Let go of roles that were held when a backup was made; their tokens grow, so that former holders are fenced."""
    session.execute(update(Lease).values(holder="", token=Lease.token + 1, expires_at=at))
    session.execute(update(Outbox).values(leased_until=None, lease_token=Outbox.lease_token + 1))
