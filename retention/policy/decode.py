"""A parsed TOML document → the typed Policy. Says of every key what is wrong with it; judges no lawfulness.

Strict: no value is converted to another type, no unknown key is passed over. One set of field names, the Policy's.
"""

import difflib
import re
import types
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from retention.calendar import Length, parse_length
from retention.policy.lines import Path
from retention.policy.policy import Policy, Text

Report = Callable[[Path, str], None]
T = TypeVar("T")

_FOR_EVER = re.compile(r"for ?ever|indefinite(ly)?|unlimited|permanent(ly)?|never|always|eternal(ly)?", re.IGNORECASE)


def decode_policy(document: dict[str, Any], report: Report) -> Policy | None:
    """The Policy that a document spells, or None after everything wrong with it went to ``report``."""
    stated = document.get("languages")
    languages = tuple(x for x in stated if isinstance(x, str)) if isinstance(stated, list) else ()
    troubles = 0

    def count(path: Path, message: str) -> None:
        nonlocal troubles
        troubles += 1
        report(path, message)

    policy = _Decoder(languages or ("en",), count).read(Policy, document, ())
    return None if troubles else policy


class _Decoder:
    """Reads values by the type hints of the fields that take them."""

    def __init__(self, languages: tuple[str, ...], report: Report) -> None:
        self.languages = languages
        self.report = report

    def read(self, hint: type[T], value: Any, path: Path) -> T:
        """The value as ``hint``; when it cannot be, that is reported and what is returned means nothing."""
        try:
            return self._convert(hint, value, path)  # type: ignore[no-any-return]
        except ValueError as error:
            self.report(path, str(error))
            return None  # type: ignore[return-value]

    def _convert(self, hint: Any, value: Any, path: Path) -> Any:
        if get_origin(hint) in (Union, types.UnionType):
            return self._convert(next(a for a in get_args(hint) if a is not type(None)), value, path)
        if get_origin(hint) is tuple:
            return self._read_list(get_args(hint)[0], value, path)
        if hint is Text:
            return self._read_text(value, path)
        if hint is Length:
            return _read_length(value)
        if is_dataclass(hint):
            return self._read_table(hint, value, path)
        return _read_enum(hint, value) if issubclass(hint, StrEnum) else _read_plain(hint, value)

    def _read_list(self, item: Any, value: Any, path: Path) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list")  # noqa: TRY004 - one kind of refusal for whatever is wrong
        return tuple(self.read(item, each, (*path, index)) for index, each in enumerate(value))

    def _read_text(self, value: Any, path: Path) -> Text:
        if isinstance(value, str):
            value = {self.languages[0]: value}
        if not isinstance(value, dict) or not all(isinstance(v, str) and v.strip() for v in value.values()):
            raise ValueError("must be text, or a table of texts by language")
        for language in sorted(set(self.languages) - set(value)):
            self.report(path, f"is not given in {language!r}, which is one of the policy's languages")
        for language in sorted(set(value) - set(self.languages)):
            self.report(path, f"is given in {language!r}, which is not one of the policy's languages")
        return Text(tuple((language, value[language]) for language in self.languages if language in value))

    def _read_table(self, cls: Any, value: Any, path: Path) -> Any:
        if not isinstance(value, dict):
            raise ValueError("must be a table")  # noqa: TRY004 - as above
        hints = get_type_hints(cls)
        known = {f.name: f for f in fields(cls)}
        for key in value:
            if key not in known:
                self.report((*path, key), _unknown(key, list(known)))
        given = {key: self.read(hints[key], each, (*path, key)) for key, each in value.items() if key in known}
        missing = [name for name, f in known.items() if _is_required(f) and name not in given]
        for name in missing:
            self.report((*path, name), "is missing")
        return None if missing else cls(**given)


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _unknown(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"is not known here; did you mean {near[0]!r}?" if near else f"is not known here: {', '.join(sorted(known))}"


def _read_length(value: Any) -> Length:
    if not isinstance(value, str):
        raise ValueError('must be a length of time in quotes, as in "6 months"')  # noqa: TRY004 - as above
    if _FOR_EVER.search(value):
        raise ValueError(f"{value!r} is refused: whatever is kept must end (GDPR Art. 5(1)(e))")
    return parse_length(value)


def _read_enum(hint: type[StrEnum], value: Any) -> StrEnum:
    allowed = [str(member) for member in hint]
    if value not in allowed:
        raise ValueError(f"{value!r} is not one of: {', '.join(allowed)}")
    return hint(value)


def _read_plain(hint: type, value: Any) -> Any:
    wanted = {str: "text", bool: "true or false", int: "a whole number", date: "a date, as in 2026-01-31"}[hint]
    is_other = isinstance(value, bool | datetime) and type(value) is not hint
    if not isinstance(value, hint) or is_other:
        raise ValueError(f"must be {wanted}")
    if isinstance(value, str) and not value.strip():
        raise ValueError("must not be empty")
    return value
