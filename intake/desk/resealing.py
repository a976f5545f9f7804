"""Brings what was sealed in an older version or shape up to date, in the background, a few values in each commit.

What is still to do is told by the values themselves: cut short anywhere, the next call goes on. It must never
replace a value that changed meanwhile, nor touch one that a newer program sealed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from intake.installation import Installation
from storage import audit
from storage.codes import Code
from storage.queries import resealing
from storage.queries.resealing import OldValue, SealedColumn
from storage.seal import VERSION, DataKey, Sealed, Unsealable, read_header

BATCH = 200
"""Values in one commit: others who write wait no longer than that takes."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it came in one column. ``unopened`` did not open under their key, and stay as they are."""

    title: str
    total: int
    done: int = 0
    unopened: int = 0


def count_old(house: Installation) -> dict[str, int]:
    """How many values are in an older version or shape, by column; those without any are left out."""
    with house.database.reading() as session:
        counted = {
            place.title: resealing.count_old(session, place, VERSION, _newest(house))
            for place in resealing.sealed_columns()
        }
    return {title: count for title, count in counted.items() if count}


def reseal_everything(house: Installation, actor: str, batch: int = BATCH) -> Iterator[Progress]:
    """Seal every older value again in today's version and shape; tells how far it came after each commit."""
    for place in resealing.sealed_columns():
        with house.database.reading() as session:
            total = resealing.count_old(session, place, VERSION, _newest(house))
        if total:
            yield from _reseal_column(house, place, total, actor, batch)


def _reseal_column(house: Installation, place: SealedColumn, total: int, actor: str, size: int) -> Iterator[Progress]:
    after, done, unopened = None, 0, 0
    while batch := _next_batch(house, place, after, size):
        after = batch[-1].key
        resealed = _reseal_batch(house, batch)
        with house.database.writing() as session:
            replaced = sum(resealing.replace_sealed(session, place, old, new) for old, new in resealed)
            about: dict[str, Code] = {"scope": place.title, "count": replaced}
            audit.record(session, at=house.now(), actor=actor, action="values.resealed", subject=None, about=about)
        done, unopened = done + replaced, unopened + len(batch) - len(resealed)
        yield Progress(place.title, total, done, unopened)


def _next_batch(house: Installation, place: SealedColumn, after: object, size: int) -> list[OldValue]:
    with house.database.reading() as session:
        return resealing.find_old(session, place, VERSION, _newest(house), after=after, limit=size)


def _reseal_batch(house: Installation, batch: list[OldValue]) -> list[tuple[OldValue, Sealed]]:
    resealed, keys = [], _keys_of(house, batch)
    for old in batch:
        key = keys.get(read_header(old.sealed).key_id)
        if key is None:
            continue
        try:
            resealed.append((old, house.vault.sealer.reseal(key, old.name, old.row_id, old.sealed)))
        except Unsealable:
            continue
    return resealed


def _keys_of(house: Installation, batch: list[OldValue]) -> Mapping[bytes, DataKey]:
    organisation = house.vault.secrets.organisation
    wanted = {read_header(old.sealed).key_id for old in batch} - {organisation.id}
    return {**house.vault.keystore.find_many(wanted), organisation.id: organisation}


def _newest(house: Installation) -> dict[str, int]:
    return {name: len(steps) for name, steps in house.vault.sealer.shapes.items()}
