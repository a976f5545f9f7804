"""Whether the installation can serve: what load balancers and operators ask."""

from datetime import timedelta

from intake.installation import Installation
from storage import leases

KEEPER_LATE = timedelta(seconds=90)


def is_ready(house: Installation) -> dict[str, bool]:
    """Each part by name and whether it answers."""
    try:
        house.database.ping()
        with house.database.reading() as session:
            age = leases.heartbeat_age(session, "keeper", house.now())
    except Exception:  # noqa: BLE001 - whatever the driver says, the answer is that it is not ready
        return {"database": False, "keeper": False, "keystore": _has_keystore(house)}
    if house.standing.is_halted:
        return {"database": False, "keeper": False, "keystore": _has_keystore(house)}
    return {"database": True, "keeper": age is not None and age < KEEPER_LATE, "keystore": _has_keystore(house)}


def _has_keystore(house: Installation) -> bool:
    try:
        house.vault.keystore.count()
    except Exception:  # noqa: BLE001 - likewise
        return False
    return True
