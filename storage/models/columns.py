"""How a column says what it holds.

A column without such a declaration fails the tests: nothing personal can be stored by oversight. No column may hold
personal data in clear; the only ways to hold any are :func:`sealed`, :func:`digest` and :func:`pseudonym`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum, LargeBinary, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

from storage.seal_column import SealedType


class Holds(StrEnum):
    """What a column may hold (ASVS v5.0.0-14.1.1)."""

    SEALED = "sealed"
    DIGEST = "keyed digest"
    PSEUDONYM = "pseudonym"
    CODED = "coded fact"
    OPERATIONAL = "operational"
    STAFF = "staff"
    NETWORK = "network"


class Model(DeclarativeBase):
    """The parent of every table."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _column(holds: Holds, type_: Any, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    info = {"holds": holds, **kwargs.pop("info", {})}
    return mapped_column(type_, *args, info=info, **kwargs)


def sealed(name: str, **kwargs: Any) -> MappedColumn[Any]:
    """Ciphertext only, under the registry (or organisation) name ``name``."""
    return _column(Holds.SEALED, SealedType(), info={"seals": name}, **kwargs)


def digest(**kwargs: Any) -> MappedColumn[Any]:
    """A keyed digest of 32 bytes: recognises, never tells."""
    return _column(Holds.DIGEST, LargeBinary(32), **kwargs)


def pseudonym(*args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """A random or keyed 16-byte identifier that means nothing outside."""
    return _column(Holds.PSEUDONYM, LargeBinary(16), *args, **kwargs)


def _values(enum: type[StrEnum]) -> list[str]:
    return [member.value for member in enum]


def coded(vocabulary: type[StrEnum], **kwargs: Any) -> MappedColumn[Any]:
    """One word of a closed vocabulary, checked by the database too."""
    kind = Enum(
        vocabulary,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        values_callable=_values,
        name=vocabulary.__name__.lower(),
    )
    return _column(Holds.CODED, kind, **kwargs)


def fact(type_: Any, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """A coarse fact about a person that cannot single anyone out by itself (country, date of receipt)."""
    return _column(Holds.CODED, type_, *args, **kwargs)


def operational(type_: Any, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """How the system runs; says nothing about a person."""
    return _column(Holds.OPERATIONAL, type_, *args, **kwargs)


def staff(type_: Any, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """About a member of staff in their office, not about a candidate."""
    return _column(Holds.STAFF, type_, *args, **kwargs)


def network(type_: Any, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """Derived from a network address; only ever keyed, with a clock of its own."""
    return _column(Holds.NETWORK, type_, *args, **kwargs)


Clock = Callable[[], datetime]
"""Tells the time as an aware UTC instant."""


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)
