"""The column type of everything sealed: it accepts :class:`~storage.seal.Sealed` and nothing else.

It must never seal or open by itself: a plain value that reaches it is a mistake and is refused before the database.
"""

from typing import Any

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from storage.seal import Sealed


class SealedType(TypeDecorator[Sealed]):
    """Bytes in the database, :class:`Sealed` in Python. Raises ``TypeError`` for any other value."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> bytes | None:
        """Let only sealed bytes through."""
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"a sealed column takes Sealed bytes, not {type(value).__name__}")
        return value

    def process_result_value(self, value: Any, _dialect: Dialect) -> Sealed | None:
        """Mark what comes back as sealed."""
        return None if value is None else Sealed(value)

    def process_literal_param(self, _value: Any, _dialect: Dialect) -> str:
        """Refuse to print a sealed value into a statement."""
        raise TypeError("a sealed value is never written into the text of a statement")
