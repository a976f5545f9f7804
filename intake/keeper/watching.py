"""Watches, while the product runs, that its database is still the one in force; halts everything when it is not."""

import threading

import structlog

from intake.installation import Installation
from intake.keeper.continuity import Outside, RestoreUnfinished, require_continuity
from storage.generations import watch_generations

log = structlog.get_logger("vitavault.standing")


def check_standing(house: Installation) -> bool:
    """Hold the database against what is known outside it; halt the product when it is older. Whether all is well."""
    forget = house.database.forget
    if forget is None:
        return True
    try:
        require_continuity(house.database, Outside(house.settings.keys, forget, house.vault))
    except RestoreUnfinished as found:
        house.standing.halt(str(found))
        log.critical("standing.halted", code=found.code, advice="stop the server; run `vitavault forget replay`")
        return False
    return True


def watch_connections(house: Installation) -> None:
    """Have each new generation of connections looked at before anything more is served."""
    house.database.engine.dispose()  # the next connection is the first one that is seen
    watch_generations(house.database, lambda: _look(house))
    house.database.ping()


def _look(house: Installation) -> None:
    house.standing.begin_check()
    threading.Thread(target=_check, args=(house,), name="standing", daemon=True).start()


def _check(house: Installation) -> None:
    try:
        check_standing(house)
    except Exception as error:  # noqa: BLE001 - a database that cannot be asked serves nothing anyway
        log.error("standing.unchecked", error=type(error).__name__)
    finally:
        house.standing.end_check()
