"""Feeds the word index from the outbox, and makes it anew from live people when it is lost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from intake.installation import Installation
from intake.reading.fields.experience import years_of_work
from intake.reading.vocabulary.skill_names import common_names
from storage.keystore import KeyGone
from storage.queries import people
from storage.queries.openings import find_opening
from storage.queries.searching import Indexable, find_indexable, find_shard_members
from storage.search import Facts, IndexEntry, Removal, entry_from

_BATCH = 200


def make_entry(session: Session, house: Installation, item: Indexable) -> IndexEntry | None:
    """What of one person goes into the index; None when their key is gone meanwhile."""
    person = item.person
    try:
        key = house.vault.key_of(person)
    except KeyGone:
        return None
    profile = house.vault.open_profile(key, people.find_fields(session, person.id))
    documents = people.find_documents(session, person.id)
    text = "\n".join(house.vault.open_text_of(key, document) for document in documents)
    openings = [find_opening(session, a.opening_id) for a in item.applications if a.opening_id]
    facts = Facts(
        openings=tuple(opening.slug for opening in openings if opening is not None) or ("pool",),
        stages=tuple({a.stage.value for a in item.applications}),
        countries=tuple({a.country for a in item.applications}),
        years=int(years_of_work(profile.work)),
    )
    profile = replace(profile, skills=profile.skills + common_names(profile.skills))
    return entry_from(profile, text, facts, person=person.id, shard=person.index_shard, ends_on=person.ends_on)


def entries_of(house: Installation, person_ids: Sequence[bytes]) -> Iterator[IndexEntry]:
    """Entries of those who may be found."""
    for start in range(0, len(person_ids), _BATCH):
        with house.database.reading() as session:
            for item in find_indexable(session, person_ids[start : start + _BATCH], house.scope()):
                entry = make_entry(session, house, item)
                if entry is not None:
                    yield entry


def live_entries(house: Installation, shard: int) -> Iterable[IndexEntry]:
    """Everyone of one shard who may be found, read from the database now."""
    with house.database.reading() as session:
        members = find_shard_members(session, shard, house.scope())
    return entries_of(house, members)


def apply_changes(house: Installation, person_ids: Sequence[bytes]) -> None:
    """Bring the index up to date about these people; durable on return."""
    found = {entry.person: entry for entry in entries_of(house, person_ids)}
    changes = [found.get(person_id) or Removal(person_id) for person_id in person_ids]
    house.index.apply(changes)
    house.index.save()
