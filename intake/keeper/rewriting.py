"""Writes the keystore anew under a fresh generation, so that keys destroyed since are gone for good.

The keystore refuses when the database that asks is not the one it knows (a clone, a restored copy): then nothing is
dropped and the alarm is raised.
"""

import structlog

from intake.installation import Installation
from intake.keeper.indexing import live_entries
from storage import outbox
from storage.audit.tree import root, tree_size
from storage.keystore import KeystoreError, Witness, open_root
from storage.keystore.depot import open_depot
from storage.keystore.upkeep import KeyHouse, back_up, prune, report_keys, rotate
from storage.keystore.window import Window
from storage.outbox import Work
from storage.queries.endings import count_endings
from storage.queries.people import count_not_ending
from storage.restore_marker import Phase, find_phase

log = structlog.get_logger("vitavault.keys")


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


def key_house(house: Installation) -> KeyHouse:
    """What the upkeep of this installation's keys works on."""
    settings = house.settings
    return KeyHouse(
        keys_dir=settings.keys,
        root=open_root(settings.root_provider, settings.keys),
        secrets=house.vault.secrets,
        keystore=house.vault.keystore,
        depot=open_depot(settings.escrow, settings.keys, settings.data) if settings.escrow else None,
        window=Window(settings.key_window_days, settings.key_window_reason),
        forget_list=settings.effective_forget_list,
    )


def count_owed(house: Installation) -> int:
    """How many escrows and copies are past the window and still there: a person owes their end."""
    return len(report_keys(key_house(house), house.now()).owed)


def care_for_keys(house: Installation) -> None:
    """Rewrite if anything was erased since the generation began, or it is not escrowed yet; copy it; keep the window.

    Raises ``WrongDatabase``, or what stopped the escrow: then nothing was dropped.
    """
    held = key_house(house)
    report = report_keys(held)
    if report.status.erased_since or (held.depot is not None and report.escrowed_at is None):
        rotate(held, witness_of(house))
    else:
        back_up(held)
    for name, written_at in prune(held).owed:
        log.warning("key_copy_owed", name=name, written_on=written_at.date().isoformat())


def copy_at_start(house: Installation) -> None:
    """Escrow and copy at once what was never yet: a place that was set since is not left empty until the night.

    A depot that cannot be reached does not keep the product from starting; the doctor is red until it can.
    """
    if not house.settings.escrow:
        return
    try:
        report = report_keys(key_house(house), house.now())
        if report.escrowed_at is None or report.copied_at is None:
            care_for_keys(house)
    except (KeystoreError, OSError) as error:
        log.error("keys.not_copied", code=getattr(error, "code", type(error).__name__))


def rewrite_keystore(house: Installation, work: Work) -> None:
    """The keys' part of the night, and what of the index must be remade. Raises as :func:`care_for_keys`."""
    care_for_keys(house)
    house.index.rebuild(house.index.stale_shards(), lambda shard: live_entries(house, shard))
    house.index.save()
    with house.database.writing() as session:
        outbox.finish(session, work)
