"""Reads the mailbox to which undeliverable mail returns, once a minute, and empties it of what was understood.

The mailbox is one that holds nothing else. What is no notification about a message of ours stays where it is.
"""

import mailbox
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from intake.desk.bounces import LARGEST, note_notification
from intake.installation import Installation

EVERY = timedelta(minutes=1)
MOST = 200
"""Messages looked at in one round."""

log = structlog.get_logger("vitavault.keeper")


class ReturnWatch:
    """Looks into the mailbox when it is time to."""

    def __init__(self, house: Installation) -> None:
        self._house = house
        self._next_at: datetime = house.now()

    def round(self) -> None:
        """Read the mailbox if a minute has passed. A mailbox that cannot be read is told in the log, not raised."""
        if not self._house.settings.bounce_mailbox or self._house.now() < self._next_at:
            return
        self._next_at = self._house.now() + EVERY
        try:
            read_returns(self._house)
        except (OSError, mailbox.Error) as error:
            log.error("mail.returns_unreadable", error=type(error).__name__)


def read_returns(house: Installation) -> int:
    """Note every message that came back, and remove its notification. How many there were."""
    box = _open(Path(house.settings.bounce_mailbox))
    noted = []
    try:
        for key in list(box.keys())[:MOST]:
            with box.get_file(key) as file:
                content = file.read(LARGEST)
            if note_notification(house, content):
                noted.append(key)
        for key in noted:
            box.discard(key)
        box.flush()
    finally:
        box.close()
    return len(noted)


def _open(path: Path) -> mailbox.Mailbox[mailbox.MaildirMessage] | mailbox.Mailbox[mailbox.mboxMessage]:
    """The Maildir or mbox at ``path``; neither is made where there is none."""
    if path.is_dir():
        return mailbox.Maildir(path, create=False)
    box = mailbox.mbox(path, create=False)
    box.lock()
    return box
