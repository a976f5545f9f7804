"""Makes and ends the digests by which a list is kept from bringing an erased person back (promise R7).

Off unless the policy names basis, period and reason (``[[kept_apart]] kept = "erased_digest"``). Made before the
person's key goes, of e-mail addresses alone; ended by the night, each year's key with the last of its digests.
"""

from datetime import date

import structlog
from sqlalchemy.orm import Session

from intake.desk.suppression import find_digest_day, find_terms
from intake.installation import Installation
from storage.digests import normalise_email, suppression_digest
from storage.identifiers import new_id
from storage.keystore import KeyGone, open_root
from storage.keystore.yearly import destroy_yearly_key, list_yearly_keys, make_yearly_key
from storage.models import Person, Suppression
from storage.queries import afterwards, endings, people

SUPPRESSED_RULE = "suppressed"
"""The rule under which what a list brought back ends again: it makes no new digest, or the period would never end."""

log = structlog.get_logger("vitavault.suppression")


def keep_digests(session: Session, house: Installation, person_id: bytes) -> int:
    """Keep digests of an ending person's addresses until the policy's day; how many. Never made twice."""
    ending, person = endings.find_ending(session, person_id), people.find_person(session, person_id)
    if ending is None or person is None or ending.digest_until is not None or ending.rule == SUPPRESSED_RULE:
        return 0
    last_day, addresses = find_digest_day(session, house, person), _addresses_of(session, house, person)
    if last_day is None or not addresses:
        return 0
    year = house.today().year
    key = _find_or_make_key(house, year)
    if key is None:
        return 0
    ending.digest_until = last_day
    afterwards.add_suppressions(
        session,
        [
            Suppression(id=new_id(), year=year, value=suppression_digest(key, one), ends_on=last_day)
            for one in addresses
        ],
    )
    return len(addresses)


def _find_or_make_key(house: Installation, year: int) -> bytes | None:
    """The year's key; None where it cannot be had now. An erasure waits for nothing that it does not need."""
    try:
        root = open_root(house.settings.root_provider, house.settings.keys)
        return make_yearly_key(house.settings.keys, root, house.vault.secrets.installation, year)
    except Exception as error:  # noqa: BLE001 - providers raise many kinds
        log.error("suppression.not_kept", error=type(error).__name__)
        return None


def _addresses_of(session: Session, house: Installation, person: Person) -> list[str]:
    try:
        key = house.vault.key_of(person)
    except KeyGone:
        return []
    profile = house.vault.open_profile(key, people.find_fields(session, person.id))
    return sorted({normalise_email(address) for address in profile.emails})


def end_digests(house: Installation) -> int:
    """Delete digests past their day, and all of them where the policy keeps none any more; how many went.

    Each year's key is destroyed with the last of its digests. Digests whose key was lost go too, with an alarm: they
    could never be compared with anything.
    """
    with house.database.writing() as session:
        gone = _end_rows(session, house, house.today())
        used = afterwards.suppression_years(session)
    for year in list_yearly_keys(house.settings.keys):
        if year not in used:
            destroy_yearly_key(house.settings.keys, year)
    return gone


def _end_rows(session: Session, house: Installation, today: date) -> int:
    years = afterwards.suppression_years(session)
    if find_terms(house.policy) is None:
        return afterwards.end_all_suppressions(session, years)
    lost = years - set(list_yearly_keys(house.settings.keys))
    if lost:
        log.error("suppression.keys_lost", years=sorted(lost))
    return afterwards.end_all_suppressions(session, lost) + afterwards.end_suppressions(session, today)
