"""A Reading for people and programs at the terminal: a plain table, or JSON with confidence and place by path."""

from dataclasses import asdict, fields
from typing import Any

from intake.reading.verdicts import code_for, sentence_for
from storage.profile import PROFILE_FIELDS, Evidence, Reading

_KEY_WIDTH = 18


def report_of(reading: Reading) -> dict[str, Any]:
    """Return the profile's fields by name, and beside them confidence, place, verdict and reader."""
    from intake.reading.vocabulary.skill_names import common_name

    found = asdict(reading.profile)
    names = {skill: name for skill in reading.profile.skills if (name := common_name(skill))}
    return found | {
        "skill_names": names,
        "confidence": {path: round(item.confidence, 3) for path, item in reading.evidence.items()},
        "place": {path: [asdict(place) for place in item.places] for path, item in reading.evidence.items()},
        "verdict": reading.verdict.value,
        "code": code_for(reading),
        "message": sentence_for(reading),
        "kind": reading.kind,
        "reader": reading.reader,
        "pages": reading.pages,
        "warnings": list(reading.warnings),
    }


def table_of(name: str, reading: Reading) -> str:
    """Return what was read as a table: field, value, confidence."""
    rows = [f"{name} ({reading.kind or 'unknown type'}): {reading.verdict.value}"]
    if sentence_for(reading):
        return "\n".join([*rows, "  " + sentence_for(reading)])
    for item in fields(reading.profile):
        rows += _rows_of(item.name, getattr(reading.profile, item.name), reading.evidence)
    return "\n".join(rows)


def _rows_of(name: str, value: Any, evidence: dict[str, Evidence]) -> list[str]:
    label = PROFILE_FIELDS[name].label
    if value is None or value == ():
        return [_row(label, "not found", "")]
    if isinstance(value, str):
        return [_row(label, value, _sureness(evidence.get(name)))]
    shown = [(_entry(item), _sureness(_evidence_of(f"{name}/{place}", evidence))) for place, item in enumerate(value)]
    return [_row(label if place == 0 else "", text, sure) for place, (text, sure) in enumerate(shown)]


def _evidence_of(path: str, evidence: dict[str, Evidence]) -> Evidence | None:
    """Return the evidence of an entry: its own, or the weakest of its parts."""
    parts = [item for key, item in evidence.items() if key == path or key.startswith(path + "/")]
    return min(parts, key=lambda item: item.confidence) if parts else None


def _sureness(evidence: Evidence | None) -> str:
    return f"{evidence.confidence:.0%}" if evidence is not None else ""


def _entry(item: Any) -> str:
    if isinstance(item, str):
        return item
    end = "now" if getattr(item, "current", False) else item.end
    dates = " – ".join(part for part in (item.start, end) if part)
    names = [getattr(item, key, None) for key in ("title", "employer", "degree", "area", "institution")]
    return ", ".join(part for part in [*names, dates] if part)


def _row(label: str, text: str, sure: str) -> str:
    shown = " ".join(text.split())
    return f"  {label:<{_KEY_WIDTH}}{shown}{'  (' + sure + ')' if sure else ''}"
