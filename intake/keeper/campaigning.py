"""Writes the letters that the worker asked for and notes which arrived. Opens an address only to write to it."""

from collections.abc import Sequence

from intake.desk.campaigns import note_told, write_letter
from intake.installation import Installation
from storage import outbox
from storage.outbox import Work


def write_letters(house: Installation, works: Sequence[Work]) -> None:
    """Write each letter once, however often it is asked for."""
    for work in works:
        if work.subject is not None:
            write_letter(house, work.subject)
        with house.database.writing() as session:
            outbox.finish(session, work)


def note_arrivals(house: Installation) -> int:
    """Note what the mail server took and what came back."""
    return note_told(house)
