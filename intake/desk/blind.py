"""Blind review: what of a profile may be seen before anybody's name is, as the registry declares for each field.

Hidden fields are left out, not masked; redacted ones lose the person's name, addresses, numbers and years of study.
"""

import re
import unicodedata
from dataclasses import dataclass, field, fields
from typing import Any

from intake.desk.blind_lines import REDACTED, hide_lines
from storage.profile import PROFILE_FIELDS, Blind, Education, Profile, Work
from storage.profile_json import field_to_json

_MAIL = re.compile(r"[^\s@<>()]{1,64}@[^\s@<>()]{1,255}")
_PHONE = re.compile(r"(?<![\w-])\+?\(?\d[\d\s()./-]{6,18}\d(?![\w-])")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,300}|\b(?:linkedin|github|xing)\.com/\S{1,200}", re.IGNORECASE)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana, Han, Hangul (which joins particles to names)."""
_DATE_RANGE = re.compile(r"(?:19|20)\d\d(?:[-./]\d{1,2})?\s*[-–—]\s*(?:(?:19|20)\d\d(?:[-./]\d{1,2})?)?")


@dataclass(frozen=True, slots=True)
class Blinded:
    """A profile as blind review may see it, and how to redact other texts of the same person."""

    profile: Profile
    texts: tuple[tuple[str, str, str], ...]
    hidden: tuple[str, ...]
    words: tuple[str, ...] = field(repr=False)
    schools: tuple[Education, ...] = field(default=(), repr=False)

    def redact(self, text: str) -> str:
        """A text without name, addresses, numbers and links, years of study, and what tells age, sex or origin."""
        return _redact(hide_lines(text, self.schools), self.words)


def blind_profile(profile: Profile, *also: Profile) -> Blinded:
    """What of this profile may be seen blind. ``also``: what documents say of the same person, before corrections."""
    words = tuple(dict.fromkeys(word for one in (profile, *also) for word in _identifying(one)))
    kept: dict[str, Any] = {
        name: _shown(profile, name, words) for name, mark in PROFILE_FIELDS.items() if mark.blind is not Blind.HIDE
    }
    shown = Profile(**kept)
    texts = tuple(
        (name, PROFILE_FIELDS[name].search, _as_text(shown, name)) for name in kept if PROFILE_FIELDS[name].search
    )
    hidden = tuple(name for name, mark in PROFILE_FIELDS.items() if mark.blind is Blind.HIDE)
    schools = tuple(one for each in (profile, *also) for one in each.education)
    return Blinded(shown, texts, hidden, words, schools)


def _identifying(profile: Profile) -> tuple[str, ...]:
    """What would give the person away: every value that blind review hides, the parts of the name and of addresses."""
    hidden = [
        text
        for name, mark in PROFILE_FIELDS.items()
        if mark.blind is Blind.HIDE
        for text in _strings(field_to_json(profile, name))
    ]
    names = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", profile.name or ""))
    accounts = [part for address in profile.emails for part in re.split(r"[@.+_-]", address.rpartition("@")[0])]
    sites = [address.rpartition("@")[2].partition(".")[0] for address in profile.emails]
    words = {unicodedata.normalize("NFC", word.strip()) for word in (*hidden, *names, *accounts, *sites)}
    return tuple(sorted((word for word in words if len(word) >= 2), key=lambda word: (-len(word), word)))


def _redact(text: str, words: tuple[str, ...]) -> str:
    text = unicodedata.normalize("NFC", text)
    if words:
        named = "|".join(_edge(word[0], "(?<!\\w)") + re.escape(word) + _edge(word[-1], "(?!\\w)") for word in words)
        text = re.sub(named, REDACTED, text, flags=re.IGNORECASE)
    for pattern in (_MAIL, _LINK, _PHONE_NOT_DATES):
        text = pattern.sub(REDACTED, text)
    return text


def _edge(letter: str, boundary: str) -> str:
    """Where a word ends: nowhere in scripts that put no spaces between words, so there a name is found within."""
    return boundary if letter.isalnum() and not _UNSPACED.match(letter) else ""


_PHONE_NOT_DATES = re.compile(rf"(?!{_DATE_RANGE.pattern}){_PHONE.pattern}")


def _shown(profile: Profile, name: str, words: tuple[str, ...]) -> Any:
    value = getattr(profile, name)
    if PROFILE_FIELDS[name].blind is Blind.SHOW or value is None:
        return value
    if isinstance(value, str):
        return _redact(value, words)
    return tuple(_redact_entry(entry, words) for entry in value)


def _redact_entry(entry: Work | Education | str, words: tuple[str, ...]) -> Work | Education | str:
    """An entry without identifying words; years of study are left out, since they tell the age."""
    if isinstance(entry, str):
        return _redact(entry, words)
    changed: dict[str, Any] = {}
    for part in fields(entry):
        value = getattr(entry, part.name)
        changed[part.name] = _redact(value, words) if isinstance(value, str) and part.name not in _DATES else value
    if isinstance(entry, Education):
        changed |= {"start": None, "end": None}
    return type(entry)(**changed)


_DATES = frozenset({"start", "end"})


def _as_text(profile: Profile, name: str) -> str:
    return "\n".join(_strings(field_to_json(profile, name)))


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    if isinstance(value, dict):
        return [". ".join(part for part in value.values() if isinstance(part, str))]
    return []


def headline(blinded: Blinded) -> str:
    """The last position held, in one line that names nobody."""
    latest = next(iter(blinded.profile.work), Work())
    return ", ".join(part for part in (latest.title, latest.employer) if part)
