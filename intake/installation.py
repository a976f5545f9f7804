"""The parts of one running installation, passed by hand to every use case. No globals, no service locator."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from intake.desk.vault import Vault
from intake.reading.reader import ResumeReader
from intake.settings import Settings
from intake.standing import Standing
from retention.policy.policy import Policy
from storage.blobs import Blobs
from storage.database import Database
from storage.queries.searching import Scope
from storage.search import SearchIndex


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that a use case may need.

    ``wake`` tells the keeper that work waits; ``find_policy`` gives the policy in force at the moment.
    """

    settings: Settings
    find_policy: Callable[[], Policy]
    database: Database
    vault: Vault
    blobs: Blobs
    index: SearchIndex
    reader: ResumeReader
    clock: Callable[[], datetime]
    wake: Callable[[], None] = lambda: None
    standing: Standing = field(default_factory=Standing)

    @property
    def policy(self) -> Policy:
        """The policy in force now."""
        return self.find_policy()

    @property
    def organisation(self) -> str:
        """The organisation's name: from the settings, else the controller's that the policy names."""
        default = Settings.model_fields["organisation"].default
        given = self.settings.organisation
        return self.policy.controller.name if given == default else given

    def now(self) -> datetime:
        """The time, as an aware UTC instant."""
        return self.clock()

    def today(self) -> date:
        """The local day in the policy's zone: the day that dates of law mean."""
        return self.clock().astimezone(self.policy.zone).date()

    def scope(self) -> Scope:
        """As of when and for which purposes people may be searched."""
        return Scope(self.today(), tuple(p.id for p in self.policy.purposes if p.searchable))
