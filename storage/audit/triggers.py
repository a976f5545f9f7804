"""The database's own refusal to rewrite what is append-only: the record, its tree, its heads, the ledger of bases.

They stop mistakes and borrowed connections. Who owns the database can drop them; that is what the signed heads kept
elsewhere are for. They must never stop the erasure path: ledger rows of a person who ended may be deleted.
"""

from sqlalchemy import Connection, text

_POSITION_ONLY = (
    "OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.id = OLD.id AND NEW.at = OLD.at"
    " AND NEW.actor = OLD.actor AND NEW.action = OLD.action AND NEW.entry = OLD.entry"
    " AND NEW.leaf_hash = OLD.leaf_hash"
)
_SAME_SUBJECT = {"sqlite": "NEW.subject IS OLD.subject", "postgresql": "NEW.subject IS NOT DISTINCT FROM OLD.subject"}

_NEVER_DELETED = ("audit_entry", "audit_node", "audit_checkpoint")
_NEVER_UPDATED = ("audit_node", "audit_checkpoint", "basis_event")
_REFUSAL = "the record is append-only"

SQLITE: tuple[str, ...] = (
    (
        f"CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry WHEN NOT ({_POSITION_ONLY}"
        f" AND {_SAME_SUBJECT['sqlite']}) BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    ),
    *(
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for table in _NEVER_UPDATED
    ),
    *(
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for table in _NEVER_DELETED
    ),
)
"""What makes SQLite refuse."""

POSTGRESQL: tuple[str, ...] = (
    (
        "CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        f"CREATE TRIGGER audit_entry_update BEFORE UPDATE ON audit_entry FOR EACH ROW WHEN (NOT ({_POSITION_ONLY}"
        f" AND {_SAME_SUBJECT['postgresql']})) EXECUTE FUNCTION refuse_rewriting()"
    ),
    *(
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()"
        for table in _NEVER_UPDATED
    ),
    *(
        f"CREATE TRIGGER {table}_delete BEFORE DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()"
        for table in _NEVER_DELETED
    ),
)
"""What makes PostgreSQL refuse."""

NAMES: tuple[tuple[str, str], ...] = (
    ("audit_entry", "audit_entry_update"),
    *((table, f"{table}_update") for table in _NEVER_UPDATED),
    *((table, f"{table}_delete") for table in _NEVER_DELETED),
)
"""Each trigger with its table."""


def create_triggers(connection: Connection) -> None:
    """Make the append-only tables refuse. A migration that rebuilds one of them must call this again for it."""
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Take the refusals away, for a migration that goes back or rebuilds a table."""
    is_sqlite = connection.dialect.name == "sqlite"
    for table, name in NAMES:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}")))
    if not is_sqlite:
        connection.execute(text("DROP FUNCTION IF EXISTS refuse_rewriting()"))
