"""Keeps the record: gives entries their positions, signs its head, and puts a copy of the head outside the database."""

from pathlib import Path

from intake.installation import Installation
from intake.keeper.continuity import CHECKPOINTS_FILE
from intake.keeper.rewriting import witness_of
from storage import audit
from storage.audit.tree import count_unsequenced


def checkpoints_path(house: Installation) -> Path:
    """Where signed heads are kept outside the database: in the key folder, beside what signs them."""
    return house.settings.keys / CHECKPOINTS_FILE


def origin_of(house: Installation) -> str:
    """The record's name in its signed heads."""
    return f"vitavault/{house.vault.secrets.installation.hex()}"


def sequence_record(house: Installation) -> int:
    """Give waiting entries their positions; how many."""
    placed = 0
    while True:
        with house.database.reading() as session:
            if not count_unsequenced(session):
                return placed
        with house.database.writing() as session:
            count = audit.sequence(session)
        placed += count


def sign_record(house: Installation) -> None:
    """Sign the head and export it, and have the keystore remember it: an older copy is known from then on.

    Raises ``WrongDatabase``, and what :func:`storage.audit.checkpoint` raises when it does not continue."""
    sequence_record(house)
    path = checkpoints_path(house)
    with house.database.writing() as session:
        row = audit.checkpoint(
            session, house.vault.secrets.audit_key, origin_of(house), house.now(), path if path.exists() else None
        )
    audit.export_checkpoint(path, row)
    house.vault.keystore.attest(witness_of(house))


def verify_record(house: Installation) -> audit.VerifyReport:
    """Check the whole record, its tree, its signed heads and the heads kept outside."""
    path = checkpoints_path(house)
    with house.database.reading() as session:
        return audit.verify(session, house.vault.secrets.audit_key.public_key(), path if path.exists() else None)
