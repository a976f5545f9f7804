"""Copies of a database made behind the product's back, as an operator or a disk snapshot would: both databases."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


def copy_raw(folder: Path, url: str) -> Callable[[], None]:
    """Copy the database of a closed installation; what puts the copy back."""
    if not url:
        kept = folder / "raw-copy.db"
        shutil.copyfile(folder / "data" / "vitavault.db", kept)
        return lambda: _put_back_file(folder, kept)
    name = str(make_url(url).database)
    _administer(url, f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
    return lambda: _administer(
        url,
        f'DROP DATABASE "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{name}_copy"',
        f'DROP DATABASE "{name}_copy"',
    )


def _put_back_file(folder: Path, kept: Path) -> None:
    for beside in ("", "-wal", "-shm"):
        (folder / "data" / f"vitavault.db{beside}").unlink(missing_ok=True)
    shutil.copyfile(kept, folder / "data" / "vitavault.db")


def _administer(url: str, *statements: str) -> None:
    engine = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()
