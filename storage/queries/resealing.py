"""Sealed values in an older version or shape, in any table: found by their clear header, replaced one by one.

Which columns are sealed is read from the models, so that a new table is walked too. It must never replace a value
that somebody else changed meanwhile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, and_, func, or_, select, update
from sqlalchemy.orm import Session

from storage.models import Model
from storage.seal import Sealed

_ANY = ".*"
_VERSION_AT, _SHAPE_AT = 1, 3
"""Where a sealed value tells its version and shape; SQL counts from one."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One column of sealed values. Rows of ``names`` None say themselves under which name each was sealed."""

    column: Column[Any]
    name: str | None

    @property
    def table(self) -> Table:
        """The column's table."""
        return self.column.table

    @property
    def title(self) -> str:
        """How people are told of it."""
        return f"{self.table.name}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class OldValue:
    """A value in an older version or shape: its row's key, what it is bound to, and the name it was sealed under."""

    key: Any
    row_id: bytes
    name: str
    sealed: Sealed


def sealed_columns() -> Iterator[SealedColumn]:
    """Every column of sealed values, in a fixed order."""
    for table in Model.metadata.sorted_tables:
        for column in table.columns:
            name = column.info.get("seals")
            if name is not None:
                yield SealedColumn(column, None if name.endswith(_ANY) else name)


def count_old(session: Session, place: SealedColumn, version: int, shapes: Mapping[str, int]) -> int:
    """How many values of this column are older than ``version``, or than their name's shape."""
    wanted = select(func.count()).select_from(place.table).where(_is_old(place, version, shapes))
    return int(session.execute(wanted).scalar_one())


def find_old(
    session: Session, place: SealedColumn, version: int, shapes: Mapping[str, int], *, after: Any, limit: int
) -> list[OldValue]:
    """The next values that are older, in the order of their rows' keys and behind ``after`` (None: all)."""
    table, key = place.table, _key_of(place.table)
    bound = table.c.row_id if "row_id" in table.c else key
    asked = [key, bound, place.column] + ([] if place.name else [table.c.name])
    wanted = select(*asked).where(_is_old(place, version, shapes))
    if after is not None:
        wanted = wanted.where(key > after)
    rows = session.execute(wanted.order_by(key).limit(limit)).all()
    return [OldValue(row[0], row[1], place.name or row[3], row[2]) for row in rows]


def replace_sealed(session: Session, place: SealedColumn, old: OldValue, new: Sealed) -> bool:
    """Put ``new`` in the place of ``old`` if it still is what it was; whether it was."""
    is_same = and_(_key_of(place.table) == old.key, place.column == old.sealed)
    result: Any = session.execute(update(place.table).where(is_same).values({place.column: new}))
    return bool(result.rowcount)


def _key_of(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key


def _is_old(place: SealedColumn, version: int, shapes: Mapping[str, int]) -> ColumnElement[bool]:
    """An older version, or a shape older than its name's. What is newer than this program is left alone."""
    if place.name is None:
        behind = [
            and_(place.table.c.name == name, _byte(place, _SHAPE_AT) < bytes((shape,)))
            for name, shape in shapes.items()
            if shape
        ]
    else:
        behind = [_byte(place, _SHAPE_AT) < bytes((shapes.get(place.name, 0),))]
    return and_(place.column.is_not(None), or_(_byte(place, _VERSION_AT) < bytes((version,)), *behind))


def _byte(place: SealedColumn, at: int) -> ColumnElement[Any]:
    return func.substr(place.column, at, 1, type_=LargeBinary())
