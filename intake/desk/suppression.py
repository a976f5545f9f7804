"""Keeps a list from bringing back somebody who was erased (promise R7): asked for imports, enrichment and referrals.

Whoever applies by themselves is never asked about: they are welcome. It must never tell who it was that was erased;
the refusal is the same for everybody, and the record gets a code, no digest.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from intake.desk.refusals import Refusal
from intake.installation import Installation
from retention.calendar import add_length
from retention.policy.policy import Kept, KeptApart, Policy
from storage import audit
from storage.digests import suppression_digest
from storage.keystore import open_root
from storage.keystore.yearly import find_yearly_key
from storage.models import Person
from storage.queries import afterwards, people
from storage.vocabulary import Channel, Source, Stage

_OWN = frozenset({Source.PERSON, Source.SOCIAL_LOGIN})

CODE = "suppressed"


def _suppressed() -> Refusal:
    return Refusal(
        CODE,
        409,
        "A list may not bring this person in again. They may apply themselves.",
        field="/file",
    )


def _unreadable() -> Refusal:
    return Refusal(
        "suppression_unreadable", 503, "Nobody can be brought in by a list now: a key is missing on this machine."
    )


def find_terms(policy: Policy) -> KeptApart | None:
    """On what terms digests are kept; None where the policy keeps none."""
    terms = policy.find_kept_apart(Kept.ERASED_DIGEST)
    return terms if terms is not None and terms.basis is not None else None


def find_digest_day(session: Session, house: Installation, person: Person) -> date | None:
    """The last day of the digest that this person's end leaves behind: what their receipt names. None: it leaves none.

    Whoever gave no address, or never sent anything, leaves none.
    """
    terms = find_terms(house.policy)
    has_sent = any(one.stage is not Stage.DRAFT for one in people.find_applications(session, person.id))
    if terms is None or not has_sent or not people.find_digests(session, person.id):
        return None
    return add_length(house.today(), terms.length, house.policy.holidays)


def is_from_list(source: Source, channel: Channel) -> bool:
    """Whether somebody else brings the person in: an import, enrichment or referral, not their own application."""
    return channel is Channel.IMPORT or source not in _OWN


def is_suppressed(session: Session, house: Installation, addresses: Iterable[str]) -> bool:
    """Whether one of these addresses was an erased person's whose digest is kept.

    Raises :class:`Refusal` (``suppression_unreadable``) where a year's key is missing: a doubt is never taken for a no.
    """
    wanted = [address for address in addresses if address.strip()]
    years = afterwards.suppression_years(session) if wanted else set()
    if not years:
        return False
    root = open_root(house.settings.root_provider, house.settings.keys)
    values: list[bytes] = []
    for year in sorted(years):
        key = find_yearly_key(house.settings.keys, root, house.vault.secrets.installation, year)
        if key is None:
            raise _unreadable()
        values += [suppression_digest(key, address) for address in wanted]
    return afterwards.is_suppressed(session, values, house.today())


def require_not_suppressed(
    house: Installation, addresses: Iterable[str], *, source: Source, channel: Channel, actor: str
) -> None:
    """Refuse a person whom a list brings in after they were erased, and put the refusal on record.

    Call it outside any transaction, once the addresses are known and before anything is committed. Raises
    :class:`Refusal` ``suppressed`` or ``suppression_unreadable``; never for somebody who applies by themselves.
    """
    if not is_from_list(source, channel):
        return
    with house.database.reading() as session:
        if not is_suppressed(session, house, addresses):
            return
    with house.database.writing() as session:
        record_refusal(session, house, source=source, channel=channel, actor=actor)
    raise _suppressed()


def record_refusal(session: Session, house: Installation, *, source: Source, channel: Channel, actor: str) -> None:
    """Put on record that a list was refused: from where, by which way, by whom; nothing about the person."""
    about = {"source": source.value, "channel": channel.value, "code": CODE}
    audit.record(
        session, at=house.now(), actor=actor, action="import.suppressed", subject=None, outcome="refused", about=about
    )
