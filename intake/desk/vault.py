"""Opens and seals what belongs to one person, under that person's key.

One of the few modules that reach the keystore. What it opens lives only as long as the request that asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.digests import email_digest
from storage.identifiers import new_id
from storage.keystore import KeyGone, Keystore
from storage.models import Document, Person, PersonDigest, PersonField
from storage.models.people import DigestKind
from storage.profile import PROFILE_FIELDS, Profile, Reading
from storage.profile_json import field_to_json, profile_from_fields, reading_from_json, to_json
from storage.seal import DataKey, Sealed, Sealer, derive
from storage.secrets import InstallationSecrets
from storage.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Vault:
    """The keystore, the sealer and the installation's own secrets, together."""

    keystore: Keystore
    sealer: Sealer
    secrets: InstallationSecrets

    def new_key(self) -> DataKey:
        """A fresh data key, durable before this returns."""
        return self.keystore.create()

    def key_of(self, person: Person) -> DataKey:
        """The person's key. Raises ``KeyGone`` once it was destroyed."""
        return self.keystore.get(person.key_id)

    def find_key_of(self, person: Person | None) -> DataKey | None:
        """The person's key (the organisation's where there is no person), or None once it was destroyed."""
        if person is None:
            return self.secrets.organisation
        try:
            return self.key_of(person)
        except KeyGone:
            return None

    def log_name(self, key: DataKey) -> bytes:
        """The pseudonym under which the record speaks of the key's owner: unlinkable once the key is gone."""
        return derive(key, "audit subject")[:16]

    def address_digest(self, address: str) -> bytes:
        """The keyed digest of an e-mail address."""
        return email_digest(self.secrets.digest_key, address)

    def seal_field(self, key: DataKey, row_id: bytes, profile: Profile, name: str) -> Sealed:
        """One field of a profile, sealed for its row."""
        return self.sealer.seal_json(key, name, row_id, field_to_json(profile, name))

    def open_profile(self, key: DataKey, rows: Iterable[PersonField]) -> Profile:
        """The profile that these rows hold."""
        return profile_from_fields({row.name: self.sealer.open_json(key, row.name, row.id, row.value) for row in rows})

    def open_reading(self, key: DataKey, document: Document) -> Reading | None:
        """What was read from a document, or None before it was read."""
        if document.reading is None:
            return None
        opened = self.sealer.open_json(key, "document_reading", document.id, document.reading)
        text = self.open_text_of(key, document)
        return reading_from_json({**opened, "text": text})

    def open_text_of(self, key: DataKey, document: Document) -> str:
        """The document's text, empty before it was read."""
        if document.text is None:
            return ""
        return self.sealer.open_text(key, "document_text", document.id, document.text)

    def seal_reading(self, key: DataKey, document: Document, reading: Reading) -> None:
        """Put a reading into its document's row: text and the rest are sealed apart."""
        plain: dict[str, Any] = to_json(reading)
        text = plain.pop("text", "")
        document.reading = self.sealer.seal_json(key, "document_reading", document.id, plain)
        document.text = self.sealer.seal_text(key, "document_text", document.id, text)

    def make_fields(
        self,
        key: DataKey,
        person_id: bytes,
        profile: Profile,
        *,
        source: Source,
        document_id: bytes | None,
        at: datetime,
    ) -> list[PersonField]:
        """Sealed rows for every field of the profile that says something."""
        rows = []
        for name in PROFILE_FIELDS:
            if getattr(profile, name) in (None, ()):
                continue
            row_id = new_id()
            rows.append(
                PersonField(
                    id=row_id,
                    person_id=person_id,
                    name=name,
                    value=self.seal_field(key, row_id, profile, name),
                    source=source,
                    document_id=document_id,
                    updated_at=at,
                )
            )
        return rows

    def make_digests(self, person_id: bytes, profile: Profile) -> list[PersonDigest]:
        """Recognition digests of the profile's addresses."""
        values = {self.address_digest(address) for address in profile.emails}
        return [
            PersonDigest(id=new_id(), person_id=person_id, kind=DigestKind.EMAIL, value=value)
            for value in sorted(values)
        ]

    def open_organisation(self, name: str, row_id: bytes, sealed: Sealed) -> str:
        """A text of the organisation's own, opened."""
        return self.sealer.open_text(self.secrets.organisation, name, row_id, sealed)

    def seal_organisation(self, name: str, row_id: bytes, text: str) -> Sealed:
        """A text of the organisation's own, sealed."""
        return self.sealer.seal_text(self.secrets.organisation, name, row_id, text)


def changed_fields(before: Profile, after: Mapping[str, Any] | Profile) -> tuple[str, ...]:
    """Names of profile fields in which ``after`` differs."""
    later = after if isinstance(after, Profile) else profile_from_fields(after)
    return tuple(name for name in PROFILE_FIELDS if getattr(before, name) != getattr(later, name))
