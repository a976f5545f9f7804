"""Tokens of machine clients: made, listed, revoked. Only digests are kept."""

from datetime import timedelta

from sqlalchemy.orm import Session

from intake.access.actors import make_api_token
from intake.access.permissions import Permission
from intake.desk.refusals import Refusal, not_found
from intake.installation import Installation
from storage import audit
from storage.models import ApiToken
from storage.queries import access


def create(
    session: Session, house: Installation, *, label: str, scopes: frozenset[Permission], lasts: timedelta, actor: str
) -> str:
    """Make a token with these scopes and return it, this once. Raises :class:`Refusal` without label or scope."""
    if not label.strip() or len(label) > 80:
        raise Refusal("label_needed", 422, "Enter a label of at most 80 characters.", field="/name")
    if not scopes:
        raise Refusal("scope_needed", 422, "Choose at least one scope.", field="/scope")
    token = make_api_token(session, house, label=label.strip(), scopes=scopes, lasts=lasts)
    about = {"token": token.split("_")[1], "scopes": ",".join(sorted(scope.value for scope in scopes))}
    audit.record(session, at=house.now(), actor=actor, action="token.created", subject=None, about=about)
    return token


def revoke(session: Session, house: Installation, prefix: str, *, actor: str) -> None:
    """End a token at once."""
    row = access.find_token(session, prefix)
    if row is None or row.revoked_at is not None:
        raise not_found()
    row.revoked_at = house.now()
    audit.record(
        session, at=house.now(), actor=actor, action="token.revoked", subject=None, about={"token": row.prefix}
    )


def list_all(session: Session) -> list[ApiToken]:
    """Every token, newest first."""
    return access.find_tokens(session)
