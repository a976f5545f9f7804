"""A wrong database destroys nothing: what must hold before keys are dropped.

The keystore remembers the last database that it served, by a :class:`Witness`. A staging clone, a restored backup or
somebody else's database gives another one, and is refused. It must never be asked to guess: a doubt is a refusal.
"""

import json
from dataclasses import dataclass


class WrongDatabase(Exception):
    """The database that asks is not the one, or not the continuation of the one, that these keys belong to.

    Nothing was destroyed. This is an alarm, not a condition to retry.
    """

    code = "wrong_database"


@dataclass(frozen=True, slots=True)
class Witness:
    """What a database says of itself when it asks for keys to be dropped.

    ``people``: people on record who are not ending. ``erasures``: erasures recorded, ever. ``audit_size`` and
    ``audit_root``: the log's head. ``root_at_previous``: the root that this log had at the size which the keystore
    saw last (``None``: the log is shorter than that). ``restoring``: whether a restore is unfinished.
    """

    installation: bytes
    people: int
    erasures: int
    audit_size: int
    audit_root: bytes
    root_at_previous: bytes | None = None
    restoring: bool = False


def check_witness(last: Witness | None, now: Witness, installation: bytes) -> None:
    """Raise :class:`WrongDatabase` unless ``now`` is the same installation, further on, nothing lost unrecorded."""
    if now.installation != installation:
        raise WrongDatabase("the database belongs to another installation: check database address and key folder")
    if now.restoring:
        raise WrongDatabase("a restore is unfinished: finish it (vitavault forget replay) before keys are dropped")
    if last is not None:
        _check_continues(last, now)


def check_orphans(orphans: int, keys: int, allowed_share: float = 0.05, always_allowed: int = 20) -> None:
    """Raise :class:`WrongDatabase` when more keys lack a row than crashes explain: it is the rows that are missing."""
    if orphans > max(always_allowed, int(keys * allowed_share)):
        raise WrongDatabase(
            f"{orphans} of {keys} keys have no row in this database: far more than interrupted uploads leave behind"
        )


def _check_continues(last: Witness, now: Witness) -> None:
    if now.audit_size < last.audit_size or now.root_at_previous != last.audit_root:
        raise WrongDatabase(
            "the audit log does not continue the one that these keys served last: this is a copy or an older state"
        )
    recorded = now.erasures - last.erasures
    if recorded < 0 or last.people - now.people > recorded:
        raise WrongDatabase(
            f"the number of people fell by {last.people - now.people}, but {recorded} erasures are on record"
        )


def print_witness(witness: Witness) -> str:
    """The witness as the keystore keeps it (JSON)."""
    return json.dumps(
        {
            "installation": witness.installation.hex(),
            "people": witness.people,
            "erasures": witness.erasures,
            "audit_size": witness.audit_size,
            "audit_root": witness.audit_root.hex(),
        }
    )


def parse_witness(text: str | None) -> Witness | None:
    """What :func:`print_witness` wrote; ``None`` where no database was seen yet."""
    if text is None:
        return None
    kept = json.loads(text)
    return Witness(
        bytes.fromhex(kept["installation"]),
        kept["people"],
        kept["erasures"],
        kept["audit_size"],
        bytes.fromhex(kept["audit_root"]),
    )
