"""Tells codes from prose: what the record and the outbox may hold in clear.

Codes are counts, flags, identifiers, instants and short words of closed vocabularies. It must never let a sentence,
a name as people write it, an address or a search word through; what is refused is never repeated in the error.
"""

import re

LONGEST = 240
"""The most letters that one code may have: all scopes of a token, joined by commas, fit."""

Code = str | int | bool | None
"""A value that says nothing about a person."""

_SEPARATORS = re.compile(r"[_./:,=+\-]+")
_WORD = re.compile(r"[a-z0-9]+|[A-Z0-9]+")
_WIDEST = 2**53


class NotACode(ValueError):
    """Something other than a code was about to be kept in clear. The text names the place, never the value."""


def is_code(value: object) -> bool:
    """Whether ``value`` is a code: words all in one case, joined by ``_ . / : , = + -``; no spaces, no @."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return -_WIDEST < value < _WIDEST
    return isinstance(value, str) and _is_text_code(value)


def _is_text_code(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    return all(_WORD.fullmatch(word) for word in _SEPARATORS.split(text) if word)


def check_code(place: str, value: object) -> None:
    """Raise :class:`NotACode` naming ``place`` unless ``value`` is a code."""
    if not is_code(value):
        raise NotACode(f"{place} holds something that is not a code")
