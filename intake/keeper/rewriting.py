"""Writes the keystore anew under a fresh generation, so that keys destroyed since are gone for good.

The keystore refuses when the database that asks is not the one it knows (a clone, a restored copy): then nothing is
dropped and the alarm is raised.
"""

from intake.installation import Installation
from intake.keeper.indexing import live_entries
from storage import outbox
from storage.audit.tree import root, tree_size
from storage.keystore import Witness
from storage.outbox import Work
from storage.queries.endings import count_endings
from storage.queries.people import count_not_ending
from storage.restore_marker import Phase, find_phase


def witness_of(house: Installation) -> Witness:
    """What this database says of itself, for the keystore to compare with what it saw last.

    Who is ending counts as erased, not among people: both change in one commit.
    """
    last = house.vault.keystore.status().witness
    with house.database.reading() as session:
        size = tree_size(session)
        previous = root(session, last.audit_size) if last is not None and last.audit_size <= size else None
        return Witness(
            installation=house.vault.secrets.installation,
            people=count_not_ending(session),
            erasures=count_endings(session),
            audit_size=size,
            audit_root=root(session, size),
            root_at_previous=previous,
            restoring=find_phase(house.settings.keys) is Phase.LOADING,
        )


def rewrite_keystore(house: Installation, work: Work) -> None:
    """Rewrite, if anything was erased since the generation began. Raises ``WrongDatabase`` and then drops nothing."""
    status = house.vault.keystore.status()
    if status.erased_since:
        house.vault.keystore.rewrite(witness_of(house))
    house.index.rebuild(house.index.stale_shards(), lambda shard: live_entries(house, shard))
    house.index.save()
    with house.database.writing() as session:
        outbox.finish(session, work)
