"""What an act of a person would come to, told before it is confirmed (promise N11): tried, then taken back whole.

A confirmation carries what it was told; where meanwhile something else would follow, nothing is done.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from intake.access.actors import Visitor
from intake.desk import rights
from intake.desk.ends import EndInWords
from intake.desk.refusals import Refusal
from intake.installation import Installation
from storage.queries import bases, people
from storage.vocabulary import Basis, Stage


@dataclass(frozen=True, slots=True)
class Consequence:
    """The end that would follow, and its mark, which the confirming form sends back."""

    end: EndInWords
    told: str


def consequences_of(
    session: Session, house: Installation, visitor: Visitor, language: str
) -> Mapping[str, Consequence]:
    """What each withdrawal that is open to the visitor would come to, by the address that it is sent to."""
    acts = _acts(session, house, visitor, language)
    return {path: found for path, act in acts.items() if (found := _try(session, act)) is not None}


def require_told(session: Session, house: Installation, visitor: Visitor, path: str, told: str, language: str) -> None:
    """Raise :class:`Refusal` unless the visitor was told what follows now. What is not open refuses by itself."""
    act = _acts(session, house, visitor, language).get(path)
    found = _try(session, act) if act is not None else None
    if found is not None and not hmac.compare_digest(found.told.encode(), told.encode()):
        text = "What would follow has changed, or was not told. Look at your page again, then confirm."
        raise Refusal("consequence_untold", 409, text)


def _acts(
    session: Session, house: Installation, visitor: Visitor, language: str
) -> dict[str, Callable[[], EndInWords]]:
    own = [
        a
        for a in people.find_applications(session, visitor.person_id)
        if visitor.application_id in (None, a.id) and a.stage not in (Stage.WITHDRAWN, Stage.DRAFT)
    ]
    live = bases.find_live(session, visitor.person_id, house.today())
    asked = {e.purpose for e in live if e.basis in (Basis.CONSENT, Basis.DEEMED_CONSENT)}
    acts: dict[str, Callable[[], EndInWords]] = {}
    for application in own:
        acts[f"/me/withdraw/{application.reference}"] = _withdrawal(
            session, house, visitor, application.reference, language
        )
    for purpose in sorted(asked):
        acts[f"/me/consent/{purpose}"] = _consent(session, house, visitor, purpose, language)
    return acts


def _withdrawal(
    session: Session, house: Installation, visitor: Visitor, reference: str, language: str
) -> Callable[[], EndInWords]:
    return lambda: rights.withdraw_application(session, house, visitor, reference, language)


def _consent(
    session: Session, house: Installation, visitor: Visitor, purpose: str, language: str
) -> Callable[[], EndInWords]:
    return lambda: rights.withdraw_consent(session, house, visitor, purpose, language)


def _try(session: Session, act: Callable[[], EndInWords]) -> Consequence | None:
    """Do it and take it back; None where it would be refused."""
    with session.begin_nested() as savepoint:
        try:
            end = act()
        except Refusal:
            return None
        finally:
            savepoint.rollback()
    session.expire_all()
    return Consequence(end, f"{end.on.isoformat() if end.on else 'held'}:{end.rule}:{end.action}")
