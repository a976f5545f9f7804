"""A place for a keystore of each kind, to be made, opened, copied and looked at byte by byte."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from storage.keystore import Escrow, Keystore, Root, Witness, create_keystore, open_keystore

INSTALLATION = b"installation-one"


@dataclass
class Home:
    """Where one keystore lives. What it opens is closed when the test ends."""

    keys: Path
    url: str
    root: Root
    closing: ExitStack = field(default_factory=ExitStack)

    def create(self, escrow: Escrow | None = None) -> Keystore:
        """A new keystore here."""
        return self._kept(create_keystore(self.keys, self.root, INSTALLATION, self.url, escrow))

    def open(self, installation: bytes = INSTALLATION) -> Keystore:
        """The keystore here, as another process would open it."""
        return self._kept(open_keystore(self.keys, self.root, installation, self.url))

    def all_bytes(self) -> bytes:
        """Every byte that lies in the key folder and in the database's rows."""
        held = [path.read_bytes() for path in sorted(self.keys.iterdir()) if path.is_file()]
        if self.url:
            held.append(self.database_text().encode())
        return b"\0".join(held)

    def database_text(self) -> str:
        """Every row of every table of the keystore's database, as text."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'keystore'").fetchall()
            rows = [
                connection.execute(
                    sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier("keystore", name))
                ).fetchall()
                for (name,) in tables
            ]
        return "\n".join([*(name for (name,) in tables), *(row[0] for table in rows for row in table)])

    def _kept(self, store: Keystore) -> Keystore:
        self.closing.callback(store.close)
        return store


def witness(people: int = 0, erasures: int = 0, size: int = 0, root: bytes = b"r", **more: object) -> Witness:
    """What the right database says of itself."""
    return Witness(INSTALLATION, people, erasures, size, root, **more)  # type: ignore[arg-type]
