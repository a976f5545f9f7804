"""Sweeps keys that no person's row names: what an upload leaves behind that was cut short before its commit.

It must never take a key for an orphan that an upload in work may still need, and destroys nothing where it is the
rows that are missing (a clone, a database restored to an older state): then it says so and leaves every key alone.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

import structlog

from intake.installation import Installation
from intake.keeper.rewriting import witness_of
from storage.keystore import WrongDatabase, check_orphans
from storage.queries.people import known_keys

WHOLE_DAYS = timedelta(days=2)
"""A key's age is known to the day: two days on it is older than any upload in work can be."""
_CHUNK = 500

log = structlog.get_logger("vitavault.keys")


def sweep_orphan_keys(house: Installation) -> int:
    """Destroy keys that nobody owns; how many there were. Safe to repeat and to interrupt."""
    keystore, orphans = house.vault.keystore, list(_find_orphans(house))
    if not orphans:
        return 0
    try:
        check_orphans(len(orphans), keystore.count())
        return keystore.destroy(orphans, witness_of(house))
    except WrongDatabase as refused:
        log.error("orphan_keys_left", code=refused.code, keys=len(orphans))
        return 0


def _find_orphans(house: Installation) -> Iterator[bytes]:
    last = house.now().date() - WHOLE_DAYS
    old = (entry.key_id for entry in house.vault.keystore.list_ids() if entry.created_on <= last)
    while chunk := list(islice(old, _CHUNK)):
        with house.database.reading() as session:
            known = known_keys(session, chunk)
        yield from (key_id for key_id in chunk if key_id not in known)
