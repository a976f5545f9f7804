"""Recovery on an empty machine, from the depot and the recovery key alone: ``vitavault keys recover``.

The newest copy of the keystore whose generation's escrow opens is written under a fresh generation and a fresh root.
Keys of people who came after that copy are lost; keys of people erased after it are back, until the forget list is
replayed: whoever calls this must serve nothing before that. It must never run over an installation that is there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from storage.keystore.beginning import Begun, begin_with
from storage.keystore.contract import KeystoreError, NewGeneration, WrongKey
from storage.keystore.copies import CopyFacts, DamagedCopy, Row, read_copy, read_rows
from storage.keystore.depot import Depot
from storage.keystore.escrow import forget_name, list_stored, open_escrow, open_secrets
from storage.keystore.folder import write_private
from storage.keystore.generation import begin_generation
from storage.keystore.recovery_key import fingerprint_of, parse_private
from storage.keystore.upkeep import KeyHouse, rotate_recovery
from storage.keystore.window import Stored
from storage.secrets import InstallationSecrets

WAITING = ".recovering.db"


class NothingToRecover(KeystoreError):
    """The depot holds nothing that this recovery key opens to a whole keystore."""

    code = "nothing_to_recover"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was recovered. ``copied_at``: the state of the keys; ``recovery_text``: the new recovery key, shown once.

    ``trouble``: why there is no new recovery key; empty when there is. ``passed_over``: newer copies of no use.
    """

    begun: Begun
    keys: int
    copied_at: datetime
    recovery_text: str
    trouble: str
    passed_over: tuple[str, ...]


def recover(
    depot: Depot,
    private_text: str,
    keys_dir: Path,
    provider: str = "file",
    url: str = "",
    environ: Mapping[str, str] | None = None,
    forget_list: Path | None = None,
) -> Recovered:
    """Make an installation's keys anew from the depot, and put the forget list back where it is not there.

    Raises :class:`WrongKey` for a private half that is none or opens nothing, :class:`NothingToRecover`, and
    ``FileExistsError`` where the key folder holds an installation.
    """
    private = parse_private(private_text)
    secrets = _find_secrets(depot, private)
    waiting = keys_dir / WAITING
    try:
        former, facts, passed_over = _fetch_newest(depot, private, secrets.installation, waiting)
        begun = begin_with(
            keys_dir,
            provider,
            url,
            environ=environ,
            secrets=secrets,
            number=_next_number(depot, secrets.installation),
            fill=lambda fresh: _rewrapped(waiting, former, fresh),
        )
    finally:
        waiting.unlink(missing_ok=True)
    _put_back(depot, secrets.installation, forget_list)
    text, trouble = _escrow_anew(KeyHouse(keys_dir, begun.root, begun.secrets, begun.keystore, depot))
    return Recovered(begun, begun.keystore.count(), facts.made_at, text, trouble, tuple(passed_over))


def _put_back(depot: Depot, installation: bytes, forget_list: Path | None) -> None:
    name = forget_name(installation)
    if forget_list is None or forget_list.exists() or all(entry.name != name for entry in depot.list_entries()):
        return
    write_private(forget_list, depot.get(name))


def _escrow_anew(house: KeyHouse) -> tuple[str, str]:
    """A recovery key was typed into this machine: it is replaced at once. The new one, or what stopped it."""
    try:
        return rotate_recovery(house), ""
    except KeystoreError as error:
        return "", f"{error}. The keys are recovered; run: vitavault keys recovery rotate"


def _find_secrets(depot: Depot, private: X25519PrivateKey) -> InstallationSecrets:
    names = [entry.name for entry in depot.list_entries() if entry.name.startswith("secrets-")]
    if not names:
        raise NothingToRecover("there is no escrow in this place: check its address")
    for name in names:
        try:
            return open_secrets(depot.get(name), private)
        except WrongKey:
            continue
    raise WrongKey(f"no escrow in this place was made for this recovery key ({fingerprint_of(private)})")


def _fetch_newest(
    depot: Depot, private: X25519PrivateKey, installation: bytes, waiting: Path
) -> tuple[NewGeneration, CopyFacts, list[str]]:
    stored = list_stored(depot, installation)
    escrows = {one.generation_id: one for one in stored if one.kind == "escrow"}
    passed_over: list[str] = []
    for copy in sorted(stored, key=lambda one: one.name.rpartition("-")[2], reverse=True):
        if copy.kind != "copy":
            continue
        found = _try_copy(depot, private, copy, escrows.get(copy.generation_id), waiting)
        if found is not None:
            return *found, passed_over
        passed_over.append(copy.name)
    raise NothingToRecover("no copy of the keystore in this place is whole and opens with this recovery key")


def _try_copy(
    depot: Depot, private: X25519PrivateKey, copy: Stored, escrow: Stored | None, waiting: Path
) -> tuple[NewGeneration, CopyFacts] | None:
    if escrow is None:
        return None
    try:
        former = open_escrow(depot.get(escrow.name), private)
        write_private(waiting, depot.get(copy.name))
        facts = read_copy(waiting)
    except (WrongKey, DamagedCopy):
        return None
    return (former, facts) if facts.generation_id == former.id else None


def _next_number(depot: Depot, installation: bytes) -> int:
    return 1 + max(one.generation for one in list_stored(depot, installation))


def _rewrapped(waiting: Path, former: NewGeneration, fresh: NewGeneration) -> Iterable[list[Row]]:
    opened, wrapping = begin_generation(former), begin_generation(fresh)
    return (wrapping.rewrap(rows, opened) for rows in read_rows(waiting))
