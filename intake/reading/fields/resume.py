"""A resume that already is data (JSON Resume, Europass) as a profile. What it says is taken as truth."""

import re
from collections.abc import Mapping
from typing import Any

from intake.reading.fields.scores import degree_level
from storage.profile import Education, Evidence, Profile, Work

_TRUTH = 0.99


def _text(value: Any) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _texts(*values: Any) -> tuple[str, ...]:
    flat = [part for value in values for part in (value if isinstance(value, list) else [value])]
    return tuple(dict.fromkeys(text for text in map(_text, flat) if text))


def _date(value: Any) -> str | None:
    match = re.match(r"\d{4}(?:-\d{2})?", _text(value) or "")
    return match.group() if match else None


def _location(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return _text(value)
    parts = [_text(value.get(key)) for key in ("address", "postalCode", "city", "region", "countryCode")]
    return ", ".join(part for part in parts if part) or None


def _work(item: Mapping[str, Any]) -> Work:
    start, end = _date(item.get("startDate")), _date(item.get("endDate"))
    employer = _text(item.get("name")) or _text(item.get("company")) or _text(item.get("organization"))
    highlights = "\n".join(_texts(item.get("highlights")))
    summary = "\n".join(part for part in (_text(item.get("summary")), highlights) if part)
    return Work(
        employer,
        _text(item.get("position")),
        start,
        end,
        bool(start) and not end,
        _location(item.get("location")),
        summary or None,
    )


def _education(item: Mapping[str, Any]) -> Education:
    degree, area = _text(item.get("studyType")), _text(item.get("area"))
    shown = f"{degree} in {area}" if degree and area and area.lower() not in degree.lower() else degree or area
    return Education(
        _text(item.get("institution")),
        shown,
        area,
        _date(item.get("startDate")),
        _date(item.get("endDate")),
        degree_level(shown) if shown else None,
    )


def _skills(items: Any) -> tuple[str, ...]:
    found: list[str] = []
    for item in items if isinstance(items, list) else []:
        if isinstance(item, Mapping):
            found += _texts(item.get("keywords")) or _texts(item.get("name"))
        elif text := _text(item):
            found.append(text)
    return tuple(dict.fromkeys(found))


def profile_from_resume(resume: Mapping[str, Any]) -> tuple[Profile, dict[str, Evidence]]:
    """The profile that a JSON Resume object holds, every value of it sure."""
    raw = resume.get("basics")
    basics: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    profile = Profile(
        name=_text(basics.get("name")),
        emails=_texts(basics.get("email"), basics.get("emails")),
        phones=_texts(basics.get("phone"), basics.get("phones")),
        location=_location(basics.get("location")),
        links=_texts(basics.get("url"), [p.get("url") for p in _items(basics.get("profiles"))]),
        summary=_text(basics.get("summary")),
        work=tuple(_work(item) for item in _items(resume.get("work"))),
        education=tuple(_education(item) for item in _items(resume.get("education"))),
        skills=_skills(resume.get("skills")),
        languages=_texts([item.get("language") for item in _items(resume.get("languages"))]),
    )
    return profile, {path: Evidence(_TRUTH) for path in paths_of(profile)}


def paths_of(profile: Profile) -> list[str]:
    """The path of every value that a profile holds (``name``, ``emails/0``, ``work/0/employer``)."""
    paths = [name for name in ("name", "location", "summary") if getattr(profile, name)]
    for name in ("emails", "phones", "links", "skills", "languages"):
        paths += [f"{name}/{i}" for i in range(len(getattr(profile, name)))]
    for name, keys in (
        ("work", ("employer", "title", "start", "end", "location", "summary")),
        ("education", ("institution", "degree", "area", "start", "end")),
    ):
        for i, item in enumerate(getattr(profile, name)):
            paths += [f"{name}/{i}/{key}" for key in keys if getattr(item, key)]
    return paths
