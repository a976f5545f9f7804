"""The policy in force: the one last published whose day has come, else the one that the settings name.

Looked up at most once a minute, so that a policy posted today takes effect on its day in every process, by itself.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from intake.policy_words import in_every_language
from retention.policy.load import parse_policy
from retention.policy.policy import Policy
from storage.database import Database
from storage.queries.notices import find_published_policy

EVERY = timedelta(minutes=1)


class PolicyBook:
    """Gives the policy in force when called. Safe to share between threads."""

    def __init__(self, database: Database, fallback: Policy, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._fallback = fallback
        self._clock = clock
        self._lock = threading.Lock()
        self._version = ""
        self._policy = fallback
        self._looked_at: datetime | None = None

    def __call__(self) -> Policy:
        """The policy in force now."""
        now = self._clock()
        with self._lock:
            if self._looked_at is None or abs(now - self._looked_at) >= EVERY:
                self._look(now)
            return self._policy

    def look_again(self) -> None:
        """Look the policy up at the next call, however short ago that was last done."""
        with self._lock:
            self._looked_at = None

    def _look(self, now: datetime) -> None:
        with self._database.reading() as session:
            published = find_published_policy(session, now)
        if published is None:
            self._version, self._policy = "", self._fallback
        elif published.version != self._version:
            self._policy = in_every_language(parse_policy(published.policy_toml, published.version))
            self._version = published.version
        self._looked_at = now
