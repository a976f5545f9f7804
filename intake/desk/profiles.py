"""A person's profile: opened, corrected, exported as JSON Resume. A correction wins over every later reading."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from intake.desk.vault import changed_fields
from intake.installation import Installation
from intake.reading.vocabulary.skill_names import common_name
from storage import audit, outbox
from storage.identifiers import new_id
from storage.models import Person, PersonDigest, PersonField
from storage.profile import PROFILE_FIELDS, Education, Profile, Work
from storage.queries import people
from storage.queries.searching import INDEX_TOPIC
from storage.vocabulary import Source


def open_profile(session: Session, house: Installation, person: Person) -> Profile:
    """The person's profile as it stands."""
    return house.vault.open_profile(house.vault.key_of(person), people.find_fields(session, person.id))


def correct_profile(
    session: Session, house: Installation, person: Person, wanted: Profile, *, source: Source, actor: str
) -> tuple[str, ...]:
    """Make the profile what the person says it is. Returns the names of the fields that changed."""
    key = house.vault.key_of(person)
    rows = {row.name: row for row in people.find_fields(session, person.id)}
    changed = changed_fields(house.vault.open_profile(key, rows.values()), wanted)
    for name in changed:
        row = rows.get(name) or _new_field(person, name, house.now())
        row.value = house.vault.seal_field(key, row.id, wanted, name)
        row.source, row.document_id, row.corrected, row.updated_at = source, None, True, house.now()
        session.add(row)
    if "emails" in changed:
        _renew_digests(session, house, person, wanted)
    if changed:
        session.flush()
        outbox.enqueue(session, INDEX_TOPIC, person.id, {}, house.now())
        about = {"fields": ",".join(changed)}
        audit.record(
            session, at=house.now(), actor=actor, action="profile.corrected", subject=person.log_name, about=about
        )
    return changed


def take_over_reading(
    session: Session,
    house: Installation,
    person: Person,
    read: Profile,
    *,
    source: Source,
    document_id: bytes,
) -> tuple[str, ...]:
    """Let what a document says fill the profile, except what the person corrected. Returns the fields it filled."""
    key = house.vault.key_of(person)
    rows = {row.name: row for row in people.find_fields(session, person.id)}
    said = [name for name in PROFILE_FIELDS if getattr(read, name) not in (None, ())]
    filled = tuple(name for name in said if name not in rows or not rows[name].corrected)
    if "emails" in filled and "emails" in rows:
        there = house.vault.sealer.open_json(key, "emails", rows["emails"].id, rows["emails"].value)
        read = replace(read, emails=_with_proved(session, house, person, there, read.emails))
    for name in filled:
        row = rows.get(name) or _new_field(person, name, house.now())
        row.value = house.vault.seal_field(key, row.id, read, name)
        row.source, row.document_id, row.updated_at = source, document_id, house.now()
        session.add(row)
    session.flush()
    if "emails" in filled:
        _renew_digests(session, house, person, read)
    outbox.enqueue(session, INDEX_TOPIC, person.id, {}, house.now())
    return filled


def _with_proved(
    session: Session, house: Installation, person: Person, there: Sequence[str], read: Sequence[str]
) -> tuple[str, ...]:
    """Addresses as read, after those that the person proved to be theirs: no document takes one of these away."""
    proved = {row.value for row in people.find_digests(session, person.id) if row.proved_at is not None}
    kept = [address for address in there if house.vault.address_digest(address) in proved]
    return tuple(dict.fromkeys((*kept, *read)))


def _new_field(person: Person, name: str, at: datetime) -> PersonField:
    return PersonField(id=new_id(), person_id=person.id, name=name, source=Source.PERSON, updated_at=at)


def _renew_digests(session: Session, house: Installation, person: Person, wanted: Profile) -> None:
    """Follow the addresses: a digest that was proved stays proved as long as its address stays."""
    there = {row.value: row for row in people.find_digests(session, person.id)}
    made = {row.value: row for row in house.vault.make_digests(person.id, wanted)}
    gone = set(there) - set(made)
    session.execute(delete(PersonDigest).where(PersonDigest.person_id == person.id, PersonDigest.value.in_(gone)))
    session.add_all(row for value, row in made.items() if value not in there)


def to_json_resume(profile: Profile) -> dict[str, Any]:
    """The profile as JSON Resume 1.3.1 (Art. 20 GDPR: structured, commonly used, machine-readable)."""
    basics = {
        "name": profile.name,
        "email": profile.emails[0] if profile.emails else None,
        "phone": profile.phones[0] if profile.phones else None,
        "summary": profile.summary,
        "location": {"address": profile.location} if profile.location else None,
        "profiles": [{"url": link} for link in profile.links],
    }
    resume = {
        "basics": basics,
        "work": [_work(item) for item in profile.work],
        "education": [_education(item) for item in profile.education],
        "skills": [{"name": skill} for skill in profile.skills],
        "languages": [{"language": language} for language in profile.languages],
        "meta": {"version": "v1.3.1", "x-vitavault": _extras(profile)},
    }
    dropped: dict[str, Any] = drop_empty(resume)
    return dropped


def _extras(profile: Profile) -> dict[str, Any]:
    """What JSON Resume has no place for: further addresses and numbers, and the common names of written skills."""
    names = {skill: name for skill in profile.skills if (name := common_name(skill)) and name != skill}
    return {"emails": profile.emails[1:], "phones": profile.phones[1:], "skillNames": names}


def _work(item: Work) -> dict[str, Any]:
    return {
        "name": item.employer,
        "position": item.title,
        "location": item.location,
        "startDate": item.start,
        "endDate": item.end,
        "summary": item.summary,
    }


def _education(item: Education) -> dict[str, Any]:
    return {
        "institution": item.institution,
        "studyType": item.degree,
        "area": item.area,
        "startDate": item.start,
        "endDate": item.end,
    }


def drop_empty(value: Any) -> Any:
    """The value without its empty parts."""
    if isinstance(value, dict):
        kept = {key: drop_empty(part) for key, part in value.items()}
        return {key: part for key, part in kept.items() if part not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [drop_empty(part) for part in value]
    return value
