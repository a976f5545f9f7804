"""The closed vocabularies, for the pages and calls that speak them (they never reach into storage themselves)."""

from storage.models import Ending as EndingRow
from storage.models import Opening as OpeningRow
from storage.models import RequestOutcome, Role
from storage.models import RetentionRun as RunRow
from storage.vocabulary import Basis, Channel, Purpose, Source, Stage

__all__ = [
    "Basis", "Channel", "EndingRow", "OpeningRow", "Purpose", "RequestOutcome", "Role", "RunRow", "Source", "Stage",
]  # fmt: skip
