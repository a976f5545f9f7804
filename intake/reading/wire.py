"""A Reading on the pipe between the sandbox and us: JSON, checked against the registry's own types.

What arrives was written by a process that parsed a hostile document. It is taken only when every value has the type
that `storage.profile` declares, within caps; every text passes `clean_text`. A new field needs no change here.
"""

import json
import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints

from intake.reading.clean import clean_text
from storage.profile import Reading

MAX_ITEMS = 500
"""Longest list or map taken."""
MAX_TEXT = 20_000
"""Longest single text taken, but for the document's own."""
_MAX_NUMBER = 1_000_000.0


class WireError(ValueError):
    """The answer is not a Reading. Never carries a word of it."""


def encode_reading(reading: Reading) -> bytes:
    """Write a reading as JSON."""
    return json.dumps(_plain(reading), ensure_ascii=True, separators=(",", ":")).encode("ascii")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def decode_reading(data: bytes) -> Reading:
    """Read a reading from JSON. Raises WireError for anything that is not wholly in shape."""
    try:
        raw = json.loads(data)
        text = raw.pop("text", "")
        reading: Reading = _decoder(Reading)(raw)
    except WireError:
        raise
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise WireError("not a reading") from error
    if not isinstance(text, str):
        raise WireError("not a text")
    return _with_text(reading, clean_text(text))


def _with_text(reading: Reading, text: str) -> Reading:
    values = {item.name: getattr(reading, item.name) for item in fields(reading)}
    return Reading(**(values | {"text": text}))


_Decoder = Callable[[Any], Any]


@cache
def _decoder(hint: Any) -> _Decoder:
    origin = get_origin(hint)
    if origin is Annotated:
        return _decoder(get_args(hint)[0])
    if origin in (Union, UnionType):
        return _optional(hint)
    if origin is tuple:
        return _tuple_of(_decoder(get_args(hint)[0]))
    if origin is dict:
        return _map_of(_decoder(get_args(hint)[1]))
    if is_dataclass(hint):
        return _object_of(cast("type[Any]", hint))
    return _enum_of(hint) if issubclass(hint, Enum) else _SCALARS[hint]


def _optional(hint: Any) -> _Decoder:
    inner = _decoder(next(part for part in get_args(hint) if part is not NoneType))
    return lambda value: None if value is None else inner(value)


def _tuple_of(inner: _Decoder) -> _Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise WireError("not a list")
        return tuple(inner(item) for item in value)

    return decode


def _map_of(inner: _Decoder) -> _Decoder:
    def decode(value: Any) -> Any:
        if not isinstance(value, dict) or len(value) > 4 * MAX_ITEMS:
            raise WireError("not a map")
        return {clean_text(key, 200): inner(item) for key, item in value.items()}

    return decode


def _object_of(cls: type[Any]) -> _Decoder:
    hints = get_type_hints(cls, include_extras=True)
    decoders = {item.name: _decoder(hints[item.name]) for item in fields(cls)}

    def decode(value: Any) -> Any:
        if not isinstance(value, dict) or not value.keys() <= decoders.keys():
            raise WireError("not an object")
        return cls(**{key: decoders[key](item) for key, item in value.items()})

    return decode


def _enum_of(cls: type[Enum]) -> _Decoder:
    return cls


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WireError("not a text")
    return clean_text(value, MAX_TEXT)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MAX_NUMBER:
        raise WireError("not a whole number")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WireError("not a number")
    if not math.isfinite(value) or abs(value) > _MAX_NUMBER:
        raise WireError("not a number")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WireError("not a flag")
    return value


_SCALARS: dict[Any, _Decoder] = {str: _text, int: _whole, float: _number, bool: _flag}
