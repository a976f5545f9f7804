"""What is left over by crashes and by time: blobs without a row, expired answers, links, sessions, sent mail.

An orphan is only swept when it is older than any upload in work can be: it is never guessed to be one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from storage import outbox, rates
from storage.blobs import Blobs
from storage.database import Database
from storage.queries import access, endings, sweeping, tallies

ORPHAN_AGE = timedelta(hours=1)
"""An upload is cut off long before this; what nobody names after it never will be named."""
MAIL_KEPT = timedelta(days=30)
WORK_KEPT = timedelta(days=30)
SEARCHES_KEPT = timedelta(days=1)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How many leftovers went."""

    rows: int
    blobs: int


def sweep_leftovers(database: Database, blobs: Blobs, now: datetime, technical_from: date | None = None) -> Swept:
    """Clear what time and crashes left over. Safe to repeat and to interrupt.

    ``technical_from``: the first day of technical data that the policy still keeps (C4).
    """
    with database.writing() as session:
        rows = access.sweep_access(session, now, now - SEARCHES_KEPT)
        rows += sweeping.sweep_repeated_calls(session, now)
        rows += sweeping.sweep_mail(session, now - MAIL_KEPT)
        rows += outbox.prune(session, now - WORK_KEPT)
        rows += rates.sweep(session, now)
        rows += tallies.sweep(session, technical_from) if technical_from else 0
    return Swept(rows, sweep_orphan_blobs(database, blobs, now))


def sweep_orphan_blobs(database: Database, blobs: Blobs, now: datetime) -> int:
    """Remove blobs that no row names."""
    gone = 0
    listed = (entry.blob_id for entry in blobs.list_ids() if entry.written_at <= now - ORPHAN_AGE)
    while chunk := list(islice(listed, _CHUNK)):
        with database.reading() as session:
            known = endings.known_blobs(session, chunk)
        for blob_id in chunk:
            if blob_id not in known:
                blobs.delete(blob_id)
                gone += 1
    return gone
