"""Resumes that already are data: JSON Resume 1.3.1 and Europass XML, alone or attached to a PDF.

What such a document says is taken as truth, once cut down to the keys that we may hold: photographs, nationality, date
of birth, gender and the names of referees are dropped here and go no further.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from intake.reading.europass import resume_from_europass
from intake.reading.page import Sheets
from intake.reading.readers.flow import FlowWriter
from intake.reading.readers.text import decode_text
from intake.reading.readers.xml import parse_xml
from intake.reading.verdicts import RefusedError
from storage.profile import Verdict

JSON_READER, EUROPASS_READER = "json-resume 1.3.1", "europass 1"
_MAX_ITEMS, _MAX_TEXT, _MAX_DEPTH = 200, 20_000, 6
_SECTIONS = (
    "work", "volunteer", "education", "awards", "certificates", "publications", "skills", "languages", "interests",
    "projects",
)  # fmt: skip
_BASICS = ("name", "label", "email", "phone", "url", "summary", "location", "profiles", "emails", "phones")
_FORBIDDEN = re.compile(r"image|photo|picture|birth|nationality|gender|sex|marital|religion", re.IGNORECASE)


def find_json_resume(data: bytes) -> dict[str, object] | None:
    """Return a JSON Resume object, cut down to what we may hold; None where the bytes are something else."""
    try:
        raw = json.loads(decode_text(data))
    except (ValueError, RecursionError):
        return None
    return tidy_resume(raw) if isinstance(raw, dict) and _is_resume(raw) else None


def find_europass(data: bytes) -> dict[str, object] | None:
    """Return a Europass document as a JSON Resume object; None where the bytes are something else.

    ``basics`` may hold ``emails`` and ``phones`` besides the one ``email`` and ``phone`` of JSON Resume.
    """
    try:
        resume = resume_from_europass(parse_xml(data))
    except RefusedError:
        return None
    return tidy_resume(resume) if resume is not None else None


def read_json_resume(data: bytes) -> Sheets:
    """Read a JSON Resume. Raises RefusedError for other JSON."""
    try:
        json.loads(decode_text(data))
    except (ValueError, RecursionError) as error:
        raise RefusedError(Verdict.MALFORMED, "malformed") from error
    return _sheets("json", JSON_READER, find_json_resume(data))


def read_europass(data: bytes) -> Sheets:
    """Read a Europass XML, of the SkillsPassport or the Candidate kind. Raises RefusedError for other XML."""
    parse_xml(data)
    return _sheets("europass", EUROPASS_READER, find_europass(data))


def _sheets(kind: str, reader: str, resume: dict[str, object] | None) -> Sheets:
    if resume is None:
        raise RefusedError(Verdict.UNSUPPORTED, "no_resume")
    writer = FlowWriter(kind, reader)
    for name, value in resume.items():
        writer.add_text(name.capitalize(), heading=1)
        _write(writer, value)
        writer.skip()
    writer.sheets.structured = resume
    return writer.sheets


def _is_resume(raw: Mapping[str, Any]) -> bool:
    return isinstance(raw.get("basics"), dict) or any(isinstance(raw.get(name), list) for name in ("work", "education"))


def tidy_resume(raw: Mapping[str, Any]) -> dict[str, object]:
    """Return only known sections and values of plain types, with caps on their number and length."""
    basics = raw.get("basics")
    found: dict[str, object] = {}
    if isinstance(basics, dict):
        found["basics"] = {key: _tidy(basics[key], 0) for key in _BASICS if key in basics}
    for name in _SECTIONS:
        entries = raw.get(name)
        if isinstance(entries, list):
            found[name] = [_tidy(entry, 0) for entry in entries[:_MAX_ITEMS] if isinstance(entry, dict)]
    return found


def _tidy(value: Any, depth: int) -> object:
    if isinstance(value, str):
        return value[:_MAX_TEXT]
    if isinstance(value, bool) or value is None or isinstance(value, int | float):
        return value
    if depth >= _MAX_DEPTH:
        return None
    if isinstance(value, dict):
        kept = ((str(key)[:100], item) for key, item in list(value.items())[:_MAX_ITEMS])
        return {key: _tidy(item, depth + 1) for key, item in kept if not _FORBIDDEN.search(key)}
    return [_tidy(item, depth + 1) for item in value[:_MAX_ITEMS]] if isinstance(value, list) else None


def _write(writer: FlowWriter, value: object) -> None:
    """Write the values as lines, so that the document can be shown and searched."""
    if isinstance(value, Mapping):
        plain = [str(item) for item in value.values() if isinstance(item, str | int | float) and str(item).strip()]
        if plain:
            writer.add_text("\t".join(plain))
        for item in value.values():
            if isinstance(item, Mapping | list):
                _write(writer, item)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                writer.add_text(item, listed=True)
            else:
                _write(writer, item)
