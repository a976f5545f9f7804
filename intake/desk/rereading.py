"""Asks for documents to be read again by a better reader, and tells how far that is.

The reading itself is the keeper's work, in the background. Never opens a document.
"""

from dataclasses import dataclass

from intake.desk.submit import READ_TOPIC
from intake.installation import Installation
from intake.reading.version import VERSION, version_in
from storage import audit, outbox
from storage.models import DocumentState
from storage.queries.rereading import count_by_reader, find_read_by

REREAD_TOPIC = "reread"
"""Outbox topic for documents that were read before: done a few at a time, after everything else."""
BATCH = 500
"""Documents queued in one commit."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How documents stand. ``by_version`` counts those read or refused by each version of the reader (0: none)."""

    version: int
    by_version: dict[int, int]
    unreadable: int
    never_read: int
    waiting: int
    given_up: int

    @property
    def old(self) -> int:
        """How many a better reader might read better."""
        return sum(count for version, count in self.by_version.items() if version < self.version)


def tell_standing(house: Installation) -> Standing:
    """How many documents were read by which version, and how many wait."""
    with house.database.reading() as session:
        counted = count_by_reader(session)
        waiting = outbox.pending(session, REREAD_TOPIC) + outbox.pending(session, READ_TOPIC)
        given_up = outbox.dead(session, REREAD_TOPIC) + outbox.dead(session, READ_TOPIC)
    by_version: dict[int, int] = {}
    for one in counted:
        if one.state is not DocumentState.STORED:
            by_version[version_in(one.reader)] = by_version.get(version_in(one.reader), 0) + one.count
    return Standing(
        version=VERSION,
        by_version=dict(sorted(by_version.items())),
        unreadable=sum(one.count for one in counted if one.state is DocumentState.UNREADABLE),
        never_read=sum(one.count for one in counted if one.state is DocumentState.STORED),
        waiting=waiting,
        given_up=given_up,
    )


def queue_older(house: Installation, older_than: int | None, actor: str) -> int:
    """Queue every document that a version before ``older_than`` read, all for None; how many were not queued yet."""
    with house.database.reading() as session:
        readers = {one.reader for one in count_by_reader(session)}
    wanted = [reader for reader in readers if older_than is None or version_in(reader) < older_than]
    queued, after = 0, b""
    while batch := _queue_batch(house, wanted, after, actor):
        queued, after = queued + len(batch), batch[-1]
    house.wake()
    return queued


def _queue_batch(house: Installation, readers: list[str], after: bytes, actor: str) -> list[bytes]:
    with house.database.writing() as session:
        batch = find_read_by(session, readers, (READ_TOPIC, REREAD_TOPIC), after, BATCH)
        for document_id in batch:
            outbox.enqueue(session, REREAD_TOPIC, document_id, {}, house.now())
        if batch:
            about = {"count": len(batch), "version": VERSION}
            audit.record(session, at=house.now(), actor=actor, action="documents.queued", subject=None, about=about)
    return batch
