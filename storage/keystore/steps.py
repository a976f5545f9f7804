"""The steps of a rewrite by name: for progress on a terminal, and for tests that cut it short at each of them."""

from collections.abc import Callable

Step = Callable[[str], None]


def no_step(_name: str) -> None:
    """Tell nobody."""
