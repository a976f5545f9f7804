"""Passwords of staff: argon2id, no composition rules, common and personal ones refused (ASVS v5.0.0-6.2, S3)."""

import unicodedata
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 256
_HASHER = PasswordHasher()
_DECOY = _HASHER.hash("decoy for accounts that do not exist")


class PasswordRefused(Exception):
    """A new password was refused. ``code``: ``too_short``, ``too_long``, ``too_common``, ``too_personal``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Common words and patterns, case folded, from which a password may not be made."""
    text = files("intake.access").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line.strip().casefold() for line in text.splitlines() if line.strip())


def check_password(password: str, personal: tuple[str, ...]) -> None:
    """Raise :class:`PasswordRefused` unless it may be used. ``personal`` are the person's name and address."""
    plain = unicodedata.normalize("NFKC", password)
    if len(plain) < SHORTEST:
        raise PasswordRefused("too_short")
    if len(plain) > LONGEST:
        raise PasswordRefused("too_long")
    folded = plain.casefold()
    if _is_common(folded):
        raise PasswordRefused("too_common")
    if _is_personal(folded, personal):
        raise PasswordRefused("too_personal")


def _is_common(folded: str) -> bool:
    letters = folded.strip("0123456789!?.,-_*#$ ")
    if len(set(folded)) < 5 or not letters or letters in common_passwords() or folded in common_passwords():
        return True
    halves = len(letters) // 2
    return letters[:halves] == letters[halves:] and letters[:halves] in common_passwords()


def _is_personal(folded: str, personal: tuple[str, ...]) -> bool:
    words = {
        word
        for text in personal
        for word in text.casefold().replace("@", " ").replace(".", " ").split()
        if len(word) >= 4
    }
    left = folded
    for word in words:
        left = left.replace(word, "")
    return len(left.strip("0123456789!?.,-_*#$ ")) < 4 < len(folded) and left != folded


def hash_password(password: str) -> str:
    """The argon2id hash to keep (RFC 9106)."""
    return _HASHER.hash(unicodedata.normalize("NFKC", password))


def is_password(kept: str, password: str) -> bool:
    """Whether ``password`` is the one of which ``kept`` is the hash. An empty hash costs the same time and is False."""
    try:
        return _HASHER.verify(kept or _DECOY, unicodedata.normalize("NFKC", password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
