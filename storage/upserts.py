"""``INSERT … ON CONFLICT``: the one statement that both databases know but SQLAlchemy spells apart."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.models.columns import Model


def insert_into(session: Session, table: type[Model]) -> Any:
    """An insert into ``table`` that has ``on_conflict_do_update`` on the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
