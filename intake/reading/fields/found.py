"""A value read from a document, how sure it is, and where it stood."""

from dataclasses import dataclass

from storage.profile import Place


@dataclass(frozen=True, slots=True)
class Found:
    """One value. ``confidence`` is in [0, 1], before calibration."""

    value: str
    confidence: float
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """One entry's values by the name of the profile's field."""

    values: dict[str, Found]
    current: bool = False
    level: int | None = None
    title_first: bool = True
