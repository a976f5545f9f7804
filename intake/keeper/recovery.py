"""The recovery key: made at the first start, shown once, kept by nobody here."""

from intake.installation import Installation
from storage.keystore.recovery_key import read_recipients
from storage.keystore.upkeep import begin_recovery


def offer_recovery(house: Installation) -> str:
    """The private half of a new recovery key, where the installation has none yet; else empty.

    Whoever holds it, with an escrow and a backup, can bring the installation back on an empty machine.
    """
    return "" if read_recipients(house.settings.keys) else begin_recovery(house.settings.keys)
