"""What keeps keys from being lost and from living too long: ``vitavault keys status|rotate|recovery rotate``.

Rotation with escrow, copies of the keystore, and the window after which copies of former keys must be gone. What the
product cannot delete itself it names, so that a person can; it never reports such a copy as gone.
"""

import contextlib
import secrets as random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.keystore.contract import Keystore, KeystoreStatus, NewGeneration, RewriteReport
from storage.keystore.copies import read_copy
from storage.keystore.depot import Depot, DepotFailed
from storage.keystore.escrow import copy_name, escrow_secrets, escrow_to, forget_name, list_stored
from storage.keystore.guard import Witness
from storage.keystore.recovery_key import RecoveryPublic, keep_recipients, make_recovery_pair, read_recipients
from storage.keystore.roots import Root
from storage.keystore.window import InForce, Stored, Window, choose_expired
from storage.secrets import InstallationSecrets

RECENT = timedelta(hours=36)
"""How old the newest copy of the keystore may be before ``doctor`` is red: a night may be missed, not two."""


@dataclass(frozen=True, slots=True)
class KeyHouse:
    """Everything the upkeep works on. ``depot`` is ``None`` where no place for escrows is set.

    ``forget_list``: a file that is copied to the depot along with the keys, where there is one.
    """

    keys_dir: Path
    root: Root
    secrets: InstallationSecrets
    keystore: Keystore
    depot: Depot | None = None
    window: Window = field(default_factory=Window)
    forget_list: Path | None = None


@dataclass(frozen=True, slots=True)
class Pruned:
    """What went, and what a person must delete because the product was not allowed to: names and when they ended."""

    deleted: tuple[str, ...] = ()
    owed: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class KeysReport:
    """What ``vitavault keys status`` and ``doctor`` show. ``troubles`` is empty when all is well.

    ``forgets``: whether the root made former generations impossible to unwrap, even from a full copy of the store.
    ``owed``: what is past the window and still in the depot.
    """

    status: KeystoreStatus
    provider: str
    forgets: bool
    recipients: tuple[str, ...]
    escrowed_at: datetime | None
    copied_at: datetime | None
    owed: tuple[str, ...]
    troubles: tuple[str, ...]


def begin_recovery(keys_dir: Path) -> str:
    """Make the installation's recovery key. Returns its private half, to be shown once and kept by nobody else."""
    text, public = make_recovery_pair()
    keep_recipients(keys_dir, [public])
    return text


def prepare_escrow(keys_dir: Path, depot: Depot | None, secrets: InstallationSecrets, fresh: NewGeneration) -> None:
    """Escrow a new installation's secrets and first generation; nothing where no depot is set."""
    if depot is not None:
        recipients = read_recipients(keys_dir)
        escrow_secrets(depot, recipients, secrets)
        escrow_to(depot, recipients)(fresh)


def rotate(house: KeyHouse, witness: Witness | None = None) -> RewriteReport:
    """Rewrite the keystore under a fresh generation, escrowed first where a depot is set, and copy it there.

    Raises :class:`~storage.keystore.guard.WrongDatabase`, and whatever stops the escrow: then nothing was changed.
    """
    if house.depot is None:
        return house.keystore.rewrite(witness)
    recipients = read_recipients(house.keys_dir)
    report = house.keystore.rewrite(witness, escrow_to(house.depot, recipients))
    escrow_secrets(house.depot, recipients, house.secrets)
    _drop_abandoned(house, house.depot)
    back_up(house)
    return report


def back_up(house: KeyHouse, now: datetime | None = None) -> str | None:
    """Copy the wrapped keys and the forget list to the depot. The copy's name; ``None`` where no depot is set."""
    if house.depot is None:
        return None
    waiting = house.keys_dir / f".copy-{random.token_hex(6)}"
    try:
        house.keystore.copy_to(waiting)
        facts = read_copy(waiting)
        name = copy_name(facts.installation, facts.generation, facts.generation_id, now or facts.made_at)
        house.depot.put(name, waiting.read_bytes())
        if house.forget_list is not None and house.forget_list.exists():
            house.depot.put(forget_name(facts.installation), house.forget_list.read_bytes())
    finally:
        waiting.unlink(missing_ok=True)
    return name


def prune(house: KeyHouse, now: datetime | None = None) -> Pruned:
    """Delete from the depot what is past the window; name what could not be deleted."""
    if house.depot is None:
        return Pruned()
    deleted: list[str] = []
    owed: list[tuple[str, datetime]] = []
    for one in _expired(house, house.depot, now):
        try:
            house.depot.delete(one.name)
            deleted.append(one.name)
        except DepotFailed:
            owed.append((one.name, one.written_at))
    return Pruned(tuple(deleted), tuple(owed))


def rotate_recovery(house: KeyHouse, witness: Witness | None = None) -> str:
    """Replace the recovery key. Returns the new private half, to be shown once.

    A fresh generation and a copy of it are made at once, for the new key alone; what was made for the former key goes
    as it passes the window. Cut short, either key recovers what there is.
    """
    text, public = make_recovery_pair()
    former = read_recipients(house.keys_dir)
    if house.depot is not None:
        escrow_secrets(house.depot, [*former, public], house.secrets)
    keep_recipients(house.keys_dir, [public])
    try:
        rotate(house, witness)
    except BaseException:
        keep_recipients(house.keys_dir, former)
        raise
    return text


def report_keys(house: KeyHouse, now: datetime | None = None) -> KeysReport:
    """Where keys, escrow and copies stand, and what is wrong with it."""
    at = now or datetime.now(UTC)
    status, recipients = house.keystore.status(), read_recipients(house.keys_dir)
    stored, troubles = _look_into_depot(house)
    escrowed = [one.written_at for one in stored if one.kind == "escrow" and one.generation_id == status.generation_id]
    copied = [one.written_at for one in stored if one.kind == "copy" and one.generation_id == status.generation_id]
    newest_escrow, newest_copy = max(escrowed, default=None), max(copied, default=None)
    if house.depot is not None and not troubles:
        troubles = _check_depot(recipients, newest_escrow, newest_copy, at)
    owed = [one.name for one in choose_expired(stored, _in_force(status), house.window, at)]
    return KeysReport(
        status,
        house.root.provider,
        house.keystore.forget_former(),
        tuple(one.fingerprint for one in recipients),
        newest_escrow,
        newest_copy,
        tuple(owed),
        tuple(troubles),
    )


def _look_into_depot(house: KeyHouse) -> tuple[list[Stored], list[str]]:
    if house.depot is None:
        return [], ["no place for escrows is set: a lost key folder cannot be recovered (set escrow)"]
    try:
        return list_stored(house.depot, house.secrets.installation), []
    except DepotFailed as error:
        return [], [str(error)]


def _check_depot(
    recipients: list[RecoveryPublic], escrowed_at: datetime | None, copied_at: datetime | None, now: datetime
) -> list[str]:
    found: list[str] = []
    if not recipients:
        found.append("there is no recovery key: run vitavault keys recovery rotate")
    if escrowed_at is None:
        found.append("the generation in force is not escrowed: run vitavault keys rotate")
    if copied_at is None or now - copied_at > RECENT:
        found.append("there is no recent copy of the keystore: run vitavault keys rotate, and look at the nightly run")
    return found


def _expired(house: KeyHouse, depot: Depot, now: datetime | None) -> list[Stored]:
    stored = list_stored(depot, house.secrets.installation)
    return choose_expired(stored, _in_force(house.keystore.status()), house.window, now or datetime.now(UTC))


def _drop_abandoned(house: KeyHouse, depot: Depot) -> None:
    """Escrows of rewrites that were cut short: their generations never wrapped anything."""
    status = house.keystore.status()
    for one in list_stored(depot, house.secrets.installation):
        if one.kind == "escrow" and one.generation == status.generation and one.generation_id != status.generation_id:
            with contextlib.suppress(DepotFailed):
                depot.delete(one.name)


def _in_force(status: KeystoreStatus) -> InForce:
    return InForce(status.generation, status.generation_id, status.erased_since)
