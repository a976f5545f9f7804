"""Profiles and readings as plain JSON values, and back, checked: what comes back has exactly the declared shape.

Derived from the registry's types; used for sealing, for export and for what crosses from the reading sandbox. A value
that does not fit raises :class:`Misshapen`, which never repeats the value.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from storage.profile import PROFILE_FIELDS, Profile, Reading


class Misshapen(ValueError):
    """A JSON value does not have the declared shape. ``where`` is a path of field names, never content."""

    def __init__(self, where: str) -> None:
        super().__init__(f"not in the declared shape: {where}")
        self.where = where


def to_json(value: Any) -> Any:
    """A dataclass of the registry (or a tuple of them, or a plain value) as JSON values; absent parts left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: to_json(part) for key, part in asdict(value).items() if part not in (None, (), {}, "")}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    if isinstance(value, dict):
        return {key: to_json(part) for key, part in value.items() if part not in (None, (), {}, "")}
    return value


def _load_dataclass(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise Misshapen(where)
    hints = get_type_hints(kind, include_extras=False)
    known = {item.name: item for item in fields(kind)}
    if set(value) - set(known):
        raise Misshapen(where)
    given = {}
    for name, item in known.items():
        if name in value:
            given[name] = from_json(hints[name], value[name], f"{where}.{name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise Misshapen(f"{where}.{name}")
    return kind(**given)


def _load_union(hint: Any, value: Any, where: str) -> Any:
    options = get_args(hint)
    if value is None and NoneType in options:
        return None
    return from_json(next(option for option in options if option is not NoneType), value, where)


def _load_scalar(hint: Any, value: Any, where: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        try:
            return hint(value)
        except ValueError:
            raise Misshapen(where) from None
    if type(value) is not hint:
        raise Misshapen(where)
    return value


def _load_list(inner: Any, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise Misshapen(where)
    return tuple(from_json(inner, part, f"{where}/{number}") for number, part in enumerate(value))


def from_json(hint: Any, value: Any, where: str = "value") -> Any:
    """The value of type ``hint`` that the JSON ``value`` spells. Raises :class:`Misshapen`."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _load_union(hint, value, where)
    if origin is tuple:
        return _load_list(get_args(hint)[0], value, where)
    if origin is dict:
        if not isinstance(value, Mapping):
            raise Misshapen(where)
        return {str(key): from_json(get_args(hint)[1], part, f"{where}/{key}") for key, part in value.items()}
    if is_dataclass(hint):
        return _load_dataclass(hint, value, where)
    return _load_scalar(hint, value, where)


_HINTS = get_type_hints(Profile)


def field_to_json(profile: Profile, name: str) -> Any:
    """One field of a profile as JSON values."""
    return to_json(getattr(profile, name))


def profile_from_fields(values: Mapping[str, Any]) -> Profile:
    """The profile that these JSON values by registry name spell. Raises :class:`Misshapen`."""
    return Profile(
        **{name: from_json(_HINTS[name], values[name], name) for name in PROFILE_FIELDS if values.get(name) is not None}
    )


def reading_from_json(value: Any) -> Reading:
    """The reading that a JSON object spells. Raises :class:`Misshapen`."""
    reading: Reading = from_json(Reading, value, "reading")
    return reading
