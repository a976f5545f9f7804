"""The keeper's part of an end: coarse facts and digests put aside, index shards made anew, the key destroyed.

The order matters. Coarse facts and digests need the key, so they come first, once; then the index; then the key, the
point of no return; then the end's row says so. Killed anywhere, the same work is done again from the start without
harm.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from intake.installation import Installation
from intake.keeper.indexing import live_entries
from intake.keeper.rewriting import witness_of
from intake.keeper.suppressing import keep_digests
from intake.reading.fields.experience import years_of_work
from storage import outbox
from storage.identifiers import new_id
from storage.keystore import KeyGone
from storage.models import AnonymousFact, Application
from storage.outbox import Work
from storage.profile import PROFILE_FIELDS, Coarse, Profile
from storage.queries import endings, people
from storage.vocabulary import Action, Stage

BAND = 5
"""Years of experience are told in bands of five, so that no number singles anyone out."""


def forget_people(house: Installation, works: Sequence[Work]) -> None:
    """Do the keeper's part for everybody in ``works``; each is finished in the transaction that records it."""
    house.settings.reserve.lend()
    subjects = [work.subject for work in works if work.subject is not None]
    with house.database.writing() as session:
        for person_id in subjects:
            _keep_coarse_facts(session, house, person_id, house.now())
            keep_digests(session, house, person_id)
    with house.database.reading() as session:
        persons = [person for person_id in subjects if (person := people.find_person(session, person_id))]
    house.index.erase([person.id for person in persons], lambda shard: live_entries(house, shard))
    house.vault.keystore.destroy([person.key_id for person in persons], witness_of(house))
    with house.database.writing() as session:
        for work in works:
            ending = endings.find_ending(session, work.subject) if work.subject else None
            if ending is not None:
                ending.index_gone_at = ending.key_gone_at = house.now()
            outbox.finish(session, work)


def _keep_coarse_facts(session: Session, house: Installation, person_id: bytes, at: datetime) -> None:
    ending = endings.find_ending(session, person_id)
    person = people.find_person(session, person_id)
    if ending is None or person is None or ending.action is not Action.ANONYMISE or ending.facts_kept_at:
        return
    try:
        key = house.vault.key_of(person)
    except KeyGone:
        return
    profile = house.vault.open_profile(key, people.find_fields(session, person_id))
    session.add_all(
        _coarse_fact(application, profile)
        for application in people.find_applications(session, person_id)
        if application.stage is not Stage.DRAFT
    )
    ending.facts_kept_at = at


def _coarse_fact(application: Application, profile: Profile) -> AnonymousFact:
    said = coarse_forms(profile)
    return AnonymousFact(
        id=new_id(),
        year=application.received_at.year,
        country=application.country[:2],
        stage=application.stage.value,
        source=application.source.value,
        experience=said.get(Coarse.EXPERIENCE_BAND, ""),
        education=said.get(Coarse.EDUCATION_LEVEL, ""),
        languages=said.get(Coarse.LANGUAGE_COUNT, ""),
    )


def coarse_forms(profile: Profile) -> dict[Coarse, str]:
    """The coarse form of every field that the registry gives one."""
    makers = {
        Coarse.EXPERIENCE_BAND: _experience_band,
        Coarse.EDUCATION_LEVEL: _education_level,
        Coarse.LANGUAGE_COUNT: _language_count,
    }
    return {mark.coarse: makers[mark.coarse](profile) for mark in PROFILE_FIELDS.values() if mark.coarse in makers}


def _experience_band(profile: Profile) -> str:
    years = int(years_of_work(profile.work))
    first = min(years // BAND * BAND, 30)
    return f"{first}+" if first == 30 else f"{first}-{first + BAND - 1}"


def _education_level(profile: Profile) -> str:
    levels = [course.level for course in profile.education if course.level is not None]
    return f"isced {max(levels)}" if levels else ""


def _language_count(profile: Profile) -> str:
    count = len(profile.languages)
    return "4+" if count >= 4 else str(count) if count else ""
