"""Rows out of a database and into another, of either kind: what is in the tables, by name, as it is (sealed).

Shapes are read from the database itself, so that a backup of any age is read and written in the shape it has. It
must never look into a value: bytes stay bytes.
"""

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select, text

from storage.audit.triggers import drop_triggers
from storage.backup.manifest import Part, digest_file

REVISION_TABLE = "alembic_version"
_BATCH = 1000


def find_tables(connection: Connection) -> list[Table]:
    """The database's tables as they are, parents before children."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != REVISION_TABLE]


def table_path(folder: Path, name: str) -> Path:
    """Where a table's rows lie in a backup."""
    return folder / "tables" / f"{name}.jsonl.gz"


def dump_tables(connection: Connection, folder: Path) -> dict[str, Part]:
    """Write every table's rows into the backup's folder; what was written, by table. Memory stays flat."""
    (folder / "tables").mkdir(mode=0o700)
    return {table.name: _dump(connection, table, table_path(folder, table.name)) for table in find_tables(connection)}


def _dump(connection: Connection, table: Table, path: Path) -> Part:
    count = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        file.write(json.dumps([column.name for column in table.columns]) + "\n")
        for row in connection.execution_options(yield_per=_BATCH).execute(select(table)):
            file.write(json.dumps([_spell(value) for value in row], separators=(",", ":")) + "\n")
            count += 1
    return Part(count, digest_file(path))


def drop_everything(connection: Connection) -> None:
    """Empty the database, shapes and all. Only what replaces its content at a person's order may call this."""
    metadata = MetaData()
    metadata.reflect(connection)
    if "audit_entry" in metadata.tables:
        drop_triggers(connection)
    metadata.drop_all(connection)


def load_tables(connection: Connection, folder: Path) -> dict[str, int]:
    """Put a backup's rows into tables of the shape it was made in; how many, by table."""
    loaded = {table.name: _load(connection, table, folder) for table in find_tables(connection)}
    if connection.dialect.name == "postgresql":
        _advance_counters(connection)
    return loaded


def _load(connection: Connection, table: Table, folder: Path) -> int:
    path, count = table_path(folder, table.name), 0
    if not path.exists():
        return 0
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = json.loads(next(file))
        rows = (dict(zip(names, map(_parse, json.loads(line)), strict=True)) for line in file)
        for batch in _batches(rows):
            connection.execute(insert(table), batch)
            count += len(batch)
    return count


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _advance_counters(connection: Connection) -> None:
    """Have numbers that PostgreSQL draws go on after the highest one that came back."""
    for table in find_tables(connection):
        for column in _numbered(table):
            name = connection.execute(
                text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
            ).scalar_one()
            highest = connection.execute(select(func.max(column))).scalar_one()
            if name is not None and highest is not None:
                connection.execute(text("SELECT setval(:name, :highest)"), {"name": name, "highest": highest})


def _numbered(table: Table) -> list[Column[Any]]:
    return [column for column in table.primary_key.columns if isinstance(column.type, Integer)]


def _spell(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"t": (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return {"j": value} if isinstance(value, dict | list) else value


def _parse(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, said),) = value.items()
    match kind:
        case "b":
            return base64.b64decode(said)
        case "t":
            return datetime.fromisoformat(said)
        case "d":
            return date.fromisoformat(said)
        case _:
            return said
