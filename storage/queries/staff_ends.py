"""Empties the database of one member of staff. Rows that only name them by pseudonym, without a key to it, stay."""

from sqlalchemy import Column, Table, delete, update
from sqlalchemy.orm import Session

from storage.models import Link, Mail, Model, Staff

ENDED_TOO = frozenset({Link.__tablename__, Mail.__tablename__})
"""Tables that may name nobody, whose rows end with the member of staff all the same: their links and letters."""


def columns_naming_staff() -> list[tuple[Table, Column[bytes]]]:
    """Every column that points at an account, children before the tables they point to. Derived from the models."""
    return [
        (table, column)
        for table in reversed(Model.metadata.sorted_tables)
        for column in table.columns
        if any(key.column.table.name == Staff.__tablename__ for key in column.foreign_keys)
    ]


def erase_staff(session: Session, staff_id: bytes) -> None:
    """Delete an account and what belongs to it; what merely mentions it forgets it."""
    for table, column in columns_naming_staff():
        if column.nullable and table.name not in ENDED_TOO:
            session.execute(update(table).where(column == staff_id).values({column.name: None}))
        else:
            session.execute(delete(table).where(column == staff_id))
    session.execute(delete(Staff).where(Staff.id == staff_id))
