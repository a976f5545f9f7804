"""What stays for a while afterwards: a file that was replaced, and the digest that keeps a list from bringing an
erased person back. Each row carries the day on which it goes."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped

from storage.models.columns import Model, UtcDateTime, digest, operational, pseudonym


class RetiredBlob(Model):
    """A file that a living person replaced. It stays while backups may still name it, and no page shows it."""

    __tablename__ = "retired_blob"

    blob_id: Mapped[str] = operational(String(64), primary_key=True)
    person_id: Mapped[bytes] = pseudonym(ForeignKey("person.id"), index=True)
    retired_at: Mapped[datetime] = operational(UtcDateTime())
    kept_until: Mapped[datetime] = operational(UtcDateTime(), index=True)


class Suppression(Model):
    """A keyed digest of an erased person's address (promise R7). It names neither the person nor their end.

    ``year``: whose key it was made under; that key lies in the key folder and ends with the last of its digests.
    """

    __tablename__ = "suppression"

    id: Mapped[bytes] = pseudonym(primary_key=True)
    year: Mapped[int] = operational(Integer(), index=True)
    value: Mapped[bytes] = digest(index=True)
    ends_on: Mapped[date] = operational(Date(), index=True)
